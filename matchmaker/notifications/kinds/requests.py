"""What people are told of a request, before and after a yes."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from matchmaker.notifications.kinds.kind import Kind

REQUESTS: tuple[Kind, ...] = (
    Kind(
        "request.received",
        _l("A new request"),
        _l("A new request: %(title)s"),
        _l("%(party)s asks about “%(title)s”. Please answer by %(until)s."),
    ),
    Kind(
        "request.reminder",
        _l("A reminder of a request that waits"),
        _l("A request waits for your answer: %(title)s"),
        _l("%(party)s still waits for an answer about “%(title)s”. It ends on %(until)s."),
    ),
    Kind(
        "request.accepted",
        _l("A request was accepted"),
        _l("Yes: %(title)s"),
        _l(
            "%(party)s said yes to your request about “%(title)s”."
            " You can now see how to reach them."
        ),
    ),
    Kind(
        "request.declined",
        _l("A request was declined"),
        _l("An answer to your request: %(title)s"),
        _l(
            "%(party)s said no to your request about “%(title)s”."
            " The reason they gave: %(reason)s."
            " There are other ways on."
        ),
    ),
    Kind(
        "request.withdrawn",
        _l("A request was taken back"),
        _l("A request was taken back: %(title)s"),
        _l("%(party)s took back the request about “%(title)s”. The page shows who fits next."),
    ),
    Kind(
        "request.expired",
        _l("A request of yours was not answered in time"),
        _l("No answer came: %(title)s"),
        _l("Your request about “%(title)s” was not answered in time. There are other ways on."),
    ),
    Kind(
        "request.need_closed",
        _l("What a request of yours was about was closed"),
        _l("No longer looked for: %(title)s"),
        _l(
            "%(party)s no longer looks for “%(title)s”, so your request has ended."
            " There are other ways on."
        ),
    ),
    Kind(
        "request.missed",
        _l("A request to you ended without an answer"),
        _l("A request ended without your answer: %(title)s"),
        _l("The request about “%(title)s” ended without an answer from you."),
    ),
    Kind(
        "request.closed",
        _l("The other side said what came of a request"),
        _l("What came of it: %(title)s"),
        _l("%(party)s said what came of “%(title)s”: %(outcome)s."),
    ),
    Kind(
        "request.outcome_question",
        _l("We ask what came of a yes, some months later"),
        _l("How did it go? %(title)s"),
        _l(
            "Some months ago you and %(party)s said yes to talk about “%(title)s”. What came of it?"
        ),
    ),
    Kind(
        "story.published",
        _l("Your success story is shown"),
        _l("Your story is shown: %(title)s"),
        _l(
            "What you and %(party)s wrote about “%(title)s” now stands on the first page."
            " You can take it back at any time."
        ),
    ),
    Kind(
        "story.sent_back",
        _l("Your success story needs another look"),
        _l("Please look at your story again: %(title)s"),
        _l(
            "The programme read what you and %(party)s wrote about “%(title)s” and asks you to"
            " write it again, a little differently."
        ),
    ),
    Kind(
        "request.nudged",
        _l("The programme asks about a request"),
        _l("The programme asks you to answer: %(title)s"),
        _l("A request about “%(title)s” has waited for some time. Please answer it, or say no."),
    ),
    Kind(
        "release.revoked",
        _l("Contact details were taken back"),
        _l("Contact details were taken back: %(title)s"),
        _l("%(party)s no longer shares some contact details with you about “%(title)s”."),
    ),
)

CONVERSATIONS: tuple[Kind, ...] = (
    Kind(
        "message.received",
        _l("A message in a conversation"),
        _l("A message about %(title)s"),
        _l("%(party)s wrote to you about “%(title)s”."),
        in_digest=True,
    ),
    Kind(
        "date.proposed",
        _l("The other side proposes times to meet"),
        _l("Times to meet: %(title)s"),
        _l("%(party)s proposes times to meet about “%(title)s”. Take one, or say that none suits."),
    ),
    Kind(
        "date.taken",
        _l("The other side takes one of your times"),
        _l("You meet on %(day)s: %(title)s"),
        _l("%(party)s takes a time on %(day)s to meet about “%(title)s”."),
    ),
    Kind(
        "date.refused",
        _l("None of your times suits the other side"),
        _l("None of your times suits: %(title)s"),
        _l("None of your times to meet about “%(title)s” suits %(party)s. Propose others."),
    ),
    Kind(
        "date.off",
        _l("A meeting was called off"),
        _l("A meeting was called off: %(title)s"),
        _l("%(party)s called off the meeting about “%(title)s”."),
    ),
    Kind(
        "request.still_on",
        _l("We ask whether you still talk"),
        _l("Still on? %(title)s"),
        _l(
            "It has been quiet between you and %(party)s about “%(title)s” for two weeks."
            " Are you still talking, or what came of it?"
        ),
    ),
)

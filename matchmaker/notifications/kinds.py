"""Everything people can be told, a closed list: subject, sentence, whether it may be switched off.

The body of the mail is templates/email/<kind>.txt where there is one, else email/notice.txt, which
says the sentence and gives the link (`path` among the facts).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

#: A lazy text of the catalog: worded when it is read.
Lazy = Any


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    #: What the reader sees on the page of mail settings.
    label: Lazy
    subject: Lazy
    sentence: Lazy
    #: May be switched off, and waits when a day's limit is reached.
    optional: bool = True
    #: Also shown as a notice in the app.
    in_app: bool = True
    #: Never a mail of its own: waits for the digest of the next day.
    in_digest: bool = False


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


PAPERS: tuple[Kind, ...] = (
    Kind(
        "evidence.shared",
        _l("The other side shares papers with you"),
        _l("New papers: %(title)s"),
        _l("%(party)s shares papers with you about “%(title)s”."),
    ),
    Kind(
        "evidence.taken_back",
        _l("Papers are no longer shared with you"),
        _l("No longer shared: %(title)s"),
        _l("%(party)s no longer shares some papers with you about “%(title)s”."),
    ),
    Kind(
        "evidence.asked",
        _l("The other side asks you for more"),
        _l("A question about %(title)s"),
        _l("%(party)s asks for more about “%(title)s”: %(what)s"),
    ),
    Kind(
        "evidence.answered",
        _l("A question of yours was answered"),
        _l("An answer about %(title)s"),
        _l("%(party)s answered a question of yours about “%(title)s”."),
    ),
)


ORGANISATIONS: tuple[Kind, ...] = (
    Kind(
        "organisation.published",
        _l("Your organisation was published"),
        _l("%(name)s is published"),
        _l("%(name)s was reviewed and is published. It now appears in matches."),
    ),
    Kind(
        "organisation.sent_back",
        _l("Your organisation was sent back with a note"),
        _l("%(name)s needs another look"),
        _l("The reviewer of %(name)s left a note. Please look at it and send it in again."),
    ),
    Kind(
        "organisation.suspended",
        _l("Your organisation was suspended"),
        _l("%(name)s is suspended"),
        _l("The programme suspended %(name)s. Ask the programme why, and what to do."),
        optional=False,
    ),
    Kind(
        "organisation.paused_itself",
        _l("Your organisation is paused because nobody answered"),
        _l("%(name)s is paused for now"),
        _l(
            "Three requests in a row to %(name)s ended without an answer, so we suggest it to"
            " nobody for now. Nothing is lost: one click brings it back, and so does your next"
            " answer."
        ),
        optional=False,
    ),
    Kind(
        "introducer.acting",
        _l("Somebody may act for your organisation"),
        _l("%(party)s may act for %(name)s"),
        _l("%(party)s recorded that it may act for %(name)s. If that is wrong, end it at once."),
        optional=False,
    ),
    Kind(
        "member.added",
        _l("You were added to an organisation"),
        _l("You are now a member of %(name)s"),
        _l("You were added to %(name)s and may act for it."),
        optional=False,
    ),
    Kind(
        "member.invited",
        _l("You are invited to an organisation"),
        _l("You are invited to join %(name)s"),
        _l("Somebody at %(name)s invites you to join it. Nothing changes until you say yes."),
        optional=False,
    ),
    Kind(
        "member.asks",
        _l("Somebody asks to join your organisation"),
        _l("Somebody asks to join %(name)s"),
        _l("Somebody asks to join %(name)s. Say yes or no on its page of members."),
    ),
    Kind(
        "publication.expiring",
        _l("A need or offer of yours ends soon"),
        _l("Ends soon: %(title)s"),
        _l("“%(title)s” ends on %(until)s. One click keeps it open."),
    ),
    Kind(
        "publication.expired",
        _l("A need or offer of yours has ended"),
        _l("Ended: %(title)s"),
        _l(
            "“%(title)s” has ended, because nothing was heard for 90 days."
            " One click opens it again."
        ),
    ),
    Kind(
        "evidence.checked",
        _l("A paper of yours was checked"),
        _l("Checked: %(piece)s"),
        _l("%(who)s checked this of %(name)s: %(piece)s. Others now see who checked it, and when."),
    ),
    Kind(
        "evidence.sent_back",
        _l("A paper of yours was sent back with a note"),
        _l("Please look again: %(piece)s"),
        _l("A file of %(name)s needs another look: %(piece)s. The note says: %(note)s"),
    ),
    Kind(
        "import.done",
        _l("An import has finished"),
        _l("Your import has finished"),
        _l("The import of “%(file)s” has finished. Its report can be read for one day."),
    ),
)


OTHERS: tuple[Kind, ...] = (
    Kind(
        "task.assigned",
        _l("A task was given to you"),
        _l("A task for you"),
        _l("A task of the programme was given to you."),
    ),
    # The words come from the accounts room, which needs them in one piece for its own flows.
    Kind(
        "account.security",
        _l("Signing in and your account"),
        _l("%(subject)s"),
        _l("%(subject)s"),
        optional=False,
        in_app=False,
    ),
    Kind(
        "notices.digest",
        _l("What you missed yesterday"),
        _l("What happened yesterday"),
        _l("Here is what we did not send you one by one."),
        in_app=False,
    ),
)


KINDS: dict[str, Kind] = {
    kind.name: kind for kind in (*REQUESTS, *CONVERSATIONS, *PAPERS, *ORGANISATIONS, *OTHERS)
}

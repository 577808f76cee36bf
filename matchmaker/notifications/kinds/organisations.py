"""What people are told of their organisations, and of papers."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from matchmaker.notifications.kinds.kind import Kind

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
        "member.takes_over",
        _l("A colleague who leaves hands over to you"),
        _l("You take over from a colleague at %(name)s"),
        _l("A colleague left %(name)s. What was open in their hands is in yours now."),
        optional=False,
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

"""Lines about requests, and about tasks that come of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from matchmaker.contacts.models import ContactRequest
from matchmaker.contacts.services.agenda import Step
from matchmaker.contacts.services.messages import is_open
from matchmaker.contacts.services.reading import MOST_COUNTED
from matchmaker.extensions import clock
from matchmaker.home.words.line import Line
from matchmaker.language.masking import mask_contacts
from matchmaker.organisations.models import Need, Offer
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.services.ahead import Ahead, Seen
from matchmaker.suggestions.words import parties
from matchmaker.suggestions.words.cards import title_of
from matchmaker.suggestions.words.listing import joined
from matchmaker.tasks import Task, TaskKind
from matchmaker.web.filters import code_label, ngettext, number


def to_answer(step: Step | None) -> Line | None:
    if step is None:
        return None
    request = step.request
    left = _days_left(request.expires_at)
    if step.count > 1:
        return Line(
            _("To answer"),
            _waiting(step.count),
            _("See them"),
            url_for("contacts.requests"),
            _("The first runs out: %(left)s.", left=left),
        )
    own: Need | Offer = request.offer if request.asked is Side.OFFER else request.need
    return Line(
        _("Waits for your answer · %(left)s", left=left),
        mask_contacts(own.title),
        _("Answer"),
        url_for("contacts.request_page", public_id=request.public_id),
        lang=own.lang,
    )


def to_meet(step: Step | None) -> Line | None:
    if step is None or not is_open(step.request):
        return None
    return _in_talk(
        step.request,
        "dates",
        _("Dates to meet"),
        _("Choose a time"),
        _("They propose times. Take one, or say that none suits."),
    )


def to_tell(step: Step | None) -> Line | None:
    if step is None or not is_open(step.request):
        return None
    return _in_talk(
        step.request,
        "evidence",
        _("They ask you for more"),
        _("Answer"),
        _("A paper, or an answer to a question."),
    )


def _in_talk(request: ContactRequest, part: str, kicker: str, button: str, detail: str) -> Line:
    url = url_for("contacts.request_page", public_id=request.public_id, _anchor=part)
    return Line(kicker, mask_contacts(request.offer.title), button, url, detail, request.offer.lang)


def _waiting(count: int) -> str:
    """Counted so far as the bar of every page counts them."""
    if count >= MOST_COUNTED:
        return _("%(num)s requests or more wait for your answer", num=number(MOST_COUNTED))
    return ngettext(
        "%(num)s request waits for your answer", "%(num)s requests wait for your answer", count
    )


def _days_left(until: datetime) -> str:
    days = (until - clock.now()).days
    if days < 1:
        return _("ends today")
    return ngettext("%(num)s day left", "%(num)s days left", days)


def task_line(task: Task) -> Line:
    """A task in the hands of an introducer; what it is about is a firm that it acts for."""
    said = {
        TaskKind.AFTER_DECLINE: _("Help a firm to find another way after a no"),
        TaskKind.AFTER_SILENCE: _("Help a firm that got no answer"),
        TaskKind.NO_MATCH: _("Help a firm for which nothing fits"),
    }
    reason = str(task.facts.get("reason") or "")
    place = code_label(task.province, "iso3166-2") if task.province else ""
    why = code_label(reason, "decline") if reason else ""
    return Line(
        " · ".join(filter(None, (_("Your task"), place))),
        said.get(task.kind, _("A task of the programme")),
        _("Open it"),
        _subject_url(task),
        why,
        done_url=url_for("home.task_done", public_id=task.public_id),
    )


def _subject_url(task: Task) -> str:
    public_id = str(task.facts.get("public_id") or "")
    if public_id and task.subject == "contact_request":
        return url_for("contacts.request_page", public_id=public_id)
    if public_id and task.subject == "need":
        return url_for("suggestions.need_matches", public_id=public_id)
    return url_for("organisations.mine")


def ended(step: Step | None, ahead: Ahead | None) -> Line | None:
    """A no or no answer leads on to the next best, which stand on the page of the request."""
    if step is None:
        return None
    request = step.request
    asks = request.asked_by is Side.NEED
    theirs: Need | Offer = request.offer if asks else request.need
    own = request.need_id if asks else request.offer_id
    same = ahead is not None and ahead.side is request.asked_by
    best = ahead.best.get(own, ()) if ahead and same else ()
    detail = _("Next best: %(names)s.", names=joined(_short(best, asks)))
    declined = bool(request.decline_reason)
    return Line(
        _("They said no") if declined else _("No answer came"),
        mask_contacts(theirs.title),
        _("Ways on"),
        url_for("contacts.request_page", public_id=request.public_id),
        detail if best else "",
        theirs.lang,
    )


def _short(best: Sequence[Seen], asks: bool) -> list[str]:
    """Titles with points; offers that bear the same title are told apart by who makes them."""
    titles = [title_of(one.offer if asks else one.need) for one in best]
    return [
        _(
            "%(title)s (%(points)s)",
            title=_giver(one) if asks and titles.count(title) > 1 else title,
            points=one.match.points,
        )
        for one, title in zip(best, titles, strict=True)
    ]


def _giver(one: Seen) -> str:
    return parties.party_of(one.offer.organisation, as_offerer=True).words


def unsaid(step: Step | None) -> Line | None:
    if step is None:
        return None
    request = step.request
    return Line(
        _("You said yes to each other"),
        mask_contacts(request.offer.title),
        _("Say it"),
        url_for("contacts.request_page", public_id=request.public_id),
        _("What came of it? One tap, and others learn from it."),
        request.offer.lang,
    )

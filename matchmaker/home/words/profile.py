"""The line about one's own organisation: what keeps it from being found, what is not told."""

from __future__ import annotations

from itertools import chain

import numpy as np
from flask import url_for
from flask_babel import gettext as _

from matchmaker.home.agenda import Agenda
from matchmaker.home.words.line import Line
from matchmaker.organisations import profile_steps
from matchmaker.organisations.models import (
    Need,
    Offer,
    Organisation,
    OrganisationState,
    PublicationState,
)
from matchmaker.suggestions.services.ahead import Ahead, distinct
from matchmaker.suggestions.words.answers import answer_url
from matchmaker.suggestions.words.cards import title_of
from matchmaker.suggestions.words.listing import joined
from matchmaker.suggestions.words.rules import fact_label, in_sentence
from matchmaker.web.filters import ngettext, number

#: Facts that a line names; the rest are summed up.
NAMED = 3


def profile_line(agenda: Agenda) -> Line | None:
    """What keeps others from finding the organisation, else what it has not told yet."""
    main = agenda.main
    if main is None:
        return None
    return _not_out(main) or _nothing_said(agenda, main) or _untold(agenda.ahead) or _steps(main)


def _not_out(main: Organisation) -> Line | None:
    page = url_for("organisations.organisation_page", public_id=main.public_id)
    kicker = _("Your profile")
    if main.state is OrganisationState.SENT_BACK:
        return Line(kicker, _("The reviewer sent it back with a note"), _("Read it"), page)
    if main.state is OrganisationState.SUSPENDED:
        words = _("The programme has suspended this organisation")
        return Line(kicker, words, _("Ask why"), url_for("home.help"))
    if main.state is not OrganisationState.DRAFT:
        return None
    return _steps(main) or Line(
        kicker,
        _("Send it in"),
        _("Go on"),
        page,
        _("Your profile is written. Somebody of the programme looks at it once."),
    )


def _steps(main: Organisation) -> Line | None:
    left = profile_steps.left(main)
    if not left:
        return None
    step = left[0]
    url = url_for("organisations.profile_step", public_id=main.public_id, step_key=step.key)
    detail = ngettext("%(num)s short step is left.", "%(num)s short steps are left.", len(left))
    return Line(_("Your profile"), str(step.label), _("Go on"), url, detail)


def _nothing_said(agenda: Agenda, main: Organisation) -> Line | None:
    """Nothing looked for or given, or nothing of it stands open."""
    # What is ready waits for the reviewer, not for who wrote it.
    waiting = [row for row in agenda.rows if row.state in _STILL and not _goes_out(row)]
    if waiting and not any(row.state is PublicationState.PUBLISHED for row in agenda.rows):
        row = waiting[0]
        endpoint = "need_page" if isinstance(row, Need) else "offer_page"
        return Line(
            _STILL_WORDS[row.state](),
            title_of(row),
            _("Open it"),
            url_for(f"organisations.{endpoint}", public_id=row.public_id),
            _("Only what is published is compared with others."),
            row.lang,
        )
    if agenda.rows or not main.is_published or not (main.is_firm or _gives(main)):
        return None
    if main.is_firm:
        url = url_for("organisations.need_new", public_id=main.public_id, kind="finance")
        return Line(_("Begin here"), _("Say what you look for, and see who fits"), _("Start"), url)
    kind = "service" if main.is_provider else "finance"
    url = url_for("organisations.offer_new", public_id=main.public_id, kind=kind)
    return Line(_("Begin here"), _("Say what you offer, and see which firms fit"), _("Start"), url)


def _goes_out(row: Need | Offer) -> bool:
    """Published together with its organisation, once a reviewer has looked."""
    return row.ready and row.organisation.state is OrganisationState.IN_REVIEW


_STILL = (PublicationState.DRAFT, PublicationState.PAUSED, PublicationState.EXPIRED)
_STILL_WORDS = {
    PublicationState.DRAFT: lambda: _("Not published yet"),
    PublicationState.PAUSED: lambda: _("Paused"),
    PublicationState.EXPIRED: lambda: _("Ended without a sign of life"),
}


def _gives(organisation: Organisation) -> bool:
    return organisation.is_funder or organisation.is_provider


def _untold(ahead: Ahead | None) -> Line | None:
    """The one page whose answers would be known to most offers that stand already."""
    pages: dict[str, dict[str, list[np.ndarray]]] = {}
    for need, by_fact in ahead.untold if ahead else ():
        for fact, ids in by_fact.items():
            url = answer_url(fact, need)
            if url is not None:
                # Questions of one page are counted together, whichever of them a link leads to.
                page = url.partition("#")[0]
                pages.setdefault(page, {}).setdefault(fact, []).append(ids)
    if not pages:
        return None
    asked = {url: distinct(chain.from_iterable(facts.values())) for url, facts in pages.items()}
    url = max(pages, key=lambda one: (asked[one], one))
    facts = sorted(pages[url], key=lambda fact: (-distinct(pages[url][fact]), fact))
    return Line(
        _("Your profile"),
        ngettext(
            "%(num)s offer asks for what you have not told",
            "%(num)s offers ask for what you have not told",
            asked[url],
        ),
        _("Tell us"),
        url,
        _named(facts),
    )


def _named(facts: list[str]) -> str:
    names = [fact_label(fact) for fact in facts[:NAMED]]
    if len(facts) > NAMED:
        names.append(_("%(count)s more", count=number(len(facts) - NAMED)))
    return joined([names[0], *map(in_sentence, names[1:])])

"""Tables of what is missing: needs that go unanswered, offers that nobody asked for."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext as _

from matchmaker.programme import words
from matchmaker.programme.services.gaps import NO_OFFER
from matchmaker.programme.services.statistics.missing import Gap, Lever, Unasked
from matchmaker.programme.tables import Column, Row, Table
from matchmaker.suggestions.helping import gives_security, helping_service
from matchmaker.suggestions.words.rules import fact_label
from matchmaker.web.filters import on_day


def gaps(found: Sequence[Gap]) -> Table:
    rows = [
        Row(
            words.value_label("province", gap.province),
            (words.value_label("code", gap.code), gap.needs, gap.offers, gate_words(gap.gate)),
        )
        for gap in found
    ]
    columns = (
        Column(_("Looking for"), "text"),
        Column(_("Needs"), bar="w"),
        Column(_("Offers of it"), "count"),
        Column(_("What stops most of them"), "text"),
    )
    return Table(
        "gaps",
        _("Needs that go unanswered"),
        _("Province"),
        columns,
        rows,
        note=_(
            "Open needs that no offer is open to, as of the last count, whatever the period above."
        ),
        none=_("Each open need has at least one offer that is open to it."),
        about=1,
    )


def gate_words(gate: str) -> str:
    words = {
        NO_OFFER: _("There is no offer of this kind"),
        "service": _("Nobody offers this service"),
        "country": _("The offers are for other countries"),
        "province": _("The offers are for other provinces"),
        "sector": _("The offers are for other sectors"),
        "amount_usd": _("The offers are for other amounts"),
        "size": _("The offers are for firms of another size"),
        "not_deploying": _("They take no requests at present"),
    }
    return words.get(gate) or _("They ask for: %(what)s", what=fact_label(gate))


def gap_sentence(gap: Gap) -> str:
    return _(
        "The largest gap: %(code)s in %(province)s.",
        code=words.value_label("code", gap.code),
        province=words.value_label("province", gap.province),
    )


def levers(found: Sequence[Lever]) -> Table:
    rows = [
        Row(
            words.value_label("province", one.province),
            (fact_label(one.fact), one.doors, one.needs, _helper(one.fact)),
        )
        for one in found
    ]
    columns = (
        Column(_("What most needs lack"), "text"),
        Column(_("Doors it would open"), bar="v"),
        Column(_("Needs it would help"), "count"),
        Column(_("Who can help"), "text"),
    )
    return Table(
        "levers",
        _("The change that would open most doors"),
        _("Province"),
        columns,
        rows,
        note=_(
            "A door is an offer that a need misses by this alone, and that its firm can do"
            " something about, as of the last count."
        ),
        none=_("No need misses an offer by one thing that its firm could change."),
    )


def _helper(fact: str) -> str:
    service = helping_service(fact)
    if service is None and gives_security(fact):
        return words.value_label("code", "instrument:GUARANTEE")
    return words.value_label("code", f"service:{service}") if service else _("An adviser")


def unasked(found: Sequence[Unasked]) -> Table:
    rows = [
        Row(
            one.offer.title,
            (
                one.offer.organisation.name,
                words.value_label("code", f"{_scheme(one)}:{one.offer.code}"),
                on_day(one.offer.published_at, "medium"),
                one.shown,
            ),
            lang=one.offer.lang,
            url=url_for("organisations.organisation_page", public_id=_owner(one)),
        )
        for one in found
    ]
    columns = (
        Column(_("By"), "text"),
        Column(_("What it gives"), "text"),
        Column(_("Open since"), "text"),
        Column(_("Needs it was shown to")),
    )
    return Table(
        "unasked",
        _("Offers that nobody asked for"),
        _("Offer"),
        columns,
        rows,
        note=_("Open for a month or more, and no request was ever about it."),
        none=_("No offer has been open for a month without a request."),
    )


def _scheme(one: Unasked) -> str:
    return "instrument" if one.offer.kind.value == "finance" else "service"


def _owner(one: Unasked) -> str:
    return one.offer.organisation.public_id

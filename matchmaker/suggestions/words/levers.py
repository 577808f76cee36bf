"""What would open a door, in words, and who can help with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from matchmaker.language.masking import mask_contacts
from matchmaker.matching.match import Change, Lever
from matchmaker.matching.records import Criterion, FactValue
from matchmaker.organisations.models import Kind, Offer
from matchmaker.suggestions.helping import helping
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.services.helpers import Helpers
from matchmaker.suggestions.words.listing import label
from matchmaker.suggestions.words.own_money import OwnMoney
from matchmaker.suggestions.words.rules import have_words, rule_words
from matchmaker.vocabulary.evidence import EVIDENCE

NOBODY: Helpers = {}


@dataclass(frozen=True, slots=True)
class Helper:
    """An offer that helps, as a link."""

    title: str
    lang: str
    party: str
    party_lang: str
    url: str


@dataclass(frozen=True, slots=True)
class LeverLine:
    text: str
    help: str | None = None
    help_url: str | None = None
    help_text: str | None = None
    helpers: Sequence[Helper] = ()


def lever_lines(
    lever: Lever,
    facts: Mapping[str, FactValue],
    side: Side,
    helpers: Helpers = NOBODY,
    own: OwnMoney | None = None,
) -> list[LeverLine]:
    """What would have to change; the firm also reads who can help, and some of their offers."""
    texts = [_text(change, facts.get(change.fact), side, own) for change in lever.changes]
    if side is Side.OFFER:
        return [LeverLine(text) for text in texts]
    places = facts.get("province")
    province = label(places[0]) if isinstance(places, tuple) and places else ""
    return [
        _with_help(text, change.fact, province, helpers)
        for text, change in zip(texts, lever.changes, strict=True)
    ]


def _text(change: Change, value: FactValue, side: Side, own: OwnMoney | None) -> str:
    asked = Criterion(change.fact, change.op, change.values)  # type: ignore[arg-type]
    words = rule_words(asked, own)
    rule = words[:1].upper() + words[1:]
    have = have_words(change.fact, value, own)
    if change.fact in EVIDENCE:
        return (
            _("%(rule)s. You have told us that you do not have it.", rule=rule)
            if side is Side.NEED
            else _("%(rule)s. The firm says that it does not have it.", rule=rule)
        )
    if have is None:
        return _("%(rule)s.", rule=rule)
    if side is Side.NEED:
        return _("%(rule)s. You have told us: %(have)s.", rule=rule, have=have)
    return _("%(rule)s. The firm shows: %(have)s.", rule=rule, have=have)


def _with_help(text: str, fact: str, province: str, helpers: Helpers) -> LeverLine:
    """Who gives what is missing, a guarantee for security; else an adviser."""
    category = helping(fact)
    if category is not None:
        scheme = "service" if category.kind is Kind.SERVICE else "instrument"
        words = _("Who can help: %(service)s", service=label(f"{scheme}:{category.code}"))
        url = url_for("organisations.catalogue", kind=category.kind.value, code=category.code)
        named = [helper_of(offer) for offer in helpers.get(category, ())]
        return LeverLine(text, words, url, helpers=named)
    if province:
        words = _("Who can help: an adviser in %(province)s", province=province)
    else:
        words = _("Who can help: an adviser of the programme")
    return LeverLine(text, words, url_for("home.help"))


def helper_of(offer: Offer) -> Helper:
    return Helper(
        title=mask_contacts(offer.title),
        lang=offer.lang,
        party=offer.organisation.name,
        party_lang=offer.organisation.name_lang,
        url=url_for("organisations.catalogue_offer", public_id=offer.public_id),
    )

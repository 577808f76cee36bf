"""What would open a door, in words, and who can help with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from matchmaker.matching.match import Change, Lever
from matchmaker.matching.records import Criterion, FactValue
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.words.answers import gives_security, helping_service
from matchmaker.suggestions.words.listing import label
from matchmaker.suggestions.words.rules import have_words, rule_words
from matchmaker.vocabulary.evidence import EVIDENCE
from matchmaker.vocabulary.services import SERVICES
from matchmaker.web.locale import locale_code


@dataclass(frozen=True, slots=True)
class LeverLine:
    text: str
    help: str | None = None
    help_url: str | None = None
    help_text: str | None = None


def lever_lines(lever: Lever, facts: Mapping[str, FactValue], side: Side) -> list[LeverLine]:
    places = facts.get("province")
    province = label(places[0]) if isinstance(places, tuple) and places else ""
    return [_line(change, facts.get(change.fact), side, province) for change in lever.changes]


def _line(change: Change, value: FactValue, side: Side, province: str) -> LeverLine:
    words = rule_words(Criterion(change.fact, change.op, change.values))  # type: ignore[arg-type]
    rule = words[:1].upper() + words[1:]
    have = have_words(change.fact, value)
    if change.fact in EVIDENCE:
        text = (
            _("%(rule)s. You have told us that you do not have it.", rule=rule)
            if side is Side.NEED
            else _("%(rule)s. The firm says that it does not have it.", rule=rule)
        )
    elif have is None:
        text = _("%(rule)s.", rule=rule)
    elif side is Side.NEED:
        text = _("%(rule)s. You have told us: %(have)s.", rule=rule, have=have)
    else:
        text = _("%(rule)s. The firm shows: %(have)s.", rule=rule, have=have)
    return _with_help(text, change.fact, province) if side is Side.NEED else LeverLine(text)


def _with_help(text: str, fact: str, province: str) -> LeverLine:
    """Who gives what is missing, a guarantee for security; else an adviser."""
    service = helping_service(fact)
    if service is not None:
        words = _("Who can help: %(service)s", service=SERVICES.label(service, locale_code()))
        return LeverLine(
            text, words, url_for("organisations.catalogue", kind="service", code=service)
        )
    if gives_security(fact):
        words = _("Who can help: %(service)s", service=label("instrument:GUARANTEE"))
        url = url_for("organisations.catalogue", kind="finance", code="GUARANTEE")
        return LeverLine(text, words, url)
    if province:
        words = _("Who can help: an adviser in %(province)s", province=province)
    else:
        words = _("Who can help: an adviser of the programme")
    return LeverLine(text, words, url_for("home.help"))

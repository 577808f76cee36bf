"""Reason codes with their facts as one sentence each, from the reader's side."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from matchmaker.matching.consortia import AMOUNT
from matchmaker.matching.match import Reason
from matchmaker.matching.records import Criterion
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.words import sentences
from matchmaker.suggestions.words.listing import dollars, joined, label, labels
from matchmaker.suggestions.words.own_money import OwnMoney
from matchmaker.suggestions.words.rules import inside
from matchmaker.vocabulary.evidence import EVIDENCE
from matchmaker.web.filters import ago, ngettext

Facts = Mapping[str, Any]

_NAMED = re.compile(r"%\((\w+)\)s")


def reason_words(reason: Reason, side: Side, own: OwnMoney | None = None) -> str:
    """The sentence for this reader; empty for a code that has no words or lacks its facts."""
    said = sentences.NEED if side is Side.NEED else sentences.OFFER
    for sentence in said.get(reason.code, ()):
        text = str(sentence)
        values = {name: _said(reason.facts, name, own) for name in _NAMED.findall(text)}
        if all(values.values()):
            return _one_stop(text % values if values else text)
    return ""


def _one_stop(text: str) -> str:
    """A name that ends in a point ends the sentence too."""
    return text[:-1] if text.endswith("..") else text


def _said(facts: Facts, name: str, own: OwnMoney | None) -> str:
    """The value, of amounts in the reader's own currency where that is known."""
    value = value_of(facts, name)
    if not own or not value:
        return value
    if name == "rule":
        return own.rule if facts["fact"] == AMOUNT else value
    return {"offered": own.offered, "amount": own.amount}.get(name, value)


def split_reasons(
    reasons: Iterable[Reason], side: Side, own: OwnMoney | None = None
) -> tuple[list[str], list[str]]:
    """Sentences for, and sentences against."""
    listed = list(reasons)
    asked = any(reason.facts.get("fact") in EVIDENCE for reason in listed)
    said = [
        (reason.side, reason_words(reason, side, own))
        for reason in listed
        # The rule says it already, and says which paper.
        if not (asked and reason.code == "evidence_weak")
    ]
    return (
        [text for which, text in said if which == "for" and text],
        [text for which, text in said if which == "against" and text],
    )


def value_of(facts: Facts, name: str) -> str:
    """One thing that a sentence may name, worded; an empty text where it is not known."""
    return _VALUES[name](facts)


def _rule(facts: Facts) -> str:
    if "op" not in facts:
        return ""
    return inside(Criterion(facts["fact"], facts["op"], tuple(facts["values"])))


def _offer(facts: Facts) -> str:
    offer = facts.get("offer")
    return _codes(offer) if isinstance(offer, str | tuple) else ""


def _offered(facts: Facts) -> str:
    return dollars(facts["offer"]) if facts.get("offer") and "amount" in facts else ""


def _codes(value: str | tuple[str, ...] | None) -> str:
    if not value:
        return ""
    return label(value) if isinstance(value, str) else labels(value)


def _unanswered(facts: Facts) -> str:
    silent = facts.get("unanswered")
    if not silent:
        return ""
    return ngettext("%(num)s request in a row", "%(num)s requests in a row", silent)


_VALUES: dict[str, Callable[[Facts], str]] = {
    "need": lambda facts: _codes(facts.get("need")),
    "wanted": lambda facts: _codes(facts.get("need")) or _codes(facts.get("purpose")),
    "offer": _offer,
    "shared": lambda facts: _codes(facts.get("shared")),
    "has": lambda facts: _codes(facts.get("has")),
    "missing": lambda facts: _codes(facts.get("missing")),
    "words": lambda facts: joined(list(facts.get("words") or ())),
    "amount": lambda facts: dollars(facts["amount"]) if facts.get("amount") else "",
    "offered": _offered,
    "when": lambda facts: ago(facts["last_active"]) if facts.get("last_active") else "",
    "unanswered": _unanswered,
    "rule": _rule,
}

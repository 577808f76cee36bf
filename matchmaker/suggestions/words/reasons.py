"""Reason codes with their facts as one sentence each, from the reader's side."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from matchmaker.matching.match import Reason
from matchmaker.matching.records import Criterion
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.words import sentences
from matchmaker.suggestions.words.listing import dollars, joined, label, labels
from matchmaker.suggestions.words.rules import inside
from matchmaker.vocabulary.evidence import EVIDENCE
from matchmaker.web.filters import ago

_NAMED = re.compile(r"%\((\w+)\)s")


def reason_words(reason: Reason, side: Side) -> str:
    """The sentence for this reader; empty for a code that has no words or lacks its facts."""
    said = sentences.NEED if side is Side.NEED else sentences.OFFER
    values = values_of(reason.facts)
    for sentence in said.get(reason.code, ()):
        text = str(sentence)
        if all(values.get(name) for name in _NAMED.findall(text)):
            return _one_stop(text % values if "%(" in text else text)
    return ""


def _one_stop(text: str) -> str:
    """A name that ends in a point ends the sentence too."""
    return text[:-1] if text.endswith("..") else text


def split_reasons(reasons: Iterable[Reason], side: Side) -> tuple[list[str], list[str]]:
    """Sentences for, and sentences against."""
    listed = list(reasons)
    asked = any(reason.facts.get("fact") in EVIDENCE for reason in listed)
    said = [
        (reason.side, reason_words(reason, side))
        for reason in listed
        # The rule says it already, and says which paper.
        if not (asked and reason.code == "evidence_weak")
    ]
    return (
        [text for which, text in said if which == "for" and text],
        [text for which, text in said if which == "against" and text],
    )


def values_of(facts: Mapping[str, Any]) -> dict[str, str]:
    """What the sentences may name, worded; an empty text where it is not known."""
    need, offer = _codes(facts.get("need")), facts.get("offer")
    rule = Criterion(facts["fact"], facts["op"], tuple(facts["values"])) if "op" in facts else None
    return {
        "need": need,
        "wanted": need or _codes(facts.get("purpose")),
        "offer": _codes(offer) if isinstance(offer, str | tuple) else "",
        "shared": _codes(facts.get("shared")),
        "has": _codes(facts.get("has")),
        "missing": _codes(facts.get("missing")),
        "words": joined(list(facts.get("words") or ())),
        "amount": dollars(facts["amount"]) if facts.get("amount") else "",
        "offered": dollars(offer) if offer and "amount" in facts else "",
        "when": ago(facts["last_active"]) if facts.get("last_active") else "",
        "rule": inside(rule) if rule else "",
    }


def _codes(value: str | tuple[str, ...] | None) -> str:
    if not value:
        return ""
    return label(value) if isinstance(value, str) else labels(value)

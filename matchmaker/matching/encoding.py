"""Records as numbers and features: everything a score reads, worked out once per record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from math import log, log1p, nan

from matchmaker.matching.amounts import liveliness, log_band, log_range, silence
from matchmaker.matching.codes import chain, key
from matchmaker.matching.eligibility import (
    FACTS_OF_ATTRS,
    Test,
    compile_criterion,
    fact_of,
    interval,
    own_codes,
)
from matchmaker.matching.model import Model
from matchmaker.matching.named import note_many, ones, spread_all
from matchmaker.matching.postings import Sparse, sparse
from matchmaker.matching.records import (
    FACETS_OF_ATTRS,
    Criterion,
    FactValue,
    NeedRecord,
    OfferRecord,
    Record,
)
from matchmaker.matching.text import vector, vectors

#: Attributes an offer seeks as aims rather than serves as a field.
AIMS = ("impact", "ownership")
_OF_ATTRS = frozenset(fact for facts in FACTS_OF_ATTRS.values() for fact in facts)
_FRESH_DAYS = 60.0


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """One criterion of an offer, ready to be put in columns."""

    fact: str
    test: Test
    gates: bool
    prefers: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One record encoded under one model: named numbers (NaN unknown) and feature families."""

    id: int
    organisation_id: int
    kind: str
    numbers: Mapping[str, float]
    features: Mapping[str, Sparse]
    rules: tuple[CompiledRule, ...] = ()
    #: By which its text is known again.
    text_key: int = 0


#: Gives the features of a text that is encoded already, by its key; None if it is not.
KnownTexts = Callable[[int], Sparse | None]


def encode(record: Record, model: Model, known: KnownTexts | None = None) -> Row:
    """Return the row of a need or an offer under a model version.

    ``known``: texts encoded before under the same version; reading a text is most of it.
    """
    told = text_key(record.text, record.lang)
    text = None if known is None else known(told)
    if text is None:
        text = vector(record.text, record.lang, model.idf)
    return _row(record, model, text, told)


def encode_all(
    records: Sequence[Record], model: Model, known: KnownTexts | None = None
) -> list[Row]:
    """Return :func:`encode` of each record, to the bit; texts are read many at a time."""
    keys = [text_key(record.text, record.lang) for record in records]
    found = [None if known is None else known(told) for told in keys]
    new = {keys[at]: records[at] for at, text in enumerate(found) if text is None}
    texts = vectors([(record.text, record.lang) for record in new.values()], model.idf)
    read = dict(zip(new, texts, strict=True))
    return [
        _row(record, model, read[told] if text is None else text, told)
        for record, text, told in zip(records, found, keys, strict=True)
    ]


def _row(record: Record, model: Model, text: Sparse, told: int) -> Row:
    if isinstance(record, NeedRecord):
        return _need(record, model, text, told)
    return _offer(record, model, text, told)


def text_key(text: str, lang: str | None) -> int:
    """Return a 63-bit number by which a text in a language is known again."""
    told = f"{lang}\x1f{text}".encode("utf-8", "replace")
    return int.from_bytes(blake2b(told, digest_size=8).digest(), "big") >> 1


def joint_codes(need: NeedRecord) -> set[str]:
    """Return what joint lifts read of a need: codes with their ancestors, and its amount's step."""
    codes = {
        f"{attr}={above}"
        for attr in FACETS_OF_ATTRS
        for code in need.attrs.get(attr, ())
        for above in chain(code)
    }
    if need.amount is not None:
        codes.add(f"amount={sum(log_band(need.amount)) / 2.0:.1f}")
    return codes


def _need(need: NeedRecord, model: Model, text: Sparse, told: int) -> Row:
    numbers: dict[str, float] = {}
    numbers["amount_low"], numbers["amount_high"] = log_band(need.amount)
    days = need.activity.days_since
    fresh = nan if days is None else 2.0 ** (-max(days, 0) / _FRESH_DAYS)
    numbers["last_active"] = fresh
    # The very nan, so that who says nothing is known to say the same (``Pairing.said``).
    numbers["freshness"] = nan if days is None else fresh * silence(need.activity)
    numbers["evidence"] = nan if need.evidence is None else float(len(need.evidence))
    features: dict[str, Sparse] = {}
    for attr, codes in need.attrs.items():
        told_numbers, told_features = _attribute(attr, codes)
        numbers |= told_numbers
        features |= told_features
        if model.pool.proven:
            chained = {above for code in codes for above in chain(code)}
            proven = {code: model.pool.proven.get(code, 0.0) for code in chained}
            numbers[f"proven:{attr}"] = sum(proven.values())
            features[f"past:{attr}"] = sparse({key(attr, code): x for code, x in proven.items()})
    features["text"] = text
    features["code"] = ones("code", chain(need.code) if need.code else ())
    features["purpose"] = ones("purpose", (need.purpose,) if need.purpose else ())
    features["evidence"] = ones("evidence", need.evidence or ())
    _facts(need, numbers, features)
    if "past" in model.facets(need.kind):
        features["joint"] = sparse({key("joint", code): 1.0 for code in joint_codes(need)})
    numbers["text"] = float(len(features["text"][0])) or nan
    numbers["code"] = 1.0 if need.code else nan
    numbers["purpose"] = 1.0 if need.purpose else nan
    return Row(need.id, need.organisation_id, need.kind, numbers, features, (), told)


@lru_cache(maxsize=16_384)
def _attribute(
    attr: str, codes: tuple[str, ...]
) -> tuple[Mapping[str, float], Mapping[str, Sparse]]:
    """Return the numbers and features of an attribute of a need, and of the facts that it shows."""
    chained = frozenset(above for code in codes for above in chain(code))
    numbers = {f"k:{attr}": float(len(chained)) or nan}
    features = {f"attr:{attr}": ones(attr, chained)}
    note_many(numbers, attr, codes)
    for fact in FACTS_OF_ATTRS.get(attr, ()):
        _show(fact, codes, numbers, features)
    return numbers, features


def _facts(need: NeedRecord, numbers: dict[str, float], features: dict[str, Sparse]) -> None:
    """Add every further fact shown; what a need says of a fact goes before its attributes."""
    shown = {fact: fact_of(need, fact) for fact in ("amount_usd", "purpose", *need.facts)}
    for code in need.evidence or ():
        fact = code.removeprefix("evidence:")
        if fact not in _OF_ATTRS:
            shown.setdefault(fact, True)
    for fact, value in shown.items():
        if fact in _OF_ATTRS:
            numbers.pop(f"known:{fact}", None)
            features.pop(f"fact:{fact}", None)
        if value is not None:
            _show(fact, value, numbers, features)


def _show(
    fact: str, value: FactValue, numbers: dict[str, float], features: dict[str, Sparse]
) -> None:
    """Put a number that is shown into ``numbers``, codes into ``features``: 1 own, 2 ancestor."""
    span = interval(fact, value)
    if span is not None:
        numbers[f"low:{fact}"], numbers[f"high:{fact}"] = span
        return
    own = own_codes(value)
    if own:
        numbers[f"known:{fact}"] = 1.0
        features[f"fact:{fact}"] = _graded(f"fact:{fact}", own)


@lru_cache(maxsize=16_384)
def _graded(space: str, own: tuple[str, ...]) -> Sparse:
    """Return codes as features: 1 what is said itself, 2 what lies above."""
    grades = {key(space, code): 2.0 for item in own for code in chain(item)[1:]}
    return sparse(grades | {key(space, code): 1.0 for code in own})


def _offer(offer: OfferRecord, model: Model, text: Sparse, told: int) -> Row:
    numbers: dict[str, float] = {}
    numbers["range_low"], numbers["range_high"] = log_range(offer.range)
    numbers["price_low"], numbers["price_high"] = log_band(offer.price)
    numbers["activity"] = liveliness(offer.activity)
    numbers["deploying"] = float(offer.deploying)
    numbers["asked"] = float(len(offer.evidence))
    numbers["code"] = 1.0 if offer.codes else nan
    numbers["purpose"] = 1.0 if offer.purposes else nan
    note_many(numbers, "code", offer.codes)
    note_many(numbers, "purpose", offer.purposes)
    features: dict[str, Sparse] = {}
    for attr, codes in offer.attrs.items():
        numbers[f"k:{attr}"] = float(len(codes)) or nan
        features[f"attr:{attr}"] = spread_all(attr, codes)
        note_many(numbers, attr, codes)
    aims = _aims(*(offer.attrs.get(attr, ()) for attr in AIMS))
    numbers["aims"] = float(len(aims[0])) or nan
    _history(offer, model, numbers, features)
    features |= {
        "text": text,
        "aims": aims,
        "code": spread_all("code", offer.codes),
        "purpose": ones("purpose", offer.purposes),
        "evidence": ones("evidence", offer.evidence),
    }
    numbers["text"] = float(len(features["text"][0])) or nan
    rules = tuple(map(_rule, offer.criteria))
    return Row(offer.id, offer.organisation_id, offer.kind, numbers, features, rules, told)


@lru_cache(maxsize=16_384)
def _aims(*sought: tuple[str, ...]) -> Sparse:
    """Return a feature of 1 for each code that is sought of each of ``AIMS``."""
    codes = zip(AIMS, sought, strict=True)
    return sparse({key(attr, chain(code)[0]): 1.0 for attr, told in codes for code in told})


def _history(
    offer: OfferRecord, model: Model, numbers: dict[str, float], features: dict[str, Sparse]
) -> None:
    """Add what was taken before: log-odds per attribute code, and the amounts' distribution.

    The share of a code among an offer's past matches is smoothed towards the pool,
    ``p = (n_code + m q) / (n + m)``, so ``ln(p / q) = ln(m / (n + m)) + ln(1 + n_code / (m q))``:
    a base that depends on the offer alone (number ``lift``) and a gain per code (feature).
    """
    taken, m = offer.taken, model.pool.smoothing
    numbers["lift"] = log(m / (taken.total + m))
    n, mean, sd = taken.amount_log10 or (0.0, 0.0, 0.0)
    pool_mean, pool_sd = model.pool.amount
    numbers["taken_amounts"] = n
    numbers["taken_mean"] = (n * mean + pool_mean) / (n + 1.0)
    numbers["taken_sd"] = ((n * sd**2 + 2.0 * (0.6 * pool_sd) ** 2) / (n + 2.0)) ** 0.5
    if taken.total > 0:
        # A profile that sums up what was taken says nothing beside it.
        numbers["trust"] = 0.0 if offer.profile_source == "history" else model.pool.trust
    if taken.joint:
        numbers["joint"] = taken.joint_base
        features["joint"] = sparse({key("joint", code): x for code, x in taken.joint.items()})
    for attr, counts in taken.codes.items():
        numbers[f"taken:{attr}"] = taken.total if counts else nan
        features[f"lift:{attr}"] = sparse(
            {
                key(attr, code): log1p(count / (m * model.pool.of(code)))
                for code, count in counts.items()
            }
        )


@lru_cache(maxsize=16_384)
def _rule(rule: Criterion) -> CompiledRule:
    prefers = not rule.must and rule.source == "declared"
    return CompiledRule(rule.fact, compile_criterion(rule), rule.gates, prefers)

"""Records as numbers and features: everything a score reads, worked out once per record."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from math import inf, log, log1p, log10, nan

from matchmaker.matching.codes import chain, key, spread
from matchmaker.matching.eligibility import (
    FACT_ATTRS,
    Test,
    compile_criterion,
    fact_of,
    interval,
    own_codes,
)
from matchmaker.matching.model import Model
from matchmaker.matching.postings import Sparse, sparse
from matchmaker.matching.records import (
    FACETS_OF_ATTRS,
    Activity,
    Band,
    NeedRecord,
    OfferRecord,
    Record,
)
from matchmaker.matching.text import vector

#: Attributes an offer seeks as aims rather than serves as a field.
AIMS = ("impact", "ownership")
_DERIVED_FACTS = (*FACT_ATTRS, *(a for a in FACETS_OF_ATTRS if a != "place"), "purpose")
#: Weight of a sign of life by its age: up to 30, 90, 365 days, older.
_AGES = (1.0, 0.8, 0.45, 0.1)
_LIVELIEST = log1p(1000.0)
#: So many codes of a kind count whole; whoever names more says less with each of them, so that
#: naming everything gains nothing. A section of industries counts as three of its divisions, of
#: which it holds four on average: a lender to two sections is not broad, one to eight is.
MOST_NAMED = {"code": 2, "purpose": 4}
_MOST_NAMED = 8
_SECTION = 3
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

    ``known``: texts encoded before under the same version; reading a text is nine tenths of it.
    """
    told = text_key(record.text, record.lang)
    text = None if known is None else known(told)
    if text is None:
        text = vector(record.text, record.lang, model.idf)
    if isinstance(record, NeedRecord):
        return replace(_need(record, model, text), text_key=told)
    return replace(_offer(record, model, text), text_key=told)


def text_key(text: str, lang: str | None) -> int:
    """Return a 63-bit number by which a text in a language is known again."""
    told = f"{lang}\x1f{text}".encode("utf-8", "replace")
    return int.from_bytes(blake2b(told, digest_size=8).digest(), "big") >> 1


def log_band(band: Band | None) -> tuple[float, float]:
    """Return log10 of a USD band's ends, (NaN, NaN) if None; open ends are a decade wide."""
    if band is None:
        return nan, nan
    low = band.low if band.low > 0 else (band.high or 100.0) / 10.0
    high = band.high if band.high is not None else low * 10.0
    return log10(low), log10(max(high, low))


def _log_range(band: Band | None) -> tuple[float, float]:
    """Return log10 of a ticket range's ends, infinite where it is open.

    (NaN, NaN) if None or open at both ends: "any amount" says nothing.
    """
    if band is None or (band.low <= 0 and band.high is None):
        return nan, nan
    low = log10(band.low) if band.low > 0 else -inf
    return low, inf if band.high is None else log10(max(band.high, 1e-9))


def liveliness(activity: Activity) -> float:
    """Return log1p of signs of life weighted by age, over log1p(1000); NaN if none is known.

    They are weighted by their half-life where the record knows one, else by classes of age.
    """
    if activity.total == 0:
        return nan
    if activity.halved is not None:
        return min(log1p(activity.halved) / _LIVELIEST, 1.0)
    counts = (
        activity.last_30,
        activity.last_90 - activity.last_30,
        activity.last_365 - activity.last_90,
        activity.older,
    )
    weighted = sum(weight * count for weight, count in zip(_AGES, counts, strict=True))
    return min(log1p(weighted) / _LIVELIEST, 1.0)


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


def _need(need: NeedRecord, model: Model, text: Sparse) -> Row:
    numbers: dict[str, float] = {}
    numbers["amount_low"], numbers["amount_high"] = log_band(need.amount)
    days = need.activity.days_since
    numbers["freshness"] = nan if days is None else 2.0 ** (-max(days, 0) / _FRESH_DAYS)
    numbers["evidence"] = nan if need.evidence is None else float(len(need.evidence))
    features: dict[str, Sparse] = {}
    for attr, codes in need.attrs.items():
        chained = {above for code in codes for above in chain(code)}
        numbers[f"k:{attr}"] = float(len(chained)) or nan
        features[f"attr:{attr}"] = sparse({key(attr, code): 1.0 for code in chained})
        if model.pool.proven:
            proven = {code: model.pool.proven.get(code, 0.0) for code in chained}
            numbers[f"proven:{attr}"] = sum(proven.values())
            features[f"past:{attr}"] = sparse({key(attr, code): x for code, x in proven.items()})
        _note_many(numbers, attr, codes)
    purpose = (need.purpose,) if need.purpose else ()
    wanted = {key("code", code): 1.0 for code in (chain(need.code) if need.code else ())}
    features |= {
        "text": text,
        "code": sparse(wanted),
        "purpose": sparse({key("purpose", code): 1.0 for code in purpose}),
        "evidence": sparse({key("evidence", code): 1.0 for code in need.evidence or ()}),
        **_facts(need, numbers),
    }
    if "past" in model.facets(need.kind):
        features["joint"] = sparse({key("joint", code): 1.0 for code in joint_codes(need)})
    numbers["text"] = float(len(features["text"][0])) or nan
    numbers["code"] = 1.0 if need.code else nan
    numbers["purpose"] = 1.0 if need.purpose else nan
    return Row(need.id, need.organisation_id, need.kind, numbers, features)


def _facts(need: NeedRecord, numbers: dict[str, float]) -> dict[str, Sparse]:
    """Put every number shown into ``numbers``, return the codes by fact: 1 own, 2 ancestor."""
    shown = {fact: fact_of(need, fact) for fact in (*_DERIVED_FACTS, "amount_usd", *need.facts)}
    for code in need.evidence or ():
        shown.setdefault(code.removeprefix("evidence:"), True)
    features: dict[str, Sparse] = {}
    for fact, value in shown.items():
        span = interval(fact, value)
        if span is not None:
            numbers[f"low:{fact}"], numbers[f"high:{fact}"] = span
            continue
        own = own_codes(value)
        if own:
            space = f"fact:{fact}"
            numbers[f"known:{fact}"] = 1.0
            grades = {key(space, code): 2.0 for item in own for code in chain(item)[1:]}
            features[space] = sparse(grades | {key(space, code): 1.0 for code in own})
    return features


def _offer(offer: OfferRecord, model: Model, text: Sparse) -> Row:
    numbers: dict[str, float] = {}
    numbers["range_low"], numbers["range_high"] = _log_range(offer.range)
    numbers["price_low"], numbers["price_high"] = log_band(offer.price)
    numbers["activity"] = liveliness(offer.activity)
    numbers["deploying"] = float(offer.deploying)
    numbers["asked"] = float(len(offer.evidence))
    numbers["code"] = 1.0 if offer.codes else nan
    numbers["purpose"] = 1.0 if offer.purposes else nan
    _note_many(numbers, "code", offer.codes)
    _note_many(numbers, "purpose", offer.purposes)
    features: dict[str, Sparse] = {}
    for attr, codes in offer.attrs.items():
        numbers[f"k:{attr}"] = float(len(codes)) or nan
        features[f"attr:{attr}"] = _spread_all(attr, codes)
        _note_many(numbers, attr, codes)
    aims = {key(attr, chain(code)[0]) for attr in AIMS for code in offer.attrs.get(attr, ())}
    numbers["aims"] = float(len(aims)) or nan
    _history(offer, model, numbers, features)
    features |= {
        "text": text,
        "aims": sparse(dict.fromkeys(aims, 1.0)),
        "code": _spread_all("code", offer.codes),
        "purpose": sparse({key("purpose", code): 1.0 for code in offer.purposes}),
        "evidence": sparse({key("evidence", code): 1.0 for code in offer.evidence}),
    }
    numbers["text"] = float(len(features["text"][0])) or nan
    return Row(offer.id, offer.organisation_id, offer.kind, numbers, features, _rules(offer))


def _note_many(numbers: dict[str, float], space: str, codes: Collection[str]) -> None:
    """Put down what each of the codes named counts, in (0, 1), where they are many."""
    most = MOST_NAMED.get(space, _MOST_NAMED)
    named = sum(_SECTION if _is_section(code) else 1 for code in codes)
    if named > most:
        numbers[f"each:{space}"] = most / named


def _is_section(code: str) -> bool:
    return code.startswith("isic4:") and code[-1].isalpha()


def _spread_all(space: str, codes: Iterable[str]) -> Sparse:
    """Return the greatest nearness of every code near one of these."""
    near: dict[int, float] = {}
    for code in codes:
        for other, nearness in spread(code):
            at = key(space, other)
            near[at] = max(near.get(at, 0.0), nearness)
    return sparse(near)


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


def _rules(offer: OfferRecord) -> tuple[CompiledRule, ...]:
    return tuple(
        CompiledRule(
            rule.fact,
            compile_criterion(rule),
            rule.gates,
            not rule.must and rule.source == "declared",
        )
        for rule in offer.criteria
    )

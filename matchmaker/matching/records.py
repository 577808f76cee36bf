"""What the matching engine reads: frozen values, made by the caller from database rows or files.

Everything here may be seen by both sides before acceptance. Money exists as :class:`Band` only;
nothing exact enters the engine, so no score, gate, order or reason can give it away.

Conventions
-----------
* A *code* is always ``"scheme:code"`` (``"isic4:1061"``, ``"iso3166-2:LA-LP"``, ``"sdg:8"``,
  ``"zip:05602"``). A scheme that ``matchmaker.vocabulary`` holds has parents and distance; any
  other is compared by equality and by learned lift.
* ``attrs`` maps a facet (see :data:`FACETS_OF_ATTRS`) to codes. On a need they say what the firm
  *is*; on an offer what is *served or sought*. An empty or missing entry means "not said".
* ``facts`` maps a fact of ``vocabulary.facts`` to what the firm shows: a code, several codes, a
  number, yes/no or a :class:`Band`. ``None`` or a missing key is *unknown*, never "no".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Kind = Literal["finance", "service"]
Op = Literal["one_of", "none_of", "at_least", "at_most", "between", "has"]
Source = Literal["declared", "history"]
Value = str | float | int | bool

#: Keys of ``attrs`` that the engine reads; others are kept and can be filtered by. ``area`` is a
#: coarser grain of ``place`` in a scheme without hierarchy.
FACETS_OF_ATTRS = (
    "sector",
    "place",
    "area",
    "stage",
    "size",
    "legal_form",
    "language",
    "ownership",
    "impact",
)


@dataclass(frozen=True, slots=True)
class Band:
    """A half-open range of USD, ``low <= x < high``; ``high`` None means "and above"."""

    low: float
    high: float | None = None


FactValue = str | float | int | bool | tuple[str, ...] | Band | None


@dataclass(frozen=True, slots=True)
class Criterion:
    """One rule of an offer about one fact of the firm.

    ``values``: codes for ``one_of`` / ``none_of``; one number for ``at_least`` / ``at_most``; two
    for ``between`` (USD for money facts); nothing for ``has`` (the fact itself must be true).
    Only ``must`` with source ``declared`` gates; ``history`` is always a preference.
    """

    fact: str
    op: Op
    values: tuple[Value, ...] = ()
    must: bool = False
    source: Source = "declared"
    lift: float | None = None

    @property
    def gates(self) -> bool:
        """Whether failing this rule hides the pair."""
        return self.must and self.source == "declared"


@dataclass(frozen=True, slots=True)
class Activity:
    """Signs of life (matches taken, replies) counted by age when the record was made.

    ``days_since`` is the age in days of the latest one, None if there was none. The caller counts
    with its own clock: the engine has none.
    """

    last_30: int = 0
    last_90: int = 0
    last_365: int = 0
    older: int = 0
    days_since: int | None = None
    #: All signs, each halved for every half-life of its age; None where no half-life is known.
    halved: float | None = None
    #: Requests in a row that ended without an answer, whoever sent them; the last answer ends it.
    unanswered: int = 0

    @property
    def total(self) -> int:
        """All signs counted, each once (``last_90`` includes ``last_30``, and so on)."""
        return self.last_365 + self.older

    @classmethod
    def of_ages(cls, ages: Iterable[int], half_life: float | None = None) -> Activity:
        """Count signs of life given as ages in days, ``half_life`` in days as well."""
        listed = sorted(ages)
        within = {days: sum(age <= days for age in listed) for days in (30, 90, 365)}
        return cls(
            within[30],
            within[90],
            within[365],
            len(listed) - within[365],
            listed[0] if listed else None,
            None if half_life is None else sum(0.5 ** (age / half_life) for age in listed),
        )


@dataclass(frozen=True, slots=True)
class Taken:
    """What an offerer took in the past, as sums over its matches before a date.

    ``codes[attr][code]`` counts its past needs with an attribute code, ancestors included,
    ``total`` counts those needs; ``amount_log10`` is (n, mean, standard deviation) of log10 USD of
    their amount bands. ``joint`` are log-odds by code of ``encoding.joint_codes``, ``joint_base``
    what they make for the mean need. ``learning.history`` makes it from outcomes.
    """

    codes: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    total: float = 0.0
    amount_log10: tuple[float, float, float] | None = None
    joint: Mapping[str, float] = field(default_factory=dict)
    joint_base: float = 0.0


@dataclass(frozen=True, slots=True)
class NeedRecord:
    """One published need with what its organisation shows; the firm's side of a pair."""

    id: int
    organisation_id: int
    kind: Kind
    #: ``instrument:...`` or ``service:...`` asked for; None when the firm is open.
    code: str | None = None
    #: ``purpose:...`` of a finance need.
    purpose: str | None = None
    #: Amount sought (finance) or budget (service), USD band of the record's dated rate.
    amount: Band | None = None
    #: ISO 4217 of the amount as written, for filters and cards only.
    currency: str | None = None
    attrs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    facts: Mapping[str, FactValue] = field(default_factory=dict)
    text: str = ""
    lang: str = "en"
    #: Evidence codes the firm says it has (``evidence:accounts_1y`` ...); None = nothing said.
    evidence: frozenset[str] | None = None
    last_active: date | None = None
    activity: Activity = Activity()
    needed_by: date | None = None
    #: Evidence that somebody checked, a subset of ``evidence``.
    verified: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class OfferRecord:
    """One published offer with what its organisation shows; the offerer's side of a pair."""

    id: int
    organisation_id: int
    kind: Kind
    #: Instruments or services given, ``instrument:...`` / ``service:...``.
    codes: tuple[str, ...] = ()
    #: Ticket range (finance), USD.
    range: Band | None = None
    #: Price (service), USD.
    price: Band | None = None
    #: ``purpose:...`` financed; empty = any.
    purposes: tuple[str, ...] = ()
    #: Served and sought: sector, place, stage, size, language, impact, ownership ... Most typical
    #: first where the order is known. Excluded ones are ``none_of`` criteria.
    attrs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    criteria: tuple[Criterion, ...] = ()
    text: str = ""
    lang: str = "en"
    #: Evidence codes asked for, gating or not.
    evidence: frozenset[str] = frozenset()
    last_active: date | None = None
    activity: Activity = Activity()
    #: Requests it can still receive this month; None = no limit set.
    places_left: int | None = None
    median_reply_hours: float | None = None
    deploying: bool = True
    #: What history says it takes; empty without history. Preference only.
    taken: Taken = Taken()
    #: ``history`` when attrs, text and range sum up past matches instead of what it declares: they
    #: are then worked out anew as of each label's date when weights are fitted.
    profile_source: Source = "declared"


Record = NeedRecord | OfferRecord

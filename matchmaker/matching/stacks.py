"""Sets of two or three offers that answer a need together where one alone does not.

Three kinds, after DESIGN ("Stacks and triads") and the issue that asked for them:

* ``cover``: parts whose amounts add up to what is looked for (a grant and a loan);
* ``secure``: a loan that asks for security the firm has not shown, with a guarantee that stands in
  for it, and perhaps a grant beside them;
* ``supply``: an offer of money that asks for a paper or a course, with a service that gets it.

A set is told by its members alone: :func:`stack_of` reads one need and two or three offers, so that
nothing else in the pool can change its score. :mod:`matchmaker.matching.index.stacked` finds the
best of a pool and comes to the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Literal

from matchmaker.matching.eligibility import Rule, State, check, service_fits
from matchmaker.matching.match import shown
from matchmaker.matching.model import Model
from matchmaker.matching.records import Band, NeedRecord, OfferRecord
from matchmaker.matching.scoring import score_pair
from matchmaker.vocabulary.instruments import INSTRUMENTS

Role = Literal["service", "grant", "guarantee", "loan", "equity", "crowd"]
Kind = Literal["cover", "secure", "supply"]
#: In the order to ask in: what the next one waits for comes first.
ROLES: tuple[Role, ...] = ("service", "grant", "guarantee", "loan", "equity", "crowd")
#: Those that bring money, and those that open a door of another part.
MONEY: tuple[Role, ...] = ("grant", "loan", "equity", "crowd")
HELPERS: tuple[Role, ...] = ("service", "guarantee")
GUARANTEE = "instrument:GUARANTEE"
#: The rule that a part of an amount need not meet: the amount asked of it is its own part.
AMOUNT = "amount_usd"
MOST_PARTS, WHOLE = 3, 100
#: The code of what supplies a missing fact, ``service:...`` or ``GUARANTEE``; None if nothing does.
Helps = Callable[[str], str | None]

_GROUPS: dict[str, Role] = {"debt": "loan", "equity": "equity", "crowd": "crowd"}
#: A voucher pays for a service and risk sharing is the lender's: neither is a part of a set.
_ROLE_OF: dict[str, Role] = {
    "GRANT": "grant", "MATCHING_GRANT": "grant", "GUARANTEE": "guarantee",
}  # fmt: skip


def codes_by_role() -> dict[Role, tuple[str, ...]]:
    """Return the instruments of each role but ``service``, as ``instrument:...``."""
    found: dict[Role, list[str]] = {}
    for code in INSTRUMENTS:
        role = _ROLE_OF.get(code.code) or _GROUPS.get(code.parent or "")
        if role is not None:
            found.setdefault(role, []).append(code.full)
    return {role: tuple(codes) for role, codes in found.items()}


_ROLES = {code: role for role, codes in codes_by_role().items() for code in codes}


@dataclass(frozen=True, slots=True)
class Part:
    """One offer of a set: what it is there for, and the points of its own pair, in [0, 100]."""

    offer_id: int
    organisation_id: int
    role: Role
    score: float


@dataclass(frozen=True, slots=True)
class Stack:
    """Two or three offers, in the order to ask in.

    ``coverage``: whole per cent of the amount, 1..100. ``supplied``: facts that the helper stands
    in for or gets, by name; empty without one. ``service``: code of the service asked for.
    """

    parts: tuple[Part, ...]
    coverage: int
    supplied: tuple[str, ...] = ()
    service: str = ""

    @property
    def score(self) -> float:
        """See :func:`score_of`."""
        return score_of([part.score for part in self.parts], self.coverage)

    @property
    def points(self) -> int:
        """The score as shown, whole points 0..100."""
        return shown(round(self.score, 9))

    @property
    def kind(self) -> Kind:
        """What the set is for, by its helper."""
        roles = {part.role for part in self.parts}
        return "supply" if "service" in roles else "secure" if "guarantee" in roles else "cover"

    @property
    def ids(self) -> tuple[int, ...]:
        """The offers, in the order to ask in."""
        return tuple(part.offer_id for part in self.parts)

    @property
    def order(self) -> tuple[float, int, tuple[int, ...]]:
        """Best first: by falling score, of equal ones the fewer parts, then by ids."""
        return -self.score, len(self.parts), self.ids


def score_of(scores: Sequence[float], coverage: int) -> float:
    """Return the points of a set, in [0, 100], from those of its members and its coverage.

    ``coverage / 100 * k / sum(1 / s)`` over the k members' scores s in [0, 100]: their harmonic
    mean, which is that of all 2 k directions, since each score is the harmonic mean of two. So a
    set never has more points than its best member, and one weak part weighs as in a pair (DESIGN,
    "How a match is made", 3). 0 where any score is 0.
    """
    if not scores or min(scores) <= 0.0:
        return 0.0
    return coverage / WHOLE * len(scores) / sum(1.0 / score for score in scores)


def coverage_of(amount: Band | None, ranges: Sequence[Band | None]) -> int:
    """Return the share of an amount that ranges reach together, whole per cent in 0..100.

    ``amount``: the need's band, of which the upper end is to be reached (the lower one where it is
    open); ``ranges``: USD from the least to the most that each gives. 0 where the least they give
    is more than that already. 100 where nobody says how much: nothing then speaks against it.
    """
    if amount is None or any(one is None for one in ranges):
        return WHOLE
    told = [one for one in ranges if one is not None]
    whole = amount.high if amount.high is not None else amount.low
    if sum(one.low for one in told) >= whole:
        return 0
    most = sum(inf if one.high is None else one.high for one in told)
    return WHOLE if most >= whole else int(WHOLE * most / whole)


def role_of(offer: OfferRecord) -> Role | None:
    """Return what an offer is in a set; None for one of several sorts, or of none."""
    if offer.kind == "service":
        return "service"
    found = {_ROLES[code] for code in offer.codes if code in _ROLES}
    return found.pop() if len(found) == 1 else None


def adds_up(one: Role, other: Role) -> bool:
    """Whether two sorts of money go together: two lenders to one firm do not, investors do."""
    return one in MONEY and other in MONEY and (one != other or one == "equity")


def failing(rules: Sequence[Rule]) -> frozenset[str]:
    """Return the facts that stand in the way: of rules not met, or else of those not known."""
    gating = [rule for rule in rules if rule.criterion.gates and rule.state is not State.MET]
    unmet = {rule.criterion.fact for rule in gating if rule.state is State.UNMET}
    return frozenset(unmet or {rule.criterion.fact for rule in gating})


def unmet(rules: Sequence[Rule]) -> frozenset[str]:
    """Return the facts of the rules that close a pair."""
    return frozenset(rule.criterion.fact for rule in rules if rule.closes)


def service_need(need: NeedRecord, service: str) -> NeedRecord:
    """Return what the same firm would ask a provider for: its facts, no words and no amount."""
    facts = {fact: value for fact, value in need.facts.items() if fact not in (AMOUNT, "purpose")}
    return replace(
        need, kind="service", code=service, purpose=None, amount=None, facts=facts, text=""
    )


def stack_of(
    need: NeedRecord, offers: Sequence[OfferRecord], helps: Helps, model: Model
) -> Stack | None:
    """Return the set that two or three offers make for a need of finance, None if they make none.

    The order of ``offers`` does not matter. All are of different organisations; see the module for
    which go together, and :func:`score_of` for the points.
    """
    roles = [(role, offer) for offer in offers if (role := role_of(offer)) is not None]
    roles.sort(key=lambda one: (ROLES.index(one[0]), one[1].id))
    organisations = {need.organisation_id, *(offer.organisation_id for offer in offers)}
    if need.kind != "finance" or len(roles) != len(offers) or len(organisations) <= len(offers):
        return None
    if not all(offer.deploying for offer in offers):
        return None
    money = [(role, offer) for role, offer in roles if role in MONEY]
    helpers = [(role, offer) for role, offer in roles if role in HELPERS]
    coverage = _coverage(need, money, helpers)
    if not coverage:
        return None
    supplied = _supplied(need, money, helpers, helps)
    if supplied is None:
        return None
    service = helps(min(supplied)) if supplied and helpers[0][0] == "service" else None
    parts = tuple(_part(need, role, offer, service, model) for role, offer in roles)
    found = Stack(parts, coverage, tuple(sorted(supplied)), service or "")
    return found if found.score > 0.0 else None


_Roles = Sequence[tuple[Role, OfferRecord]]


def _coverage(need: NeedRecord, money: _Roles, helpers: _Roles) -> int:
    """Return the coverage of parts that go together, 0 if they do not."""
    ranges = [offer.range for _, offer in money]
    if len(money) == 1 and len(helpers) == 1:
        return coverage_of(need.amount, ranges)
    if len(money) != 2 or not adds_up(money[0][0], money[1][0]) or len(helpers) > 1:
        return 0
    if helpers and (helpers[0][0], money[0][0], money[1][0]) != ("guarantee", "grant", "loan"):
        return 0
    if need.amount is None or None in ranges:
        return 0
    alone = max(coverage_of(need.amount, [one]) for one in ranges)
    both = coverage_of(need.amount, ranges)
    return both if both > alone else 0


def _supplied(
    need: NeedRecord, money: _Roles, helpers: _Roles, helps: Helps
) -> frozenset[str] | None:
    """Return what the helper supplies, empty without one; None where something stays shut."""
    excused = {AMOUNT} if len(money) > 1 else set()
    if not helpers:
        shut = {fact for _, offer in money for fact in unmet(check(need, offer))} - excused
        return None if shut else frozenset()
    role, helper = helpers[0]
    opened = [one for one in money if one[0] == "loan"] if role == "guarantee" else money
    if len(opened) != 1 or any(
        unmet(check(need, offer)) - excused for _, offer in money if offer is not opened[0][1]
    ):
        return None
    facts = failing([one for one in check(need, opened[0][1]) if one.criterion.fact not in excused])
    codes = {helps(fact) for fact in facts}
    return facts if len(codes) == 1 and _gives(need, helper, codes.pop()) else None


def _gives(need: NeedRecord, helper: OfferRecord, code: str | None) -> bool:
    """Whether a helper gives this, to this firm: a service only where all its rules are met."""
    if code is None or code not in helper.codes:
        return False
    if helper.kind != "service":
        return not unmet(check(need, helper))
    asked = service_need(need, code)
    return service_fits(asked, helper) and not failing(check(asked, helper))


def _part(
    need: NeedRecord, role: Role, offer: OfferRecord, service: str | None, model: Model
) -> Part:
    asked = service_need(need, service) if role == "service" and service else need
    score = score_pair(asked, offer, model).score
    return Part(offer.id, offer.organisation_id, role, score)

"""What a reader narrows a list by: masks over a side's columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from matchmaker.matching.amounts import log_band
from matchmaker.matching.codes import chain, key
from matchmaker.matching.eligibility import State, compile_criterion
from matchmaker.matching.encoding import CompiledRule
from matchmaker.matching.gates import states_of_needs
from matchmaker.matching.records import Band, Criterion
from matchmaker.matching.side import Side

_ORDERED = ("stage", "size")


@dataclass(frozen=True)
class Filters:
    """A reader's choices; all that are given must hold.

    Among offers, what an offer does not say passes (it may serve anyone); among needs it does not.
    """

    #: Any of these instruments or services (or groups of them).
    codes: tuple[str, ...] = ()
    #: Any of the codes of each attribute, along the hierarchy.
    attrs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: Overlapping this USD band.
    amount: Band | None = None
    #: All of this evidence (needs only).
    evidence: tuple[str, ...] = ()
    #: Rules about the firm that must be known to be met (needs only).
    facts: tuple[Criterion, ...] = ()
    #: Only pairs whose gating rules are all known to be met.
    only_met: bool = False

    @property
    def plain(self) -> bool:
        """Whether nothing is narrowed."""
        wishes = (self.codes, self.amount, self.evidence, self.facts, self.only_met)
        return not any(wishes) and not any(self.attrs.values())


def mask_of(filters: Filters, side: Side, needs: bool) -> np.ndarray:
    """Return which rows pass, bool (n,), leaving ``only_met`` to the caller."""
    mask = np.ones(len(side), bool)
    if filters.codes:
        keys = np.array([key("code", code) for code in filters.codes], np.int64)
        mask &= side.having("code", keys, 1.0)
    for attr, codes in filters.attrs.items():
        if codes:
            one = _need_attr if needs else _offer_attr
            mask &= np.logical_or.reduce([one(side, attr, chain(code)) for code in codes])
    if filters.amount is not None:
        mask &= _amount(filters.amount, side, needs)
    if needs:
        for code in filters.evidence:
            mask &= side.having("evidence", np.array([key("evidence", code)]))
        for criterion in filters.facts:
            rule = CompiledRule(criterion.fact, compile_criterion(criterion), True, False)
            mask &= states_of_needs(side, rule) == State.MET
    return mask


def _need_attr(side: Side, attr: str, codes: tuple[str, ...]) -> np.ndarray:
    return side.having(f"attr:{attr}", np.array([key(attr, codes[0])], np.int64))


def _offer_attr(side: Side, attr: str, codes: tuple[str, ...]) -> np.ndarray:
    """Pass offers that serve the code, a part of it, or a whole it belongs to."""
    family, keys = f"attr:{attr}", np.array([key(attr, code) for code in codes], np.int64)
    part = side.having(family, keys[:1], 1.0 if attr in _ORDERED else None)
    whole = side.having(family, keys[1:], 1.0)
    return part | whole | np.isnan(side.number(f"k:{attr}"))


def _amount(band: Band, side: Side, needs: bool) -> np.ndarray:
    low, high = log_band(band)
    if needs:
        mine, top = side.number("amount_low"), side.number("amount_high")
        return (mine < high) & (top > low)
    passes = np.zeros(len(side), bool)
    known = np.zeros(len(side), bool)
    for name in ("range", "price"):
        mine = side.number(f"{name}_low")
        passes |= (mine <= high) & (side.number(f"{name}_high") >= low)
        known |= ~np.isnan(mine)
    return passes | ~known

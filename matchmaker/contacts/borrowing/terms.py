"""What an offer says of its loan, and the cheapest and the dearest loan that this may mean."""

from __future__ import annotations

import enum
from collections.abc import Collection
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from matchmaker.contacts.borrowing.payments import Loan

#: Without a word of the offer the example runs for a year after the months of grace.
USUAL_MONTHS = 12
MOST_MONTHS = 480


class Counted(enum.StrEnum):
    DECLINING = "declining"
    FLAT = "flat"


class Open(enum.StrEnum):
    """What the offer leaves open, or what was assumed in its place; the page says each."""

    INTEREST = "interest"
    #: One end of the rate is given: there may be another.
    COUNTED = "counted"
    FEES = "fees"
    FEE_WHEN = "fee_when"
    MONTHS = "months"
    GRACE = "grace"
    SECURITY = "security"
    #: A line or an advance is counted as if taken whole and paid back month by month.
    AT_ONCE = "at_once"


#: Not paid back in instalments by themselves.
LINES = frozenset({"OVERDRAFT", "RECEIVABLES", "PAYABLES"})


@dataclass(frozen=True, slots=True)
class Terms:
    """None = not said. `fee_fixed` in minor units of the currency of the loan that is asked for."""

    code: str
    interest_low: Decimal | None = None
    interest_high: Decimal | None = None
    counted: Counted | None = None
    fee_percent: Decimal | None = None
    fee_fixed: int | None = None
    fee_when: str = ""
    months_min: int | None = None
    months_max: int | None = None
    grace: int | None = None
    security: Collection[str] = ()

    @property
    def usual_months(self) -> int:
        """The longest they give, else the shortest, else a year after the grace."""
        unsaid = min(USUAL_MONTHS + (self.grace or 0), MOST_MONTHS)
        return self.months_max or self.months_min or unsaid

    def only_grace(self, months: int) -> bool:
        """Over so few months nothing would be paid back before the last of them."""
        return bool(self.grace) and months <= (self.grace or 0)

    @property
    def left_open(self) -> list[Open]:
        no_fees = self.fee_percent is None and self.fee_fixed is None
        charges = bool(self.fee_percent or self.fee_fixed)
        unsaid = {
            Open.INTEREST: self.interest_low is None and self.interest_high is None,
            Open.COUNTED: self.counted is None,
            Open.FEES: no_fees,
            Open.FEE_WHEN: charges and not self.fee_when,
            Open.MONTHS: self.months_min is None and self.months_max is None,
            Open.GRACE: self.grace is None,
            Open.SECURITY: not self.security,
            Open.AT_ONCE: self.code in LINES,
        }
        return [one for one, is_so in unsaid.items() if is_so]

    def loans(self, amount: int, months: int) -> tuple[Loan, Loan] | None:
        """The cheapest and the dearest reading; None without a word of interest or beyond grace.

        Where it is not said how interest is counted, the cheap end counts it on what is still owed
        and the dear end flat. Fees and grace that are not said are none.
        """
        said = [one for one in (self.interest_low, self.interest_high) if one is not None]
        if not said or self.only_grace(months):
            return None
        fees, grace = self._fees(amount), self.grace or 0
        cheap_flat, dear_flat = self.counted is Counted.FLAT, self.counted is not Counted.DECLINING
        return (
            Loan(amount, min(said), months, grace, cheap_flat, fees),
            Loan(amount, max(said), months, grace, dear_flat, fees),
        )

    def _fees(self, amount: int) -> int:
        share = amount * (self.fee_percent or Decimal(0)) / 100
        return int(share.quantize(Decimal(1), ROUND_HALF_UP)) + (self.fee_fixed or 0)

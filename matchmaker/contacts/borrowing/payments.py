"""Payments of a loan month by month, and one yearly cost by which any two loans compare.

Money is whole minor units of one currency and Decimal in between; only the yearly cost, which is a
rate and no money, is a float.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

import numpy as np

#: Digits of a month's payment before it is rounded: enough for a rate of a millionth per cent.
_EXACT = Context(prec=50, rounding=ROUND_HALF_UP)
_MONTHS_A_YEAR = 12
_MOST_STEPS = 200


@dataclass(frozen=True, slots=True)
class Loan:
    """`yearly`: nominal per cent a year, a twelfth of it each month; `fees` are kept back at once.

    In the months of `grace` interest alone is paid. Raises ValueError for what is no loan.
    """

    amount: int
    yearly: Decimal
    months: int
    grace: int = 0
    #: Interest on the first amount to the end, instead of on what is still owed.
    flat: bool = False
    fees: int = 0

    def __post_init__(self) -> None:
        if self.amount <= 0 or self.yearly < 0 or self.fees < 0:
            raise ValueError("a loan has an amount, and neither interest nor fees below nothing")
        if not 0 <= self.grace < self.months:
            raise ValueError("the months of grace are fewer than the months to pay back")


@dataclass(frozen=True, slots=True)
class Cost:
    loan: Loan
    payments: tuple[int, ...]
    #: A share of 1 a year; None when the fees leave nothing of the loan.
    yearly: float | None

    @property
    def monthly(self) -> int:
        """The highest payment of a month; roundings put others one unit lower at most."""
        return max(self.payments[self.loan.grace :])

    @property
    def in_grace(self) -> int:
        return max(self.payments[: self.loan.grace], default=0)

    @property
    def interest(self) -> int:
        return sum(self.payments) - self.loan.amount

    @property
    def total(self) -> int:
        """What the loan costs: interest and fees."""
        return self.interest + self.loan.fees

    @property
    def paid_back(self) -> int:
        return sum(self.payments)


def costs(loans: Sequence[Loan]) -> list[Cost]:
    """The cost of each, all yearly costs found together."""
    plans = [plan(loan) for loan in loans]
    return [
        Cost(loan, payments, yearly)
        for loan, payments, yearly in zip(loans, plans, yearly_costs(loans, plans), strict=True)
    ]


def plan(loan: Loan) -> tuple[int, ...]:
    """Whole payments, one a month: each the growth of the rounded sum of exact ones.

    So they add up to the exact total, rounded once, and no payment is a unit away from its own.
    """
    paid, exact, found = 0, Decimal(0), []
    with localcontext(_EXACT):
        for payment in _exact(loan):
            exact += payment
            so_far = int(exact.quantize(Decimal(1)))
            found.append(so_far - paid)
            paid = so_far
    return tuple(found)


def _exact(loan: Loan) -> Iterator[Decimal]:
    """Annuity (declining): A = P r / (1 - (1 + r)^-n); flat: P r + P / n; in grace: P r."""
    amount, monthly = Decimal(loan.amount), loan.yearly / 100 / _MONTHS_A_YEAR
    interest, left = amount * monthly, loan.months - loan.grace
    yield from [interest] * loan.grace
    if loan.flat or not monthly:
        payment = interest + amount / left
    else:
        payment = interest / (1 - (1 + monthly) ** -left)
    yield from [payment] * left


def yearly_costs(loans: Sequence[Loan], plans: Sequence[Sequence[int]]) -> list[float | None]:
    """Effective yearly cost with fees, as Directive 2008/48/EC annex I counts it in equal months.

    The discount v of a month with sum(payment_k v^k) = amount - fees, by Newton's method from
    v = 1: the sum is convex and grows with v, so that the steps fall to the root and never past it.
    """
    if not loans:
        return []
    flows = np.zeros((len(plans), max(map(len, plans))))
    for row, (loan, payments) in enumerate(zip(loans, plans, strict=True)):
        received = loan.amount - loan.fees
        flows[row, : len(payments)] = np.asarray(payments, float) / max(received, 1)
    rates = _discounts(flows) ** -float(_MONTHS_A_YEAR) - 1
    return [
        max(0.0, float(rate)) if loan.amount > loan.fees else None
        for loan, rate in zip(loans, rates, strict=True)
    ]


def _discounts(flows: np.ndarray) -> np.ndarray:
    """For each row of payments the v in (0, 1] at which they are worth 1; shape (rows,)."""
    months = np.arange(1, flows.shape[1] + 1)
    v = np.ones(len(flows))
    for _step in range(_MOST_STEPS):
        powers = v[:, None] ** (months - 1)
        over = (flows * powers).sum(1) * v - 1
        slope = (flows * powers * months).sum(1)
        moved = np.minimum(over / slope, v / 2)
        v = np.clip(v - moved, 1e-9, 1.0)
        if np.abs(moved).max() < 1e-14:
            break
    return v

"""What a loan costs: against examples worked out by others, and what holds for any loan."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.contacts.borrowing.payments import Cost, Loan, costs, yearly_costs
from matchmaker.contacts.borrowing.terms import Counted, Open, Terms
from matchmaker.contacts.borrowing.verdict import (
    Against,
    Burden,
    Facts,
    Figures,
    Look,
    burden,
    judge,
)
from matchmaker.extensions import clock
from matchmaker.vocabulary.bands import Band
from matchmaker.vocabulary.borrowing import limits_on

pytestmark = pytest.mark.once

loans = st.builds(
    Loan,
    amount=st.integers(1, 2**53),
    yearly=st.decimals(0, 100, places=3),
    months=st.integers(1, 120),
    flat=st.booleans(),
)


def cost(loan: Loan) -> Cost:
    [found] = costs([loan])
    return found


def paid(received: int, **by_month: int) -> float:
    """The yearly cost of payments written as m12=600, for so much received."""
    plan = [0] * max(int(month[1:]) for month in by_month)
    for month, amount in by_month.items():
        plan[int(month[1:]) - 1] = amount
    [rate] = yearly_costs([Loan(received, Decimal(0), len(plan))], [plan])
    assert rate is not None
    return rate


@pytest.mark.parametrize(
    ("found", "published"),
    [
        # Examples 3 and 4 of annex III to the European directives on consumer credit (COM(1996)
        # 79-2, then 98/7/EC), in which each month is a twelfth of a year.
        (lambda: paid(1000, m12=600, m24=600), 0.1307),
        (lambda: paid(1000, m3=272, m6=272, m12=544), 0.1319),
        # By hand: (1200 / 1000) ^ (12 / 18) - 1, and with 50 kept back (1200 / 950) ^ (2 / 3) - 1.
        (lambda: paid(1000, m18=1200), 0.1292),
        (lambda: paid(950, m18=1200), 0.1685),
        # By hand: 12 % a year counted monthly is 1.01 ^ 12 - 1.
        (lambda: cost(Loan(1_000_000_000, Decimal(12), 36)).yearly, 0.1268),
    ],
)  # fmt: skip
def test_the_yearly_cost_is_that_of_published_examples(found, published) -> None:  # type: ignore[no-untyped-def]
    assert found() == pytest.approx(published, abs=0.00006)


def test_flat_and_declining_are_those_of_known_examples() -> None:
    # Flat, as microlenders explain it: 1,200 over 12 months at 1 % a month is 112 each month.
    flat = cost(Loan(1200_00, Decimal(12), 12, flat=True))
    assert set(flat.payments) == {112_00}
    assert flat.total == 144_00
    # Declining by hand: 1200 x 0.01 / (1 - 1.01^-12) = 106.6185 a month.
    declining = cost(Loan(1200_00, Decimal(12), 12))
    assert declining.monthly in (106_61, 106_62)
    assert declining.paid_back == 1279_42


def test_in_the_months_of_grace_interest_alone_is_paid() -> None:
    found = cost(Loan(1_000_000, Decimal(12), 12, grace=2))
    assert found.payments[:2] == (10_000, 10_000)
    assert found.in_grace == 10_000
    assert found.monthly == pytest.approx(105_582, abs=1)


def test_fees_that_eat_up_the_loan_leave_no_rate() -> None:
    assert cost(Loan(1000, Decimal(5), 12, fees=1000)).yearly is None
    assert (cost(Loan(1000, Decimal(5), 12, fees=999)).yearly or 0) > 100


@pytest.mark.parametrize("wrong", [{"amount": 0}, {"yearly": Decimal(-1)}, {"months": 0},
                                   {"grace": 12}, {"fees": -1}])  # fmt: skip
def test_what_is_no_loan_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"a loan has|the months of grace"):
        Loan(**({"amount": 100, "yearly": Decimal(5), "months": 12} | wrong))  # type: ignore[arg-type]


@given(loans, st.integers(0, 10**9))
def test_payments_add_up_and_never_go_down_to_less_than_the_loan(loan: Loan, fees: int) -> None:
    found = cost(replace(loan, fees=fees))
    assert found.paid_back == sum(found.payments) >= loan.amount
    assert found.total == found.interest + fees
    assert max(found.payments) - min(found.payments) <= 1
    assert found.yearly is None or 0 <= found.yearly < float("inf")


@given(loans, st.decimals(0, 50, places=3))
def test_a_higher_rate_and_higher_fees_are_never_cheaper(loan: Loan, more: Decimal) -> None:
    dearer = cost(replace(loan, yearly=loan.yearly + more))
    assert dearer.paid_back >= cost(loan).paid_back
    assert dearer.monthly >= cost(loan).monthly
    charged = cost(replace(loan, fees=loan.amount // 20))
    assert charged.total >= cost(loan).total
    assert (charged.yearly or 0) >= (cost(loan).yearly or 0) - 1e-9


@given(loans)
def test_flat_is_at_least_as_dear_as_declining_at_the_same_number(loan: Loan) -> None:
    flat, declining = cost(replace(loan, flat=True)), cost(replace(loan, flat=False))
    assert flat.total >= declining.total
    if loan.months > 2 and loan.yearly > 1 and loan.amount > 10**6:
        assert (flat.yearly or 0) > (declining.yearly or 0)


@given(loans)
def test_the_yearly_cost_makes_the_payments_worth_what_was_received(loan: Loan) -> None:
    found = cost(loan)
    assert found.yearly is not None
    months = np.arange(1, loan.months + 1)
    worth = (np.asarray(found.payments, float) * (1 + found.yearly) ** (-months / 12)).sum()
    assert worth == pytest.approx(loan.amount, rel=1e-6)


def test_what_is_not_said_widens_the_range_and_is_named() -> None:
    terms = Terms("TERM_LOAN", Decimal(8), Decimal(12), fee_percent=Decimal("0.5"), months_max=24)
    found = terms.loans(1_000_001, 24)
    assert found is not None
    low, high = found
    assert (low.yearly, low.flat, high.yearly, high.flat) == (8, False, 12, True)
    assert low.fees == 5_000
    assert terms.left_open == [Open.COUNTED, Open.FEE_WHEN, Open.GRACE, Open.SECURITY]
    assert terms.usual_months == 24
    said = replace(terms, counted=Counted.FLAT, interest_high=None, grace=23)
    assert {loan.flat for loan in said.loans(1000, 24) or ()} == {True}
    assert {loan.grace for loan in said.loans(1000, 24) or ()} == {23}
    assert said.loans(1000, 23) is None
    assert Terms("TERM_LOAN").loans(1000, 12) is None
    assert Terms("TERM_LOAN", grace=12).usual_months == 24
    assert Open.AT_ONCE in Terms("OVERDRAFT").left_open


def test_sales_are_read_as_a_band() -> None:
    assert burden(100, 200, Band(12_000, 24_000)) == Burden(0.05, 0.2)
    assert burden(100, 200, Band(0, 12_000)) == Burden(0.1, None)
    assert burden(100, 200, Band(100_000_000, None)).low == 0


def test_against_a_loan_is_only_what_holds_at_its_best() -> None:
    limits = limits_on(clock.today())
    three = (0.1, 0.12, 0.14)

    def verdict(low: float, high: float, share: Burden | None = None, others=three):  # type: ignore[no-untyped-def]
        found = judge(Facts(), Figures(low, high, share, others), limits)
        return list(found.against), list(found.looks)

    assert verdict(0.1, 0.12) == ([], [])
    assert verdict(0.1, 0.5) == ([], [Look.COST])
    assert verdict(0.5, 0.6) == ([Against.COST], [])
    assert verdict(0.5, 0.6, others=three[:2]) == ([], [])
    assert verdict(0.1, 0.1, Burden(0.25, 0.6)) == ([Against.BURDEN], [])
    assert verdict(0.1, 0.1, Burden(0.15, 0.6)) == ([], [Look.BURDEN])
    assert verdict(0.1, 0.1, Burden(0.15, None)) == ([], [Look.BURDEN])
    # 1.5 times little is little: a cost is far above others only when points lie between, too.
    assert verdict(0.04, 0.04, others=(0.02, 0.02, 0.02)) == ([], [])
    unsaid = judge(Facts(fee_before=True, licence_said=False, land=True), None, limits)
    assert list(unsaid.against) == [Against.FEE_BEFORE, Against.NO_LICENCE]
    assert list(unsaid.looks) == [Look.LAND]

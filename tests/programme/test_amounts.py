"""Agreements by amount equal a count over the raw words, and no single exact amount gets out."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import select

from matchmaker.accounts.access import StaffScope
from matchmaker.contacts.models import ContactRequest, Outcome, RequestState
from matchmaker.extensions import clock, db
from matchmaker.organisations.models import Kind, Need, Offer
from matchmaker.programme.models import DIFFER
from matchmaker.programme.services.rollups.rolling import roll_up
from matchmaker.programme.services.statistics import totals
from matchmaker.programme.services.statistics.selection import Selection
from matchmaker.suggestions.models import Side
from tests.factories import NeedFactory, OfferFactory, OrganisationFactory, StaffFactory
from tests.page import PageClient
from tests.programme.worlds import make_request

WORDS = (
    None,
    ("agreed", "", None, ""),
    ("agreed", "1000-2000", None, ""),
    ("agreed", "1000-2000", 1_500_00, "USD"),
    ("agreed", "1000-2000", 1_700_00, "USD"),
    ("part_agreed", "2000-5000", 50_000_000, "LAK"),
    ("part_agreed", "2000-5000", None, ""),
    ("talking", "", None, ""),
    ("not_agreed", "", None, ""),
)
EVERYTHING = StaffScope(everything=True)


def agreement(
    need: Need, offer: Offer, words: dict[Side, tuple[str, str, int | None, str]]
) -> None:
    request = make_request(need, offer, RequestState.CLOSED, answer_after=timedelta(days=1))
    for side, (code, band, minor, currency) in words.items():
        db.session.add(
            Outcome(
                contact_request_id=request.id,
                side=side,
                code=code,
                amount_band=band,
                amount_minor=minor,
                currency=currency,
                at=clock.now(),
            )
        )


def fill_world(seed: int) -> None:
    random = Random(seed)
    firms = [OrganisationFactory(province=random.choice(("LA-VT", "LA-SV"))) for _ in range(8)]
    offers = [OfferFactory() for _ in range(5)]
    for firm in firms:
        need = NeedFactory(organisation=firm, kind=random.choice(list(Kind)))
        need.published_at = datetime(2026, random.randrange(1, 10), 5, tzinfo=UTC)
        for offer in random.sample(offers, 4):
            said = {side: random.choice(WORDS) for side in Side}
            agreement(need, offer, {side: word for side, word in said.items() if word})
    db.session.commit()


def naive(chosen: Selection) -> tuple[Counter[str], dict[str, list[int]]]:
    bands: Counter[str] = Counter()
    exact: dict[str, list[int]] = {}
    for request in db.session.scalars(select(ContactRequest)):
        need = request.need
        month = need.published_at.date().replace(day=1)
        if chosen.province not in ("", need.organisation.province):
            continue
        if chosen.kind not in ("", need.kind.value) or (chosen.first and month < chosen.first):
            continue
        words = db.session.scalars(
            select(Outcome).where(Outcome.contact_request_id == request.id, Outcome.current)
        ).all()
        codes = {word.code for word in words}
        if "not_agreed" in codes or not codes & {"agreed", "part_agreed"}:
            continue
        yes = [word for word in words if word.code in ("agreed", "part_agreed")]
        named = {word.amount_band for word in yes} - {""}
        amounts = [(word.currency, word.amount_minor) for word in yes if word.amount_minor]
        if len(named) > 1 or len(set(amounts)) > 1:
            bands[DIFFER] += 1
            continue
        bands["".join(named)] += 1
        if len(amounts) == 2:
            exact.setdefault(amounts[0][0], []).append(amounts[0][1] or 0)
    return bands, exact


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_agreements_by_amount_equal_a_count_over_the_words(db_session: object, seed: int) -> None:
    fill_world(seed)
    roll_up(db.session(), db.engine)
    for chosen in (
        Selection(EVERYTHING),
        Selection(EVERYTHING, province="LA-SV"),
        Selection(EVERYTHING, first=date(2026, 5, 1), kind="finance"),
        Selection(StaffScope(False, frozenset({"LA-VT"})), province="LA-VT"),
    ):
        found = totals.amounts(db.session(), chosen)
        bands, exact = naive(chosen)
        assert found.by_band == dict(bands)
        assert found.exact == {one: (len(sums), sum(sums)) for one, sums in exact.items()}
        agreed = totals.totals(db.session(), chosen).all["agreements"]
        assert sum(found.by_band.values()) == agreed
    assert totals.amounts(db.session(), Selection(EVERYTHING)).by_band


def test_a_sum_is_shown_from_five_on_and_leaves_in_two_figures(page: PageClient) -> None:
    need, both = NeedFactory(), ("agreed", "1000-2000", 1_234_56, "USD")
    need.published_at = clock.now()
    for number in range(5):
        agreement(need, OfferFactory(), dict.fromkeys(Side, both))
        db.session.commit()
        roll_up(db.session(), db.engine, everything=True)
        db.session.commit()
        if number == 3:
            staff = page.sign_in(StaffFactory())
            assert (
                "too few to show" in staff.get("/programme?period=all").one("#exact-amounts").text
            )
    shown = page.get("/programme?period=all")
    assert "6,172.80" in shown.one("#exact-amounts").text
    assert "5" in shown.one("#amounts tfoot").text
    taken = page.get("/programme/numbers.csv?period=all").response.get_data().decode("utf-8-sig")
    rows = [row for row in csv.reader(io.StringIO(taken)) if row]
    assert ["US dollar", "5", "6200.0"] in rows
    assert "1234" not in taken

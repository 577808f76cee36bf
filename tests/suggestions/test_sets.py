"""Sets of offers in the list of a need, and the page of one."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from matchmaker.matching.match import shown
from matchmaker.organisations.models import Kind, Offer, Operator, OrganisationFact
from matchmaker.suggestions.models import Shown
from tests.contacts.test_queries import counted
from tests.factories import CriterionFactory, FunderFactory, OfferFactory, ProviderFactory
from tests.suggestions.scene import Scene, make_scene

pytestmark = pytest.mark.once


def in_usd(low: int, high: int) -> dict[str, Any]:
    ends = {"amount_min_minor": low * 100, "amount_max_minor": high * 100}
    return ends | {"usd_min": float(low), "usd_max": float(high)}


def adding_up(session: Any) -> tuple[Scene, Offer, Offer]:
    """A need of $10,000 to $20,000, a grant of up to 8,000 and a loan of up to 12,000."""
    scene = make_scene(session)
    session.delete(scene.offer.criteria[0])
    session.delete(scene.offer)
    grant = OfferFactory(
        organisation=FunderFactory(name="Green Uplands"),
        code="GRANT",
        title="Grant for drying",
        **in_usd(1_000, 8_000),
    )
    loan = OfferFactory(
        organisation=FunderFactory(name="Nam Khan Fund"),
        title="Loan for machines",
        **in_usd(2_000, 12_000),
    )
    CriterionFactory(
        offer=loan, fact="amount_usd", operator=Operator.AT_MOST, values=[9_000], must=True
    )
    session.commit()
    return scene, grant, loan


def set_url(scene: Scene, *offers: Offer) -> str:
    return f"/needs/{scene.need.public_id}/sets/{'+'.join(one.public_id for one in offers)}"


def test_a_grant_and_a_loan_stand_in_the_list_as_one_card(page: Any, db_session: Any) -> None:
    scene, grant, loan = adding_up(db_session)
    found = page.sign_in(scene.owner).get(scene.need_url)
    found.response.close()
    cards = found.all("article.card")
    words = [" ".join(card.get_text(" ").split()) for card in cards]
    # The loan alone is not open, and the set has more points than the grant alone.
    assert len(cards) == 2
    assert "Two that add up" in words[0]
    assert "Grant and Term loan together reach $10,000" in words[0]
    assert grant.title in words[1]
    link = found.one("article.card ul.sum ~ .acts a")
    assert link["href"] == set_url(scene, grant, loan)
    db_session.rollback()
    rows = db_session.scalars(select(Shown).where(Shown.offer_id == loan.id)).all()
    assert [row.position for row in rows] == [1]


def test_a_set_adds_no_query_to_a_list(page: Any, db_session: Any) -> None:
    scene, grant, _loan = adding_up(db_session)
    page.sign_in(scene.owner).get(scene.need_url)
    with counted() as with_a_set:
        page.get(scene.need_url)
    # Only what is known to be open is asked for: no set is looked for.
    with counted() as without:
        page.get(f"{scene.need_url}?eligible=y")
    assert len(with_a_set) == len(without)
    assert grant.title in page.get(scene.need_url).text


def test_a_filter_holds_for_every_part(page: Any, db_session: Any) -> None:
    scene, _grant, _loan = adding_up(db_session)
    found = page.sign_in(scene.owner).get(f"{scene.need_url}?code=grant")
    assert "Two that add up" not in found.text


def test_a_set_with_no_place_left_is_not_proposed(page: Any, db_session: Any) -> None:
    scene, grant, _loan = adding_up(db_session)
    grant.places = 0
    db_session.commit()
    assert "Two that add up" not in page.sign_in(scene.owner).get(scene.need_url).text


def test_the_printed_numbers_of_a_set_make_its_printed_points(page: Any, db_session: Any) -> None:
    scene, grant, loan = adding_up(db_session)
    found = page.sign_in(scene.owner).get(set_url(scene, grant, loan))
    cells = [float(cell.get_text()) for cell in found.all("td.num")]
    share = re.search(r"They reach (\d+)% of the amount", found.text)
    assert share is not None
    assert len(cells) == 4
    score = len(cells) / sum(1 / cell for cell in cells) * int(share[1]) / 100
    assert found.one("#set-points").get_text() == str(shown(score))
    titles = [title.get_text() for title in found.all("article.card h3")]
    assert titles == [grant.title, loan.title]


def test_two_loans_are_asked_together_and_a_grant_before_a_loan(page: Any, db_session: Any) -> None:
    scene, grant, loan = adding_up(db_session)
    page.sign_in(scene.owner)
    ordered = page.get(set_url(scene, grant, loan)).text
    assert "Ask early" in ordered
    assert "Ask last" in ordered
    grant.code = "CROWDFUNDING"
    db_session.commit()
    both = page.get(set_url(scene, grant, loan)).text
    assert both.count("Ask them at the same time") == 2
    assert "Ask last" not in both


def test_a_missing_paper_comes_with_who_gets_it(page: Any, db_session: Any) -> None:
    scene = make_scene(db_session)
    firm = scene.need.organisation
    CriterionFactory(
        offer=scene.offer, fact="accounts_1y", operator=Operator.HAS, values=[], must=True
    )
    db_session.add(OrganisationFact(organisation_id=firm.id, fact="accounts_1y", value=False))
    books = OfferFactory(
        organisation=ProviderFactory(), kind=Kind.SERVICE, code="ACCOUNTING", title="Books kept"
    )
    db_session.commit()
    page.sign_in(scene.owner)
    card = page.get(scene.need_url).one("article.card")
    assert "Money, and who helps you to get it" in card.get_text()
    found = page.get(str(card.select_one("a")["href"]))
    assert "Accounting and bookkeeping gets you what they ask for" in found.one("h1").get_text()
    first, second = found.all("article.card h3 a")
    assert first["href"] == f"/catalogue/{books.public_id}" or books.public_id in first["href"]
    assert scene.offer.public_id in second["href"]


@pytest.mark.parametrize("parts", ["one", "same", "not a set", "unknown"])
def test_what_makes_no_set_has_no_page(page: Any, db_session: Any, parts: str) -> None:
    scene, grant, loan = adding_up(db_session)
    other = OfferFactory(code="TERM_LOAN")
    db_session.commit()
    offers = {"one": [grant], "same": [grant, grant], "not a set": [loan, other]}.get(parts, [])
    path = set_url(scene, *offers) if offers else f"{set_url(scene, grant)}+zzzzzzzzzzzz"
    page.sign_in(scene.owner).get(path, status=404)


def test_a_set_is_the_firms_own(page: Any, db_session: Any) -> None:
    scene, grant, loan = adding_up(db_session)
    page.sign_in(scene.banker).get(set_url(scene, grant, loan), status=404)

"""No page of matches shows the other side what only an accepted request releases."""

from __future__ import annotations

import pytest

from matchmaker.organisations.models import BusinessId, Operator
from tests.factories import CriterionFactory
from tests.suggestions.scene import CANARIES, EXACT, NAME, make_scene

pytestmark = pytest.mark.both

PAGES = (
    "{offer}",
    "{offer}?tab=near",
    "{offer}?tab=out",
    "{match}?side=offer",
    "{match}/not-for-me",
)


@pytest.mark.once
@pytest.mark.parametrize(
    ("page_of", "htmx"),
    [*((one, False) for one in PAGES), *((one, True) for one in PAGES if "side=offer" not in one)],
)
def test_no_canary_of_a_firm_reaches_a_funder(page, db_session, page_of, htmx):
    scene = make_scene(db_session)
    firm = scene.need.organisation
    db_session.add(BusinessId(organisation_id=firm.id, scheme="LA-TIN", number="CANARY-7788",
                              number_key="CANARY7788"))  # fmt: skip
    CriterionFactory(offer=scene.offer, fact="revenue_usd", operator=Operator.AT_LEAST,
                     values=[1000])  # fmt: skip
    db_session.commit()
    url = page_of.format(offer=scene.offer_url, match=scene.match_url)
    found = page.sign_in(scene.banker).get(url, htmx=htmx)
    body = found.response.get_data(as_text=True) + str(found.response.headers)
    for canary in (*CANARIES.values(), EXACT, NAME, "Canarywords", "CANARY", "5557"):
        for written in {str(canary), f"{canary:,}" if isinstance(canary, int) else str(canary)}:
            assert written not in body


def test_turnover_is_unknown_to_a_rule_even_on_the_owners_own_page(page, db_session):
    scene = make_scene(db_session)
    CriterionFactory(offer=scene.offer, fact="revenue_usd", operator=Operator.AT_LEAST,
                     values=[1000])  # fmt: skip
    db_session.commit()
    found = page.sign_in(scene.owner).get(scene.match_url)
    assert "1 is not known" in found.text


def test_the_exact_amount_does_not_move_the_score(page, db_session):
    scene = make_scene(db_session)
    before = page.sign_in(scene.banker).get(scene.offer_url).one(".fit").get_text()
    scene.need.amount_minor = 399_999_999
    db_session.commit()
    assert page.get(scene.offer_url).one(".fit").get_text() == before

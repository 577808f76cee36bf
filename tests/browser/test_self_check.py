"""A firm goes through the self-check on a phone, and on a laptop without script."""

from __future__ import annotations

import pytest
from flask import Flask

from matchmaker.extensions import db
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.services import self_check
from matchmaker.vocabulary.self_check import current
from tests.browser.conftest import Arrive
from tests.factories import (
    AccountFactory,
    CriterionFactory,
    MembershipFactory,
    OfferFactory,
    OrganisationFactory,
    ProviderFactory,
)

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "script"), [(360, True), (1280, False)])
def test_a_firm_answers_and_sees_what_to_do_next(
    app: Flask, arrive: Arrive, width: int, script: bool
) -> None:
    firm, noy = OrganisationFactory(readiness=None, readiness_answers={}), AccountFactory()
    MembershipFactory(account=noy, organisation=firm)
    CriterionFactory(offer=OfferFactory(), fact="business_plan", operator="has", values=[])
    OfferFactory(organisation=ProviderFactory(), kind="service", code="ADVICE", title="A plan day")
    pages = list(current().by_dimension)
    for dimension in pages[:-1]:
        answers = {q.code: f"{q.code}_2" for q in current().by_dimension[dimension]}
        self_check.save(db.session(), firm, noy.id, dimension, answers)
    db.session.commit()
    start, firm_id = f"/organisations/{firm.public_id}/self-check", firm.id
    visitor = arrive(width, script, noy)
    page = visitor.go(start)
    visitor.check()
    visitor.press("Go on", role="link")
    assert page.url.endswith(pages[-1])
    visitor.check()
    page.get_by_label("Not yet").first.check()
    visitor.press("Save and see the result")
    visitor.check()
    shown = page.locator("main").inner_text()
    assert "Write your plan on one page" in shown
    assert "A plan day" in shown
    page.get_by_label("Yes, matches may use my digital points").check()
    visitor.press("Save")
    found = db.session.get_one(Organisation, firm_id)
    db.session.refresh(found)
    assert found.readiness is not None
    db.session.rollback()

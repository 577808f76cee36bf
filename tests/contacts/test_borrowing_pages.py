"""Before you sign: what a loan costs, for whom, and when to leave it alone."""

from __future__ import annotations

import pytest

from matchmaker.extensions import db
from matchmaker.organisations.models import Offer, OrganisationFact
from tests.contacts.scene import Scene
from tests.contacts.test_queries import MOST, counted
from tests.factories import FunderFactory, OfferFactory, StaffFactory
from tests.page import Page, PageClient

TERMS = {
    "interest_min": 12.0,
    "interest_max": 12.0,
    "interest_counted": "declining",
    "fee_percent": 1.0,
    "fee_when": "payout",
    "months_min": 6,
    "months_max": 24,
    "grace_months": 0,
    "security": ["movable"],
    "currency": "LAK",
    "amount_min_minor": 50_000_000,
    "amount_max_minor": 900_000_000,
}
LICENSED = {"licence_authority": "Bank of the Lao PDR", "licence_number": "12/BOL"}


def path(scene: Scene, offer: Offer | None = None) -> str:
    return f"/matches/{scene.need.public_id}/{(offer or scene.offer).public_id}/before-you-sign"


def says(scene: Scene, **terms: object) -> None:
    """The offer of the scene with all its terms, but for these; its funder is licensed."""
    for name, value in (TERMS | terms).items():
        setattr(scene.offer, name, value)
    for name, value in LICENSED.items():
        setattr(scene.funder, name, value)
    scene.firm.turnover_minor = 1_500_000_000
    scene.session.commit()


def checked(scene: Scene) -> None:
    scene.session.add(
        OrganisationFact(
            organisation_id=scene.funder.id, fact="licence", value=True,
            checked_on=scene.need.published_at.date(), checked_by="Programme Person",
        )
    )  # fmt: skip
    scene.session.commit()


def others(number: int, **terms: object) -> list[Offer]:
    funders = [FunderFactory(**LICENSED) for _ in range(number)]
    rest: dict[str, object] = TERMS | terms
    made = [OfferFactory(organisation=funder, title=f"Other loan {at}", **rest)
            for at, funder in enumerate(funders)]  # fmt: skip
    db.session.commit()
    return made


def text(page: Page, selector: str = "main") -> str:
    return " ".join(page.one(selector).get_text(" ").split())


def test_a_firm_reads_what_it_costs_and_who_checked_the_licence(
    scene: Scene, page: PageClient
) -> None:
    says(scene)
    checked(scene)
    found = page.sign_in(scene.owner).get(path(scene))
    told = text(found)
    # 300 million over 24 months at 1% a month: 14,122,042 a month (annuity factor 21.2434).
    assert "14,122,042" in told
    assert "of your sales in a month" in told
    assert "Bank of the Lao PDR, number 12/BOL; checked on" in told
    assert "Programme Person" in told
    assert "Not this loan" not in told
    assert found.form()["months"] == "24"


def test_other_numbers_are_counted_and_bad_ones_said_beside_the_field(
    scene: Scene, page: PageClient
) -> None:
    says(scene)
    page.sign_in(scene.owner)
    found = page.get(path(scene) + "?amount=100000000&months=12")
    assert "8,884,879" in text(found)
    assert found.form() == {"amount": "100000000", "months": "12"}
    outside = page.get(path(scene) + "?amount=100000000&months=36")
    assert "outside what they offer" in text(outside, "[aria-labelledby=h-looks]")
    bad = page.get(path(scene) + "?amount=lots&months=0", status=422)
    assert bad.one("#amount")["value"] == "lots"
    assert "Write a number" in text(bad, "#amount-e")
    assert "1 or more" in text(bad, "#months-e")


@pytest.mark.parametrize(
    "query",
    [
        "amount=1&months=480", "amount=9007199254740992&months=480", "amount=-5&months=2",
        "amount=NaN&months=inf", "amount=1e9999&months=3", "amount=%00&months=%00",
        "amount=9007199254740993&months=12", "amount=&months=", "amount=0&months=1",
        "amount=1.000,00&months=1.5", "amount=%E0%BB%91%E0%BB%90%E0%BB%90&months=%E0%BB%91",
        "months=12", "amount=100&amount=200&months=3", "x=" + "9" * 3000,
    ],
)  # fmt: skip
def test_hostile_numbers_are_counted_or_refused(scene: Scene, page: PageClient, query: str) -> None:
    says(scene, interest_min=0.0, interest_max=100.0, interest_counted="", fee_percent=100.0)
    page.sign_in(scene.owner)
    response = page.client.get(f"{path(scene)}?{query}")
    assert response.status_code in (200, 400, 422)
    assert "nan" not in response.get_data(as_text=True).lower().split()


def test_what_is_not_said_is_asked_for_and_nothing_is_made_up(
    scene: Scene, page: PageClient
) -> None:
    found = page.sign_in(scene.owner).get(path(scene))
    asks = text(found, "[aria-labelledby=h-unsaid]")
    assert "What is the interest a year?" in asks
    assert "Which fees are there" in asks
    assert "does not say its interest" in text(found, "#before-you-sign")
    assert "who licensed them to lend" in text(found, "#before-you-sign .note.bad")
    says(scene, interest_counted="")
    told = text(page.get(path(scene)))
    assert "The low figures count it on what you still owe" in told
    # Flat, 24 months at 1% of 300 million beside a 24th of it: 15.5 million.
    assert "14.1\u2060\u2013\u206015.5 million kip" in told


def test_a_fee_beforehand_a_heavy_burden_and_a_dear_loan_are_advised_against(
    scene: Scene, page: PageClient
) -> None:
    says(scene, fee_when="before", interest_min=60.0, interest_max=60.0, interest_counted="flat")
    scene.firm.turnover_minor = 200_000_000
    cheap = others(3)
    OfferFactory(code="MATCHING_GRANT", title="Half is given")
    db.session.commit()
    page.sign_in(scene.owner)
    found = page.get(path(scene))
    against = text(found, "#before-you-sign .note.bad")
    for words in ("a fee before they give the loan", "more than 20% of what you sell",
                  "far more than other loans that fit you"):  # fmt: skip
        assert words in against
    # 300 million take 57 million kip a month, and sales of at most 20,000 dollars a year 35.9:
    # a fifth of those carries a loan of 38.
    assert "Up to about" in against
    assert len(found.all("[aria-labelledby=h-cheaper] li")) == 3
    way_on = found.all("[aria-labelledby=h-cheaper] a")[0]["href"]
    assert any(offer.public_id in str(way_on) for offer in cheap)
    assert "Half is given" in text(found, "[aria-labelledby=h-ways]")
    for offer in cheap:
        offer.fee_when = "before"
    db.session.commit()
    assert not page.get(path(scene)).all("[aria-labelledby=h-cheaper]")


def test_in_the_months_of_grace_alone_nothing_is_counted_and_that_is_said(
    scene: Scene, page: PageClient
) -> None:
    says(scene, grace_months=12, months_max=36)
    found = page.sign_in(scene.owner).get(path(scene) + "?amount=100000000&months=12")
    region = text(found, "#before-you-sign")
    assert "They give 12 months of grace, so nothing would be paid back" in region
    assert "You pay each month" not in region
    looks = text(found, "[aria-labelledby=h-looks]")
    assert "outside what they offer" in looks
    assert "12 months of grace" in looks
    told = text(page.get(path(scene) + "?amount=100000000&months=13"))
    assert "You pay each month" in told
    assert "1.5 times the middle of at least 3 others and at least 5 points above it" in told


def test_land_as_security_another_currency_and_an_ended_licence_are_pointed_out(
    scene: Scene, page: PageClient
) -> None:
    says(scene, security=["land"], currency="USD", fee_fixed_minor=5_000)
    scene.funder.licence_until = scene.need.published_at.date().replace(year=2020)
    db.session.commit()
    found = page.sign_in(scene.owner).get(path(scene))
    looks = text(found, "[aria-labelledby=h-looks]")
    assert "If you cannot pay, you can lose it" in looks
    assert "The loan is in USD and you earn in another currency" in looks
    assert "has ended" in text(found, "#before-you-sign .note.bad")


def test_the_funder_reads_an_example_without_the_firm_s_burden_or_amount(
    scene: Scene, page: PageClient
) -> None:
    says(scene)
    others(3)
    found = page.sign_in(scene.banker).get(path(scene))
    told = text(found)
    assert "This is an example with an amount of your offer" in told
    assert "For 50 million kip" in told
    for secret in ("300", "your sales in a month", "Loans that cost less", "Not this loan"):
        assert secret not in told.replace("3,000", "")
    assert scene.firm.name not in told


def test_an_adviser_who_acts_reads_it_staff_and_strangers_do_not(
    scene: Scene, page: PageClient
) -> None:
    says(scene)
    staff = StaffFactory()
    db.session.commit()
    page.sign_in(staff).get(path(scene), status=404)
    page.sign_in(scene.owner)
    grant = OfferFactory(code="GRANT")
    db.session.commit()
    page.get(path(scene, grant), status=404)
    page.get(f"/matches/{scene.need.public_id}/nothere/before-you-sign", status=404)


def test_the_region_stands_on_the_match_the_request_and_beside_asking(
    scene: Scene, page: PageClient
) -> None:
    says(scene)
    page.sign_in(scene.owner)
    pair = f"{scene.need.public_id}/{scene.offer.public_id}"
    for url in (f"/matches/{pair}", f"/requests/new/{pair}"):
        region = page.get(url).one("#before-you-sign")
        assert region["hx-get"] == path(scene)
    partial = page.get(path(scene), htmx=True)
    assert [tag["id"] for tag in partial.soup.find_all(recursive=False)] == ["before-you-sign"]
    assert "14,122,042" in partial.text


def test_the_page_takes_few_queries_whatever_else_is_offered(
    scene: Scene, page: PageClient
) -> None:
    says(scene, fee_when="before")
    others(2)
    page.sign_in(scene.owner)
    address = path(scene)
    page.get(address)
    with counted() as few:
        page.get(address)
    others(8)
    page.get(address)
    with counted() as many:
        page.get(address)
    assert len(few) == len(many) <= MOST, "\n".join(many)

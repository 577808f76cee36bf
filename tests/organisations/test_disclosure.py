"""No field reaches a reader it is not meant for: one canary a field, looked for everywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.extensions import db
from matchmaker.organisations.disclosure import (
    RELEASABLE,
    SENSITIVE,
    Viewer,
    need_fields,
    visible_fields,
)
from matchmaker.organisations.models import BusinessId, Need, Organisation
from tests.factories import (
    AccountFactory,
    BusinessIdFactory,
    NeedFactory,
    OfferFactory,
    OrganisationFactory,
    StaffFactory,
)
from tests.organisations.people import owner_of
from tests.page import PageClient

CANARIES: dict[str, Any] = {
    "name": "Canaryname",
    "name_latin": "Canarylatin",
    "about": "Canaryabout",
    "website": "canary-website.example",
    "contact_name": "Canaryperson",
    "contact_email": "canary@mail.example",
    "contact_telephone": "020 7777 1111",
    "contact_address": "Canarystreet 7",
    "turnover_minor": 987654321,
    "capital_minor": 876543219,
    "district": "Canarydistrict",
    "staff": 4242,
}
NEED_CANARIES: dict[str, Any] = {"text": "Canarytext", "amount_minor": 765432198}
NUMBER = "99-8888888"
#: What DESIGN "Who sees what" keeps from the other side before acceptance, each as it would show.
SECRETS = [
    *(str(value) for value in CANARIES.values()),
    *(
        "Canarytext",
        "765432198",
        "765,432,198",
        "987,654,321",
        "876,543,219",
        "4,242",
        NUMBER,
    ),
]


def canary_firm(**values: Any) -> Need:
    firm = OrganisationFactory(**(CANARIES | values))
    BusinessIdFactory(organisation=firm)
    need: Need = NeedFactory(organisation=firm, **NEED_CANARIES)
    db.session.commit()
    return need


def _bare_firm(**values: Any) -> Organisation:
    firm = Organisation(
        **(
            CANARIES
            | {
                "is_firm": True,
                "country": "LA",
                "languages": [],
                "reply_bins": [0] * 24,
                "missed": 0,
            }
        ),
        **values,
    )
    firm.business_ids.append(BusinessId(scheme="LA-ERC", number=NUMBER, number_key="1"))
    for role in ("is_funder", "is_provider", "is_introducer"):
        setattr(firm, role, bool(getattr(firm, role)))
    return firm


def _seen(firm: Organisation, viewer: Viewer, accepted: Any = None) -> set[str]:
    card = repr(asdict(visible_fields(firm, viewer, accepted)))
    return {name for name, value in CANARIES.items() if str(value) in card} | (
        {"business_ids"} if NUMBER in card else set()
    )


class TestCard:
    def test_the_other_side_sees_no_secret_of_a_firm(self) -> None:
        assert _seen(_bare_firm(show_name=False), Viewer.OTHER_SIDE) == set()

    def test_a_ticked_name_shows_name_and_words_and_no_contact(self) -> None:
        shown = _seen(_bare_firm(show_name=True), Viewer.OTHER_SIDE)
        assert shown == {"name", "name_latin", "about"}

    def test_a_visitor_sees_no_firm_at_all_whatever_it_ticked(self) -> None:
        assert _seen(_bare_firm(show_name=True), Viewer.VISITOR) == set()

    def test_staff_see_name_and_numbers_and_no_contact(self) -> None:
        shown = _seen(_bare_firm(show_name=False), Viewer.STAFF)
        assert shown == {"name", "name_latin", "about", "business_ids"}

    @given(st.sets(st.sampled_from([*RELEASABLE, *SENSITIVE])))
    def test_after_acceptance_exactly_what_was_released_is_added(self, released: set[str]) -> None:
        shown = _seen(_bare_firm(show_name=False), Viewer.OTHER_SIDE, released)
        renamed = {"turnover": "turnover_minor"}
        expected = {renamed.get(name, name) for name in released - {"amount"}}
        assert shown == {"name", "name_latin", "about"} | expected

    def test_one_that_also_offers_is_a_firm_unless_the_page_is_about_its_offers(self) -> None:
        both = _bare_firm(show_name=False, is_provider=True)
        assert _seen(both, Viewer.OTHER_SIDE) == set()
        shown = visible_fields(both, Viewer.VISITOR, as_offerer=True)
        assert shown.name == "Canaryname"

    def test_contact_details_in_a_text_are_masked(self) -> None:
        firm = _bare_firm(show_name=True)
        firm.about = "Call 020 5555 1234 or write to me@example.org"
        card = visible_fields(firm, Viewer.OTHER_SIDE)
        assert card.about is not None
        assert "5555" not in card.about
        assert "example.org" not in card.about


class TestNeedCard:
    def _need(self, **values: Any) -> Need:
        need = Need(
            kind="finance", code="TERM_LOAN", purpose="", title="A dryer, call 020 5555 1234",
            lang="en", currency="LAK", band_low=10_000.0, band_high=20_000.0, **NEED_CANARIES,
        )  # fmt: skip
        need.organisation = _bare_firm(**({"show_name": False} | values))
        return need

    def test_before_acceptance_it_is_a_title_and_a_band(self) -> None:
        card = need_fields(self._need(), Viewer.OTHER_SIDE)
        assert card is not None
        assert (card.text, card.amount) == (None, None)
        assert "5555" not in card.title
        assert card.band is not None
        assert (card.band.low, card.band.high) == (10_000, 20_000)

    def test_the_exact_amount_needs_its_own_release(self) -> None:
        need = self._need()
        without = need_fields(need, Viewer.OTHER_SIDE, ())
        with_it = need_fields(need, Viewer.OTHER_SIDE, ("amount",))
        assert without is not None
        assert with_it is not None
        assert without.amount is None
        assert without.text == "Canarytext"
        assert with_it.amount == (765432198, "LAK")

    def test_visitors_see_no_need(self) -> None:
        assert need_fields(self._need(), Viewer.VISITOR) is None


class TestPages:
    @pytest.mark.parametrize("role", ["visitor", "stranger", "funder", "viewer"])
    def test_no_page_of_the_room_holds_a_secret_of_somebody_elses_firm(
        self, page: PageClient, role: str
    ) -> None:
        need = canary_firm()
        offer = OfferFactory()
        {
            "visitor": lambda: None,
            "stranger": lambda: page.sign_in(AccountFactory()),
            "funder": lambda: page.sign_in(owner_of(offer.organisation)),
            "viewer": lambda: page.sign_in(StaffFactory(staff_role="viewer", scope="members")),
        }[role]()
        db.session.commit()
        firm = need.organisation
        paths = [
            "/catalogue", f"/catalogue/{offer.public_id}", f"/catalogue?text={firm.name}",
            f"/organisations/{firm.public_id}", f"/organisations/{firm.public_id}/as-seen",
            f"/organisations/{firm.public_id}/members", f"/needs/{need.public_id}",
            f"/organisations/{firm.public_id}/introducers", "/my-business",
        ]  # fmt: skip
        for path in paths:
            body = page.client.get(path).get_data(as_text=True).replace(path, "")
            shown = [secret for secret in SECRETS if secret in body and secret not in path]
            assert shown == [], path

    def test_staff_in_scope_see_name_and_numbers_and_nothing_more(
        self, page: PageClient, new_page: Callable[[], PageClient]
    ) -> None:
        need = canary_firm()
        page.sign_in(StaffFactory(staff_role="viewer"))
        text = page.get(f"/organisations/{need.organisation.public_id}").response.text
        allowed = {"Canaryname", "Canarylatin", "Canaryabout", NUMBER}
        assert {secret for secret in SECRETS if secret in text} <= allowed

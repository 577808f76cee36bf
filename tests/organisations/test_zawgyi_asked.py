"""Burmese typed in Zawgyi is asked about before it is saved, and converted only on a yes."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.organisations.models import Need, Organisation
from tests.factories import FunderFactory, NeedFactory, OfferFactory
from tests.organisations.people import firm_and_owner, owner_of
from tests.page import Page, PageClient

ZAWGYI = "ေနေရာင္ျခည္စြမ္းအင္ ဝန္ေဆာင္မႈ စပါးဝယ္"
UNICODE = "နေရောင်ခြည်စွမ်းအင် ဝန်ဆောင်မှု စပါးဝယ်"
NEW = {"code": "CRM", "lang": "my"}


def asked(page: PageClient, **values: Any) -> Page:
    firm = firm_and_owner(page)
    form = page.get(f"/organisations/{firm.public_id}/needs/new/service")
    assert not form.all("#zawgyi")
    return page.submit(form, status=422, **NEW, **values)


def saved() -> Need:
    db.session.expire_all()
    return db.session.scalars(select(Need)).one()


def test_it_is_asked_about_and_nothing_is_saved_yet(page: PageClient) -> None:
    back = asked(page, title="Solar", text=ZAWGYI)
    assert "It looks like Zawgyi" in back.text
    assert UNICODE in back.one("#zawgyi-h").get_text()
    assert back.one("#text").get_text().strip() == ZAWGYI
    assert not back.all("#zawgyi input[checked]")
    assert db.session.scalars(select(Need)).all() == []


@pytest.mark.parametrize(("answer", "stored"), [("convert", UNICODE), ("keep", ZAWGYI)])
def test_it_is_converted_on_a_yes_and_else_left_alone(
    page: PageClient, answer: str, stored: str
) -> None:
    back = asked(page, title=ZAWGYI, text=ZAWGYI)
    page.submit(back, zawgyi=answer)
    need = saved()
    assert (need.title, need.text) == (stored, stored)


def test_what_was_left_as_it_is_is_not_asked_about_again(page: PageClient) -> None:
    need = NeedFactory(organisation=firm_and_owner(page), text=ZAWGYI, lang="my")
    db.session.commit()
    page.submit(page.get(f"/needs/{need.public_id}/edit"), title="Another title")
    assert saved().title == "Another title"


def test_an_answer_stays_while_another_question_is_mended(page: PageClient) -> None:
    back = asked(page, title="", text=ZAWGYI)
    again = page.submit(back, status=422, zawgyi="keep")
    assert again.one("#zawgyi input[checked]")["value"] == "keep"
    page.submit(again, title="Solar")
    assert saved().text == ZAWGYI


def test_what_is_converted_is_not_asked_about_beside_another_mistake(page: PageClient) -> None:
    back = asked(page, title="", text=ZAWGYI)
    again = page.submit(back, status=422, zawgyi="convert")
    assert again.one("#text").get_text().strip() == UNICODE
    assert not again.all("#zawgyi")
    page.submit(again, title="Solar")
    assert saved().text == UNICODE


def test_an_answer_of_nobodys_page_is_refused(page: PageClient) -> None:
    back = asked(page, title="Solar", text=ZAWGYI)
    page.submit(back, status=422, zawgyi="perhaps")


@pytest.mark.parametrize("text", [UNICODE, "ວຽງຈັນ", "Solar pump", "", "123"])
def test_other_texts_are_saved_without_a_question(page: PageClient, text: str) -> None:
    firm = firm_and_owner(page)
    form = page.get(f"/organisations/{firm.public_id}/needs/new/service")
    page.submit(form, title="Solar", text=text, **NEW)
    assert saved().text == text


def test_offers_and_profiles_ask_too(page: PageClient) -> None:
    firm = firm_and_owner(page)
    step = page.get(f"/organisations/{firm.public_id}/profile/words")
    back = page.submit(step, status=422, about=ZAWGYI, about_lang="my")
    page.submit(back, zawgyi="convert")
    db.session.expire_all()
    assert db.session.get_one(Organisation, firm.id).about == UNICODE
    fund = FunderFactory()
    page.sign_in(owner_of(fund))
    offer = OfferFactory(organisation=fund)
    db.session.commit()
    step = page.get(f"/offers/{offer.public_id}/edit/aims")
    back = page.submit(step, status=422, text=ZAWGYI)
    page.submit(back, zawgyi="convert")
    db.session.expire_all()
    assert offer.text == UNICODE

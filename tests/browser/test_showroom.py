"""A firm puts a product in its showroom and opens it; a visitor looks, and prints one sheet."""

from __future__ import annotations

import io
import unicodedata

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy.orm import Session

from matchmaker.organisations.models import Organisation
from matchmaker.organisations.services import product
from tests.browser.conftest import Arrive, Visitor
from tests.factories import OrganisationFactory
from tests.organisations.papers import picture, put_in_showroom
from tests.organisations.people import owner_of

pytestmark = pytest.mark.browser

A4 = (595, 842)


@pytest.mark.parametrize(("width", "script"), [(360, True), (1280, False)])
def test_a_showroom_is_filled_opened_seen_and_printed(
    app: Flask, arrive: Arrive, db_session: Session, width: int, script: bool
) -> None:
    # The longest name there may be, and eleven products whose words are as long as they may be.
    firm: Organisation = OrganisationFactory(name="ຜ້າທໍ ນ້ຳຄານ " * 12, name_lang="lo")
    owner = owner_of(firm)
    for number in range(product.MOST - 1):
        name, words = f"ຜ້າບ່ຽງ {number} " * 8, "ຕ່ຳດ້ວຍມື ຍ້ອມສີທຳມະຊາດ " * 22
        put_in_showroom(firm, owner.id, name=name, words=words, lang="lo", languages=["lo", "en"])
    db_session.commit()
    desk, visitor = arrive(width, script, owner), arrive(width, script)
    _add(desk, firm.public_id)
    desk.send(desk.page.get_by_role("button", name="Show it to everybody"))
    # Axe goes through the desk in `test_every_page.py`, never through twelve products.
    assert desk.errors == []
    at = desk.page.locator("#share-link").inner_text().removeprefix(desk.address)
    page = visitor.go(at)
    visitor.check()
    assert page.locator(".wares > li").count() == product.MOST
    assert page.locator(".ware").last.inner_text().startswith("Indigo scarf")
    sheet = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(sheet.pages) == 1
    assert tuple(round(side) for side in sheet.pages[0].mediabox[2:]) == A4
    # Lines end and letters join where the random part of the address happens to make them.
    printed = unicodedata.normalize("NFKC", sheet.pages[0].extract_text())
    assert at in "".join(printed.split())


def _add(desk: Visitor, firm: str) -> None:
    page = desk.go(f"/organisations/{firm}/showroom/products/new")
    page.locator("[name=name]").fill("Indigo scarf")
    page.locator("[name=price_min_minor]").fill("150,000")
    photo = {"name": "scarf.jpg", "mimeType": "image/jpeg", "buffer": picture(size=(600, 400))}
    page.locator("input[type=file]").set_input_files(files=[photo])  # type: ignore[list-item]
    desk.send(page.get_by_role("button", name="Save"))

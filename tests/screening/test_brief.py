"""One firm on one sheet: to print, or as PDF where that can be made."""

from __future__ import annotations

import io
import sys
from typing import Any

import pytest
from pypdf import PdfReader

from matchmaker.organisations.models import Operator, OrganisationFact
from matchmaker.screening.brief_words import MOST_RULES
from matchmaker.vocabulary.evidence import EVIDENCE
from matchmaker.web import pdf
from matchmaker.web.pdf import engine
from tests.factories import CriterionFactory
from tests.page import PageClient
from tests.screening.comparing import Desk, make_desk


@pytest.fixture
def desk(db_session: Any) -> Desk:
    return make_desk(db_session, 2)


def sheet(client: PageClient, url: str) -> PdfReader:
    answer = client.client.get(url)
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    return PdfReader(io.BytesIO(answer.data))


def words(text: str) -> str:
    return "".join(text.split())


def test_a_brief_says_who_printed_it_when_and_what_points_are_not(
    page: PageClient, desk: Desk
) -> None:
    desk.needs[0].organisation.readiness = 60
    desk.session.commit()
    found = page.sign_in(desk.banker).get(desk.brief_url())
    assert f"Printed by Somsy of the bank, {desk.funder.name}, on " in found.text
    assert "model version 1" in found.text
    assert "not a chance" in found.text
    assert "Moderately advanced" in found.text
    assert len(found.all(".brief-code svg")) == 1
    link = f"/matches/{desk.needs[0].public_id}/{desk.offer.public_id}?side=offer"
    assert found.one(".brief-link").get_text().endswith(link)
    assert found.one("a.btn")["href"] == desk.brief_url(ending=".pdf")


@pytest.mark.slow
def test_the_pdf_holds_what_the_page_holds_on_one_sheet(page: PageClient, desk: Desk) -> None:
    """At its fullest: more rules, papers and words than a sheet has room for."""
    need = desk.needs[1]
    need.text, need.organisation.show_name = "ພວກເຮົາຕ້ອງການເຄື່ອງສີເຂົ້າ " * 60, True
    codes = [code for code in EVIDENCE.codes() if code not in ("registration", "accounts_1y")]
    for code in codes:
        CriterionFactory(offer=desk.offer, fact=code, operator=Operator.HAS, values=[])
    need.organisation.facts += [
        OrganisationFact(fact=code, value=at > 1) for at, code in enumerate(codes[:12])
    ]
    # The tallest lines of all.
    desk.banker.language = "lo"
    desk.session.commit()
    client = page.sign_in(desk.banker)
    shown = client.get(desk.brief_url(need))
    assert len(shown.all(".brief tbody .brief-state")) == MOST_RULES
    made = sheet(client, desk.brief_url(need, ".pdf"))
    assert len(made.pages) == 1
    text = words(made.pages[0].extract_text())
    for part in (need.title, need.organisation.name, shown.one(".brief-fit b").get_text()):
        assert words(part) in text
    assert words(shown.one(".brief-link").get_text()) in text


@pytest.mark.once
@pytest.mark.slow
def test_while_a_brief_is_read_its_pdf_gets_ready(page: PageClient, desk: Desk) -> None:
    """The first sheet of a worker would wait a second for the engine's fonts."""
    engine._loaded.cache_clear()
    shown = page.sign_in(desk.banker).get(desk.brief_url(desk.needs[0]))
    shown.response.close()
    assert engine._loaded.cache_info().currsize == 1


def test_without_the_engine_the_page_says_how_to_print(
    page: PageClient, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = page.sign_in(desk.banker)
    monkeypatch.setitem(sys.modules, "matchmaker.web.pdf.engine", None)
    monkeypatch.delattr(pdf, "engine", raising=False)
    back = client.get(desk.brief_url(ending=".pdf"), status=303)
    assert back.location == desk.brief_url()
    monkeypatch.setattr(pdf, "installed", lambda: False)
    found = client.follow(back)
    assert "Print this page from your browser" in found.text
    assert "Ctrl and P" in found.text
    assert "Open as PDF" not in found.text

"""Whatever is typed into a form, it is taken or pointed out, and stays in the form."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from matchmaker.extensions import db
from matchmaker.organisations.models import Organisation
from tests.factories import NeedFactory, OfferFactory, OrganisationFactory
from tests.organisations.people import firm_and_owner, owner_of
from tests.page import PageClient

pytestmark = [pytest.mark.slow, pytest.mark.both]

FORM_TYPE = "application/x-www-form-urlencoded"
HOSTILE = (
    *("\x00", "a\ud800b", "\u202eevil\u2066", "\u200b\u2060", " \u3000\u00a0 ", "x" * 30_000),
    *("\u0e01" + "\u0e49" * 500, "{{7*7}}<script>alert(1)</script>'\";--", "%(x)s %s", "=cmd|'!A0"),
    *("-1", "1e9999", "NaN", "inf", "1,000.00", "1.000,00", "9" * 30, str(2**31), str(2**63)),
    *("\uff11\uff12\uff13", "\u0ed1\u0ed2", "\u17e1\u17e2\u17e3", "2569-02-30", "0000-00-00"),
    *("9999-12-31", "[]", "true", "../../etc", "LA-XX", "\u1019\u103b\u1010\u1039"),
    *("\U0001f469\u200d\U0001f467", "a\r\nBcc: x@example.org"),
)

#: What a second database may take otherwise than the first.
JUDGED_BY_DATABASES = (
    "\x00",
    "a\ud800b",
    "x" * 30_000,
    "NaN",
    "inf",
    "9" * 30,
    str(2**31),
    str(2**63),
)

FORMS = (
    "/organisations/new",
    *(
        f"/organisations/{{firm}}/profile/{key}"
        for key in ("name", "sector", "size", "people", "ids", "certificates", "exports",
                    "evidence", "digital", "words", "contact")
    ),
    "/organisations/{firm}/needs/new/finance",
    "/organisations/{firm}/needs/new/service",
    "/needs/{need}/edit",
    "/organisations/{firm}/offers/new/finance",
    "/organisations/{firm}/offers/new/service",
    "/offers/{offer}/edit/what",
    "/offers/{offer}/edit/who",
    "/offers/{offer}/edit/evidence",
    "/offers/{offer}/edit/aims",
    "/organisations/{firm}/members",
    "/organisations/{firm}/introducers",
    "/organisations/{chamber}/clients/new",
)  # fmt: skip


@pytest.fixture
def ids(page: PageClient) -> dict[str, str]:
    firm = firm_and_owner(page)
    need, offer = NeedFactory(organisation=firm), OfferFactory(organisation=firm)
    chamber: Organisation = OrganisationFactory(is_firm=False, is_introducer=True)
    account = firm.memberships[0].account
    owner_of(chamber)
    chamber.memberships[0].account = account
    db.session.commit()
    return {
        "firm": firm.public_id,
        "need": need.public_id,
        "offer": offer.public_id,
        "chamber": chamber.public_id,
    }


@pytest.mark.parametrize("path", FORMS)
def test_no_field_of_a_form_brings_the_page_down(
    page: PageClient, ids: dict[str, str], path: str
) -> None:
    url = path.format(**ids)
    names = _names(page, url)
    bad: list[str] = []
    everywhere = db.engine.dialect.name == "sqlite"
    values = HOSTILE if everywhere else JUDGED_BY_DATABASES
    # One bad answer in every field at once finds most of what a form gets wrong; then one field
    # at a time in turn, which is how a bad answer reaches the database.
    rounds: list[dict[str, Any]] = [dict.fromkeys(names, value) for value in values if everywhere]
    rounds += [{name: values[at % len(values)]} for at, name in enumerate(names)]
    for answers in rounds:
        form = {"csrf_token": page.token()} | answers
        body = urlencode(form, errors="surrogatepass").encode()
        response = page.client.post(url, data=body, content_type=FORM_TYPE)
        db.session.rollback()
        if response.status_code >= 500 or b"{{7*7}}<script>" in response.data:
            bad.append(f"{response.status_code} {answers!r:.200}")
    assert bad == []


def test_no_query_brings_the_catalogue_down(page: PageClient) -> None:
    OfferFactory()
    db.session.commit()
    for value in HOSTILE:
        names = ("text", "code", "place", "language", "deploying", "after")
        query = urlencode(dict.fromkeys(names, value[:5000]), errors="surrogatepass")
        response = page.client.get("/catalogue", query_string=query)
        assert response.status_code < 500, value[:50]


def test_two_answers_to_one_question_are_refused(page: PageClient, ids: dict[str, str]) -> None:
    url = f"/organisations/{ids['firm']}/profile/words"
    page.post(url, {"about": ["one", "two"]}, status=400)


def test_what_was_typed_wrongly_stays(page: PageClient, ids: dict[str, str]) -> None:
    url = f"/needs/{ids['need']}/edit"
    back = page.submit(page.get(url), status=422, amount_minor="1.000,5", needed_by="2569-03-04")
    assert back.one("#amount_minor")["value"] == "1.000,5"
    assert back.one("#needed_by")["value"] == "2569-03-04"
    assert "2026" in back.text


def _names(page: PageClient, url: str) -> list[str]:
    found = page.get(url).all("main form [name]")
    kept = (str(tag["name"]) for tag in found)
    return list(dict.fromkeys(name for name in kept if name not in ("csrf_token", "search")))

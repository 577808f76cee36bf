"""Whatever is posted is answered with a page, and never with a server error."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from matchmaker.contacts import services
from matchmaker.contacts.models import ContactRequest
from matchmaker.suggestions.models import Side
from tests.contacts.scene import Scene
from tests.contacts.talking import accepted, propose
from tests.page import PageClient

pytestmark = [pytest.mark.slow, pytest.mark.both]

Browser = Callable[[], PageClient]
HOSTILE = [
    "",
    " \u3000\u200b ",
    "\x00",
    "\ud800",
    "x" * 2001,
    "x" * 100_000,
    "\u202eoverride\u2066",
    "ก" + "้" * 500,
    "{{ 7*7 }} {% raw %}",
    "'; DROP TABLE contact_request; --",
    "\r\nBcc: spy@evil.org\r\n\r\n",
    "<script>alert(1)</script><b hx-get=/x hx-trigger=load>",
    "%s %(title)s %n",
    "٣٤٥ ၁၂၃ ១២៣",
    "not_a_code",
    "9" * 40,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_any_message_is_taken_or_refused_with_words(
    scene: Scene, page: PageClient, text: str
) -> None:
    page.sign_in(scene.owner)
    data = {"message": text, "on_behalf": text or "y", "csrf_token": page.token()}
    encoded = {key: value.encode("utf-8", "surrogatepass") for key, value in data.items()}
    for promised in (text.encode("utf-8", "surrogatepass"), b"name"):
        answer = page.client.post(scene.url(), data=encoded | {"promised": promised})
        assert answer.status_code in (303, 400, 422)
        assert b"<script>alert" not in answer.data


def test_a_text_that_looks_like_markup_is_shown_as_text(
    scene: Scene, page: PageClient, new_page: Browser
) -> None:
    request = scene.send(message="<b hx-get=/x>bold</b> {{ seven }}".replace("{{", "{ {"))
    shown = new_page().sign_in(scene.banker).get(f"/requests/{request.public_id}")
    assert "<b hx-get=/x>bold</b>" in shown.text
    assert not shown.all("[hx-get='/x']")


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    ("step", "field"),
    [
        ("accept", "fields"),
        ("decline", "reason"),
        ("decline", "note"),
        ("outcome", "outcome"),
        ("share", "field"),
        ("take-back", "field"),
    ],
)
def test_any_answer_is_taken_or_refused_with_words(
    scene: Scene, page: PageClient, step: str, field: str, text: str
) -> None:
    request = scene.send()
    if step in ("outcome", "share", "take-back"):
        services.accept(scene.session, request, scene.actor(Side.OFFER), ["contact_email"])
        scene.session.commit()
    page.sign_in(scene.banker)
    data = {"csrf_token": page.token(), field: text.encode("utf-8", "surrogatepass")}
    answer = page.client.post(f"/requests/{request.public_id}/{step}", data=data)
    assert answer.status_code in (303, 400, 409, 422)


@pytest.mark.parametrize(
    "path",
    [
        "/requests?before=%00",
        "/requests?before=" + "9" * 300,
        "/requests?box=%ff%fe",
        "/requests/%00",
        "/requests/%F0%9F%92%A9",
        "/requests/" + "2" * 5000,
        "/requests/new/%00/%00",
        "/requests/new/a/b",
        "/requests/shared/%00",
        "/notices?before=%00",
        "/notices?before=-1",
    ],
)
def test_any_address_is_answered_without_a_server_error(
    scene: Scene, page: PageClient, path: str
) -> None:
    page.sign_in(scene.owner)
    assert page.client.get(path).status_code in (200, 400, 404, 414)


@pytest.mark.parametrize("step", ["accept", "decline", "withdraw", "outcome", "share", "take-back"])
def test_no_step_works_without_a_token_or_an_account(
    scene: Scene, page: PageClient, new_page: Browser, step: str
) -> None:
    request = scene.send()
    url = f"/requests/{request.public_id}/{step}"
    data = {"reason": "other", "fields": "contact_email"}
    page.sign_in(scene.banker).post(url, data, status=403, token=False)
    visitor = new_page()
    assert visitor.client.post(url, data=data | {"csrf_token": visitor.token()}).status_code != 200
    scene.session.refresh(request)
    assert request.state.value == "sent"
    assert scene.session.query(ContactRequest).count() == 1


@pytest.mark.parametrize("text", ["x" * 41, "\x00", "\ud800"])
@pytest.mark.parametrize(
    ("path", "name"),
    [("dates/answer", "meeting"), ("dates/answer", "time"), ("dates/call-off", "meeting"),
     ("messages", "once")],
)  # fmt: skip
def test_what_nobody_types_is_no_server_error_either(
    scene: Scene, page: PageClient, path: str, name: str, text: str
) -> None:
    request = accepted(scene)
    propose(scene, request, Side.OFFER)
    page.sign_in(scene.owner)
    data = {"message": "Hello", "meeting": "x", "time": "none"} | {name: text}
    encoded = {key: value.encode("utf-8", "surrogatepass") for key, value in data.items()}
    encoded["csrf_token"] = page.token().encode()
    url = f"/requests/{request.public_id}/{path}"
    assert page.client.post(url, data=encoded).status_code < 500

"""What came of a yes: said by both sides with amounts, kept as a history, differing openly."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from matchmaker.contacts import services
from matchmaker.contacts.errors import BadAnswerError
from matchmaker.contacts.models import ContactRequest, Outcome
from matchmaker.contacts.services import Details, outcomes
from matchmaker.extensions import clock
from matchmaker.notifications.models import Notice
from matchmaker.organisations.services.values import TWICE_WITHIN
from matchmaker.suggestions.models import Feedback, FeedbackKind, Side
from matchmaker.vocabulary.reasons import OUTCOMES
from tests.contacts.scene import Scene
from tests.factories import StaffFactory
from tests.page import PageClient

Browser = Callable[[], PageClient]


def in_touch(scene: Scene) -> ContactRequest:
    request = scene.send()
    services.accept(scene.session, request, scene.actor(Side.OFFER), ["contact_email"])
    scene.session.commit()
    return request


def say(scene: Scene, request: ContactRequest, side: Side, code: str, **details: object) -> None:
    services.say_outcome(
        scene.session,
        request,
        scene.actor(side),
        code,
        Details(**details),  # type: ignore[arg-type]
    )
    scene.session.commit()


def test_what_was_said_stays_and_the_last_word_of_each_side_stands(scene: Scene) -> None:
    request = in_touch(scene)
    said = ("talking", "met", "part_agreed", "agreed")
    for code in said:
        say(scene, request, Side.NEED, code)
    say(scene, request, Side.OFFER, "talking")
    rows = outcomes.sayings(scene.session, request)
    assert [row.code for row in rows] == [*said, "talking"]
    now = outcomes.present(rows)
    assert {side: row.code for side, row in now.items()} == {
        Side.NEED: "agreed",
        Side.OFFER: "talking",
    }
    assert outcomes.differ(now[Side.NEED], now[Side.OFFER])
    assert now[Side.NEED].met_at == rows[1].met_at


def test_an_exact_amount_gives_its_band_and_a_band_no_amount(scene: Scene) -> None:
    request = in_touch(scene)
    say(scene, request, Side.NEED, "agreed", minor=1_500_00, currency="USD")
    say(scene, request, Side.OFFER, "agreed", band="1000-2000")
    now = outcomes.present(outcomes.sayings(scene.session, request))
    exact, band = now[Side.NEED], now[Side.OFFER]
    assert (exact.amount_band, exact.amount_minor, exact.currency) == ("1000-2000", 1_500_00, "USD")
    assert (band.amount_band, band.amount_minor, band.currency) == ("1000-2000", None, "")
    assert not outcomes.amounts_differ(exact, band)
    say(scene, request, Side.OFFER, "agreed", minor=1_600_00, currency="USD")
    now = outcomes.present(outcomes.sayings(scene.session, request))
    assert outcomes.amounts_differ(now[Side.NEED], now[Side.OFFER])


@pytest.mark.parametrize(
    ("code", "details"),
    [
        ("nonsense", {}),
        ("talking", {"band": "1000-2000"}),
        ("agreed", {"band": "1-2"}),
        ("agreed", {"reason": "price"}),
        ("not_agreed", {"reason": "nonsense"}),
        ("not_agreed", {"minor": 100, "currency": "USD"}),
    ],
)
def test_what_does_not_belong_together_is_refused(
    scene: Scene, code: str, details: dict[str, object]
) -> None:
    request = in_touch(scene)
    with pytest.raises(BadAnswerError):
        say(scene, request, Side.NEED, code, **details)
    assert outcomes.sayings(scene.session, request) == []


def test_the_same_said_again_teaches_once(scene: Scene) -> None:
    request = in_touch(scene)
    for band in ("1000-2000", "2000-5000"):
        say(scene, request, Side.NEED, "agreed", band=band)
    query = select(Feedback.id).where(Feedback.kind == FeedbackKind.AGREED)
    assert len(scene.session.scalars(query).all()) == 1


def test_a_double_tap_says_it_once_and_later_it_is_news_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = in_touch(scene)
    for _ in range(2):
        say(scene, request, Side.NEED, "talking")
    assert len(outcomes.sayings(scene.session, request)) == 1
    told = select(Notice.id).where(Notice.kind == "request.closed")
    assert len(scene.session.scalars(told).all()) == 1
    later = clock.now() + TWICE_WITHIN
    monkeypatch.setattr(clock, "now", lambda: later)
    say(scene, request, Side.NEED, "talking")
    assert len(outcomes.sayings(scene.session, request)) == 2


def test_both_sides_read_the_amount_and_staff_its_band(
    scene: Scene, page: PageClient, new_page: Browser
) -> None:
    request = in_touch(scene)
    url = f"/requests/{request.public_id}"
    firm = page.sign_in(scene.owner)
    firm.submit(
        firm.get(url), "#outcome-panel form", outcome="agreed", amount_minor="1,234", currency="USD"
    )
    shown = new_page().sign_in(scene.banker).get(url)
    assert "They say: Agreed , $1,234" in shown.text.replace("\N{NO-BREAK SPACE}", " ")
    staff = new_page().sign_in(StaffFactory()).get(f"/programme{url}")
    assert "1,234" not in staff.text
    assert f"{scene.firm.name}: {OUTCOMES.label('agreed', 'en')}" in staff.text
    assert "1,000" in staff.one("section[aria-labelledby=h-outcome]").text


def test_where_the_two_differ_both_and_staff_are_told_kindly(
    scene: Scene, page: PageClient, new_page: Browser
) -> None:
    request = in_touch(scene)
    say(scene, request, Side.NEED, "agreed", band="1000-2000")
    say(scene, request, Side.OFFER, "not_agreed", reason="price", note="Too dear for us")
    url = f"/requests/{request.public_id}"
    firm = page.sign_in(scene.owner).get(url)
    assert "You say “Agreed”, they say “Not agreed”" in firm.text
    assert "The price or the interest did not fit" in firm.text
    assert "Too dear for us" in firm.text
    bank = new_page().sign_in(scene.banker).get(url)
    assert "You say “Not agreed”, they say “Agreed”" in bank.text
    staff = new_page().sign_in(StaffFactory()).get(f"/programme{url}")
    assert "The two sides tell it differently" in staff.text
    assert "Too dear for us" not in staff.text


@pytest.mark.slow
@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"outcome": "talking", "band": "1000-2000"}, "belongs to an agreement"),
        ({"outcome": "talking", "amount_minor": "12", "currency": "USD"}, "to an agreement"),
        ({"outcome": "agreed", "amount_minor": "12", "currency": ""}, "Choose the currency"),
        (
            {"outcome": "agreed", "band": "0-100", "amount_minor": "12", "currency": "USD"},
            "not both",
        ),
        ({"outcome": "agreed", "reason": "price"}, "belongs to a no"),
        ({"outcome": "agreed", "amount_minor": "twelve", "currency": "USD"}, "Write a number"),
        ({"note": "Nothing chosen"}, "Choose what came of it"),
    ],
)
def test_bad_input_is_told_beside_the_field_and_kept(
    scene: Scene, page: PageClient, typed: dict[str, str], message: str
) -> None:
    request = in_touch(scene)
    page.sign_in(scene.owner)
    shown = page.submit(
        page.get(f"/requests/{request.public_id}"), "#outcome-panel form", status=422, **typed
    )
    assert message in shown.one("#outcome-panel form").text
    kept = shown.form("#outcome-panel form")
    for name, value in typed.items():
        assert kept[name].strip() == value
    assert scene.session.scalars(select(Outcome)).all() == []

"""The pages of a request, walked as a person walks them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from matchmaker.contacts import services
from matchmaker.contacts.models import ContactRequest, Outcome, RequestState
from matchmaker.organisations.models import (
    IntroducerLink,
    OrganisationState,
    PublicationState,
)
from matchmaker.suggestions.models import Feedback, FeedbackKind, Side
from tests.contacts.scene import CANARIES, FUNDER_CONTACT, Scene
from tests.factories import MembershipFactory, OrganisationFactory
from tests.page import PageClient

Browser = Callable[[], PageClient]


TICKED = ("name", "contact_name", "contact_telephone", "contact_email")


def asked(
    scene: Scene, page: PageClient, promised: tuple[str, ...] = TICKED, **more: str
) -> ContactRequest:
    page.sign_in(scene.owner)
    page.submit(page.get(scene.url()), on_behalf="y", promised=list(promised), **more)
    scene.session.expire_all()
    return scene.session.query(ContactRequest).one()


def test_who_waits_reads_again_what_a_yes_will_show_of_them_and_the_other_side_does_not(
    scene: Scene, page: PageClient, new_page: Browser
) -> None:
    request = asked(scene, page, promised=("name", "contact_telephone"))
    url = f"/requests/{request.public_id}"
    line = "If they say yes, they get"
    assert f"{line}: Name of the organisation, Telephone." in page.get(url).text
    assert line not in new_page().sign_in(scene.banker).get(url).text
    request.promised = []
    scene.session.commit()
    assert f"{line} nothing of yours by itself" in page.get(url).text


def test_a_firm_asks_and_the_funder_says_yes(
    scene: Scene, page: PageClient, new_page: Browser
) -> None:
    request = asked(scene, page)
    sent = page.get(f"/requests/{request.public_id}")
    assert "Waiting for their answer" in sent.text

    funder = new_page().sign_in(scene.banker)
    inbox = funder.get("/requests")
    assert scene.need.title in inbox.text
    assert inbox.one(".tabs .count").text == "new: 1"
    assert "A firm in" in inbox.text
    detail = funder.get(f"/requests/{request.public_id}")
    answered = funder.follow(funder.submit(detail, "#accept form", fields=["contact_email"]))
    assert "You said yes" in answered.text
    assert CANARIES["contact_telephone"] in answered.text

    told = page.get(f"/requests/{request.public_id}")
    assert "They said yes." in told.text
    assert FUNDER_CONTACT["contact_email"] in told.text
    assert FUNDER_CONTACT["contact_address"] not in told.text


def test_the_page_to_ask_offers_a_start_and_says_what_they_see(
    scene: Scene, page: PageClient
) -> None:
    shown = page.sign_in(scene.owner).get(scene.url())
    assert scene.need.title in shown.one("textarea").text
    assert "Only if they say yes" in shown.text
    assert "20 of 20 places are left" in shown.text
    assert "21 days to answer" in shown.text


def test_a_message_is_needed_and_what_was_ticked_stays(scene: Scene, page: PageClient) -> None:
    page.sign_in(scene.owner)
    shown = page.submit(page.get(scene.url()), status=422, message="", promised=["name"])
    assert "Write a few words" in shown.text
    assert [box["value"] for box in shown.all("input[name=promised][checked]")] == ["name"]


def test_htmx_gets_the_panel_alone(scene: Scene, page: PageClient) -> None:
    page.sign_in(scene.owner)
    part = page.get(scene.url(), htmx=True)
    assert [tag.get("id") for tag in part.soup.find_all(recursive=False)] == ["contact-panel"]
    whole = page.get(scene.url())
    assert whole.one("#contact-panel textarea")
    restored = page.get(scene.url(), HX_Request="true", HX_History_Restore_Request="true")
    assert restored.one("h1")


def test_asking_again_leads_to_the_request_that_is_open(scene: Scene, page: PageClient) -> None:
    request = asked(scene, page)
    assert page.get(scene.url(), status=303).location.endswith(request.public_id)
    again = page.post(scene.url(), {"message": "Again", "on_behalf": "y"})
    assert again.location.endswith(request.public_id)
    part = page.get(scene.url(), htmx=True)
    assert "You have asked already" in part.text
    assert scene.session.query(ContactRequest).count() == 1


def test_the_other_side_that_asks_too_is_led_to_the_same_request(
    scene: Scene, page: PageClient, new_page: Browser
) -> None:
    request = asked(scene, page)
    funder = new_page().sign_in(scene.banker)
    assert funder.get(scene.url(), status=303).location.endswith(request.public_id)
    assert "They have asked you already" in funder.get(scene.url(), htmx=True).text


def test_a_no_needs_a_reason_and_shows_other_ways_on(
    scene: Scene, page: PageClient, new_page: Browser
) -> None:
    request = asked(scene, page)
    funder = new_page().sign_in(scene.banker)
    detail = funder.get(f"/requests/{request.public_id}")
    missing = funder.submit(detail, "#decline form", status=422, note="Too far for us")
    assert "Choose a reason" in missing.text
    assert "Too far for us" in missing.one("#decline textarea").text
    funder.submit(missing, "#decline form", reason="not_place")

    told = page.get(f"/requests/{request.public_id}")
    assert "Their reason: Not a place we work in" in told.text
    assert "Too far for us" in told.text
    assert "An adviser of the programme was told" in told.text
    frozen = page.get(scene.url())
    assert "You can ask again from" in frozen.text
    assert not frozen.all("#contact-panel form")


def test_the_reply_form_can_pause_the_offer(
    scene: Scene, page: PageClient, new_page: Browser
) -> None:
    request = asked(scene, page)
    funder = new_page().sign_in(scene.banker)
    detail = funder.get(f"/requests/{request.public_id}")
    funder.submit(detail, "#decline form", reason="full", **{"no-takes": "stop"})
    scene.session.refresh(scene.offer)
    assert scene.offer.deploying is False


def test_an_answer_to_what_was_taken_back_says_what_happened(
    scene: Scene, page: PageClient, new_page: Browser
) -> None:
    request = asked(scene, page)
    funder = new_page().sign_in(scene.banker)
    detail = funder.get(f"/requests/{request.public_id}")
    page.post(f"/requests/{request.public_id}/withdraw")
    stale = funder.submit(detail, "#accept form", status=409)
    assert "changed in the meantime" in stale.text
    assert "They took it back." in stale.text
    scene.session.refresh(request)
    assert request.state is RequestState.WITHDRAWN


def test_a_share_is_taken_back_and_the_other_side_no_longer_sees_it(
    scene: Scene, page: PageClient, new_page: Browser
) -> None:
    request = asked(scene, page)
    funder = new_page().sign_in(scene.banker)
    funder.submit(funder.get(f"/requests/{request.public_id}"), "#accept form")
    assert CANARIES["contact_telephone"] in funder.get(f"/requests/{request.public_id}").text
    page.post(f"/requests/{request.public_id}/take-back", {"field": "contact_telephone"})
    assert CANARIES["contact_telephone"] not in funder.get(f"/requests/{request.public_id}").text
    log = page.get(f"/requests/shared/{scene.firm.public_id}")
    assert scene.funder.name in log.text
    assert "Telephone" in log.one("section[aria-labelledby=h-looks]").text


def test_what_came_of_it_closes_the_request(
    scene: Scene, page: PageClient, new_page: Browser
) -> None:
    request = asked(scene, page)
    funder = new_page().sign_in(scene.banker)
    funder.submit(funder.get(f"/requests/{request.public_id}"), "#accept form")
    before = page.get(f"/requests/{request.public_id}").one("#outcome-panel").text
    assert "nobody writes here any more" in before
    done = page.post(f"/requests/{request.public_id}/outcome", {"outcome": "agreed"})
    after = page.follow(done)
    assert "You say: Agreed" in after.text
    assert "nobody writes here any more" not in after.one("#outcome-panel").text
    scene.session.refresh(request)
    assert request.state is RequestState.CLOSED


def test_that_they_met_is_kept_beside_what_came_of_it_later(
    scene: Scene, page: PageClient, new_page: Browser
) -> None:
    request = asked(scene, page)
    funder = new_page().sign_in(scene.banker)
    funder.submit(funder.get(f"/requests/{request.public_id}"), "#accept form")
    url = f"/requests/{request.public_id}"
    met = page.follow(page.post(f"{url}/outcome", {"outcome": "met"}))
    assert "You say: We met, nothing decided yet" in met.text
    scene.session.refresh(request)
    assert request.state is RequestState.ACCEPTED
    told = scene.session.scalars(select(Feedback.kind).where(Feedback.need_id == request.need_id))
    assert FeedbackKind.MET in set(told)
    said = scene.session.scalars(select(Outcome)).one()
    first = said.met_at
    assert first is not None
    for code, stays in (("not_agreed", True), ("no_contact", False)):
        page.post(f"{url}/outcome", {"outcome": code})
        said = scene.session.scalars(select(Outcome).where(Outcome.current)).one()
        assert said.code == code
        assert said.met_at == (first if stays else None)
    codes = scene.session.scalars(select(Outcome.code).order_by(Outcome.id)).all()
    assert codes == ["met", "not_agreed", "no_contact"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "path", ["", "/accept", "/decline", "/withdraw", "/outcome", "/share", "/take-back"]
)
def test_a_stranger_and_a_missing_request_look_the_same(
    scene: Scene, page: PageClient, new_page: Browser, path: str
) -> None:
    request = asked(scene, page)
    stranger = MembershipFactory().account
    scene.session.commit()
    other = new_page().sign_in(stranger)
    call = other.post if path else other.get
    theirs = call(f"/requests/{request.public_id}{path}", status=404)
    missing = call(f"/requests/{'2' * 12}{path}", status=404)
    assert theirs.text == missing.text


def test_the_asker_cannot_answer_and_the_asked_cannot_take_back(
    scene: Scene, page: PageClient, new_page: Browser
) -> None:
    request = asked(scene, page)
    page.post(f"/requests/{request.public_id}/accept", {"fields": "name"}, status=404)
    page.post(f"/requests/{request.public_id}/decline", {"reason": "other"}, status=404)
    funder = new_page().sign_in(scene.banker)
    funder.post(f"/requests/{request.public_id}/withdraw", status=404)


def test_an_empty_list_shows_ways_on(scene: Scene, page: PageClient) -> None:
    page.sign_in(scene.owner)
    assert "Nobody has asked you yet" in page.get("/requests").text
    assert "You have not asked anybody yet" in page.get("/requests?box=sent").text


def test_a_second_yes_says_so_and_still_shows_how_to_reach_them(
    scene: Scene, page: PageClient, new_page: Browser
) -> None:
    request = asked(scene, page)
    funder = new_page().sign_in(scene.banker)
    detail = funder.get(f"/requests/{request.public_id}")
    funder.submit(detail, "#accept form")
    stale = funder.submit(detail, "#accept form", status=409)
    assert "You said yes." in stale.one("#stale").text
    assert CANARIES["contact_telephone"] in stale.text


def test_details_that_cannot_be_logged_are_not_shown(
    scene: Scene, page: PageClient, new_page: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = asked(scene, page)
    funder = new_page().sign_in(scene.banker)
    funder.submit(funder.get(f"/requests/{request.public_id}"), "#accept form")

    def busy(*_: object) -> None:
        raise OperationalError("locked", None, Exception())

    monkeypatch.setattr(services, "log_view", busy)
    shown = funder.get(f"/requests/{request.public_id}")
    assert "We cannot show this right now" in shown.text
    assert CANARIES["contact_telephone"] not in shown.text


def test_who_saw_what_is_one_link_away(scene: Scene, page: PageClient) -> None:
    page.sign_in(scene.owner)
    shared = f"/requests/shared/{scene.firm.public_id}"
    for path in ("/requests", f"/organisations/{scene.firm.public_id}"):
        assert len(page.get(path).all(f"a[href='{shared}']")) == 1, path
    page.get(shared)


def test_nothing_is_ticked_at_first_and_the_pages_say_what_goes_over(
    scene: Scene, page: PageClient, new_page: Browser
) -> None:
    shown = page.sign_in(scene.owner).get(scene.url())
    assert len(shown.all("input[name=promised]")) == 5
    assert shown.all("input[name=promised][checked]") == []
    assert "what you tick here, and nothing else" in shown.text
    request = asked(scene, page)
    detail = new_page().sign_in(scene.banker).get(f"/requests/{request.public_id}")
    assert len(detail.all("#accept input[name=fields]")) == 4
    assert detail.all("#accept input[name=fields][checked]") == []
    assert "Nothing but what you tick goes over." in detail.text


def test_who_can_call_them_may_say_yes_with_nothing_ticked(
    scene: Scene, page: PageClient, new_page: Browser
) -> None:
    request = asked(scene, page, promised=("contact_telephone",))
    funder = new_page().sign_in(scene.banker)
    detail = funder.get(f"/requests/{request.public_id}")
    assert "how to reach them (Telephone), so you may tick nothing" in detail.text
    answered = funder.follow(funder.submit(detail, "#accept form"))
    assert CANARIES["contact_telephone"] in answered.text
    assert CANARIES["contact_email"] not in answered.text
    told = page.get(f"/requests/{request.public_id}")
    assert "They share nothing at present. They can see how to reach you." in told.text
    for value in FUNDER_CONTACT.values():
        assert value not in told.text


def test_one_of_the_two_has_to_be_reachable_after_a_yes(
    scene: Scene, page: PageClient, new_page: Browser
) -> None:
    request = asked(scene, page, promised=())
    funder = new_page().sign_in(scene.banker)
    detail = funder.get(f"/requests/{request.public_id}")
    assert "They have promised no way to reach them" in detail.text
    refused = funder.submit(detail, "#accept form", status=422, fields=["contact_name"])
    assert "Tick at least one way to reach you" in refused.text
    kept = [box["value"] for box in refused.all("#accept input[name=fields][checked]")]
    assert kept == ["contact_name"]
    answered = funder.follow(funder.submit(refused, "#accept form", fields=["contact_email"]))
    for value in CANARIES.values():
        assert value not in answered.text
    assert FUNDER_CONTACT["contact_email"] in page.get(f"/requests/{request.public_id}").text


def test_no_page_links_to_a_match_that_is_closed(
    scene: Scene, page: PageClient, new_page: Browser
) -> None:
    request = asked(scene, page)
    match = f"/matches/{scene.need.public_id}/{scene.offer.public_id}"
    funder = new_page().sign_in(scene.banker)
    url = f"/requests/{request.public_id}"
    link = f"a[href^='{match}']"
    assert len(funder.get(url).all(link)) == 1
    assert len(page.get(url).all(link)) == 1
    scene.need.state = PublicationState.CLOSED
    scene.offer.state = PublicationState.PAUSED
    scene.session.commit()
    funder.get(match, status=404)
    for reader in (funder, page):
        shown = reader.get(url)
        assert shown.all(link) == []
        said = [item.get_text(" ", strip=True) for item in shown.all("ul.why li")]
        assert "For: What is looked for" in said or "For: Place" in said, said
    page.post(f"{url}/withdraw")
    assert page.get(scene.url()).all(link) == []


def test_who_acts_for_one_alone_is_not_told_for_whom(scene: Scene, page: PageClient) -> None:
    scene.send(Side.OFFER)
    assert "You act for" not in page.sign_in(scene.owner).get("/requests").text


def test_an_adviser_begins_at_the_clients_with_what_waits_for_each(
    scene: Scene, page: PageClient
) -> None:
    chamber = OrganisationFactory(is_firm=False, is_introducer=True)
    quiet = OrganisationFactory(name="A quiet firm")
    draft = OrganisationFactory(name="Draft firm", state=OrganisationState.DRAFT)
    for firm in (quiet, draft, scene.firm):
        link = IntroducerLink(
            introducer=chamber, organisation=firm, consent_by="Noy",
            consent_how="paper", consent_version="2026-11",
        )  # fmt: skip
        scene.session.add(link)
    adviser = MembershipFactory(organisation=chamber).account
    scene.session.commit()
    scene.send(Side.OFFER)
    begins = page.sign_in(adviser).get("/my-business", status=303)
    assert begins.location.endswith(f"/organisations/{chamber.public_id}/introducers")
    shown = page.follow(begins).all("ul.rows > li")
    said = [[tag.get_text() for tag in row.select("a, .tag")] for row in shown]
    assert said == [
        ["Draft firm", "The profile is not sent in yet"],
        [scene.firm.name, "1 request waits"],
        ["A quiet firm"],
    ]
    listed = page.get("/requests")
    assert f"You act for: {scene.firm.name}" in listed.one("article").text
    one = page.get(listed.one("article h2 a")["href"])
    assert f"You act for: {scene.firm.name}" in one.one(".head").text
    assert "Matches are with the firms you act for" in page.get("/matches").text


def test_an_adviser_of_a_hundred_firms_finds_each_and_first_those_that_wait(
    scene: Scene, page: PageClient
) -> None:
    chamber = OrganisationFactory(is_firm=False, is_introducer=True)
    names = [f"Firm {at:03}" for at in range(100)] + ["ໂຮງສີເຂົ້າ ນ້ອຍ"]
    firms = [OrganisationFactory(name=name) for name in names]
    firms[70].state = OrganisationState.SENT_BACK
    for firm in firms:
        link = IntroducerLink(
            introducer=chamber, organisation=firm, consent_by="Noy",
            consent_how="paper", consent_version="2026-11",
        )  # fmt: skip
        scene.session.add(link)
    adviser = MembershipFactory(organisation=chamber).account
    scene.session.commit()
    url = f"/organisations/{chamber.public_id}/introducers"
    shown, read = page.sign_in(adviser).get(url), []
    for rows in (50, 50, 1):
        here = [one.get_text() for one in shown.all("ul.rows h3")]
        assert len(here) == rows
        read += here
        older = shown.all(".more-row a")
        shown = page.get(str(older[0]["href"])) if older else shown
    assert read == ["Firm 070", *(name for name in names if name != "Firm 070")]
    found = page.get(f"{url}?named=ສີເຂົ້າ")
    assert [one.get_text() for one in found.all("ul.rows h3")] == [names[-1]]
    assert found.form("form[role=search]")["named"] == "ສີເຂົ້າ"
    assert "Nobody has that name." in page.get(f"{url}?named=Somebody").text


ZAWGYI = "ေနေရာင္ျခည္စြမ္းအင္ ဝန္ေဆာင္မႈ စပါးဝယ္"
UNICODE = "နေရောင်ခြည်စွမ်းအင် ဝန်ဆောင်မှု စပါးဝယ်"


@pytest.mark.parametrize(("answer", "stored"), [("convert", UNICODE), ("keep", ZAWGYI)])
def test_a_message_in_zawgyi_is_asked_about_before_it_is_sent(
    scene: Scene, page: PageClient, answer: str, stored: str
) -> None:
    page.sign_in(scene.owner)
    form = page.get(scene.url())
    assert not form.all("#zawgyi")
    back = page.submit(form, status=422, on_behalf="y", message=ZAWGYI)
    assert UNICODE in back.one("#zawgyi-h").get_text()
    assert scene.session.query(ContactRequest).count() == 0
    page.submit(back, zawgyi=answer)
    assert scene.session.query(ContactRequest).one().message == stored


def test_a_word_of_ones_own_with_a_no_is_asked_about_too(
    scene: Scene, page: PageClient, new_page: Browser
) -> None:
    request = asked(scene, page)
    url = f"/requests/{request.public_id}"
    funder = new_page().sign_in(scene.banker)
    answer = {"reason": "too_small", "note": ZAWGYI}
    back = funder.submit(funder.get(url), "#decline form", status=422, **answer)
    assert UNICODE in back.one("#decline #zawgyi-h").get_text()
    assert not back.all("#accept #zawgyi")
    funder.submit(back, "#decline form", zawgyi="convert")
    scene.session.expire_all()
    assert (request.state, request.decline_note) == (RequestState.DECLINED, UNICODE)

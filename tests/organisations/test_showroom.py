"""A showroom as its owner fills it, and as everybody may or may not see it."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import brotli
import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import Account
from matchmaker.audit import privacy
from matchmaker.audit.models import AuditEvent
from matchmaker.errors import StaleVersion, WrongState
from matchmaker.extensions import changes, clock, db
from matchmaker.organisations import showroom_card
from matchmaker.organisations.evidence_files import photos, store
from matchmaker.organisations.evidence_files.problems import Problem, UnfitFileError
from matchmaker.organisations.models import (
    IntroducerLink,
    Organisation,
    OrganisationState,
    Product,
    ProductPhoto,
    Showroom,
)
from matchmaker.organisations.services import product, product_photo, showroom
from matchmaker.organisations.services.errors import FullError
from tests.background import run_jobs
from tests.contacts.test_races import at_once
from tests.factories import (
    AccountFactory,
    FunderFactory,
    MembershipFactory,
    NeedFactory,
    OfferFactory,
    OrganisationFactory,
    StaffFactory,
)
from tests.organisations import papers
from tests.organisations.papers import SECRET, put_in_showroom
from tests.organisations.people import firm_and_owner, owner_of
from tests.page import Page, PageClient
from tests.web.test_static import first_visit

KILOBYTE = 1024
NewPage = Callable[[], PageClient]


def on_disk(app: Flask) -> set[str]:
    return set(store.names(Path(app.config["DATA"]), store.PHOTOS))


def names(firm: Organisation) -> list[str]:
    db.session.expire_all()
    found = showroom.of(db.session(), firm)
    return [one.name for one in found.products] if found else []


def address(firm: Organisation, *more: str) -> str:
    return "/".join([f"/organisations/{firm.public_id}/showroom", *more])


def code_of(firm: Organisation) -> str:
    found = showroom.of(db.session(), firm)
    assert found is not None
    return found.code


def opened(firm: Organisation, owner: Account, **values: Any) -> Product:
    """One product in an open showroom."""
    made = put_in_showroom(firm, owner.id, **values)
    showroom.open_to_all(db.session(), firm, owner.id)
    db.session.commit()
    return made


def send(page: PageClient, at: str, status: int = 303, files: int = 1, **values: Any) -> Page:
    """The form as a browser sends it, filled in over what it shows."""
    sent = page.get(at).form("main form") | values
    pictures = [(io.BytesIO(papers.picture()), "../../My shop.exe") for _ in range(files)]
    return page.post(at, sent | {"photos": pictures}, status, content_type="multipart/form-data")


def fetch(page: PageClient, at: str) -> Any:
    """A photo is no page: its bytes and headers, in a request of its own."""
    return page._send(page.client.get, at)


@pytest.fixture
def firm(app: Flask) -> Organisation:
    made: Organisation = OrganisationFactory(name="Nam Khan Weaving")
    db.session.commit()
    return made


@pytest.fixture
def owner(firm: Organisation) -> Account:
    return owner_of(firm)


@pytest.fixture
def adviser(firm: Organisation) -> Account:
    """Somebody of a chamber that acts for the firm."""
    chamber = OrganisationFactory(is_firm=False, is_introducer=True)
    account = owner_of(chamber)
    proof = {"consent_by": "Noy", "consent_how": "paper", "consent_version": "1"}
    db.session.add(IntroducerLink(introducer_id=chamber.id, organisation_id=firm.id, **proof))
    db.session.commit()
    return account


@pytest.mark.once
class TestPhotos:
    def test_both_sizes_are_within_their_bytes_and_know_nothing_of_the_place(self) -> None:
        found = photos.clean(io.BytesIO(papers.photo_that_knows_where()))
        for content in (found.small, found.large):
            kept = Image.open(io.BytesIO(content))
            assert (kept.format, kept.size) == ("WEBP", (40, 60)), "upright"
            assert not kept.getexif()
            assert SECRET.encode() not in content
        assert (found.width, found.height) == (40, 60)

    @pytest.mark.slow
    def test_grain_that_cannot_be_made_small_loses_pixels_instead(self) -> None:
        grain = Image.frombytes("L", (600, 800), os.urandom(480_000))
        target = io.BytesIO()
        grain.save(target, "JPEG", quality=95)
        found = photos.clean(io.BytesIO(target.getvalue()))
        assert len(found.small) <= photos.SMALL.most_bytes
        assert len(found.large) <= photos.LARGE.most_bytes
        assert max(Image.open(io.BytesIO(found.large)).size) <= photos.LARGE.side
        assert max(found.width, found.height) <= photos.SMALL.side

    @pytest.mark.parametrize("mode", ["P", "LA", "RGBA"])
    def test_what_is_see_through_lies_on_white(self, mode: str) -> None:
        target = io.BytesIO()
        empty = Image.new("RGBA", (20, 20), (0, 0, 0, 0)).convert(mode)
        empty.save(target, "PNG", **({"transparency": 0} if mode == "P" else {}))
        found = photos.clean(io.BytesIO(target.getvalue()))
        assert Image.open(io.BytesIO(found.small)).convert("L").getextrema()[0] > 250

    @pytest.mark.parametrize(
        ("data", "wrong"),
        [
            (b"", Problem.EMPTY),
            (papers.pdf(), Problem.OTHER_KIND),
            (b"RIFF\0\0\0\0WEBPVP8 ", Problem.OTHER_KIND),
            (papers.picture()[:300], Problem.BROKEN),
            (papers.png_of(60_000, 60_000), Problem.TOO_MANY_PIXELS),
        ],
        ids=["empty", "pdf", "webp", "cut", "bomb"],
    )
    def test_what_is_not_fit_is_refused_with_its_reason(self, data: bytes, wrong: Problem) -> None:
        with pytest.raises(UnfitFileError) as refused:
            photos.clean(io.BytesIO(data))
        assert refused.value.problem is wrong


class TestProducts:
    def test_twelve_and_no_more_even_at_once(
        self, app: Flask, firm: Organisation, owner: Account
    ) -> None:
        for number in range(product.MOST - 1):
            put_in_showroom(firm, owner.id, name=f"Scarf {number}")

        def another(name: str) -> Callable[[], object]:
            return lambda: put_in_showroom(
                db.session.get_one(Organisation, firm.id), owner.id, name=name
            )

        found = at_once(app, [another("Bag"), another("Hat")])
        assert sorted(found) == ["FullError", "done"]
        assert len(names(firm)) == product.MOST
        with pytest.raises(FullError):
            put_in_showroom(firm, owner.id, name="Shirt")

    def test_a_second_press_makes_no_second_one(self, firm: Organisation, owner: Account) -> None:
        first, again = (put_in_showroom(firm, owner.id) for _press in range(2))
        assert first.id == again.id
        assert len(names(firm)) == 1

    def test_order_is_the_owners_and_has_no_gaps(
        self, db_session: Session, firm: Organisation, owner: Account
    ) -> None:
        a, _b, c = (put_in_showroom(firm, owner.id, name=name) for name in "abc")
        version = c.version
        product.move(db_session, firm, c, owner.id, -1)
        assert names(firm) == ["a", "c", "b"]
        product.move(db_session, firm, a, owner.id, -1)
        assert names(firm) == ["a", "c", "b"], "there is nothing above the first"
        product.remove(db_session, firm, a, owner.id)
        found = showroom.of(db_session, firm)
        assert found is not None
        assert [(one.name, one.position) for one in found.products] == [("c", 1), ("b", 2)]
        assert c.version == version, "an open form is not overtaken by the order"

    def test_photos_come_and_go_within_their_number(
        self, app: Flask, db_session: Session, firm: Organisation, owner: Account
    ) -> None:
        row = put_in_showroom(firm, owner.id)
        db_session.commit()
        first = row.photos[0]
        gone = {first.small, first.large}
        new = [papers.photo() for _ in range(product_photo.MOST)]
        with pytest.raises(FullError):
            product.change(db_session, firm, row, owner.id, photos=new)
        db_session.rollback()
        product.change(db_session, firm, row, owner.id, photos=new, removed=[first.small])
        db_session.commit()
        run_jobs(app)
        assert on_disk(app) & gone == set()
        assert [one.small for one in row.photos] == [one.small for one in new]
        with pytest.raises(WrongState):
            product.change(db_session, firm, row, owner.id, removed=[one.small for one in new])

    def test_whoever_saves_later_learns_of_who_saved_before(
        self, db_session: Session, firm: Organisation, owner: Account
    ) -> None:
        row = put_in_showroom(firm, owner.id)
        seen = row.version
        product.change(db_session, firm, row, owner.id, version=seen, name="Sinh")
        with pytest.raises(StaleVersion):
            product.change(db_session, firm, row, owner.id, version=seen, name="Bag")

    def test_files_without_a_row_are_swept_up_after_an_hour(
        self, app: Flask, firm: Organisation, owner: Account
    ) -> None:
        row = put_in_showroom(firm, owner.id)
        db.session.commit()
        loose, new = papers.photo(), papers.photo()
        data = Path(app.config["DATA"])
        old = (clock.now().timestamp() - 7200,) * 2
        kept = {row.photos[0].small, row.photos[0].large}
        for name in (*kept, loose.small, loose.large):
            os.utime(store.path_of(data, name, store.PHOTOS), old)
        from matchmaker import jobs

        jobs.enqueue(db.session(), "organisations.sweep_photos")
        run_jobs(app)
        assert on_disk(app) == kept | {new.small, new.large}


class TestOpening:
    def test_it_is_off_at_first_and_needs_something_to_show(
        self, db_session: Session, firm: Organisation, owner: Account
    ) -> None:
        with pytest.raises(WrongState):
            showroom.open_to_all(db_session, firm, owner.id)
        put_in_showroom(firm, owner.id)
        assert showroom.public(db_session, code_of(firm)) is None
        showroom.open_to_all(db_session, firm, owner.id)
        found = showroom.public(db_session, code_of(firm))
        assert found is not None
        assert found.opened_by_id == owner.id

    def test_only_what_is_published_opens(
        self, db_session: Session, firm: Organisation, owner: Account
    ) -> None:
        put_in_showroom(firm, owner.id)
        firm.state = OrganisationState.DRAFT
        db_session.flush()
        with pytest.raises(WrongState):
            showroom.open_to_all(db_session, firm, owner.id)

    def test_each_step_is_on_record_and_no_match_is_touched(
        self, db_session: Session, firm: Organisation, owner: Account
    ) -> None:
        before, version = changes.latest(db_session), firm.version
        opened(firm, owner)
        showroom.let_search(db_session, firm, owner.id, searchable=True)
        for _press in range(2):
            showroom.close(db_session, firm, owner.id)
        db_session.commit()
        found = db_session.scalars(select(AuditEvent.event).order_by(AuditEvent.id)).all()
        mine = [event for event in found if event.startswith(("showroom.", "product."))]
        assert mine == [
            "product.added", "showroom.opened", "showroom.search_changed", "showroom.closed",
        ]  # fmt: skip
        db_session.refresh(firm)
        assert firm.second_look_at is not None, "what everybody sees is looked at once more"
        assert firm.version == version
        assert changes.latest(db_session) == before

    def test_the_last_product_closes_it(
        self, db_session: Session, firm: Organisation, owner: Account
    ) -> None:
        row = opened(firm, owner)
        product.remove(db_session, firm, row, owner.id)
        put_in_showroom(firm, owner.id, name="Another")
        assert showroom.public(db_session, code_of(firm)) is None


class TestPages:
    def test_an_owner_fills_opens_and_shares_it(self, app: Flask, new_page: NewPage) -> None:
        page, visitor = new_page(), new_page()
        firm = firm_and_owner(page, name="Nam Khan Weaving")
        assert "Showroom" in page.get(f"/organisations/{firm.public_id}").text
        done = send(page, address(firm, "products/new"), name="Scarf", price_min_minor="150,000")
        shown = page.follow(done)
        assert "Scarf" in shown.text
        assert "Only you see it now" in shown.text
        code = code_of(firm)
        visitor.get(f"/s/{code}", 404)
        assert "Only you see this page" in page.get(address(firm, "preview")).text
        page.post(address(firm, "open"))
        shown = page.get(address(firm))
        link = shown.one("#share-link").get_text()
        assert link == f"{app.config['BASE_URL']}/s/{code}"
        text = shown.one("#share-text").get_text()
        assert text == f"Nam Khan Weaving, Luang Prabang: Scarf. See more: {link}"
        assert shown.one("#share svg")
        public = visitor.get(f"/s/{code}")
        assert public.one(".price").get_text() == "150,000\N{NO-BREAK SPACE}kip"
        page.post(address(firm, "close"))
        visitor.get(f"/s/{code}", 404)

    def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_is_kept(
        self, app: Flask, page: PageClient
    ) -> None:
        firm = firm_and_owner(page)
        at = address(firm, "products/new")
        typed = {"name": "ຜ້າບ່ຽງ", "price_min_minor": "900", "price_max_minor": "100"}
        shown = send(page, at, 422, **typed)
        assert "below the lowest" in shown.one("#price_max_minor-e").get_text()
        assert shown.form("main form")["name"] == "ຜ້າບ່ຽງ"
        assert "once more" in shown.text
        for files, words in ((0, "at least one photo"), (4, "1 photo too many")):
            assert words in send(page, at, 422, files, name="Bag").one("#photos-e").get_text()
        sent = page.get(at).form("main form") | {"name": "Bag"}
        sent["photos"] = (io.BytesIO(b"<svg onload=alert(1)>"), "bag.jpg")
        refused = page.post(at, sent, 422, content_type="multipart/form-data")
        assert "no JPEG or PNG photo" in refused.one("#photos-e").get_text()
        assert refused.form("main form")["name"] == "Bag"
        assert on_disk(app) == set()
        assert names(firm) == []

    def test_a_product_is_changed_ordered_and_taken_away(self, page: PageClient) -> None:
        firm = firm_and_owner(page)
        for name in ("Scarf", "Bag"):
            send(page, address(firm, "products/new"), name=name)
        at = page.get(address(firm)).all("#products h3 a")[1]["href"]
        send(page, str(at), name="Hat", files=2)
        page.post(f"{at}/up")
        assert names(firm) == ["Hat", "Scarf"]
        form = page.get(str(at))
        assert len(form.all("#removed input")) == 3
        page.post(f"{at}/remove")
        page.get(str(at), 404)
        assert names(firm) == ["Scarf"]

    def test_two_who_change_one_product_read_what_the_other_saved(self, page: PageClient) -> None:
        firm = firm_and_owner(page)
        send(page, address(firm, "products/new"), name="Scarf")
        at = str(page.get(address(firm)).one("#products h3 a")["href"])
        old = page.get(at).form("main form")
        send(page, at, name="Bag", files=0)
        shown = page.post(at, old | {"name": "Hat"}, 409)
        assert "Bag" in shown.one(".note .facts").get_text()
        assert shown.form("main form")["name"] == "Hat"

    def test_a_helper_fills_it_but_does_not_open_it(
        self, page: PageClient, firm: Organisation, adviser: Account
    ) -> None:
        page.sign_in(adviser)
        send(page, address(firm, "products/new"), name="Scarf")
        shown = page.get(address(firm))
        assert "Only the people of this organisation can open it" in shown.text
        page.post(address(firm, "open"), status=404)
        assert showroom.public(db.session(), code_of(firm)) is None

    def test_a_reviewer_is_led_to_what_everybody_sees(
        self, page: PageClient, firm: Organisation, owner: Account
    ) -> None:
        opened(firm, owner)
        at = f"/programme/reviews/{firm.public_id}"
        assert page.sign_in(StaffFactory()).get(at).one(f'a[href="/s/{code_of(firm)}"]')


class TestEverybody:
    def test_it_says_what_the_firm_put_there_and_nothing_else(
        self, page: PageClient, firm: Organisation, owner: Account
    ) -> None:
        for field in ("contact_name", "contact_email", "contact_address", "website", "about"):
            setattr(firm, field, f"Canary {field}")
        firm.contact_telephone, firm.turnover_minor = "+856 20 5551 0001", 987_654_321
        NeedFactory(organisation=firm, title="Canary need")
        opened(firm, owner, name="ຜ້າບ່ຽງ", lang="lo", words="Call 020 5551 2345 or a@b.example")
        shown = page.get(f"/s/{code_of(firm)}")
        whole = shown.response.get_data(as_text=True)
        for secret in ("Canary", "5551", "987,654", "a@b", owner.email, firm.public_id):
            assert secret not in whole, secret
        assert shown.one(".wares h2")["lang"] == "lo"
        assert shown.one(".price").get_text() == "150,000\N{NO-BREAK SPACE}kip"
        assert shown.one('meta[property="og:title"]')["content"] == "Nam Khan Weaving"
        image = str(shown.one('meta[property="og:image"]')["content"])
        assert fetch(page, image.partition("localhost:")[2].partition("/")[2]).status_code == 200

    def test_search_engines_are_kept_away_unless_the_firm_lets_them(
        self, page: PageClient, firm: Organisation, owner: Account
    ) -> None:
        opened(firm, owner)
        at = f"/s/{code_of(firm)}"
        shown = page.get(at)
        assert shown.one('meta[name="robots"]')["content"] == "noindex"
        assert "noindex" in shown.response.headers["X-Robots-Tag"]
        page.sign_in(owner).post(address(firm, "let-search"))
        shown = page.get(at)
        assert shown.all('meta[name="robots"]') == []
        assert "X-Robots-Tag" not in shown.response.headers

    @pytest.mark.parametrize("state", [OrganisationState.SUSPENDED, OrganisationState.SENT_BACK])
    def test_of_an_organisation_that_is_not_published_nothing_is_there(
        self, page: PageClient, firm: Organisation, owner: Account, state: OrganisationState
    ) -> None:
        row = opened(firm, owner)
        photo = f"/s/{code_of(firm)}/{row.photos[0].small}"
        assert fetch(page, photo).status_code == 200
        firm.state = state
        db.session.commit()
        page.get(f"/s/{code_of(firm)}", 404)
        assert fetch(page, photo).status_code == 404
        page.sign_in(owner).get(f"/s/{code_of(firm)}", 404)
        assert fetch(page, photo).status_code == 200, "its own people see their photos"
        assert "Not to be seen" in page.get(address(firm)).text

    def test_a_photo_is_kept_long_and_can_do_nothing(
        self, new_page: NewPage, firm: Organisation, owner: Account
    ) -> None:
        row = opened(firm, owner)
        other = opened(OrganisationFactory(), owner)
        visitor, mine = new_page(), new_page().sign_in(owner)
        code, name = code_of(firm), row.photos[0].large
        headers = fetch(visitor, f"/s/{code}/{name}").headers
        assert headers["Content-Type"] == "image/webp"
        assert headers["Cache-Control"] == "public, max-age=86400, immutable"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in headers["Content-Security-Policy"]
        for foreign in (other.photos[0].large, "a" * 32, "..%2fsecrets.json"):
            assert fetch(visitor, f"/s/{code}/{foreign}").status_code == 404
        mine.post(address(firm, "close"))
        assert fetch(visitor, f"/s/{code}/{name}").status_code == 404
        assert fetch(mine, f"/s/{code}/{name}").headers["Cache-Control"] == "private, no-store"

    def test_who_offers_may_ask_a_firm_that_shows_its_name(
        self, page: PageClient, firm: Organisation, owner: Account
    ) -> None:
        need = NeedFactory(organisation=firm)
        offer = OfferFactory(organisation=FunderFactory())
        opened(firm, owner)
        at = f"/s/{code_of(firm)}"
        assert "Make an account" in page.get(at).text
        page.sign_in(owner_of(offer.organisation))
        assert need.public_id not in page.get(at).response.get_data(as_text=True)
        firm.show_name = True
        db.session.commit()
        [ask] = [a for a in page.get(at).all("main a") if a.get_text() == "Ask this firm"]
        assert ask["href"] == f"/requests/new/{need.public_id}/{offer.public_id}"
        page.get(str(ask["href"]))

    def test_it_is_light_and_asks_the_same_few_questions_of_twelve_as_of_one(
        self,
        new_page: NewPage,
        firm: Organisation,
        owner: Account,
        count_queries: Callable[[Callable[[], object]], int],
    ) -> None:
        row = opened(firm, owner, words="ຕ່ຳດ້ວຍມື ຍ້ອມສີທຳມະຊາດ " * 8)
        at, signed_in = f"/s/{code_of(firm)}", new_page().sign_in(owner_of(FunderFactory()))
        signed_in.get(at)
        one = count_queries(lambda: signed_in.get(at))
        for number in range(1, product.MOST):
            put_in_showroom(firm, owner.id, name=f"ຜ້າບ່ຽງ {number}", words=f"{row.words[:500]}")
        db.session.commit()
        assert count_queries(lambda: signed_in.get(at)) == one <= 12
        headers = {"Accept-Encoding": "br"}
        answer = new_page().client.get(f"{at}?lang=lo", headers=headers)
        html = brotli.decompress(answer.data).decode()
        [sheet] = re.findall(r'href="(/static/css/showroom[^"]+)"', html)
        photo_marks = re.findall(r"<img[^>]*>", html)
        assert sum('loading="lazy"' in mark for mark in photo_marks) == product.MOST - 1
        rest = len(new_page().client.get(sheet, headers=headers).data)
        assert len(answer.data) + rest + first_visit("lo") <= 60 * KILOBYTE


class TestPrivacy:
    def test_it_is_listed_for_its_owner_and_goes_with_the_last_person(
        self, app: Flask, db_session: Session, firm: Organisation, owner: Account
    ) -> None:
        opened(firm, owner)
        listed = privacy.export_account(db_session, owner.id)
        assert [row["name"] for row in listed["product"]] == ["Paa biang"]
        assert len(listed["showroom"]) == len(listed["product_photo"]) == 1
        privacy.erase_account(db_session, owner.id)
        db_session.commit()
        for model in (Showroom, Product, ProductPhoto):
            assert db_session.scalars(select(model)).all() == []
        run_jobs(app)
        assert on_disk(app) == set()

    def test_with_colleagues_it_stays_without_who_opened_it(
        self, db_session: Session, firm: Organisation, owner: Account
    ) -> None:
        MembershipFactory(organisation=firm, account=AccountFactory())
        row = opened(firm, owner)
        privacy.erase_account(db_session, owner.id)
        db_session.commit()
        db_session.expire_all()
        found = showroom.public(db_session, code_of(firm))
        assert found is not None
        assert (found.opened_by_id, row.photos[0].sent_by_id) == (None, None)


@pytest.mark.once
@pytest.mark.parametrize(
    ("low", "high", "unit", "words"),
    [
        (None, None, "piece", "Ask for the price"),
        (150_000, None, "", "150,000 kip"),
        (150_000, None, "kilogram", "150,000 kip / kilogram"),
        (100, 200, "piece", "100-200 kip / piece"),
        (None, 200, "", "up to 200 kip"),
    ],
)
def test_a_price_reads_as_it_was_meant(
    app: Flask, low: int | None, high: int | None, unit: str, words: str
) -> None:
    row = Product(price_min_minor=low, price_max_minor=high, currency="LAK", unit=unit)
    with app.test_request_context():
        found = showroom_card.price(row)
    plain = found.replace("\N{NO-BREAK SPACE}", " ").replace("\N{WORD JOINER}", "")
    assert plain.replace("\N{EN DASH}", "-") == words

"""The lists of matches, as the owners of a need or an offer see them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from matchmaker.extensions import changes, clock
from matchmaker.extensions.changes import ChangeKind
from matchmaker.organisations.models import Kind, Operator, OrganisationFact, PublicationState
from matchmaker.organisations.services.reply_time import note_reply
from matchmaker.suggestions.services import pairs
from tests.contacts.test_queries import counted
from tests.factories import (
    AccountFactory,
    CriterionFactory,
    FunderFactory,
    MembershipFactory,
    NeedFactory,
    OfferFactory,
    OrganisationFactory,
)
from tests.suggestions.scene import make_scene, near_miss

pytestmark = pytest.mark.both


def note(session, kind, *rows):
    for row in rows:
        changes.note(session, kind, row.id)
    session.commit()


def test_a_need_shows_the_offers_that_fit(page, db_session):
    scene = make_scene(db_session)
    found = page.sign_in(scene.owner).get(scene.need_url)
    card = found.one("article.card")
    assert scene.offer.title in card.get_text()
    assert scene.offer.organisation.name in card.get_text()
    assert "of 100" in card.get_text()
    assert found.response.headers["X-Model-Version"] == "1"


def test_a_card_says_when_they_were_here_and_how_soon_they_answer(page, db_session):
    scene = make_scene(db_session)
    funder = scene.offer.organisation
    for days in (1, 3, 30):
        note_reply(db_session, funder.id, timedelta(days=days), clock.now() - timedelta(days=2))
    db_session.commit()
    card = page.sign_in(scene.owner).get(scene.need_url).one("article.card .meta").get_text(" ")
    assert "Active 2 days ago" in card
    # A median is read from bins: within one of them.
    assert any(f"Usually answers in {days} days" in card for days in (2, 3)), card


def test_an_offer_shows_firms_without_their_names(page, db_session):
    scene = make_scene(db_session)
    found = page.sign_in(scene.banker).get(scene.offer_url)
    text = found.one("article.card").get_text(" ")
    assert scene.need.title in text
    assert "Luang Prabang" in text
    assert "$10,000" in text
    assert scene.need.organisation.name not in found.soup.decode()


def test_a_firm_that_shows_its_name_is_named(page, db_session):
    scene = make_scene(db_session)
    scene.need.organisation.show_name = True
    db_session.commit()
    found = page.sign_in(scene.banker).get(scene.offer_url)
    assert scene.need.organisation.name in found.text


@pytest.mark.parametrize("whose", ["banker", "stranger"])
def test_the_list_of_a_need_does_not_exist_for_others(page, db_session, whose):
    scene = make_scene(db_session)
    account = scene.banker if whose == "banker" else AccountFactory()
    db_session.commit()
    refused = page.sign_in(account).get(scene.need_url, status=404)
    missing = page.get("/matches/needs/222222222222", status=404)
    assert refused.text == missing.text


def test_a_visitor_is_asked_to_sign_in(page, db_session):
    scene = make_scene(db_session)
    page.get(scene.need_url, status=303)


def test_a_near_miss_stands_on_its_own_tab_with_its_lever(page, db_session):
    scene = make_scene(db_session)
    offer = near_miss(db_session, fact="amount_usd", operator=Operator.AT_MOST, values=[5000])
    client = page.sign_in(scene.owner)
    assert offer.title not in client.get(scene.need_url).text
    found = client.get(f"{scene.need_url}?tab=near")
    assert "What would open this door" in found.one("article.door").get_text()


def test_what_no_firm_can_change_is_said_and_is_no_lever(page, db_session):
    scene = make_scene(db_session)
    near_miss(db_session)
    found = page.sign_in(scene.owner).get(f"{scene.need_url}?tab=near")
    door = " ".join(found.one("article.door").get_text(" ").split())
    assert "Not met: at least 50 years in business" in door
    assert "No small change would open this door." in door
    assert "What would open this door" not in door


THAI = {"fact": "country", "operator": Operator.ONE_OF, "values": ["iso3166-1:TH"]}


def test_offers_for_other_places_are_no_near_misses_and_stand_folded(page, db_session):
    scene = make_scene(db_session)
    abroad = near_miss(db_session, **THAI)
    amount = near_miss(db_session, fact="amount_usd", operator=Operator.AT_MOST, values=[5000])
    found = page.sign_in(scene.owner).get(f"{scene.need_url}?tab=near")
    folded = {str(one["id"]) for one in found.all("#near details article")}
    near = {str(one["id"]) for one in found.all("#near article")} - folded
    assert [one.split("-")[-1] for one in folded] == [abroad.public_id]
    assert [one.split("-")[-1] for one in near] == [amount.public_id]
    assert found.one("nav [aria-current=page] .tag").get_text() == "1"
    # Who made the rule may change it.
    banker = MembershipFactory(organisation=abroad.organisation).account
    theirs = page.sign_in(banker).get(f"/matches/offers/{abroad.public_id}?tab=near")
    assert not theirs.all("#near details")
    assert len(theirs.all("#near article")) == 1


def test_where_only_offers_for_other_places_come_near_it_says_so(page, db_session):
    scene = make_scene(db_session)
    near_miss(db_session, **THAI)
    found = page.sign_in(scene.owner).get(f"{scene.need_url}?tab=near")
    assert "What nearly fits is made for other places or trades." in found.text
    assert len(found.all("#near details article")) == 1


def test_a_missing_paper_names_who_can_help(page, db_session):
    scene = make_scene(db_session)
    near_miss(db_session, fact="accounts_1y", operator=Operator.HAS, values=[])
    firm = scene.need.organisation
    db_session.add(OrganisationFact(organisation_id=firm.id, fact="accounts_1y", value=False))
    db_session.commit()
    found = page.sign_in(scene.owner).get(f"{scene.need_url}?tab=near")
    link = found.one("article.door .door-open a")
    assert "Accounting" in link.get_text()
    assert "code=ACCOUNTING" in str(link["href"])


def lacking_accounts(session):
    """A near miss for want of accounts, and offers of help of which some serve the firm."""
    scene = make_scene(session)
    lender = near_miss(session, fact="accounts_1y", operator=Operator.HAS, values=[])
    firm = scene.need.organisation
    session.add(OrganisationFact(organisation_id=firm.id, fact="accounts_1y", value=False))
    help_of = {"kind": Kind.SERVICE, "code": "ACCOUNTING"}
    for at in range(3):
        OfferFactory(title=f"Books kept, number {at}", **help_of)
    elsewhere = OfferFactory(title="Books kept in Vietnam", **help_of)
    CriterionFactory(
        offer=elsewhere, fact="country", operator=Operator.ONE_OF, values=["iso3166-1:VN"]
    )
    OfferFactory(title="Books of mine", organisation=firm, **help_of)
    OfferFactory(title="Books, but full up", deploying=False, **help_of)
    OfferFactory(title="Books, a draft", state=PublicationState.DRAFT, **help_of)
    OfferFactory(title="A course", kind=Kind.SERVICE, code="TRAINING")
    session.commit()
    return scene, lender


@pytest.mark.parametrize("where", ["list", "match"])
def test_offers_that_help_where_the_firm_is_are_named_at_most_two(page, db_session, where):
    scene, lender = lacking_accounts(db_session)
    url = f"/matches/{scene.need.public_id}/{lender.public_id}"
    url = f"{scene.need_url}?tab=near" if where == "list" else url
    found = page.sign_in(scene.owner).get(url)
    links = found.all(
        ".door-open ul a" if where == "list" else "section[aria-labelledby=h-door] ul a"
    )
    assert [link.get_text() for link in links] == ["Books kept, number 2", "Books kept, number 1"]
    opened = page.get(str(links[0]["href"]))
    assert "Books kept, number 2" in opened.one("h1").get_text()


def test_offerers_read_no_advice_for_the_firm(page, db_session):
    _scene, lender = lacking_accounts(db_session)
    banker = MembershipFactory(organisation=lender.organisation).account
    db_session.commit()
    found = page.sign_in(banker).get(f"/matches/offers/{lender.public_id}?tab=near")
    assert "The firm says that it does not have it." in found.text
    assert "Books kept" not in found.text


@pytest.mark.once
def test_naming_who_helps_takes_one_query_however_many_levers(page, db_session):
    scene, _lender = lacking_accounts(db_session)
    page.sign_in(scene.owner)
    url = f"{scene.need_url}?tab=near"
    page.get(url)
    with counted() as few:
        page.get(url)
    firm = scene.need.organisation
    for fact in ("guarantor", "business_plan", "accounts_2y"):
        lender = near_miss(db_session, fact=fact, operator=Operator.HAS, values=[])
        db_session.add(OrganisationFact(organisation_id=firm.id, fact=fact, value=False))
        note(db_session, ChangeKind.OFFER, lender)
    note(db_session, ChangeKind.ORGANISATION, firm)
    OfferFactory(title="A guarantee", code="GUARANTEE")
    db_session.commit()
    page.get(url)
    with counted() as many:
        found = page.get(url)
    assert len(found.all("article.door")) >= 3
    assert len(few) == len(many)


def test_an_unknown_fact_hides_nothing_and_asks(page, db_session):
    scene = make_scene(db_session)
    CriterionFactory(offer=scene.offer, fact="accounts_1y", operator=Operator.HAS, values=[])
    db_session.commit()
    found = page.sign_in(scene.owner).get(scene.need_url)
    chip = found.one("a.chip.unknown")
    assert "Not known: Accounts for one year. Tell us" in " ".join(chip.get_text().split())
    assert str(chip["href"]).endswith("/profile/evidence#accounts_1y")
    assert page.get(str(chip["href"])).one("select#accounts_1y")


def test_the_line_above_says_from_how_many_and_why_others_are_left_out(page, db_session):
    scene = make_scene(db_session)
    elsewhere = OfferFactory()
    CriterionFactory(offer=elsewhere, values=["iso3166-1:TH"])
    db_session.commit()
    found = page.sign_in(scene.owner).get(scene.need_url)
    said = " ".join(found.one("#match-list p.said").get_text().split())
    assert "1 offer fits." in said
    assert "Chosen from 2 offers by" in said
    assert "1 is left out: 1 works in another country." in said
    out = page.get(f"{scene.need_url}?tab=out")
    assert "1 works in another country" in out.text


def test_a_firm_chooses_an_amount_in_its_own_currency_and_a_fund_in_dollars(
    page, new_page, db_session
):
    scene = make_scene(db_session)
    found = page.sign_in(scene.owner).get(scene.need_url).one("select[name=amount]").text
    assert "(about 220" in found.replace("\u2060", "")
    theirs = new_page().sign_in(scene.banker).get(scene.offer_url).one("select[name=amount]").text
    assert "about" not in theirs
    scene.need.rate = None
    db_session.commit()
    assert "about" not in page.get(scene.need_url).one("select[name=amount]").text


def test_filters_change_what_is_listed(page, db_session):
    scene = make_scene(db_session)
    grant = OfferFactory(code="MATCHING_GRANT", title="Grant for half of it")
    db_session.commit()
    client = page.sign_in(scene.owner)
    assert len(client.get(scene.need_url).all("article.card")) == 2
    found = client.get(f"{scene.need_url}?code=grant")
    assert [grant.title] == [card.h3.get_text() for card in found.all("article.card")]
    assert found.one("input[name=code][value=grant]").has_attr("checked")
    assert client.get(f"{scene.need_url}?amount=500-1000").all("article.card") == []


def test_only_where_all_rules_are_met_leaves_the_unknown_out(page, db_session):
    scene = make_scene(db_session)
    CriterionFactory(offer=scene.offer, fact="accounts_1y", operator=Operator.HAS, values=[])
    db_session.commit()
    found = page.sign_in(scene.owner).get(f"{scene.need_url}?eligible=y")
    assert found.all("article.card") == []


def test_firms_are_filtered_by_place_sector_size_women_amount_and_readiness(page, db_session):
    scene = make_scene(db_session)
    firm = OrganisationFactory(
        province="LA-SV", sector="5510", size_class="medium", women_share=0, readiness=80
    )
    other = NeedFactory(organisation=firm, title="A guesthouse roof", band_low=100_000.0,
                        band_high=200_000.0)  # fmt: skip
    db_session.commit()
    client = page.sign_in(scene.banker)
    for query, title in (
        ("place=LA-SV", other.title),
        ("sector=I", other.title),
        ("size=medium", other.title),
        ("women=y", scene.need.title),
        ("amount=100000-200000", other.title),
        ("readiness=advanced", other.title),
    ):
        found = client.get(f"{scene.offer_url}?{query}")
        assert [card.h3.get_text() for card in found.all("article.card")] == [title], query


@pytest.mark.parametrize("query", ["code=nonsense", "place=XX-99", "amount=abc", "tab=none",
                                   "after=1_2", "after=nan_1_1_1_1", "eligible=maybe"])  # fmt: skip
def test_what_no_form_of_ours_sends_narrows_nothing(page, db_session, query):
    scene = make_scene(db_session)
    found = page.sign_in(scene.owner).get(f"{scene.need_url}?{query}")
    assert len(found.all("article.card")) == 1


def test_a_closed_pair_is_not_suggested_to_either_side(page, new_page, db_session):
    scene = make_scene(db_session)
    until = clock.now() + timedelta(days=365)
    pairs.close_pair(db_session, scene.need, scene.offer, reason="wrong_kind", until=until)
    db_session.commit()
    assert page.sign_in(scene.owner).get(scene.need_url).all("article.card") == []
    assert new_page().sign_in(scene.banker).get(scene.offer_url).all("article.card") == []


def test_a_pair_closed_until_yesterday_is_open_again(page, db_session):
    scene = make_scene(db_session)
    until = clock.now() - timedelta(days=1)
    pairs.close_pair(db_session, scene.need, scene.offer, reason="wrong_kind", until=until)
    db_session.commit()
    assert len(page.sign_in(scene.owner).get(scene.need_url).all("article.card")) == 1


def test_pages_follow_each_other_without_gap_or_repeat(page, db_session):
    scene = make_scene(db_session)
    for n in range(44):
        OfferFactory(title=f"Offer {n:02}", usd_min=5_000.0 + 300 * n)
    db_session.commit()
    client, seen, url = page.sign_in(scene.owner), [], scene.need_url
    for _ in range(3):
        found = client.get(url)
        seen += [str(card.h3.a["href"]) for card in found.all("article.card")]
        following = found.all("nav.pager a[rel=next]")
        url = str(following[0]["href"]) if following else ""
    assert url == ""
    assert len(seen) == len(set(seen)) == 45


def test_a_link_from_another_model_version_starts_again(page, db_session):
    scene = make_scene(db_session)
    found = page.sign_in(scene.owner).get(f"{scene.need_url}?after=50.0_7_9_20_738000")
    assert "The list starts again" in found.text
    assert len(found.all("article.card")) == 1


def test_matches_lists_what_i_look_for_and_give(page, db_session):
    scene = make_scene(db_session)
    NeedFactory(organisation=scene.need.organisation, title="A second need",
                state=PublicationState.DRAFT)  # fmt: skip
    db_session.commit()
    found = page.sign_in(scene.owner).get("/matches")
    assert "1 offer fits." in found.text
    assert "It is not published" in found.text


def test_matches_goes_straight_to_the_only_list(page, db_session):
    scene = make_scene(db_session)
    found = page.sign_in(scene.owner).get("/matches", status=303)
    assert found.location == scene.need_url


def test_matches_without_anything_shows_two_ways_on(page, db_session):
    account = AccountFactory()
    db_session.commit()
    found = page.sign_in(account).get("/matches")
    assert len(found.all(".empty a.btn")) == 2


def test_own_offers_never_match_own_needs(page, db_session):
    firm = FunderFactory(is_firm=True)
    need, _offer = NeedFactory(organisation=firm), OfferFactory(organisation=firm)
    owner = MembershipFactory(organisation=firm).account
    db_session.commit()
    found = page.sign_in(owner).get(f"/matches/needs/{need.public_id}")
    assert found.all("article.card") == []


def test_a_service_need_is_narrowed_by_kind_of_service_unless_it_names_one(page, db_session):
    firm = OrganisationFactory()
    owner = MembershipFactory(organisation=firm).account
    needs = [
        NeedFactory(organisation=firm, kind="service", code=code, purpose="", title=f"Help {code}")
        for code in ("", "ACCOUNTING")
    ]
    OfferFactory(kind="service", code="ACCOUNTING", title="Books done each month")
    OfferFactory(kind="service", code="WEBSITE", title="A page of your own")
    db_session.commit()
    client = page.sign_in(owner)
    open_list, fixed_list = (f"/matches/needs/{need.public_id}" for need in needs)
    assert len(client.get(open_list).all("article.card")) == 2
    found = client.get(f"{open_list}?code=records")
    assert [card.h3.get_text() for card in found.all("article.card")] == ["Books done each month"]
    fixed = client.get(fixed_list)
    assert [card.h3.get_text() for card in fixed.all("article.card")] == ["Books done each month"]
    assert fixed.all("input[name=code]") == []


def test_a_title_in_hidden_words_is_read_in_its_own_language(page, db_session):
    scene = make_scene(db_session)
    scene.offer.title, scene.offer.lang = "ເງິນກູ້ສຳລັບກາເຟ", "lo"
    db_session.commit()
    client = page.sign_in(scene.owner)
    client.submit(client.get(f"{scene.match_url}/not-for-me"), reason="not_now")
    out = client.get(f"{scene.need_url}?tab=out").all(".vh[lang=lo]")
    client.post(f"{scene.match_url}/show-again")
    fit = client.get(scene.need_url).all("article .vh[lang=lo]")
    assert [one.get_text() for one in (*out, *fit)] == [f": {scene.offer.title}"] * 3

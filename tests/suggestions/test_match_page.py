"""One match by itself: rule by rule, and an arithmetic that adds up."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from matchmaker.accounts.models import StaffRole
from matchmaker.organisations.models import Operator, PublicationState
from tests.factories import AccountFactory, CriterionFactory, StaffFactory
from tests.suggestions.scene import WORDS, make_scene, near_miss


def numbers(cells):
    return [Decimal(cell.get_text().strip(" ×%").replace(",", "")) for cell in cells]


def test_the_tables_add_up_to_what_is_printed(page, db_session):
    scene = make_scene(db_session)
    found = page.sign_in(scene.owner).get(scene.match_url)
    sums = []
    for table in found.all("details.more table"):
        rows = [numbers(row.select("td")) for row in table.select("tbody tr")]
        for well, weight, points in rows:
            assert well * weight / 100 == points
        foot = numbers(table.select("tfoot td.num"))
        assert sum(weight for _, weight, _ in rows) == 100 == foot[0]
        exact = sum(points for *_, points in rows)
        assert exact.quantize(Decimal("0.1"), ROUND_HALF_UP) == foot[1]
        sums.append(foot[1])
    a, b = sums
    joined = (2 * a * b / (a + b)).quantize(Decimal(1), ROUND_HALF_UP)
    assert str(joined) == found.one(".fit-num b").get_text()


def test_both_sides_see_one_score(page, new_page, db_session):
    scene = make_scene(db_session)
    mine = page.sign_in(scene.owner).get(scene.match_url)
    theirs = new_page().sign_in(scene.banker).get(f"{scene.match_url}?side=offer")
    assert mine.one(".fit-num").get_text() == theirs.one(".fit-num").get_text()
    reach = [[dd.get_text() for dd in each.all(".fit-reach dd")] for each in (mine, theirs)]
    assert reach[0] == reach[1][::-1]


def test_each_rule_stands_with_what_the_firm_shows(page, db_session):
    scene = make_scene(db_session)
    CriterionFactory(offer=scene.offer, fact="staff", operator=Operator.BETWEEN, values=[5, 50])
    CriterionFactory(offer=scene.offer, fact="accounts_1y", operator=Operator.HAS, values=[])
    db_session.commit()
    found = page.sign_in(scene.owner).get(scene.match_url)
    rows = [
        [" ".join(cell.get_text(" ").split()) for cell in row.select("th, td")]
        for row in found.all("section[aria-labelledby=h-rules] tbody tr")
    ]
    assert ["Country: Laos", "Laos", "Met"] in rows
    assert ["Number of workers: 5 to 50 workers", "10 to 19 workers", "Met"] in rows
    assert ["Accounts for one year", "You have not told us. Answer now", "Not known"] in rows
    assert "2 rules are met, 1 is not known." in found.text


def test_a_firm_reads_amounts_in_its_own_currency_and_the_other_side_in_dollars(
    page, new_page, db_session
):
    scene = make_scene(db_session)
    scene.offer.amount_min_minor, scene.offer.amount_max_minor = 50_000_000, 500_000_000
    scene.offer.usd_min, scene.offer.usd_max = ends = (2_325.0, 23_255.0)
    CriterionFactory(offer=scene.offer, fact="amount_usd", operator=Operator.BETWEEN, values=ends)
    db_session.commit()

    def said(browser, url):
        return " ".join(browser.get(url).one("main").text.replace("\u2060", "").split())

    page.sign_in(scene.owner)
    assert "Gives $2,325–23,255; you need $10,000–20,000." in said(page, scene.match_url)
    scene.offer.currency = "LAK"
    db_session.commit()
    for url in (scene.match_url, scene.need_url, "/start"):
        own = said(page, url)
        # The band at the need's rate: the exact amount is read by no reason.
        assert "Gives 50–500 million kip; you need about 220–430 million kip." in own, url
        assert "2,325" not in own
    assert "an amount of 50–500 million kip" in said(page, scene.need_url)
    assert "an amount of about 220–430 million kip" in said(page, scene.match_url)
    theirs = said(new_page().sign_in(scene.banker), f"{scene.match_url}?side=offer")
    assert "Needs $10,000–20,000" in theirs
    assert "kip" not in theirs


def test_a_near_miss_says_what_would_open_the_door(page, db_session):
    scene = make_scene(db_session)
    offer = near_miss(db_session, fact="amount_usd", operator=Operator.AT_MOST, values=[5000])
    found = page.sign_in(scene.owner).get(f"/matches/{scene.need.public_id}/{offer.public_id}")
    assert "What would open this door" in found.text
    assert "1 is not met" in found.text


def test_the_way_to_ask_is_there_with_and_without_script(page, db_session):
    scene = make_scene(db_session)
    panel = page.sign_in(scene.owner).get(scene.match_url).one("#contact-panel")
    assert panel["hx-get"] == panel.a["href"]


def test_a_funder_reads_the_words_of_a_firm_only_if_it_shows_its_name(page, db_session):
    scene = make_scene(db_session)
    url = f"{scene.match_url}?side=offer"
    assert "Canarywords" not in page.sign_in(scene.banker).get(url).soup.decode()
    scene.need.organisation.show_name = True
    db_session.commit()
    shown = page.get(url)
    assert "Canarywords" in shown.text
    assert "5557 7331" not in shown.text
    assert WORDS not in shown.text


def test_strangers_and_missing_pairs_look_the_same(page, db_session):
    scene = make_scene(db_session)
    stranger = AccountFactory()
    db_session.commit()
    refused = page.sign_in(stranger).get(scene.match_url, status=404)
    missing = page.get("/matches/222222222222/333333333333", status=404)
    assert refused.text == missing.text


def test_what_the_other_side_has_paused_is_not_there(page, db_session):
    scene = make_scene(db_session)
    scene.offer.state = PublicationState.PAUSED
    db_session.commit()
    page.sign_in(scene.owner).get(scene.match_url, status=404)
    page.sign_in(scene.banker).get(scene.match_url)


def test_no_address_makes_an_error_page(page, db_session):
    scene = make_scene(db_session)
    client = page.sign_in(scene.owner)
    for odd in ("%00", "a%00b", "%ff%fe", "x" * 3000, "%F0%9F%92%A9", "..%2F..", "'--"):
        client.get(f"/matches/needs/{odd}", status=404)
        client.get(f"/matches/offers/{odd}", status=404)
        client.get(f"/matches/{scene.need.public_id}/{odd}", status=404)
        client.get(f"{scene.need_url}?place={odd}&after={odd}&tab={odd}&code={odd}")


def test_staff_look_but_are_not_asked_to_speak_for_a_firm(page, db_session):
    scene = make_scene(db_session)
    officer = StaffFactory(staff_role=StaffRole.OFFICER)
    db_session.commit()
    client = page.sign_in(officer)
    found = client.get(scene.match_url)
    assert found.all("#contact-panel, a[href='#contact-panel']") == []
    for url in (scene.match_url, scene.need_url, f"{scene.need_url}?tab=near"):
        assert "Not for me" not in client.get(url).text
    assert "See why, and ask" not in client.get(scene.need_url).text
    client.get(f"{scene.match_url}/not-for-me", status=404)
    client.post(f"{scene.match_url}/not-for-me", {"reason": "not_now"}, status=404)


def test_the_arithmetic_is_one_tap_from_a_card(page, db_session):
    scene = make_scene(db_session)
    card = page.sign_in(scene.owner).get(scene.need_url).one("article.card h3 a")
    found = page.get(str(card["href"]))
    assert "How the" in found.one("details.more[open] summary").get_text()


def test_nobody_is_asked_again_for_an_amount_that_is_told(page, db_session):
    scene = make_scene(db_session)
    CriterionFactory(
        offer=scene.offer, fact="amount_usd", operator=Operator.BETWEEN, values=[15_000, 80_000]
    )
    db_session.commit()
    client = page.sign_in(scene.owner)
    listed = client.get(scene.need_url)
    assert "Not known: an amount of" in " ".join(listed.one(".chip.unknown").get_text().split())
    assert "Tell us" not in listed.text
    assert "Answer now" not in client.get(scene.match_url).text
    scene.need.amount_minor = scene.need.band_low = scene.need.band_high = None
    db_session.commit()
    assert listed.text != client.get(scene.need_url).text
    assert "Tell us" in client.get(scene.need_url).text
    assert "Answer now" in client.get(scene.match_url).text

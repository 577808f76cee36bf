"""Firms side by side: what is not known first, nothing hidden, odd addresses in clear words."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from matchmaker.contacts.models import Release
from matchmaker.extensions import changes
from matchmaker.extensions.changes import ChangeKind
from matchmaker.organisations.models import Kind, PublicationState
from tests.contacts.test_queries import MOST, counted
from tests.factories import FunderFactory, MembershipFactory, NeedFactory, OfferFactory
from tests.page import Page, PageClient
from tests.screening.comparing import Desk, make_desk


@pytest.fixture
def desk(db_session: Any) -> Desk:
    return make_desk(db_session)


def row(page: Page, label: str) -> list[str]:
    """The cells of a row as they read, without the number of the firm."""
    [found] = [tr for tr in page.all("tbody tr") if tr.th and tr.th.get_text().startswith(label)]
    return [" ".join(cell.div.get_text(" ").split()) for cell in found.select("td")]


def test_five_firms_stand_side_by_side_what_is_not_known_first(
    page: PageClient, desk: Desk
) -> None:
    found = page.sign_in(desk.banker).get(desk.compare_url())
    heads = [head.get_text() for head in found.all("thead .compare-firm p.quiet")]
    assert heads == [need.title for need in desk.needs]
    groups = [head.get_text() for head in found.all(".compare-group th")]
    assert groups[0] == "Not known yet"
    assert row(found, "Ask for")[2].startswith("Accounts for one year Number of workers")
    assert row(found, "Accounts for one year")[:2] == ["Met: Yes", "Not known: not said"]
    assert row(found, "Years in business")[2] == "Not met: 1 to 2 years in business"
    papers = row(found, "What they can show")
    assert "Said, no file yet: Accounts for one year" in papers[0]
    assert "by Chamber" in papers[0]
    assert papers[2] == "They have named none."
    assert "No small change" in row(found, "A change")[2]


def test_an_offer_without_rules_asks_for_nothing(page: PageClient, desk: Desk) -> None:
    desk.offer.criteria.clear()
    changes.note(desk.session, ChangeKind.OFFER, desk.offer.id)
    desk.session.commit()
    found = page.sign_in(desk.banker).get(desk.compare_url())
    assert row(found, "Ask for") == ["Your offer has no rules."]


def test_rows_say_in_words_whether_firms_differ(page: PageClient, desk: Desk) -> None:
    client = page.sign_in(desk.banker)
    found = client.get(desk.compare_url())
    heads = {th.get_text(" ", strip=True) for th in found.all("tbody th[scope=row]")}
    assert {"Country: Laos", "Workers differs", "Age differs", "Size"} <= heads
    assert row(found, "Country: Laos") == ["Met: Laos"]
    assert len(row(found, "Workers")) == 5
    assert sum("highest" in cell for cell in row(found, "Words")) == 1
    fewer = client.get(str(found.one("main .acts a.btn")["href"]))
    assert "Country: Laos" not in fewer.text
    assert "Workers" in fewer.text
    alike = client.get(desk.compare_url(desk.needs[0], desk.needs[0], only="differing"))
    assert len(alike.all("thead .compare-firm")) == 1


def test_where_to_ask_depends_on_what_there_is_between_the_two(
    page: PageClient, desk: Desk
) -> None:
    one, two, three = desk.needs[1], desk.needs[2], desk.needs[4]
    talk, waiting = desk.ask(one, accepted=()), desk.ask(two)
    found = page.sign_in(desk.banker).get(desk.compare_url(one, two, three))
    links = [a["href"] for a in found.all("tbody td a")]
    assert links == [
        f"/requests/{talk.public_id}/evidence#ask",
        f"/requests/{waiting.public_id}",
        f"/requests/new/{three.public_id}/{desk.offer.public_id}",
    ]
    assert row(found, "Request")[0] == "You said yes."


def test_a_name_is_there_while_it_is_released_and_nothing_else_of_the_firm(
    page: PageClient, desk: Desk
) -> None:
    named, hidden = desk.needs[0], desk.needs[1]
    desk.ask(named, accepted=("name", "contact_telephone"))
    desk.ask(hidden, accepted=("contact_telephone",))
    client = page.sign_in(desk.banker)
    for url in (desk.compare_url(named, hidden), desk.brief_url(named), desk.brief_url(hidden)):
        text = client.get(url).soup.decode()
        assert ("Hidden Nam Khan" in text) is (url != desk.brief_url(hidden))
        assert "Hidden Champhone" not in text
        assert "5557 7331" not in text
        assert "300,000,000" not in text
    desk.session.execute(update(Release).values(revoked_at=named.published_at))
    desk.session.commit()
    for url in (desk.compare_url(named, hidden), desk.brief_url(named)):
        assert "Hidden Nam Khan" not in client.get(url).soup.decode()


def test_what_cannot_be_compared_is_said(page: PageClient, desk: Desk) -> None:
    paused, other, own = desk.needs[0], desk.needs[1], NeedFactory(organisation=desk.funder)
    paused.state, other.kind = PublicationState.PAUSED, Kind.SERVICE
    desk.session.commit()
    client = page.sign_in(desk.banker)
    found = client.get(desk.compare_url(paused, other, own, desk.needs[2]))
    assert "3 of those you chose cannot be compared" in found.text
    assert len(found.all("thead .compare-firm")) == 1
    nothing = client.get(desk.compare_url(paused))
    assert "Tick two to five firms" in nothing.text
    for need in (paused, other, own):
        client.get(desk.brief_url(need), status=404)


def test_of_six_the_first_five_are_shown(page: PageClient, db_session: Any) -> None:
    desk = make_desk(db_session, 6)
    found = page.sign_in(desk.banker).get(desk.compare_url(*desk.needs))
    assert len(found.all("thead .compare-firm")) == 5
    assert "The first five are here, 1 is left out." in found.text


def test_odd_addresses_are_no_errors(page: PageClient, desk: Desk) -> None:
    client, base = page.sign_in(desk.banker), f"/desk/{desk.funder.public_id}/compare"
    theirs = OfferFactory()
    desk.session.commit()
    client.get(base, status=303)
    client.get(f"{base}?offer={theirs.public_id}&need={desk.needs[0].public_id}", status=404)
    for odd in ("%00", "a%00b", "%F0%9F%92%A9", "x" * 3000, "'--", ""):
        client.get(f"{base}?offer={desk.offer.public_id}&need={odd}&need={odd}1&only={odd}")
        client.get(f"{base}?offer=1{odd}", status=404)


def test_another_desk_sees_none_of_it(page: PageClient, desk: Desk) -> None:
    stranger = MembershipFactory(organisation=FunderFactory()).account
    desk.session.commit()
    client = page.sign_in(stranger)
    for url in (desk.compare_url(), desk.brief_url(), desk.brief_url(ending=".pdf")):
        client.get(url, status=404)


@pytest.mark.slow
@pytest.mark.both
def test_five_firms_take_as_many_queries_as_one(page: PageClient, desk: Desk) -> None:
    for need in desk.needs[:3]:
        desk.ask(need, accepted=("name",))
    client, seen = page.sign_in(desk.banker), []
    for url in (desk.compare_url(desk.needs[0]), desk.compare_url(), desk.brief_url()):
        client.get(url)
        with counted() as found:
            client.get(url)
        seen.append(len(found))
    assert seen[0] == seen[1]
    assert max(seen) <= MOST, seen


def test_firms_are_ticked_in_the_list_of_an_offer(page: PageClient, desk: Desk) -> None:
    found = page.sign_in(desk.banker).get(f"/matches/offers/{desk.offer.public_id}")
    ticks = [tick["value"] for tick in found.all("input[form=compare][name=need]")]
    # One is too young, one too small: they are not in this list.
    assert set(ticks) == {desk.needs[at].public_id for at in (0, 1, 4)}
    form = found.form("form#compare")
    assert form == {"offer": desk.offer.public_id}
    assert found.one("form#compare")["action"] == f"/desk/{desk.funder.public_id}/compare"

"""Saved views: a table of firms, narrowed, ordered, kept under a name, by members alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.audit import privacy
from matchmaker.audit.models import AuditEvent
from matchmaker.extensions import changes
from matchmaker.extensions.changes import ChangeKind
from matchmaker.organisations.models import PublicationState
from matchmaker.screening.models import MOST_VIEWS, SavedView, ViewMail, ViewOrder
from matchmaker.screening.services import saved_views as keeping
from matchmaker.suggestions.models import Hidden
from matchmaker.suggestions.services import budget
from tests.contacts.test_queries import counted
from tests.factories import MembershipFactory, OfferFactory
from tests.page import Page, PageClient
from tests.screening.table import PRIVATE, Table, make_table

DRAFT = keeping.Draft("Coffee", {"place": "LA-LP"}, ViewOrder.SCORE, ("amount", "rules"))


@pytest.fixture
def table(db_session: Session) -> Table:
    return make_table(db_session)


def titles(page: Page) -> list[str]:
    return [row.select("th p")[0].get_text() for row in page.all("table.desk tbody tr")]


def saved(table: Table, draft: keeping.Draft = DRAFT) -> SavedView:
    view = keeping.save(table.session, table.offer, table.banker.id, draft)
    table.session.commit()
    return view


def test_a_row_shows_gates_and_points_and_no_name(page: PageClient, table: Table) -> None:
    table.firms(2)
    found = page.sign_in(table.banker).get(table.url)
    row = found.all("table.desk tbody tr")[0]
    assert "A firm: " in row.get_text()
    assert "of 100" in row.get_text()
    assert row.select(".chip.met")
    assert "of 1 met" in row.get_text()
    labels = {cell["data-label"] for cell in row.select("td[data-label]")}
    assert labels == {"Fit", "Asks for", "Our rules", "Women own", "Active", "Stage"}
    assert not [value for value in PRIVATE.values() if value in found.soup.decode()]


def test_it_is_ranked_anew_while_filtering(page: PageClient, table: Table) -> None:
    table.firms(2)
    table.firms(1, province="LA-SV")
    client = page.sign_in(table.banker)
    part = client.get(f"{table.url}&place=LA-SV&columns=place", htmx=True)
    assert [one.get("id") for one in part.soup.find_all(recursive=False)] == ["firm-table"]
    assert len(titles(part)) == 1
    assert "Savannakhet" in part.text
    whole = client.get(f"{table.url}&place=LA-SV&columns=place")
    assert titles(whole) == titles(part)
    assert "1 on" in whole.one("details.filters > summary").get_text()
    # htmx adds the fields to the address it is given: one that named the offer named it twice.
    assert "?" not in whole.one("details.filters form")["hx-get"]
    # An answer that is on no list narrows nothing, and a column that is on none is not shown.
    assert len(titles(client.get(f"{table.url}&place=XX-99&columns=turnover"))) == 3


@pytest.mark.parametrize("order", ["", "newest", "active"])
def test_each_order_pages_by_key_through_all(
    page: PageClient, table: Table, order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matchmaker.suggestions.services.ranking.PAGE", 3)
    needs = table.firms(5)
    client = page.sign_in(table.banker)
    first = client.get(f"{table.url}&order={order}")
    following = str(first.one("a[rel=next]")["href"])
    second = client.get(following)
    assert sorted(titles(first) + titles(second)) == [need.title for need in needs]
    assert not second.all("a[rel=next]")
    assert second.all("a[rel=prev]")
    if order == "newest":
        assert titles(first) == ["Dryer 4", "Dryer 3", "Dryer 2"]


def test_it_costs_the_same_few_queries_for_few_firms_and_for_many(
    page: PageClient, table: Table
) -> None:
    view = saved(table)
    client = page.sign_in(table.banker)
    url = f"{table.desk}/views/{view.public_id}"
    table.firms(2)
    client.get(url)
    with counted() as few:
        client.get(url)
    table.firms(16)
    client.get(url)
    with counted() as many:
        shown = client.get(url)
    assert len(titles(shown)) == 18
    assert len(few) == len(many) <= 12


def test_the_budget_of_a_day_counts_here_too(
    page: PageClient, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budget, "NEEDS_A_DAY", 25)
    table.firms(2)
    client = page.sign_in(table.banker)
    client.get(table.url).response.close()
    refused = client.get(f"{table.url}&order=newest", status=429)
    assert "as a day allows" in refused.text


def test_a_view_is_saved_after_the_form_says_what_mail_it_causes(
    page: PageClient, table: Table
) -> None:
    table.firms(3, days=2)
    table.firms(1, days=40)
    client = page.sign_in(table.banker)
    table_page = client.get(f"{table.url}&place=LA-LP&order=newest&columns=sector")
    save = str(table_page.one(".desk-acts a")["href"])
    form = client.get(save)
    assert "3 firms would have been in it" in form.text
    assert "Place: Luang Prabang" in form.text
    assert "Newest first" in form.text
    empty = client.submit(form, status=422, name=" ", mail="60")
    assert next(one["value"] for one in empty.all("[name=mail]") if one.has_attr("checked")) == "60"
    done = client.submit(empty, name="Coffee", mail="50")
    shown = client.follow(done)
    assert shown.one("h1").get_text() == "Coffee"
    assert [one.get_text() for one in shown.all("thead th")][2:-1] == ["Sector"]
    row = table.session.scalars(select(SavedView)).one()
    assert (row.filters, row.order, row.columns) == ({"place": "LA-LP"}, "newest", ["sector"])
    assert table.session.scalars(select(ViewMail)).one().least == 50
    assert table.session.scalars(select(AuditEvent.event)).all() == ["view.saved"]
    listed = client.get(f"{table.desk}/views").text
    assert "new firms with 50 points or more" in listed
    other = client.sign_in(table.colleague).get(f"{table.desk}/views").text
    assert "Coffee" in other
    assert "You get no mail about it." in other


def test_filters_of_a_view_are_tried_and_then_kept(page: PageClient, table: Table) -> None:
    view = saved(table)
    client = page.sign_in(table.banker)
    url = f"{table.desk}/views/{view.public_id}"
    form = client.get(url).form()
    assert form["place"] == "LA-LP"
    tried = client.get(f"{url}?edited=y&place=LA-SV&size=small")
    assert client.get(url).form()["place"] == "LA-LP"
    keep = tried.one(".desk-acts a.btn:not(.second)")
    client.submit(client.get(str(keep["href"])), name="Rice")
    table.session.expire_all()
    assert (view.name, view.filters) == ("Rice", {"place": "LA-SV", "size": ["small"]})


def test_the_second_of_two_colleagues_sees_and_loses_nothing(
    page: PageClient, new_page: Callable[[], PageClient], table: Table
) -> None:
    view = saved(table)
    url = f"{table.desk}/views/{view.public_id}/edit"
    first, second = page.sign_in(table.banker), new_page().sign_in(table.colleague)
    theirs, mine = first.get(f"{url}?edited=y&place=LA-SV"), second.get(url)
    first.submit(theirs, name="Rice of the south")
    refused = second.submit(mine, name="My name", status=409)
    assert "Rice of the south" in refused.text
    assert "Place: Savannakhet" in refused.text
    assert refused.one("[name=name]")["value"] == "My name"
    second.submit(refused)
    table.session.expire_all()
    # The name is the second one's, the filters that it did not touch are the first one's.
    assert (view.name, view.filters) == ("My name", {"place": "LA-SV"})


def test_a_firm_is_taken_off_and_back(page: PageClient, table: Table) -> None:
    need, other = table.firms(2)
    client = page.sign_in(table.banker)
    table_page = client.get(f"{table.url}&size=small")
    form = f"#firm-{need.public_id} form[action*=hide]"
    gone = client.follow(client.submit(table_page, form))
    assert titles(gone) == [other.title]
    assert gone.form()["size"] == "small"
    back = client.follow(client.submit(gone, "#firm-table .note form"))
    assert sorted(titles(back)) == [need.title, other.title]
    assert table.session.scalars(select(Hidden)).all() == []


def test_a_firm_that_was_taken_off_is_not_read_of_once_it_takes_its_need_back(
    page: PageClient, table: Table
) -> None:
    """The address that names it is kept by whoever wants to look again."""
    [need] = table.firms(1)
    client = page.sign_in(table.banker)
    form = f"#firm-{need.public_id} form[action*=hide]"
    address = client.submit(client.get(table.url), form).location
    assert need.title in client.get(address).text
    need.title, need.state = "Words of a draft", PublicationState.DRAFT
    table.session.commit()
    assert "Words of a draft" not in client.get(address).text


def test_a_firm_put_in_the_pipeline_shows_its_stage(page: PageClient, table: Table) -> None:
    [need] = table.firms(1)
    client = page.sign_in(table.banker)
    client.submit(client.get(table.url), f"#put-{need.public_id}")
    cell = client.get(table.url).one("td[data-label=Stage]")
    assert cell.get_text() == "New"
    assert cell.a
    assert client.get(str(cell.a["href"])).status == 200
    table.offer.criteria[0].values = ["iso3166-1:TH"]
    changes.note(table.session, ChangeKind.OFFER, table.offer.id)
    table.session.commit()
    nearly = client.get(f"{table.url}&tab=near")
    assert nearly.one("td[data-label=Stage]").get_text() == "New"


def test_twenty_views_and_no_more(page: PageClient, table: Table) -> None:
    views = [saved(table, replace(DRAFT, name=f"View {number}")) for number in range(MOST_VIEWS)]
    client = page.sign_in(table.banker)
    form = client.get(f"{table.desk}/views/new?offer={table.offer.public_id}")
    full = client.submit(form, name="One more", status=409)
    assert "20 views already" in full.text
    assert full.one("[name=name]")["value"] == "One more"
    edit = client.get(f"{table.desk}/views/{views[4].public_id}/edit")
    client.submit(edit, "section form")
    client.submit(form, name="One more")
    assert len(client.get(f"{table.desk}/views").all("article.card")) == MOST_VIEWS


def test_a_paused_offer_says_so(page: PageClient, table: Table) -> None:
    view = saved(table)
    table.offer.state = PublicationState.PAUSED
    table.session.commit()
    client = page.sign_in(table.banker)
    for path in (f"/views/{view.public_id}", f"/views/{view.public_id}/edit", "/views"):
        assert "Nobody can ask for this offer now" in client.get(table.desk + path).text


def test_strangers_and_other_desks_find_nothing(page: PageClient, table: Table) -> None:
    view = saved(table)
    other = make_table(table.session)
    client = page.sign_in(other.banker)
    client.get(table.url, status=404)
    client.get(f"{other.desk}/firms?offer={table.offer.public_id}", status=404)
    client.get(f"{other.desk}/views/{view.public_id}", status=404)
    client.post(f"{other.desk}/views/{view.public_id}/remove", status=404)
    need = table.firms(1)[0]
    path = f"firms/{need.public_id}/{table.offer.public_id}/hide"
    client.post(f"{other.desk}/{path}", status=404)
    own = MembershipFactory(organisation=need.organisation).account
    table.session.commit()
    page.sign_in(own).get(f"/desk/{need.organisation.public_id}/views", status=404)


def test_of_several_offers_one_is_chosen(page: PageClient, table: Table) -> None:
    client = page.sign_in(table.banker)
    assert client.get(f"{table.desk}/firms", status=303).location == table.url
    second = OfferFactory(organisation=table.funder, title="Working capital")
    table.session.commit()
    found = client.get(f"{table.desk}/firms")
    assert second.public_id in found.soup.decode()
    assert len(found.all("article.card")) == 2


@pytest.mark.once
def test_who_goes_leaves_the_views_and_takes_the_mails(table: Table) -> None:
    view = saved(table)
    for account in (table.banker, table.colleague):
        keeping.set_mail(table.session, view, account.id, 60)
    kept = privacy.export_account(table.session, table.banker.id)
    assert [row["name"] for row in kept["saved_view"]] == ["Coffee"]
    assert [row["least"] for row in kept["view_mail"]] == [60]
    assert len(kept["view_digest"]) == 1
    for name in ("saved_view", "view_mail", "view_digest"):
        assert privacy.erasures[name](table.session, table.banker.id) >= 1
    table.session.expire_all()
    assert (view.created_by_id, view.updated_by_id, view.name) == (None, None, "Coffee")
    assert table.session.scalars(select(ViewMail.account_id)).all() == [table.colleague.id]

"""The pipeline: one button puts a firm in, colleagues move it, and nobody else ever sees it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker.audit import privacy
from matchmaker.audit.models import AuditEvent
from matchmaker.contacts import services as contacts
from matchmaker.errors import StaleVersion, WrongState
from matchmaker.extensions import clock
from matchmaker.notifications.models import Notice, OutboxMail
from matchmaker.organisations.models import Membership, PublicationState
from matchmaker.organisations.services import leaving, membership
from matchmaker.screening.models import (
    MOST_STAGES,
    EntryEvent,
    EntryTask,
    PipelineEntry,
    PipelinePass,
    PipelineStage,
)
from matchmaker.screening.services import entry_tasks, passing, pipeline, stages
from matchmaker.screening.services.stages import key_of, stages_of, written
from matchmaker.suggestions.models import Side
from tests.contacts.test_queries import MOST, counted
from tests.factories import NeedFactory
from tests.page import Page, PageClient
from tests.screening.lines import Desk, make_desk

NOTE = "Canary note: they owe the bank too much"
TAG = "canary-tag"
STAGE = "Canary stage"
TASK = "Canary task: call the village head"


@pytest.fixture
def desk(db_session: Session) -> Desk:
    return make_desk(db_session)


def stage(desk: Desk, key: str) -> PipelineStage:
    found = written(desk.session, desk.scene.funder.id)
    return next(one for one in found if key_of(one) == key)


def column(page: Page, key: str) -> str:
    return page.one(f"[data-stage={key}]").get_text(" ")


def test_one_button_puts_it_in_once_from_match_list_and_request(
    desk: Desk, page: PageClient
) -> None:
    scene, client = desk.scene, page.sign_in(desk.scene.banker)
    request, form = scene.send(), f"#put-{scene.need.public_id}"
    listed = client.get(f"/matches/offers/{scene.offer.public_id}")
    # The other two were open when it was put in.
    match = client.get(f"/matches/{scene.need.public_id}/{scene.offer.public_id}?side=offer")
    asked = client.get(f"/requests/{request.public_id}")
    part = client.post(f"{desk.url}/pipeline", listed.form(form), status=200, htmx=True)
    assert part.one("a").get_text() == "In your pipeline: New"
    again = [client.submit(shown, form).location for shown in (match, asked)]
    assert again == [part.one("a")["href"]] * 2
    assert "It is in your pipeline." in client.follow(client.submit(match, form)).text
    assert desk.session.scalar(select(func.count()).select_from(PipelineEntry)) == 1
    assert "A dryer for our coffee" in column(client.get(f"{desk.url}/pipeline"), "new")
    assert client.get("/start").one(f"a[href='{desk.url}']")


@pytest.mark.once
def test_where_a_firm_is_shown_the_button_says_where_it_stands(
    desk: Desk, page: PageClient
) -> None:
    scene, client = desk.scene, page.sign_in(desk.scene.banker)
    request = scene.send()
    paths = (
        f"/requests/{request.public_id}",
        f"/matches/{scene.need.public_id}/{scene.offer.public_id}",
        f"/matches/offers/{scene.offer.public_id}",
    )
    for path in paths:
        assert client.get(path).one(f"#put-{scene.need.public_id} button")
    entry = desk.put_in()
    pipeline.move(desk.session, entry, stage(desk, "due_diligence"), 1, desk.by)
    desk.session.commit()
    for path in paths:
        link = client.get(path).one(f"#put-{scene.need.public_id}")
        assert link["href"] == desk.page(entry)
        assert link.get_text() == "In your pipeline: Due diligence"


def test_what_is_not_ones_own_or_not_open_cannot_be_put_in(desk: Desk, page: PageClient) -> None:
    scene, client = desk.scene, page.sign_in(desk.scene.banker)
    values = {"offer": scene.offer.public_id, "need": scene.need.public_id}
    scene.need.state = PublicationState.PAUSED
    client.post(f"{desk.url}/pipeline", values, status=404)
    client.post(f"{desk.url}/pipeline", {"need": "x" * 4000}, status=404)
    page.sign_in(scene.owner).post(f"{desk.url}/pipeline", values, status=404)


def test_buttons_move_and_keep_where_one_was(desk: Desk, page: PageClient) -> None:
    entry = desk.put_in()
    client = page.sign_in(desk.scene.banker)
    board = client.get(f"{desk.url}/pipeline")
    moved = client.submit(board, "form.move", stage="in_talk")
    assert moved.location.endswith("/pipeline?stage=new")
    assert "A dryer for our coffee" in column(client.follow(moved), "in_talk")
    table = client.get(f"{desk.url}/pipeline?view=table&stage=in_talk")
    moved = client.submit(table, "form.move", stage="agreed")
    assert moved.location.endswith("/pipeline?view=table")
    assert desk.stage_of(entry) == "agreed"
    wrong = client.submit(table, "form.move", status=422, stage="nowhere")
    assert "Choose one from the list." in wrong.text


def test_of_two_who_move_the_second_sees_it_and_loses_nothing(desk: Desk, page: PageClient) -> None:
    entry = desk.put_in()
    client = page.sign_in(desk.scene.banker)
    opened = client.get(desk.page(entry))
    pipeline.move(desk.session, entry, stage(desk, "reviewing"), 1, desk.colleague.id)
    desk.session.commit()
    late = client.submit(opened, "#move form", status=409, stage="agreed", why=NOTE)
    assert "It stands in “Reviewing” now. You chose “Agreed”." in late.one("#stale").get_text()
    assert late.form("#move form")["stage"] == "agreed"
    assert late.form("#move form")["why"].strip() == NOTE
    assert desk.stage_of(entry) == "reviewing"
    client.submit(late, "#move form")
    assert desk.stage_of(entry) == "agreed"
    assert NOTE in client.get(desk.page(entry)).one("#notes").get_text()


@pytest.mark.slow
def test_who_tags_notes_and_tasks(desk: Desk, page: PageClient) -> None:
    entry = desk.put_in()
    client = page.sign_in(desk.scene.banker)
    shown = client.get(desk.page(entry))
    client.submit(shown, "#keep form", assignee=desk.colleague.public_id, tags="coffee,  export ")
    stale = client.submit(shown, "#keep form", status=409, tags="mine")
    assert stale.form("#keep form")["tags"] == "mine"
    assert "coffee, export" in stale.text
    long = client.submit(stale, "#keep form", status=422, tags="a" * 31)
    assert "A tag has 30 letters at most." in long.text
    client.submit(shown, "#notes form", note=NOTE)
    assert "Write a few words." in client.submit(shown, "#notes form", status=422).text
    wrong = client.submit(shown, "#tasks details form", status=422, task=TASK, due_on="31/02/2027")
    assert wrong.form("#tasks details form")["task"] == TASK
    client.submit(wrong, "#tasks details form", due_on="2026-01-05", who=desk.colleague.public_id)
    assert "coffee" in client.get(f"{desk.url}/pipeline?view=table&tag=coffee").text
    assert not client.get(f"{desk.url}/pipeline?view=table&tag=tea").all("table.desk")
    assert not client.get(f"{desk.url}/pipeline?view=table&who=me").all("table.desk")
    notes = client.get(desk.page(entry)).one("#notes").get_text(" ")
    assert NOTE in notes
    assert "Banker Person" in notes


def test_a_colleague_is_told_of_what_is_given_to_them_once_and_not_of_the_firm(
    desk: Desk, page: PageClient
) -> None:
    session, entry, colleague = desk.session, desk.put_in(), desk.colleague
    client = page.sign_in(desk.scene.banker)
    for _ in range(2):
        shown = client.get(desk.page(entry))
        client.submit(shown, "#keep form", assignee=colleague.public_id, tags="coffee")
    told = select(Notice).where(Notice.account_id.in_([colleague.id, desk.by]))
    [notice] = session.scalars(told)
    assert (notice.account_id, notice.kind) == (colleague.id, "pipeline.given")
    assert notice.facts == {"path": desk.page(entry)}
    due = {"task": TASK, "due_on": "2027-01-05"}
    client.submit(client.get(desk.page(entry)), "#tasks details form", who="", **due)
    own = desk.scene.banker.public_id
    client.submit(client.get(desk.page(entry)), "#tasks details form", who=own, **due)
    assert len(session.scalars(told).all()) == 1
    other = colleague.public_id
    client.submit(client.get(desk.page(entry)), "#tasks details form", who=other, **due)
    assert len(session.scalars(told).all()) == 2
    # Who has left is led there no more.
    row = membership.membership_of(session, colleague.id, desk.scene.funder.id)
    assert row is not None
    leaving.leave(session, row, desk.by)
    session.commit()
    assert session.scalars(told).all() == []
    late = client.submit(shown, "#keep form", status=422, assignee=other)
    assert late.all("#keep form")


def test_tasks_by_day_mine_and_everybodys(desk: Desk, page: PageClient) -> None:
    entry = desk.put_in()
    for days in range(22):
        todo = entry_tasks.Todo(f"Task {days:02}", clock.today() + timedelta(days), desk.by)
        entry_tasks.add(desk.session, entry, desk.by, todo)
    late = entry_tasks.Todo(TASK, clock.today() - timedelta(1), desk.colleague.id)
    task = entry_tasks.add(desk.session, entry, desk.by, late)
    desk.session.commit()
    client = page.sign_in(desk.scene.banker)
    mine = client.get(f"{desk.url}/tasks")
    assert [one.get_text() for one in mine.all(".rows h2")] == [f"Task {n:02}" for n in range(20)]
    rest = client.get(str(mine.one(".more-row a")["href"]))
    assert [one.get_text() for one in rest.all(".rows h2")] == ["Task 20", "Task 21"]
    everybody = client.get(f"{desk.url}/tasks?who=all")
    assert "Late:" in everybody.all(".rows li")[0].get_text()
    done = f"{desk.url}/tasks/{task.public_id}/done"
    assert TASK not in client.follow(client.post(done, {"who": "all"})).one(".rows").get_text()
    assert "A colleague has done it already." in client.follow(client.post(done)).text


def test_several_are_passed_for_a_reason_and_taken_back_with_one_click(
    desk: Desk, page: PageClient
) -> None:
    entries = desk.put_in_many(3)
    pipeline.move(desk.session, entries[1], stage(desk, "in_talk"), 1, desk.by)
    desk.session.commit()
    client = page.sign_in(desk.scene.banker)
    url, table = f"{desk.url}/pipeline/pass", client.get(f"{desk.url}/pipeline?view=table")
    assert "Tick the firms below first." in client.submit(table, "#pass", status=422).text
    ticks = [str(box["value"]) for box in table.all("input[name=entry]")]
    beside = client.post(url, {"entry": ticks[:2], "compare": "y"}).location
    needs = "&need=".join(one.need.public_id for one in reversed(entries[1:]))
    assert beside.endswith(f"/compare?offer={desk.scene.offer.public_id}&need={needs}")
    kept = client.post(url, {"entry": ticks[:2]}, status=422)
    assert len(kept.all("input[name=entry][checked]")) == 2
    # A colleague moves one of the three before the button is pressed.
    pipeline.move(desk.session, entries[0], stage(desk, "agreed"), 1, desk.colleague.id)
    desk.session.commit()
    passed = client.post(url, {"entry": ticks, "reason": "too_early"})
    assert [desk.stage_of(one) for one in entries] == ["agreed", "passed", "passed"]
    back = client.follow(passed)
    assert "2 firms passed." in back.text
    assert "1 firm stays: a colleague changed it just now." in back.text
    assert "Too early for us" in back.one("table.desk").get_text()
    client.submit(back, "#undo form")
    assert [desk.stage_of(one) for one in entries] == ["agreed", "in_talk", "new"]
    client.submit(back, "#undo form")
    assert [desk.stage_of(one) for one in entries] == ["agreed", "in_talk", "new"]


def test_more_ticks_than_go_at_once_are_refused_with_a_word(desk: Desk, page: PageClient) -> None:
    entry, client = desk.put_in(), page.sign_in(desk.scene.banker)
    ticks = [f"{entry.public_id}-1", *(f"none{at}-1" for at in range(passing.MOST))]
    url, values = f"{desk.url}/pipeline/pass", {"entry": ticks, "reason": "too_early"}
    for more in ({}, {"compare": "y"}):
        told = client.post(url, values | more, status=422)
        assert "Tick 50 firms at most." in told.one("#ticks-e").get_text()
    assert desk.stage_of(entry) == "new"


def test_a_colleague_without_a_name_is_called_by_what_is_known(
    desk: Desk, page: PageClient
) -> None:
    entry, person = desk.put_in(), desk.colleague
    request = desk.scene.send()
    person.name, person.username, person.telephone, person.email = "", "noy", None, None
    pipeline.keep(desk.session, entry, 1, person.id, person.id, [])
    pipeline.note(desk.session, entry, person.id, NOTE)
    entry_tasks.add(desk.session, entry, desk.by, entry_tasks.Todo(TASK, clock.today(), person.id))
    request.offer_keeper_id = person.id
    desk.session.commit()
    client = page.sign_in(desk.scene.banker)
    shown = client.get(desk.page(entry))
    for part in ("#notes", "#tasks li", "#assignee", "#who"):
        assert "noy" in shown.one(part).get_text(), part
    assert "With noy" in client.get(f"{desk.url}/pipeline?view=table").text
    assert "noy" in client.get(f"{desk.url}/tasks?who=all").one(".rows").get_text()
    asked = client.get(f"/requests/{request.public_id}").text
    assert "noy of your team looks after it." in asked


def test_after_ten_minutes_a_pass_stands(desk: Desk) -> None:
    entry = desk.put_in()
    picked = {entry.public_id: entry.version}
    row = passing.pass_many(desk.session, entry.organisation_id, desk.by, picked, "other").row
    assert row is not None
    row.at -= passing.UNDO
    desk.session.flush()
    with pytest.raises(WrongState):
        passing.undo(desk.session, row, desk.by)
    assert desk.stage_of(entry) == "passed"


def test_stages_are_named_ordered_added_and_removed_when_empty(
    desk: Desk, page: PageClient
) -> None:
    client, url = page.sign_in(desk.scene.banker), f"{desk.url}/stages"
    names = {"name-new": "Inbox", "name-in_talk": "In talk", "added": "Site visit"}
    shown = client.submit(client.get(url), **names)
    client.submit(client.follow(shown), do="left:reviewing")
    client.submit(client.get(url), do="remove:due_diligence")
    found = [(key_of(one), one.name) for one in stages_of(desk.session, desk.scene.funder.id)]
    assert [name or key for key, name in found] == [
        "reviewing", "Inbox", "in_talk", "agreed", "passed", "Site visit",
    ]  # fmt: skip
    desk.put_in()
    full = client.submit(client.get(url), status=409, do="remove:reviewing", added="Kept word")
    assert "Firms stand in this stage." in full.text
    assert full.one("#added")["value"] == "Kept word"
    client.submit(client.get(url), status=409, do="remove:passed")
    long = client.submit(client.get(url), status=422, added="a" * 41)
    assert "Keep it to 40." in long.one("#added-e").get_text()
    for number in range(MOST_STAGES - 6):
        stages.rename(desk.session, desk.scene.funder, desk.by, {}, f"More {number}")
    desk.session.commit()
    assert "as many as one may have" in client.get(url).text
    client.post(url, {"added": "One too many"}, status=409)


@pytest.mark.once
def test_passed_as_the_first_stage_still_takes_no_new_firm(desk: Desk) -> None:
    for _step in range(5):
        stages.shift(desk.session, desk.scene.funder, desk.by, "passed", -1)
    stages.shift(desk.session, desk.scene.funder, desk.by, "in_talk", -1)
    stages.shift(desk.session, desk.scene.funder, desk.by, "in_talk", -1)
    entry = desk.put_in()
    assert desk.stage_of(entry) == "in_talk"
    pipeline.move(desk.session, entry, stage(desk, "agreed"), 1, desk.by)
    picked = {entry.public_id: entry.version}
    row = passing.pass_many(desk.session, entry.organisation_id, desk.by, picked, "other").row
    assert row is not None
    # The stage they came from is gone by the time the pass is taken back.
    entry.passed_from_id = None
    passing.undo(desk.session, row, desk.by)
    assert desk.stage_of(entry) == "in_talk"


def test_the_table_goes_on_by_key_and_costs_the_same(desk: Desk, page: PageClient) -> None:
    client = page.sign_in(desk.scene.banker)
    urls = [f"{desk.url}/pipeline", f"{desk.url}/pipeline?view=table", f"{desk.url}/tasks?who=all"]
    costs = []
    for number in (2, 20):
        for entry in desk.put_in_many(number):
            todo = entry_tasks.Todo(TASK, clock.today(), None)
            entry_tasks.add(desk.session, entry, desk.by, todo)
        desk.session.commit()
        for url in urls:
            with counted() as seen:
                client.get(url)
            costs.append(len(seen))
            assert len(seen) <= MOST, "\n".join(seen)
    assert costs[:3] == costs[3:]
    first = client.get(urls[1])
    assert len(first.all("table.desk tbody tr")) == 20
    rest = client.get(str(first.one(".more-row a")["href"]))
    assert len(rest.all("table.desk tbody tr")) == 2
    request, url = desk.scene.send(), desk.page(desk.put_in())
    contacts.accept(desk.session, request, desk.scene.actor(Side.OFFER), ["contact_email"])
    desk.session.commit()
    with counted() as seen:
        client.get(url)
    assert len(seen) <= MOST, "\n".join(seen)


def test_an_entry_shows_how_its_request_stands_and_the_name_only_once_released(
    desk: Desk, page: PageClient
) -> None:
    entry, scene = desk.put_in(), desk.scene
    client = page.sign_in(scene.banker)
    url = desk.page(entry)
    assert "Nobody has asked yet" in client.get(url).text
    request = scene.send()
    waiting = client.get(url).text
    assert "Request Waiting" in waiting
    assert "Hidden Name" not in waiting
    contacts.accept(scene.session, request, scene.actor(Side.OFFER), ["contact_email"])
    assert "Hidden Name Coffee" in client.get(url).text
    contacts.releases.revoke(scene.session, request, scene.actor(Side.NEED), ["name"])
    scene.need.state = PublicationState.CLOSED
    closed = client.get(f"{desk.url}/pipeline")
    assert "Hidden Name" not in closed.text
    assert "Request: In touch" in closed.text
    assert "Closed by the firm" in closed.text


@pytest.mark.once
def test_nothing_of_it_reaches_the_firm_staff_mails_exports_or_the_audit(
    desk: Desk, new_page: Callable[[], PageClient]
) -> None:
    scene, session = desk.scene, desk.session
    entry = desk.put_in()
    request = scene.send()
    to = stage(desk, "agreed")
    to.name = STAGE
    pipeline.move(session, entry, to, 1, desk.by, NOTE)
    pipeline.keep(session, entry, 2, desk.by, desk.colleague.id, [TAG])
    entry_tasks.add(session, entry, desk.by, entry_tasks.Todo(TASK, clock.today(), desk.by))
    session.commit()
    client = new_page().sign_in(scene.owner)
    match = f"/matches/{scene.need.public_id}/{scene.offer.public_id}"
    firm = f"/organisations/{scene.firm.public_id}"
    pages = ["/start", "/requests?box=sent", f"/requests/{request.public_id}", match, firm]
    seen = "".join(client.get(url).soup.get_text() for url in (*pages, "/notices"))
    seen += str(privacy.export_account(session, scene.owner.id))
    for model in (AuditEvent, Notice, OutboxMail):
        for row in session.scalars(select(model)):  # type: ignore[var-annotated]
            seen += str({one.key: getattr(row, one.key) for one in row.__table__.columns})
    assert [word for word in (NOTE, TAG, STAGE, TASK, "Put in the pipeline") if word in seen] == []
    assert NOTE in str(privacy.export_account(session, desk.by))


def test_a_person_who_is_erased_leaves_notes_without_a_name(desk: Desk) -> None:
    entry = desk.put_in()
    pipeline.note(desk.session, entry, desk.by, NOTE)
    pipeline.keep(desk.session, entry, 1, desk.by, desk.by, [])
    entry_tasks.add(desk.session, entry, desk.by, entry_tasks.Todo(TASK, clock.today(), desk.by))
    privacy.erase_account(desk.session, desk.by)
    desk.session.expire_all()
    notes = desk.session.scalars(select(EntryEvent)).all()
    assert {(row.text, row.account_id) for row in notes} == {("", None), (NOTE, None)}
    task = desk.session.scalars(select(EntryTask)).one()
    assert (task.account_id, task.created_by_id, entry.assignee_id) == (None, None, None)


def test_the_last_who_leaves_takes_all_of_it(desk: Desk) -> None:
    entry = desk.put_in(NeedFactory(organisation=desk.scene.firm))
    passing.pass_many(desk.session, entry.organisation_id, desk.by, {entry.public_id: 1}, "other")
    member = select(Membership).where(Membership.account_id == desk.colleague.id)
    desk.session.delete(desk.session.scalars(member).one())
    desk.session.flush()
    privacy.erase_account(desk.session, desk.by)
    for model in (PipelineEntry, PipelinePass, PipelineStage, EntryEvent):
        assert desk.session.scalars(select(model)).all() == []  # type: ignore[var-annotated]


def test_an_old_version_moves_nothing(desk: Desk) -> None:
    entry = desk.put_in()
    to = stage(desk, "agreed")
    pipeline.move(desk.session, entry, to, 1, desk.by)
    with pytest.raises(StaleVersion):
        pipeline.move(desk.session, entry, stage(desk, "new"), 1, desk.colleague.id)
    assert desk.stage_of(entry) == "agreed"

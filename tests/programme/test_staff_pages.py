"""Reviews, stuck requests, tasks, staff and jobs: who may see what, and what acting does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker import jobs, tasks
from matchmaker.accounts.models import Account, Scope, StaffRole
from matchmaker.contacts.models import ContactEvent, ContactRequest, RequestState
from matchmaker.contacts.models.contact_event import EventKind
from matchmaker.extensions import clock
from matchmaker.jobs import JobState
from matchmaker.notifications.models import Notice
from matchmaker.organisations.models import IntroducerLink, Organisation, OrganisationState
from matchmaker.tasks import Task, TaskKind, TaskState
from tests.factories import (
    AccountFactory,
    CriterionFactory,
    FunderFactory,
    MembershipFactory,
    NeedFactory,
    OfferFactory,
    OrganisationFactory,
    StaffFactory,
)
from tests.page import PageClient
from tests.programme.worlds import make_request

NewPage = Callable[[], PageClient]


def stuck(province: str = "LA-SV", days: int = 10, **values: Any) -> ContactRequest:
    need = NeedFactory(organisation=OrganisationFactory(province=province))
    return make_request(need, OfferFactory(), sent=clock.now() - timedelta(days=days), **values)


def viewer_of(*provinces: str, role: StaffRole = StaffRole.VIEWER) -> Account:
    return StaffFactory(staff_role=role, scope=Scope.PROVINCE, scope_values=list(provinces))


def test_a_reviewer_publishes_an_organisation(page: PageClient, db_session: Session) -> None:
    waiting = OrganisationFactory(
        state=OrganisationState.IN_REVIEW, submitted_at=clock.now(), published_at=None
    )
    owner = MembershipFactory(organisation=waiting).account
    page.sign_in(StaffFactory())
    queue = page.get("/programme/reviews")
    assert waiting.name in queue.text
    shown = page.get(f"/programme/reviews/{waiting.public_id}")
    after = page.follow(page.submit(shown, "form[action$=approve]"))
    assert "Published." in after.text
    db_session.refresh(waiting)
    assert waiting.state is OrganisationState.PUBLISHED
    told = db_session.scalars(select(Notice).where(Notice.account_id == owner.id)).all()
    assert [notice.kind for notice in told] == ["organisation.published"]


def test_a_reviewer_reads_what_a_fund_offers_and_to_whom_before_it_is_published(
    page: PageClient, db_session: Session
) -> None:
    fund = FunderFactory(
        state=OrganisationState.IN_REVIEW, website="greenriver.example",
        licence_authority="Bank of the Lao PDR", licence_number="77/BOL",
    )  # fmt: skip
    offer = OfferFactory(
        organisation=fund, amount_min_minor=5_000_000, amount_max_minor=30_000_000, currency="USD"
    )
    CriterionFactory(offer=offer, fact="age_years", operator="at_least", values=[2])
    db_session.commit()
    shown = page.sign_in(StaffFactory()).get(f"/programme/reviews/{fund.public_id}").text
    for told in ("Bank of the Lao PDR · 77/BOL", "greenriver.example", "$50,000", "at least 2"):
        assert told in shown


def test_what_was_edited_meanwhile_is_not_published_unread(
    page: PageClient, db_session: Session
) -> None:
    waiting = OrganisationFactory(state=OrganisationState.IN_REVIEW, submitted_at=clock.now())
    page.sign_in(StaffFactory())
    shown = page.get(f"/programme/reviews/{waiting.public_id}")
    waiting.about = "We lend at ten per cent a day."
    db_session.commit()
    after = page.follow(page.submit(shown, "form[action$=approve]"))
    assert "It was edited while you read." in after.text
    db_session.refresh(waiting)
    assert waiting.state is OrganisationState.IN_REVIEW


def test_a_note_goes_back_with_the_organisation(page: PageClient, db_session: Session) -> None:
    waiting = OrganisationFactory(state=OrganisationState.IN_REVIEW, submitted_at=clock.now())
    url = f"/programme/reviews/{waiting.public_id}"
    page.sign_in(StaffFactory())
    again = page.submit(page.get(url), "form[action$=send-back]", status=422, note="  ")
    assert again.all("form[action$=send-back] .wrong")
    page.submit(page.get(url), "form[action$=send-back]", note="Which village is it in?")
    db_session.refresh(waiting)
    assert waiting.state is OrganisationState.SENT_BACK
    assert waiting.review_note == "Which village is it in?"


def test_an_edit_is_looked_at_and_a_bad_organisation_goes_out_of_sight(
    page: PageClient, db_session: Session
) -> None:
    edited = OrganisationFactory(second_look_at=clock.now())
    url = f"/programme/reviews/{edited.public_id}"
    page.sign_in(StaffFactory())
    page.submit(page.get(url), "form[action$=looked-at]")
    db_session.refresh(edited)
    assert edited.second_look_at is None
    page.submit(page.get(url), "form[action$=suspend]", why="It asks firms for a fee.")
    page.submit(page.get(url), "form[action$=reinstate]")
    db_session.refresh(edited)
    assert edited.state is OrganisationState.PUBLISHED


def test_nobody_decides_about_their_own_organisation(page: PageClient, db_session: Session) -> None:
    waiting = OrganisationFactory(state=OrganisationState.IN_REVIEW, submitted_at=clock.now())
    staff = StaffFactory()
    MembershipFactory(account=staff, organisation=waiting)
    page.sign_in(staff)
    shown = page.get(f"/programme/reviews/{waiting.public_id}")
    after = page.follow(page.submit(shown, "form[action$=approve]"))
    assert "Somebody else decides" in after.text
    db_session.refresh(waiting)
    assert waiting.state is OrganisationState.IN_REVIEW


def test_what_is_out_of_scope_is_not_listed_and_not_found(page: PageClient) -> None:
    mine = OrganisationFactory(
        state=OrganisationState.IN_REVIEW, submitted_at=clock.now(), province="LA-SV"
    )
    other = OrganisationFactory(
        state=OrganisationState.IN_REVIEW, submitted_at=clock.now(), province="LA-VT"
    )
    near, far = stuck("LA-SV"), stuck("LA-VT")
    page.sign_in(viewer_of("LA-SV"))
    text = page.get("/programme/reviews").text
    assert mine.name in text
    assert other.name not in text
    page.get(f"/programme/reviews/{mine.public_id}")
    page.get(f"/programme/reviews/{other.public_id}", status=404)
    listed = page.get("/programme/requests?show=all")
    assert near.need_organisation.name in listed.text
    assert far.need_organisation.name not in listed.text
    page.get(f"/programme/requests/{near.public_id}")
    page.get(f"/programme/requests/{far.public_id}", status=404)


def test_the_scope_of_members_ends_with_their_consent(
    page: PageClient, db_session: Session
) -> None:
    chamber = OrganisationFactory(is_introducer=True, is_firm=False)
    request = stuck()
    link = IntroducerLink(
        introducer_id=chamber.id,
        organisation_id=request.need_organisation_id,
        consent_by="owner",
        consent_how="paper",
        consent_version="1",
    )
    db_session.add(link)
    db_session.commit()
    page.sign_in(StaffFactory(scope=Scope.MEMBERS, scope_values=[chamber.id]))
    page.get(f"/programme/requests/{request.public_id}")
    link.ended_at = clock.now()
    db_session.commit()
    page.get(f"/programme/requests/{request.public_id}", status=404)


def test_a_viewer_looks_and_has_nothing_to_press(page: PageClient) -> None:
    waiting = OrganisationFactory(state=OrganisationState.IN_REVIEW, submitted_at=clock.now())
    request = stuck()
    page.sign_in(StaffFactory(staff_role=StaffRole.VIEWER))
    for path in ("requests", f"requests/{request.public_id}", f"reviews/{waiting.public_id}"):
        assert not page.get(f"/programme/{path}").all("main form[method=post]")
    for path in (f"requests/{request.public_id}/nudge", f"reviews/{waiting.public_id}/approve"):
        page.post(f"/programme/{path}", status=403)
    page.get("/programme/jobs", status=403)
    page.get("/programme/staff", status=403)


@pytest.mark.parametrize(
    "path", ["", "/reviews", "/requests", "/tasks", "/jobs", "/staff", "/staff/new"]
)
def test_staff_pages_do_not_exist_for_others(page: PageClient, path: str) -> None:
    page.get(f"/programme{path}", status=303)
    page.sign_in(AccountFactory()).get(f"/programme{path}", status=404)


def nudges(session: Session, request: ContactRequest) -> int:
    query = select(func.count()).where(
        ContactEvent.contact_request_id == request.id, ContactEvent.kind == EventKind.NUDGED
    )
    return session.scalar(query) or 0


def test_a_nudge_tells_the_silent_side_once_in_three_days(
    page: PageClient, db_session: Session
) -> None:
    request = stuck()
    silent = MembershipFactory(organisation=request.offer_organisation).account
    page.sign_in(StaffFactory())
    url = f"/programme/requests/{request.public_id}"
    page.submit(page.get("/programme/requests"), "form[action$=nudge]")
    assert nudges(db_session, request) == 1
    told = db_session.scalars(select(Notice.kind).where(Notice.account_id == silent.id)).all()
    assert told == ["request.nudged"]
    assert not page.get(url).all("form[action$=nudge]")
    again = page.follow(page.post(f"{url}/nudge"))
    assert "in the last three days" in again.text
    assert nudges(db_session, request) == 1
    event = db_session.scalars(
        select(ContactEvent).where(ContactEvent.kind == EventKind.NUDGED)
    ).one()
    event.at -= timedelta(days=3, minutes=1)
    db_session.commit()
    page.submit(page.get(url), "form[action$=nudge]")
    assert nudges(db_session, request) == 2


def test_what_is_answered_is_not_nudged(page: PageClient, db_session: Session) -> None:
    request = stuck(state=RequestState.ACCEPTED, answer_after=timedelta(days=1))
    page.sign_in(StaffFactory())
    after = page.follow(page.post(f"/programme/requests/{request.public_id}/nudge"))
    assert "no longer waits" in after.text
    assert nudges(db_session, request) == 0


def test_a_stuck_request_becomes_the_task_of_a_colleague_of_the_programme(
    page: PageClient, db_session: Session
) -> None:
    request = stuck()
    other = StaffFactory(name="Khamla")
    out_of_scope = viewer_of("LA-VT", role=StaffRole.OFFICER)
    page.sign_in(StaffFactory())
    shown = page.get(f"/programme/requests/{request.public_id}")
    choices = [str(each["value"]) for each in shown.all("select[name=to] option")]
    assert f"staff:{other.public_id}" in choices
    assert f"staff:{out_of_scope.public_id}" not in choices
    page.submit(shown, "form[action$=reassign]", to=f"staff:{other.public_id}")
    task = db_session.scalars(select(Task)).one()
    assert (task.kind, task.subject_id) == (TaskKind.AFTER_SILENCE, request.id)
    assert task.assigned_to_id == other.id
    told = db_session.scalars(select(Notice.kind).where(Notice.account_id == other.id)).all()
    assert told == ["task.assigned"]


def test_a_stuck_request_is_put_before_another_member_of_the_silent_side(
    page: PageClient, db_session: Session
) -> None:
    request = stuck()
    colleague = MembershipFactory(organisation=request.offer_organisation).account
    page.sign_in(StaffFactory())
    shown = page.get(f"/programme/requests/{request.public_id}")
    page.submit(shown, "form[action$=reassign]", status=422, to="")
    page.submit(shown, "form[action$=reassign]", to=f"colleague:{colleague.public_id}")
    told = db_session.scalars(select(Notice.kind).where(Notice.account_id == colleague.id)).all()
    assert told == ["request.reminder"]


def test_a_task_is_taken_given_back_and_done(page: PageClient, db_session: Session) -> None:
    organisation = OrganisationFactory(province="LA-SV")
    tasks.open(
        db_session, TaskKind.REVIEW, "organisation", organisation.id,
        province="LA-SV", organisation_id=organisation.id,
    )  # fmt: skip
    tasks.open(db_session, TaskKind.OTHER, "help_message", 1, facts={"public_id": "bcdfghjkmnpq"})
    staff = viewer_of("LA-SV", role=StaffRole.OFFICER)
    page.sign_in(staff)
    listed = page.get("/programme/tasks")
    assert "Answer a message" not in listed.text
    assert listed.one("#task-list h2 a")["href"] == f"/programme/reviews/{organisation.public_id}"
    page.submit(listed, "form[action$=take]")
    mine = page.get("/programme/tasks?whose=mine")
    page.submit(mine, "form[action$=leave]")
    assert "Nothing to do here" in page.get("/programme/tasks?whose=mine").text
    page.submit(page.get("/programme/tasks?whose=nobody"), "form[action$=done]")
    done = db_session.scalars(select(Task).where(Task.kind == TaskKind.REVIEW)).one()
    db_session.refresh(done)
    assert (done.state, done.done_by_id) == (TaskState.DONE, staff.id)


def test_a_task_out_of_scope_is_not_found(page: PageClient, db_session: Session) -> None:
    organisation = OrganisationFactory(province="LA-VT")
    tasks.open(
        db_session, TaskKind.REVIEW, "organisation", organisation.id,
        province="LA-VT", organisation_id=organisation.id,
    )  # fmt: skip
    task = db_session.scalars(select(Task)).one()
    page.sign_in(viewer_of("LA-SV", role=StaffRole.OFFICER))
    page.post(f"/programme/tasks/{task.public_id}/done", status=404)


def test_an_administrator_makes_an_officer_with_a_code_on_paper(
    page: PageClient, db_session: Session
) -> None:
    page.sign_in(StaffFactory(staff_role=StaffRole.ADMIN))
    form = page.get("/programme/staff/new")
    values = {"identity": "new@example.org", "name": "Noy", "role": "officer", "scope": "province"}
    missing = page.submit(form, status=422, **values)
    assert "Tick at least one province" in missing.text
    shown = page.submit(form, status=200, **values, provinces=["LA-SV", "LA-CH"])
    assert "A code for Noy" in shown.text
    assert "/link on a phone" in shown.one("main ol").text
    made = db_session.scalars(select(Account).where(Account.email == "new@example.org")).one()
    assert (made.staff_role, made.scope) == (StaffRole.OFFICER, Scope.PROVINCE)
    assert made.scope_values == ["LA-SV", "LA-CH"]
    assert "Noy" in page.get("/programme/staff").text


def test_nobody_raises_themselves(page: PageClient, db_session: Session) -> None:
    me = StaffFactory(staff_role=StaffRole.ADMIN, scope=Scope.PROVINCE, scope_values=["LA-SV"])
    page.sign_in(me)
    url = f"/programme/staff/{me.public_id}"
    assert not page.get(url).all("main form[method=post]")
    data = {"role": "admin", "scope": "all"}
    after = page.follow(page.post(url, data))
    assert "Nobody changes their own role" in after.text
    page.post(f"{url}/end")
    db_session.refresh(me)
    assert (me.staff_role, me.scope) == (StaffRole.ADMIN, Scope.PROVINCE)


def test_an_administrator_of_a_part_gives_no_more_than_it_has(
    page: PageClient, db_session: Session
) -> None:
    me = viewer_of("LA-SV", role=StaffRole.ADMIN)
    above = StaffFactory()
    below = viewer_of("LA-SV", role=StaffRole.OFFICER)
    page.sign_in(me)
    page.get(f"/programme/staff/{above.public_id}", status=404)
    page.post(f"/programme/staff/{above.public_id}/stop", status=404)
    url = f"/programme/staff/{below.public_id}"
    after = page.follow(page.post(url, {"role": "officer", "scope": "all"}))
    assert "further than your own scope" in after.text
    page.post(url, {"role": "viewer", "scope": "province", "provinces": ["LA-SV"]})
    db_session.refresh(below)
    assert (below.staff_role, below.scope) == (StaffRole.VIEWER, Scope.PROVINCE)
    page.post(f"{url}/stop")
    db_session.refresh(below)
    assert not below.active


def test_a_failed_job_runs_again_when_an_administrator_says_so(
    page: PageClient, db_session: Session
) -> None:
    job = jobs.enqueue(db_session, "programme.roll_up", key="again")
    job.state, job.finished_at, job.last_error = JobState.FAILED, clock.now(), "OSError: no disk"
    job.attempts = 6
    db_session.commit()
    officer = page.sign_in(StaffFactory()).get("/programme/jobs")
    assert "programme.roll_up" in officer.text
    assert "no disk" not in officer.text
    page.post(f"/programme/jobs/{job.public_id}/again", status=403)
    page.sign_in(StaffFactory(staff_role=StaffRole.ADMIN))
    page.submit(page.get("/programme/jobs"), "form[action$=again]")
    db_session.refresh(job)
    assert (job.state, job.attempts) == (JobState.QUEUED, 0)


def test_regions_come_alone_to_htmx(page: PageClient) -> None:
    stuck()
    page.sign_in(StaffFactory(staff_role=StaffRole.ADMIN))
    regions = {
        "": "numbers",
        "/requests": "request-rows",
        "/tasks": "task-list",
        "/jobs": "job-list",
    }
    for path, region in regions.items():
        part = page.get(f"/programme{path}", htmx=True)
        assert [str(tag.get("id")) for tag in part.soup.find_all(recursive=False)] == [region]
        assert page.get(f"/programme{path}").all(f"#{region}")


def test_suspended_organisations_are_listed_for_reinstating(page: PageClient) -> None:
    out: Organisation = OrganisationFactory(state=OrganisationState.SUSPENDED)
    page.sign_in(StaffFactory())
    assert out.name in page.get("/programme/reviews").text


#: What an officer for Savannakhet becomes, and whether the task there stays.
POSTS: dict[str, tuple[str, dict[str, Any], bool]] = {
    "the same": ("", {}, True),
    "a viewer": ("", {"role": "viewer"}, False),
    "for another province": ("", {"provinces": ["LA-VT"]}, False),
    "nobody": ("/end", {}, False),
    "stopped": ("/stop", {}, False),
}


@pytest.mark.parametrize(("step", "values", "stays"), POSTS.values(), ids=POSTS)
def test_who_may_no_longer_act_lets_go_of_the_tasks(
    page: PageClient, db_session: Session, step: str, values: dict[str, Any], stays: bool
) -> None:
    officer = viewer_of("LA-SV", role=StaffRole.OFFICER)
    tasks.open(
        db_session, TaskKind.NO_MATCH, "need", 1, province="LA-SV", assigned_to_id=officer.id
    )
    page.sign_in(StaffFactory(staff_role=StaffRole.ADMIN))
    post = {"role": "officer", "scope": "province", "provinces": ["LA-SV"]} | values
    page.post(f"/programme/staff/{officer.public_id}{step}", post)
    held = db_session.scalars(select(Task.assigned_to_id)).one()
    assert held == (officer.id if stays else None)


BESIDE = "nav[aria-label='Staff pages'] a"


def test_each_staff_page_leads_to_all_others_whichever_room_it_is_of(page: PageClient) -> None:
    page.sign_in(StaffFactory(staff_role=StaffRole.ADMIN))
    addresses = [link["href"] for link in page.get("/programme").all(BESIDE)]
    assert {"/evidence/waiting", "/people", "/import", "/export"} < set(addresses)
    for address in addresses:
        links = page.get(address).all(BESIDE)
        assert [link["href"] for link in links] == addresses, address
        assert [link["href"] for link in links if link.get("aria-current")] == [address]
    assert page.get("/settings").all(BESIDE) == []


def test_who_is_no_staff_sees_no_way_to_staff_pages(page: PageClient) -> None:
    chamber = OrganisationFactory(is_introducer=True, is_firm=False)
    page.sign_in(MembershipFactory(organisation=chamber).account)
    assert page.get("/import").all(BESIDE) == []

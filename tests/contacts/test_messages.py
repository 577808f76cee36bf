"""Messages between the two sides: written, told, read, and what becomes of them."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Integer, bindparam, func, select

from matchmaker.accounts.models import Account
from matchmaker.accounts.services import privacy
from matchmaker.audit import privacy as held
from matchmaker.audit.models import AuditEvent
from matchmaker.contacts import access, services
from matchmaker.contacts.errors import ClosedConversationError, MessageLimitError
from matchmaker.contacts.models import Message, MessageMark, RequestState
from matchmaker.contacts.services import messages
from matchmaker.extensions import clock, db
from matchmaker.notifications import sending
from matchmaker.notifications.models import MailState, Notice, OutboxMail
from matchmaker.organisations.models import OrganisationState
from matchmaker.suggestions.models import Side
from tests.background import run_jobs
from tests.contacts.scene import Scene
from tests.contacts.talking import accepted, say
from tests.contacts.test_queries import MOST, counted
from tests.page import PageClient

Browser = Callable[[], PageClient]


def notices(scene: Scene, kind: str = messages.RECEIVED) -> list[Notice]:
    return list(scene.session.scalars(select(Notice).where(Notice.kind == kind)))


def waiting(scene: Scene, account: Account) -> int | None:
    mine = bindparam("mine", type_=Integer)
    given = {"mine": account.id, "now": clock.now()}
    return scene.session.scalar(access.waiting_for(mine), given)


def mails(scene: Scene) -> list[OutboxMail]:
    query = select(OutboxMail).where(OutboxMail.kind == messages.RECEIVED).order_by(OutboxMail.id)
    return list(scene.session.scalars(query.execution_options(populate_existing=True)))


def test_a_message_leaves_an_audit_row_without_a_text_and_one_notice(scene: Scene) -> None:
    request = accepted(scene)
    say(scene, request, Side.NEED, "canary words")
    say(scene, request, Side.NEED, "more canary words")
    row = scene.session.scalars(
        select(AuditEvent).where(AuditEvent.event == "message.sent")
    ).first()
    assert row is not None
    assert (row.subject_id, row.account_id, row.code) == (request.id, scene.owner.id, "")
    assert [one.account_id for one in notices(scene)] == [scene.banker.id]
    assert "canary" not in str([one.facts for one in (*notices(scene), *mails(scene))])


def test_the_mail_waits_for_the_digest_once_a_conversation_until_read(
    app: Flask, scene: Scene
) -> None:
    request = accepted(scene)
    run_jobs(app)
    app.extensions["mailman"].outbox.clear()
    first = say(scene, request, Side.NEED, "canary words")
    say(scene, request, Side.NEED)
    assert [mail.state for mail in mails(scene)] == [MailState.HELD]
    mails(scene)[0].created_at -= timedelta(days=1)
    scene.session.commit()
    assert sending.digest(scene.session) == 1
    scene.session.commit()
    run_jobs(app)
    (sent,) = app.extensions["mailman"].outbox
    assert "wrote to you about" in sent.body
    assert "canary" not in sent.body
    read = (request.id, scene.banker.id, first.id + 1)
    scene.session.commit()
    messages.note_read(db.engine, *read)
    say(scene, request, Side.NEED)
    assert [mail.state for mail in mails(scene)] == [MailState.DROPPED, MailState.HELD]


def test_what_was_read_in_time_is_in_no_mail(scene: Scene) -> None:
    request = accepted(scene)
    row = say(scene, request, Side.NEED)
    messages.note_read(db.engine, request.id, scene.banker.id, row.id)
    scene.session.expire_all()
    assert [mail.state for mail in mails(scene)] == [MailState.DROPPED]
    assert notices(scene)[0].read_at is not None


def test_reading_does_not_reach_past_what_was_shown(scene: Scene) -> None:
    request = accepted(scene)
    shown, unseen = say(scene, request, Side.NEED, "one"), say(scene, request, Side.NEED, "two")
    messages.note_read(db.engine, request.id, scene.banker.id, shown.id)
    scene.session.expire_all()
    mark = scene.session.get_one(MessageMark, (scene.banker.id, request.id))
    assert (mark.read_id, mark.newest_id) == (shown.id, unseen.id)
    assert waiting(scene, scene.banker) == 1
    assert notices(scene)[0].read_at is None


def test_the_number_in_the_bar_counts_answers_owed_and_talks_unread_in_one_query(
    scene: Scene,
) -> None:
    request = accepted(scene)
    assert waiting(scene, scene.banker) == 0
    say(scene, request, Side.NEED)
    say(scene, request, Side.NEED)
    with counted() as seen:
        assert waiting(scene, scene.banker) == 1
    assert len(seen) == 1
    assert waiting(scene, scene.owner) == 0


def test_the_same_form_sent_again_is_one_message_another_text_is_another(scene: Scene) -> None:
    request = accepted(scene)
    first = say(scene, request, Side.NEED, "One", form="a")
    assert say(scene, request, Side.NEED, "One", form="a").id == first.id
    assert say(scene, request, Side.NEED, "Changed after going back", form="a").id != first.id
    assert say(scene, request, Side.NEED, "One", form="b").id != first.id


def test_a_person_writes_so_many_messages_a_day(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "MESSAGES_A_DAY", 3)
    request = accepted(scene)
    for number in range(3):
        say(scene, request, Side.NEED, f"{number}")
    with pytest.raises(MessageLimitError):
        say(scene, request, Side.NEED, "one too many")
    scene.session.rollback()
    say(scene, request, Side.OFFER, "the other side may")
    for row in scene.session.scalars(select(Message)):
        row.at -= timedelta(days=1)
    scene.session.commit()
    say(scene, request, Side.NEED, "the next day")


@pytest.mark.parametrize("end", ["sent", "closed", "blocked", "suspended"])
def test_nobody_writes_where_there_is_no_open_conversation(scene: Scene, end: str) -> None:
    request = scene.send() if end == "sent" else accepted(scene)
    if end == "closed":
        services.say_outcome(scene.session, request, scene.actor(Side.NEED), "agreed")
    if end == "blocked":
        request.blocked_by = Side.NEED
    if end == "suspended":
        scene.firm.state = OrganisationState.SUSPENDED
    scene.session.commit()
    with pytest.raises(ClosedConversationError):
        say(scene, request, Side.OFFER)
    scene.session.rollback()


def test_an_erased_person_leaves_lines_without_words(scene: Scene, page: PageClient) -> None:
    request = accepted(scene)
    say(scene, request, Side.NEED, "canary words")
    say(scene, request, Side.OFFER, "an answer")
    (own,) = held.export_account(scene.session, scene.owner.id)["message"]
    assert own["text"] == "canary words"
    privacy.erase(scene.session, scene.owner, by_id=None)
    scene.session.commit()
    row = scene.session.scalars(select(Message).order_by(Message.id)).first()
    assert row is not None
    assert (row.text, row.account_id) == ("", None)
    assert held.export_account(scene.session, scene.owner.id)["message_mark"] == []
    shown = page.sign_in(scene.banker).get(f"/requests/{request.public_id}")
    assert "Somebody who left" in shown.text
    assert "The words went with the account." in shown.text


# --- pages


def test_two_people_talk_and_each_sees_what_is_new(
    scene: Scene, page: PageClient, new_page: Browser
) -> None:
    request = accepted(scene)
    url = f"/requests/{request.public_id}"
    page.sign_in(scene.owner)
    sent = page.submit(page.get(url), "#conversation form", message="ສະບາຍດີ, ພົບກັນໄດ້ບໍ?")
    assert sent.location.endswith(f"{request.public_id}#conversation")
    banker = new_page().sign_in(scene.banker)
    listed = banker.get("/requests")
    assert "New message" in listed.text
    assert listed.one(".tabs .count").text == "new: 1"
    first = banker.get(url)
    assert first.one(".talk .own")["lang"] == "lo"
    assert first.one(".talk .own")["dir"] == "auto"
    assert first.one(".talk .tag").text == "New"
    again = banker.get(url)
    assert again.all(".talk .tag") == []
    assert again.all(".tabs .count") == []
    assert "New message" not in banker.get("/requests").text


def test_htmx_gets_the_region_alone_and_a_new_form(scene: Scene, page: PageClient) -> None:
    request = accepted(scene)
    page.sign_in(scene.owner)
    url = f"/requests/{request.public_id}"
    form = page.get(url).form("#conversation form")
    part = page.post(f"{url}/messages", form | {"message": "Hello"}, status=200, htmx=True)
    assert [tag.get("id") for tag in part.soup.find_all(recursive=False)] == ["conversation"]
    assert part.one(".talk .own").text == "Hello"
    assert part.form("#conversation form")["once"] != form["once"]
    assert part.form("#conversation form")["message"].strip() == ""


@pytest.mark.once
def test_what_was_typed_stays_when_it_cannot_be_sent(scene: Scene, page: PageClient) -> None:
    request = accepted(scene)
    page.sign_in(scene.owner)
    url = f"/requests/{request.public_id}"
    shown = page.get(url)
    long = "x" * 2001
    wrong = page.submit(shown, "#conversation form", status=422, message=long)
    assert wrong.one("#conversation textarea").text.strip() == long
    asked = page.submit(shown, "#conversation form", status=422, message="ေက်းဇူးတင္ပါတယ္")
    assert "Zawgyi" in asked.one("#conversation").text
    request.state, request.closed_at = RequestState.CLOSED, clock.now()
    scene.session.commit()
    late = page.submit(shown, "#conversation form", status=409, message="too late")
    assert "Your words were not sent" in late.text
    assert "too late" in late.one("#conversation").text
    assert late.all("#conversation textarea") == []


@pytest.mark.once
def test_a_message_survives_an_expired_session(scene: Scene, page: PageClient) -> None:
    request = accepted(scene)
    page.sign_in(scene.owner)
    url = f"/requests/{request.public_id}"
    form = page.get(url).form("#conversation form")
    page.client.delete_cookie(page.app.config["SESSION_COOKIE_NAME"])
    origin = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    words = "".join(chr(0x0E81 + random.Random(at).randrange(60)) for at in range(1900))
    headers = origin | {"HX-Request": "true"}
    form |= {"message": words}
    part = page.client.post(f"{url}/messages", data=form, headers=headers)
    # Too long for the cookie: the script then sends the form as a page.
    assert (part.status_code, "HX-Redirect" in part.headers) == (401, False)
    answer = page.post(f"{url}/messages", form, status=401, token=False, headers=origin)
    assert answer.one("input[name=kept]")["value"]


def test_older_messages_are_paged_by_key(scene: Scene, page: PageClient) -> None:
    request = accepted(scene)
    by = scene.actor(Side.NEED)
    for number in range(45):
        messages.write(scene.session, request, by, f"number {number}", "en", str(number))
    scene.session.commit()
    page.sign_in(scene.owner)
    shown = page.get(f"/requests/{request.public_id}")
    seen = [tag.text for tag in shown.all(".talk .own")]
    assert seen == [f"number {n}" for n in range(25, 45)]
    link = str(shown.one("#messages .more-row a")["href"])
    assert page.get(link, htmx=True).all("#messages .talk li")
    older = page.get(link)
    seen = [tag.text for tag in older.all(".talk .own")] + seen
    oldest = page.get(str(older.all("#messages .more-row a")[0]["href"]))
    seen = [tag.text for tag in oldest.all(".talk .own")] + seen
    assert seen == [f"number {n}" for n in range(45)]
    assert len(oldest.all("#messages .more-row a")) == 1


@pytest.mark.both
def test_the_page_takes_as_many_queries_with_40_messages_as_with_none(
    scene: Scene, page: PageClient
) -> None:
    request = accepted(scene)
    url = f"/requests/{request.public_id}"
    page.sign_in(scene.banker).get(url)
    with counted() as few:
        page.get(url)
    by = scene.actor(Side.OFFER)
    for number in range(40):
        messages.write(scene.session, request, by, f"number {number}", "en", str(number))
    scene.session.commit()
    page.get(url)
    with counted() as many:
        page.get(url)
    assert len(few) == len(many) <= MOST, "\n".join(many)


@pytest.mark.once
def test_strangers_and_requests_without_a_yes_have_no_conversation(
    scene: Scene, page: PageClient
) -> None:
    request = scene.send()
    page.sign_in(scene.owner)
    for path in ("messages", "report", "dates.ics"):
        page.get(f"/requests/{request.public_id}/{path}", status=404)
    for path in ("messages", "dates", "dates/answer", "dates/call-off", "block", "unblock"):
        page.post(f"/requests/{request.public_id}/{path}", {"message": "Hello"}, status=404)
    assert scene.session.scalar(select(func.count()).select_from(Message)) == 0

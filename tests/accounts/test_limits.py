"""The doors bear only so much knocking, and nobody can lock another person out."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from matchmaker.accounts.limit_storage import TableStorage
from matchmaker.accounts.models import LimitHit
from matchmaker.accounts.services import passwords
from matchmaker.extensions import db
from tests.accounts.people import PASSWORD, person

pytestmark = [pytest.mark.slow, pytest.mark.both]


def knock(page, identity, password="not the one", status=422, **kwargs):
    form = page.get("/sign-in").form()
    data = form | {"identity": identity, "password": password}
    return page.post("/sign-in", data, status=status, token=False, **kwargs)


def from_address(number):
    return {"environ_base": {"REMOTE_ADDR": f"10.0.0.{number}"}}


def test_ten_wrong_tries_from_one_address_are_enough(app, page):
    for number in range(10):
        knock(page, f"somebody{number}@example.la")
    answer = knock(page, "another@example.la", status=429)
    assert "5 minutes" in answer.text
    assert 0 < int(answer.response.headers["Retry-After"]) <= 300


def test_ten_wrong_tries_at_one_account_are_enough_from_anywhere(app, page):
    person(email="noy@example.la", telephone="+8562055551234")
    for number in range(5):
        knock(page, "noy@example.la", **from_address(2 * number))
        knock(page, "020 5555 1234", **from_address(2 * number + 1))
    knock(page, "noy@example.la", status=429, **from_address(99))


def test_an_unknown_person_is_limited_like_a_known_one(app, page):
    for number in range(10):
        knock(page, "nobody@example.la", **from_address(number))
    knock(page, "nobody@example.la", status=429, **from_address(99))


def test_forwarded_addresses_count_for_nothing_without_a_proxy(app, page):
    for number in range(10):
        headers = {"X-Forwarded-For": f"192.0.2.{number}", "Forwarded": f"for=192.0.2.{number}"}
        knock(page, f"somebody{number}@example.la", headers=headers)
    knock(page, "other@example.la", status=429, headers={"X-Forwarded-For": "192.0.2.77"})


def test_a_known_device_gets_in_while_strangers_knock(app, page, new_page):
    person(email="noy@example.la")
    knock(page, "noy@example.la", PASSWORD, status=303)
    page._token = ""
    page.post("/sign-out")
    stranger = new_page()
    for number in range(10):
        knock(stranger, "noy@example.la", **from_address(number))
    knock(stranger, "noy@example.la", PASSWORD, status=429, **from_address(99))
    knock(page, "noy@example.la", PASSWORD, status=303, **from_address(99))


def test_a_known_device_too_has_ten_tries(app, page):
    person(email="noy@example.la")
    knock(page, "noy@example.la", PASSWORD, status=303)
    page._token = ""
    page.post("/sign-out")
    for _number in range(10):
        knock(page, "noy@example.la")
    knock(page, "noy@example.la", PASSWORD, status=429)


def test_a_class_behind_one_address_can_sign_in(app, new_page):
    for number in range(12):
        person(email=f"person{number}@school.la")
        knock(new_page(), f"person{number}@school.la", PASSWORD, status=303)


def test_the_wait_is_over_after_five_minutes(app, page, monkeypatch):
    for _number in range(10):
        knock(page, "noy@example.la")
    knock(page, "noy@example.la", status=429)
    monkeypatch.setitem(app.config, "CLOCK_SHIFT", timedelta(minutes=5, seconds=2))
    knock(page, "noy@example.la")


def test_five_resets_a_day(app, page):
    for status in (200, 200, 200, 200, 200, 429):
        form = page.get("/reset-password").form()
        page.post("/reset-password", form | {"identity": "noy@example.la"}, status, token=False)


def test_the_counters_name_nobody(app, page):
    knock(page, "noy@example.la")
    for key in db.session.scalars(select(LimitHit.key)):
        assert "noy" not in key
        assert "127.0.0.1" not in key


def test_hits_at_the_same_moment_are_all_counted(app):
    storage, threads = TableStorage(), []
    seen = []

    def hit():
        with app.app_context():
            seen.extend(storage.incr("same", 60) for _ in range(10))

    for _number in range(4):
        threads.append(threading.Thread(target=hit))
        threads[-1].start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == list(range(1, 41))


def test_only_so_many_passwords_are_hashed_at_once(app, monkeypatch):
    monkeypatch.setattr(passwords, "_WAIT_SECONDS", 0.01)
    for _place in range(passwords._AT_ONCE):
        assert passwords._places.acquire(timeout=1)
    try:
        with pytest.raises(passwords.BusyError):
            passwords.verify("anything", None)
    finally:
        for _place in range(passwords._AT_ONCE):
            passwords._places.release()

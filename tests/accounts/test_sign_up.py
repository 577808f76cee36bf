"""Signing up, with and without a mail."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from matchmaker.accounts.models import Account, Consent, Purpose, SignUp
from matchmaker.accounts.services import identities
from matchmaker.accounts.services import sign_up as claims
from matchmaker.extensions import db
from tests.accounts.people import PASSWORD, link_in, mails, person

AGREED = {"terms": "y", "privacy": "y", "matching": "y"}


def sign_up(page, identity, status=200, **changes):
    page._token = ""
    form = page.get("/sign-up")
    answers = {"name": "Noy", "identity": identity, "password": PASSWORD, **AGREED, **changes}
    return page.submit(form, status=status, **answers)


def sign_in(page, identity, status=303, password=PASSWORD):
    page._token = ""
    return page.submit(page.get("/sign-in"), status=status, identity=identity, password=password)


def account_of(identity):
    return identities.find_account(db.session(), identities.parse(identity, "LA"))


@pytest.mark.slow
@pytest.mark.parametrize("identity", ["020 5555 1234", "noy.k"])
def test_without_a_mail_the_first_sign_in_makes_the_account(app, page, identity):
    sign_up(page, identity)
    assert account_of(identity) is None
    sign_in(page, identity)
    made = account_of(identity)
    assert made is not None
    assert made.name == "Noy"
    assert "Sign out" in page.get("/settings").text


def test_with_a_mail_the_link_and_the_password_make_the_account(app, page):
    sign_up(page, "noy@example.la")
    sign_in(page, "noy@example.la", status=422)
    (message,) = mails(app)
    assert message.to == ["noy@example.la"]
    link = link_in(message)
    opened = page.get(link)
    assert account_of("noy@example.la") is None
    page._token = ""
    assert page.submit(opened, old_password=PASSWORD).location == "/"
    assert account_of("noy@example.la").confirmed_at is not None
    page.get(link, status=410)


def test_a_link_needs_the_password_of_that_sign_up(app, page):
    sign_up(page, "noy@example.la")
    link = link_in(mails(app)[0])
    page.submit(page.get(link), status=422, old_password="not the same words")
    assert account_of("noy@example.la") is None


def test_a_taken_address_gets_the_same_answer_and_a_different_mail(app, page, new_page):
    person(email="noy@example.la")
    taken = sign_up(page, "noy@example.la")
    free = sign_up(new_page(), "keo@example.la")
    assert taken.text.replace("noy@", "keo@") == free.text
    first, second = mails(app)
    assert first.subject == "You have an account already"
    assert second.subject == "Confirm your e-mail address"


def test_a_taken_user_name_gets_the_same_answer_and_no_account(app, page, new_page):
    person(username="noy.k", username_key=identities.username_key("noy.k"))
    taken, free = sign_up(page, "noy.k", password="quite another one"), sign_up(new_page(), "keo.k")
    assert taken.text.replace("noy.k", "keo.k") == free.text
    sign_in(page, "noy.k", status=422, password="quite another one")


def test_a_user_name_that_looks_like_another_is_taken(app, page):
    person(username="noy.k", username_key=identities.username_key("noy.k"))
    sign_up(page, "nоy.k")  # the second letter is Cyrillic
    sign_in(page, "nоy.k", status=422)
    assert db.session.scalar(select(func.count()).select_from(Account)) == 1


def test_nothing_is_ticked_at_first_and_without_the_two_there_is_no_account(app, page):
    form = page.get("/sign-up")
    assert not form.all("input[type=checkbox][checked]")
    page.submit(form, status=422, identity="noy.k", password=PASSWORD, name="Noy")
    assert db.session.scalar(select(func.count()).select_from(SignUp)) == 0


def test_what_was_ticked_is_kept_with_its_version_and_language(app, page):
    page.get("/sign-up?lang=lo")
    sign_up(page, "noy.k")
    sign_in(page, "noy.k")
    rows = db.session.scalars(select(Consent)).all()
    assert {row.purpose for row in rows} == {Purpose.TERMS, Purpose.PRIVACY, Purpose.MATCHING}
    assert {row.language for row in rows} == {"lo"}


def test_the_english_stands_beside_lao_words_of_consent(app, page):
    form = page.get("/sign-up?lang=lo")
    assert "I accept the terms of use." in " ".join(t.text for t in form.all("[lang=en]"))


@pytest.mark.parametrize(
    "password",
    ["riverXy", "password1", "iloveyou", "Matchmaker2026!", "vientiane99", "11111111", "noykeo12"],
)
def test_passwords_that_are_easy_to_guess_are_refused(app, page, password):
    answer = sign_up(page, "noykeo", status=422, password=password)
    assert answer.one("#password").get("aria-invalid") == "true"
    assert password not in str(answer.soup)


@pytest.mark.parametrize(
    "password",
    ["ສີ່ແມ່ນ້ຳສີນ້ຳຕານ" * 4, "แม่น้ำสี่สาย" * 6, "ទន្លេបួន" * 9, "a b c d e f g", "ｐａｓｓ ｗｏｒｄ ｓ"],
)
def test_a_password_in_any_script_opens_again(app, page, password):
    sign_up(page, "noy.k", password=password)
    sign_in(page, "noy.k", password=password)


def test_a_password_is_not_cut_after_72_bytes(app, page):
    long = "x y z " * 12 + "a"
    sign_up(page, "noy.k", password=long)
    sign_in(page, "noy.k", status=422, password=long[:-1] + "b")
    sign_in(page, "noy.k", password=long)


def test_the_hash_is_argon2id_of_the_size_that_owasp_asks(app, page):
    sign_up(page, "noy.k")
    sign_in(page, "noy.k")
    assert account_of("noy.k").password.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_of_two_sign_ups_at_the_same_moment_the_second_makes_no_account(app, monkeypatch):
    identity = identities.parse("noy.k", "LA")
    made = [
        claims.claim(
            db.session(), identity, name="", hashed_password="x", language="en", purposes=()
        ).id
        for _ in range(2)
    ]
    # As if the other worker's row were not committed yet when this one looks.
    monkeypatch.setattr(identities, "is_taken", lambda session, identity: False)
    assert claims.prove(db.session(), made[0]) is not None
    assert claims.prove(db.session(), made[1]) is None
    db.session.commit()
    assert db.session.scalar(select(func.count()).select_from(Account)) == 1


def test_the_first_page_has_one_way_in(page):
    links = [link["href"] for link in page.get("/").all("main a[href^='/sign-up']")]
    assert links == ["/sign-up"]

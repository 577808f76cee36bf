"""Words that stand side by side on a page are told apart in Lao as they are in English."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import combinations

from flask import Flask
from flask_babel import force_locale
from sqlalchemy.orm import Session

from matchmaker.accounts.models import StaffRole
from matchmaker.extensions import clock, db
from matchmaker.programme import words
from matchmaker.programme.services.rollups.rolling import roll_up
from tests.factories import StaffFactory
from tests.page import PageClient
from tests.programme.worlds import fill

STEPS = ("needs", "shown", "asked", "answered", "accepted", "met", "agreed")
#: More alike than this and two words differ by a syllable, which nobody sees in a table's head.
TOO_ALIKE = 0.85


def test_the_tabs_of_staff_are_all_different(page: PageClient) -> None:
    page.sign_in(StaffFactory(staff_role=StaffRole.ADMIN))
    tabs = page.get("/programme/reviews?lang=lo").one("main ul.seg")
    labels = [link.get_text(strip=True) for link in tabs.select("a")]
    assert len(labels) >= 9
    assert len(set(labels)) == len(labels), labels


def test_the_steps_from_need_to_agreement_are_not_alike(app: Flask) -> None:
    with app.test_request_context(), force_locale("lo"):
        labels = [words.step_label(name) for name in STEPS]
    alike = [
        (one, other)
        for one, other in combinations(labels, 2)
        if SequenceMatcher(None, one, other).ratio() > TOO_ALIKE
    ]
    assert alike == []


def test_a_share_of_ownership_is_not_the_verb_to_share(
    page: PageClient, db_session: Session
) -> None:
    fill(20, now=clock.now(), offerers=3, each=1)
    db_session.commit()
    roll_up(db_session, db.engine)
    db_session.commit()
    page.sign_in(StaffFactory(staff_role=StaffRole.ADMIN))
    table = page.get("/programme?lang=lo").one("#by-women")
    assert "ສ່ວນທີ່ແມ່ຍິງເປັນເຈົ້າຂອງ" in table.get_text()
    assert "ແບ່ງປັນ" not in table.get_text()

"""The same promises with several worker processes over HTTP."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select

from matchmaker.contacts.models import ContactRequest
from matchmaker.extensions import db
from matchmaker.notifications.models import OutboxMail
from tests.background import run_jobs
from tests.contacts.scene import Scene
from tests.page import PageClient
from tests.workers import cookie_of, post, serving

pytestmark = pytest.mark.slow

POSTS = 50


def test_fifty_posts_to_four_workers_make_one_request_and_one_mail(
    app: Flask, scene: Scene
) -> None:
    browsers = [PageClient(app).sign_in(scene.owner) for _ in range(10)]
    sent = [
        ({"message": "May we talk?", "on_behalf": "y", "csrf_token": each.token()}, cookie_of(each))
        for each in browsers
    ]
    with serving(app, workers=4) as port, ThreadPoolExecutor(16) as pool:
        codes = list(
            pool.map(lambda n: post(port, scene.url(), *sent[n % len(sent)]), range(POSTS))
        )
    assert Counter(codes) == {303: POSTS}
    assert db.session.scalar(select(func.count()).select_from(ContactRequest)) == 1
    assert db.session.scalar(select(func.count()).select_from(OutboxMail)) == 1
    app.extensions["mailman"].outbox = []
    run_jobs(app)
    run_jobs(app)
    assert [mail.to for mail in app.extensions["mailman"].outbox] == [[scene.banker.email]]

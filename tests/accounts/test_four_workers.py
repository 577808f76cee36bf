"""What holds for one process holds for four: limits, and codes used once."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections import Counter
from http.cookiejar import CookieJar

import pytest

from matchmaker.accounts.services import codes
from matchmaker.extensions import db
from tests.accounts.people import person
from tests.conftest import TEST_CONFIG

pytestmark = pytest.mark.slow


class Browser:
    """Keeps its cookies, sends the token of the form it fetched, follows nothing."""

    def __init__(self, base):
        self.base = base
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(CookieJar()), _Stay()
        )

    def get(self, path):
        with self.opener.open(self.base + path, timeout=30) as answer:
            return answer.read().decode()

    def prepare(self, path):
        self.path = path
        self.token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get(path)).group(1)

    def post(self, **values):
        data = urllib.parse.urlencode({"csrf_token": self.token, **values}).encode()
        try:
            with self.opener.open(self.base + self.path, data, timeout=30) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


@pytest.fixture
def site(app, database, tmp_path):
    """The app of this test's database behind gunicorn with four processes."""
    port = _free_port()
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("MATCHMAKER_")},
        "DATABASE_URL": database.url,
        "MATCHMAKER_MODE": "demo",
        "MATCHMAKER_DATA": str(tmp_path),
        "SECRET_KEY": TEST_CONFIG["SECRET_KEY"],
        "SECURITY_PASSWORD_SALT": TEST_CONFIG["SECURITY_PASSWORD_SALT"],
        "SECURITY_TOTP_SECRETS": json.dumps(TEST_CONFIG["SECURITY_TOTP_SECRETS"]),
    }
    command = [
        sys.executable, "-m", "gunicorn", "wsgi:app", "-w", "4", "-k", "gthread", "--threads", "2",
        "--preload", "--bind", f"127.0.0.1:{port}", "--no-control-socket", "--log-level", "warning",
        "--graceful-timeout", "1",
    ]  # fmt: skip
    server = subprocess.Popen(command, env=environment)
    try:
        _wait_for(port, server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(port, server):
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        threading.Event().wait(0.1)
    raise AssertionError("the server did not start")


def all_at_once(browsers, **values):
    answers, start = [], threading.Barrier(len(browsers))

    def go(browser):
        start.wait()
        answers.append(browser.post(**values))

    threads = [threading.Thread(target=go, args=(each,)) for each in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(answers)


def browsers_at(site, path, number):
    made = [Browser(site) for _ in range(number)]
    for each in made:
        each.prepare(path)
    return made


def test_four_processes_allow_no_more_tries_than_one(app, site):
    person(email="noy@example.la")
    tries = browsers_at(site, "/sign-in", 24)
    answers = all_at_once(tries, identity="noy@example.la", password="not the one")
    assert answers == {422: 10, 429: 14}


def test_of_many_uses_of_one_printed_code_one_wins(app, site):
    account = person(username="noy.k")
    code = codes.make_printed(db.session(), account, made_by_id=None)
    db.session.commit()
    tries = browsers_at(site, "/link", 10)
    answers = all_at_once(tries, identity="noy.k", code=code, password="seven green hills")
    assert answers == {303: 1, 422: 9}

"""A real server of several worker processes on the test's own database."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask

from matchmaker.extensions import db
from tests.page import PageClient

ROOT = Path(__file__).parent.parent
START_SECONDS = 120


@contextmanager
def serving(app: Flask, workers: int = 4) -> Iterator[int]:
    """Serve the checkout with gunicorn; gives the port, and ends what it started."""
    db.session.commit()
    db.engine.dispose()
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", "wsgi:app", "--workers", str(workers)]
    options = ["--bind", f"127.0.0.1:{port}", "--log-level", "error", "--timeout", "60"]
    ending = ["--graceful-timeout", "3", "--no-control-socket", "--preload"]
    with subprocess.Popen(
        [*command, *options, *ending], cwd=ROOT, env=os.environ | _settings(app)
    ) as server:
        try:
            _wait_for(port, server)
            yield port
        finally:
            server.terminate()
            try:
                server.wait(30)
            except subprocess.TimeoutExpired:
                server.kill()


def post(port: int, path: str, data: dict[str, str], cookie: str) -> int:
    """The status of one post over a connection of its own."""
    connection = http.client.HTTPConnection("localhost", port, timeout=120)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    try:
        connection.request("POST", path, urlencode(data), headers)
        return connection.getresponse().status
    finally:
        connection.close()


def cookie_of(browser: PageClient) -> str:
    found = browser.client.get_cookie(browser.app.config["SESSION_COOKIE_NAME"])
    assert found is not None
    return f"{found.key}={found.value}"


def _settings(app: Flask) -> dict[str, str]:
    config = app.config
    return {
        "MATCHMAKER_MODE": "demo",
        "MATCHMAKER_DATA": str(config["DATA"]),
        "DATABASE_URL": config["DATABASE_URL"],
        "SECRET_KEY": config["SECRET_KEY"],
        "SECURITY_PASSWORD_SALT": config["SECURITY_PASSWORD_SALT"],
        "SECURITY_TOTP_SECRETS": json.dumps(config["SECURITY_TOTP_SECRETS"]),
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + START_SECONDS
    while time.monotonic() < ends:
        assert server.poll() is None, "the server stopped while starting"
        connection = http.client.HTTPConnection("localhost", port, timeout=120)
        try:
            connection.request("GET", "/livez")
            if connection.getresponse().status == 200:
                return
        except ConnectionRefusedError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise AssertionError("the server did not start")

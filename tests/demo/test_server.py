"""`flask demo` as a new user starts it, and Ctrl-C as they end it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
START_SECONDS, END_SECONDS = 180, 20


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, demo: subprocess.Popen[str]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and demo.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=2).read()
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
        else:
            return
    pytest.fail("no page came")


def test_the_demo_starts_serves_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    port = free_port()
    environment = os.environ | {"MATCHMAKER_DATA": str(tmp_path), "PORT": str(port)}
    demo = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "demo"],
        cwd=ROOT, env=environment, text=True, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        for page in ("livez", "readyz", "", "help"):
            wait_for(f"http://localhost:{port}/{page}", demo)
        os.killpg(demo.pid, signal.SIGINT)
        said, _ = demo.communicate(timeout=END_SECONDS)
    finally:
        if demo.poll() is None:
            os.killpg(demo.pid, signal.SIGKILL)
    assert demo.returncode == 0
    assert f"http://localhost:{port}" in said
    assert "noy@demo.example" in said
    assert "SIGKILL" not in said
    with pytest.raises(ProcessLookupError):
        os.killpg(demo.pid, 0)

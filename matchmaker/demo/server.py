"""Web and jobs in one go: gunicorn in front, the job runner forked beside it."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from contextlib import suppress
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from matchmaker.extensions import db
from matchmaker.jobs.runner import Runner

PR_SET_PDEATHSIG = 1
RUNNER_MAY_TAKE = 2.0


class Server(BaseApplication):
    """gunicorn with the app that is loaded already, so that its workers share the memory."""

    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self.loaded, self.options = app, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self.loaded


def serve(app: Flask, port: int) -> None:
    """Serve until Ctrl-C; the job runner ends with it, however it ends."""
    # No connection may be open when processes part: both sides would use it.
    db.session.remove()
    db.engine.dispose()
    runner = _fork_runner(app)
    options = {
        "bind": f"0.0.0.0:{port}",
        "workers": 2,
        "worker_class": "gthread",
        "threads": 4,
        "preload_app": True,
        "loglevel": "warning",
        "control_socket_disable": True,
        "graceful_timeout": 3,
        "worker_exit": lambda _server, _worker: _leave(),
        "on_exit": lambda _: _stop(runner),
    }
    Server(app, options).run()


def _fork_runner(app: Flask) -> int:
    pid = os.fork()
    if pid:
        return pid
    # Even a killed server takes its runner along.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    with app.app_context():
        Runner().run_forever()
    os._exit(0)


def _leave() -> None:
    """End at once: taking the interpreter apart touches all memory shared with the parent, for
    seconds, and what matters is committed."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _stop(pid: int) -> None:
    """End the runner; a job that is under way is rolled back and taken up at the next start."""
    with suppress(ProcessLookupError, ChildProcessError):
        os.kill(pid, signal.SIGTERM)
        until = time.monotonic() + RUNNER_MAY_TAKE
        while time.monotonic() < until:
            if os.waitpid(pid, os.WNOHANG) != (0, 0):
                return
            time.sleep(0.05)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)

"""Web and jobs in one go: gunicorn in front, the job runner forked beside it."""

from __future__ import annotations

import ctypes
import os
import signal
import time
from contextlib import suppress
from queue import SimpleQueue
from types import FrameType
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import ThreadWorker

from matchmaker.extensions import db
from matchmaker.jobs.runner import Runner

PR_SET_PDEATHSIG = 1
RUNNER_MAY_TAKE = 2.0


class Worker(ThreadWorker):
    """A worker that Ctrl-C ends at once, whenever it comes.

    The terminal signals the whole group while gunicorn signals each worker: its own handler
    takes a lock of the thread pool, and when the second signal comes while the first is being
    handled, the worker waits for itself.
    """

    signals_of_arbiter: SimpleQueue[int]

    def init_signals(self) -> None:
        super().init_signals()
        # Until here a signal went to the handler that the arbiter had before the fork.
        while not self.signals_of_arbiter.empty():
            if self.signals_of_arbiter.get() in (signal.SIGINT, signal.SIGQUIT):
                _leave()

    def handle_quit(self, sig: int, frame: FrameType | None) -> None:
        _leave()


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
        "worker_class": Worker,
        "threads": 4,
        "preload_app": True,
        "loglevel": "warning",
        "control_socket_disable": True,
        "graceful_timeout": 3,
        "post_fork": lambda arbiter, worker: setattr(
            worker, "signals_of_arbiter", arbiter.SIG_QUEUE
        ),
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

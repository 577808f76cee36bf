"""What a person saves is in the very next answer of every worker process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from matchmaker.jobs.runner import Runner
from matchmaker.organisations.models import Need, Offer
from matchmaker.organisations.services.need import update_need
from matchmaker.organisations.services.offer import create_offer, update_offer
from matchmaker.organisations.services.publication import pause
from matchmaker.suggestions import versions
from tests.conftest import TEST_CONFIG
from tests.factories import FunderFactory
from tests.suggestions.scene import make_scene

ROOT = Path(__file__).parents[2]


class Worker:
    def __init__(self, settings: dict) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.suggestions.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        self._write(settings)

    def _write(self, value: object) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(value) + "\n")
        self.process.stdin.flush()

    def _read(self) -> object:
        assert self.process.stdout is not None
        while line := self.process.stdout.readline():
            # Logs of the application share the pipe; answers are JSON of our own.
            try:
                return json.loads(line)
            except ValueError:
                continue
        raise AssertionError("the worker has ended")

    def ready(self) -> None:
        assert self._read() == "ready"

    def ask(self, account_id: int, url: str) -> dict:
        self._write([account_id, url])
        found = self._read()
        assert isinstance(found, dict)
        return found

    def stop(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=30)


@pytest.fixture
def workers(app, database) -> Iterator[Callable[[], list[Worker]]]:
    started: list[Worker] = []

    def start() -> list[Worker]:
        settings = {**TEST_CONFIG, "DATA": str(app.config["DATA"]), "DATABASE_URL": database.url}
        started.extend(Worker(settings) for _ in range(2))
        for worker in started:
            worker.ready()
        return started

    yield start
    for worker in started:
        worker.stop()


@pytest.mark.slow
def test_a_save_is_in_the_next_answer_of_every_worker(workers, db_session):
    scene = make_scene(db_session)
    need_id, offer_id, owner = scene.need.id, scene.offer.id, scene.owner.id
    url, first_title = scene.need_url, scene.offer.title
    both = workers()

    def answers() -> list[list[str]]:
        return [sorted(worker.ask(owner, url)["titles"]) for worker in both]

    assert answers() == [[first_title]] * 2
    funder = FunderFactory()
    create_offer(db_session, funder, None, kind="finance", title="Just published", code="GRANT")
    db_session.commit()
    assert answers() == [sorted([first_title, "Just published"])] * 2
    update_offer(db_session, db_session.get(Offer, offer_id), None, title="Renamed a moment ago")
    db_session.commit()
    assert answers() == [sorted(["Just published", "Renamed a moment ago"])] * 2
    pause(db_session, db_session.get(Offer, offer_id), None)
    db_session.commit()
    assert answers() == [["Just published"]] * 2
    update_need(db_session, db_session.get(Need, need_id), None, title="Another need")
    db_session.commit()
    assert answers() == [["Just published"]] * 2


@pytest.mark.slow
def test_every_worker_changes_to_a_new_model_version(workers, db_session):
    scene = make_scene(db_session)
    owner, url = scene.owner.id, scene.need_url
    both = workers()
    assert [worker.ask(owner, url)["version"] for worker in both] == ["1", "1"]
    text = versions.in_force(db_session).text.replace('"version": "1"', '"version": "2"')
    row = versions.draft(db_session, text, figures={}, note="by hand")
    versions.publish(db_session, row, None)
    db_session.commit()
    Runner().run_all()
    assert [worker.ask(owner, url)["version"] for worker in both] == ["2", "2"]

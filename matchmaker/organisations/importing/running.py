"""Checking and taking in a file that was sent: at once, or as a job that shows how far it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from matchmaker.accounts.models import Account
from matchmaker.errors import MatchmakerError, NotAllowed
from matchmaker.extensions.transactions import reading_session
from matchmaker.organisations.importing.checking import Say, check, errors
from matchmaker.organisations.importing.files import Sheet
from matchmaker.organisations.importing.importer import Importer, Way, ways_of
from matchmaker.organisations.importing.planning import Plan, make_plan
from matchmaker.organisations.importing.problems import ZAWGYI
from matchmaker.organisations.importing.uploads import Upload
from matchmaker.organisations.importing.writing import Taking, write

#: From so many rows on it is a job.
JOB_ROWS = 500
IMPORT = "organisations.import"
#: A report of more helps nobody; the numbers of all are told.
MOST_PROBLEMS = 300
CHECKING, CHECKED, TAKING, DONE = "checking", "checked", "taking", "done"


class NotCleanError(MatchmakerError):
    """Nothing was written: there are errors, which `report` tells."""

    def __init__(self, report: dict[str, Any]) -> None:
        self.report = report
        super().__init__(f"{report['errors']} errors")


def dry_run(
    engine: Engine,
    importer: Importer,
    sheet: Sheet,
    locale: str,
    say: Callable[..., Say],
    *,
    to_unicode: bool = False,
) -> dict[str, Any]:
    """Give the report; nothing is or can be written."""
    checked = check(sheet, locale, say("reading"), to_unicode=to_unicode)
    with reading_session(engine) as session:
        return report_of(make_plan(session, importer, checked, say("comparing")), checked.rows)


def take_in(
    session: Session,
    importer: Importer,
    sheet: Sheet,
    locale: str,
    taking: Taking,
    say: Callable[..., Say],
) -> dict[str, Any]:
    """Write all of it in the caller's transaction, or raise NotCleanError.

    What needs no database comes first: on SQLite the transaction holds the only write lock.
    """
    checked = check(sheet, locale, say("reading"), to_unicode=taking.to_unicode)
    if errors(checked.problems):
        with reading_session(session.get_bind()) as reading:  # type: ignore[arg-type]
            plan = make_plan(reading, importer, checked)
        raise NotCleanError(report_of(plan, checked.rows))
    plan = make_plan(session, importer, checked, say("comparing"))
    report = report_of(plan, checked.rows)
    if report["errors"]:
        raise NotCleanError(report)
    write(session, importer, plan, taking, say("writing"))
    return report


def report_of(plan: Plan, rows: int) -> dict[str, Any]:
    wrong = errors(plan.problems)
    first = wrong + [problem for problem in plan.problems if problem.level != "error"]
    return {
        "rows": rows,
        "counts": plan.counts,
        "errors": len(wrong),
        "warnings": len(plan.problems) - len(wrong),
        "zawgyi": sum(problem.code == ZAWGYI for problem in plan.problems),
        "problems": [problem.as_dict() for problem in first[:MOST_PROBLEMS]],
    }


def silent(phase: str) -> Say:
    def say(done: int) -> None:
        """Nobody waits for it."""

    return say


def way_for(session: Session, account: Account | None, key: str) -> Way:
    """The way in which the file was sent, if the account still may; raises NotAllowed."""
    ways = ways_of(session, account) if account is not None else []
    found = next((way for way in ways if way.key == key), None)
    if found is None:
        raise NotAllowed
    return found


def check_upload(
    engine: Engine, upload: Upload, importer: Importer, say: Callable[..., Say]
) -> None:
    about = upload.read("about")
    upload.write("report", dry_run(engine, importer, upload.sheet(), about["locale"], say))
    upload.change(state=CHECKED)
    upload.release()


def take_upload(
    session: Session,
    upload: Upload,
    importer: Importer,
    say: Callable[..., Say],
) -> None:
    """Write what was sent; that it is done is noted when the transaction has committed."""
    about = upload.read("about")
    taking = Taking(**about["taking"])
    try:
        report = take_in(session, importer, upload.sheet(), about["locale"], taking, say)
    except NotCleanError as error:
        upload.write("report", error.report)
        upload.change(state=CHECKED)
        upload.release()
        raise

    def done() -> None:
        upload.write("report", report)
        upload.change(state=DONE)
        upload.forget_sheet()
        upload.release()

    after_commit(session, done)


def after_commit(session: Session, run: Callable[[], None]) -> None:
    """Run this when the present transaction commits, and never if it is rolled back."""
    waiting = [run]

    def committed(session: Session) -> None:
        while waiting:
            waiting.pop()()

    def rolled_back(session: Session) -> None:
        waiting.clear()

    event.listen(session, "after_commit", committed)
    event.listen(session, "after_rollback", rolled_back)


def progress_file(upload: Upload) -> Callable[..., Say]:
    """How far it is stands beside the file: while all is written in one go the database is busy."""
    total = upload.read("about")["rows"]

    def phase(name: str) -> Say:
        def say(done: int) -> None:
            upload.write("progress", {"phase": name, "done": min(done, total), "total": total})

        say(0)
        return say

    return phase

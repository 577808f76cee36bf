"""Benchmark folders whose ids no column would hold are taken in once, whatever they look like."""

from __future__ import annotations

from sqlalchemy import func, select

from matchmaker.organisations.models import Need, Offer, Organisation
from tests.matching.folders import MATCHES, ORGANISATIONS, PARTNERS, write

LONG = "ບໍລິສັດ " * 40


def test_long_and_odd_ids_are_taken_in_once(app, db_session, tmp_path):
    firms = [[f"{LONG}{at}", f"{LONG}{at}", "", *[""] * 10] for at in range(2)]
    firms.append(["a\0b, 007", "", "Firm", "test", "", "", "two\nlines " * 600, *[""] * 6])
    write(tmp_path / "organisations.csv", ORGANISATIONS, firms)
    write(tmp_path / "partners.csv", PARTNERS, [[f"{LONG}p", LONG, *[""] * 11]])
    write(tmp_path / "matches_train.csv", MATCHES, [])
    for taken in ("4 organisations, 3 needs, 1 offers", "0 organisations, 0 needs, 0 offers"):
        found = app.test_cli_runner().invoke(args=["import", "benchmark", str(tmp_path)])
        assert found.exit_code == 0, found.output
        assert taken in found.output
    for table, rows in ((Organisation, 4), (Need, 3), (Offer, 1)):
        assert db_session.scalar(select(func.count()).select_from(table)) == rows
    titles = db_session.scalars(select(Need.title)).all()
    assert all(0 < len(title) <= Need.TITLE_MAX and "\n" not in title for title in titles)


def test_an_account_is_added_by_the_ids_that_stand_in_the_files(app, db_session, tmp_path):
    write(tmp_path / "organisations.csv", ORGANISATIONS, [["F1", "N1", "Firm", *[""] * 10]])
    write(tmp_path / "partners.csv", PARTNERS, [["P1", "Old Bank", *[""] * 11]])
    write(tmp_path / "matches_train.csv", MATCHES, [])
    run = app.test_cli_runner().invoke
    assert run(args=["import", "benchmark", str(tmp_path)]).exit_code == 0
    keys = dict(db_session.execute(select(Organisation.name, Organisation.source_key)).all())
    for given, name in ((keys["Firm"], "Firm"), ("P1", "Old Bank"), ("partner:P1", "Old Bank")):
        words = ["accounts", "add", f"{name[:3]}@example.org".lower(), "--organisation", given]
        found = run(args=words)
        assert (found.exit_code, f"an owner of {name}" in found.output) == (0, True), found.output

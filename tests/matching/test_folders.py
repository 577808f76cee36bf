"""Folders that others made: read whatever their columns, dates and ids, or refused in one line."""

from __future__ import annotations

import csv
import gzip
import zlib
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from matchmaker.matching.backtest import FORWARD, run
from matchmaker.matching.benchmark_csv import BadFolder, read_rows
from matchmaker.matching.benchmark_folder import read_folder
from matchmaker.matching.learning.history import Outcome, in_order
from matchmaker.matching.ranked_csv import write_ranked
from tests.matching.folders import MATCHES, ORGANISATIONS, PARTNERS, make, write


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def little(folder: Path, **columns: str) -> Path:
    """Write a folder of two organisations and a partner whose columns are given."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, head in (("organisations", ORGANISATIONS), ("partners", PARTNERS)):
        rows = [["O1", *[""] * 12], ["O2", *[""] * 12]] if name == "organisations" else [["P1"]]
        write(folder / f"{name}.csv", head, rows)
    partner = {"partner_id": "P1", **columns}
    write(folder / "partners.csv", list(partner), [list(partner.values())])
    write(folder / "matches_train.csv", MATCHES, [["O1", "P1", columns.get("last_train", ""), ""]])
    return folder


def test_columns_are_known_by_name_in_any_order_and_case(tmp_path: Path) -> None:
    path = tmp_path / "organisations.csv"
    path.write_bytes(
        '\ufeff"Extra", NAME ,"Org_ID"\r\n"a\nb","ບໍລິສັດ","007, ""x"" "\r\n,,\r\n'.encode()
    )
    assert read_rows(path, ("org_id",)) == [
        {"extra": "a\nb", "name": "ບໍລິສັດ", "org_id": '007, "x" '}
    ]


def test_a_cell_may_be_longer_than_the_csv_module_takes_unasked(tmp_path: Path) -> None:
    before = csv.field_size_limit()
    write(tmp_path / "partners.csv", ["partner_id", "text"], [["P1", "ກາເຟ " * 60_000]])
    assert len(read_rows(tmp_path / "partners.csv", ("partner_id",))[0]["text"]) > 2 * before
    assert csv.field_size_limit() == before


def test_an_archive_whose_inside_is_broken_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "partners.csv.gz"
    packed = bytearray(gzip.compress(b"partner_id\n" + bytes(range(32, 127)) * 20))
    packed[20:40] = b"\xff" * 20
    path.write_bytes(packed)
    with pytest.raises(zlib.error):
        gzip.decompress(path.read_bytes())
    with pytest.raises(BadFolder, match=r"partners\.csv cannot be read"):
        read_rows(path, ("partner_id",))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "has no column partner_id"),
        ("partner_id;name\nP1;x\n", "parted by commas"),
        ("partner_id,name\n", "has no rows"),
        ("partner_id,name\nP1,x\n ,y\n", "line 3 has no partner_id"),
        ("partner_id,name\nP1,x\nP1,y\n", "line 3 gives P1 again"),
    ],
)
def test_what_is_wrong_with_a_file_is_told(tmp_path: Path, text: str, told: str) -> None:
    folder = little(tmp_path / "set")
    (folder / "partners.csv").write_text(text)
    with pytest.raises(BadFolder, match=told):
        read_folder(folder)


def test_rows_said_twice_count_once(tmp_path: Path) -> None:
    folder = make(tmp_path / "twice", n=20)
    for name in ("organisations.csv.gz", "matches_train.csv.gz", "partners.csv"):
        path = folder / name
        text = gzip.decompress(path.read_bytes()) if name[-1] == "z" else path.read_bytes()
        head, *rows = text.splitlines(keepends=True)
        again = head + b"".join(rows * 2)
        path.write_bytes(gzip.compress(again) if name[-1] == "z" else again)
    twice, once = read_folder(folder), read_folder(make(tmp_path / "once", n=20))
    assert (twice.sought, twice.partners, twice.train) == (once.sought, once.partners, once.train)


def test_cells_that_cannot_be_read_are_passed_over_and_told(tmp_path: Path) -> None:
    folder = little(tmp_path / "set", ticket_max="$5", n_train_matches="1e30", last_train="soon")
    amounts = ["-5", "1e30", "NaN", "inf", "12 000", "250"]
    days = ["31.12.2020", "9999-12-31", "0001-01-01", "2020-13-45", "", "2020-02-03T10:00Z"]
    write(
        folder / "organisations.csv",
        ["org_id", "amount_sought", "date"],
        [(f"O{at}", *pair) for at, pair in enumerate(zip(amounts, days, strict=True))],
    )
    data = read_folder(folder)
    assert [row.amount for row in data.sought] == [None] * 5 + [250.0]
    assert [row.on for row in data.sought] == [None] * 5 + [date(2020, 2, 3)]
    told = "\n".join(data.notes)
    for words in ("5 x amount_sought", "4 x date", "'31.12.2020'", "ticket_max", "last_train"):
        assert words in told


def test_one_end_of_a_ticket_is_enough_and_ends_may_be_turned(tmp_path: Path) -> None:
    spans = {
        (100.0, None): {"ticket_min": "100"},
        (0.0, 500.0): {"ticket_max": "500"},
        (100.0, 500.0): {"ticket_min": "500", "ticket_max": "100"},
    }
    for span, columns in spans.items():
        band = read_folder(little(tmp_path / str(span), **columns)).partners[0].record.range
        assert band is not None
        assert (band.low, band.high) == span


def test_no_partner_has_more_past_than_memory_holds(tmp_path: Path) -> None:
    data = read_folder(little(tmp_path / "busy", n_train_matches="9e14", last_train="2020-01-01"))
    assert len(data.partners[0].ages) == 10_000


def test_periods_are_read_in_any_case_and_worked_out_where_they_are_missing(tmp_path: Path) -> None:
    folder = little(tmp_path / "set")
    assert [row.period for row in read_folder(folder).sought] == ["train", "test"]
    write(folder / "organisations.csv", ["org_id", "period"], [["O1", "TEST "], ["O2", "Train"]])
    assert [row.period for row in read_folder(folder).sought] == ["test", "train"]


def test_countries_are_known_by_code_and_by_name(tmp_path: Path) -> None:
    data = read_folder(little(tmp_path / "set", countries="la|Viet Nam|ກຳປູເຈຍ|LKA"))
    assert data.partners[0].record.attrs["area"] == (
        "iso3166-1:LA", "iso3166-1:VN", "iso3166-1:KH", "country-label:lka",
    )  # fmt: skip


def test_ids_are_written_as_they_are_read(tmp_path: Path) -> None:
    orgs, partners = ["007", ' a,"b" ', "50 %s", "ລາວ\nສອງ"], ["%d", "e\u0301"]
    scores = [[float(at * 2 + other) for other in range(2)] for at in range(4)]
    wanted = {(o, p): scores[a][b] for a, o in enumerate(orgs) for b, p in enumerate(partners)}
    for turned in (False, True):
        out = tmp_path / f"{turned}.csv"
        write_ranked(out, orgs, partners, np.array(scores), by_partner=turned)
        found = {(row["org_id"], row["partner_id"]): float(row["score"]) for row in rows_of(out)}
        assert found == wanted


def test_ids_that_nobody_lists_are_told_and_no_measures_made_of_them(tmp_path: Path) -> None:
    folder = make(tmp_path / "blind", n=20)
    write(folder / "matches_test.csv", MATCHES, [["NOBODY", "P001", "", ""]])
    report = run(folder, tmp_path / "out.csv")
    assert len(rows_of(tmp_path / "out.csv")) == 5 * 8
    assert report.lines == ()
    assert any("matches_test.csv: 1 rows name ids" in note for note in report.notes)


def test_a_folder_with_nobody_to_rank_says_so(tmp_path: Path) -> None:
    folder = little(tmp_path / "set")
    write(folder / "organisations.csv", ["org_id", "period"], [["O1", "train"]])
    write(folder / "matches_test.csv", MATCHES, [["O1", "P1", "", ""]])
    report = run(folder, tmp_path / "out.csv")
    assert rows_of(tmp_path / "out.csv") == []
    assert "none is ranked" in report.notes[0]


@pytest.mark.slow
def test_matches_without_dates_are_learned_from(tmp_path: Path) -> None:
    """They taught nothing before: no outcome lay before any other."""
    folder = make(tmp_path / "undated")
    matches = rows_of_gz(folder / "matches_train.csv.gz")
    (folder / "matches_train.csv.gz").unlink()
    write(
        folder / "matches_train.csv",
        MATCHES[:2],
        [(row["org_id"], row["partner_id"]) for row in matches],
    )
    report = run(folder)
    assert any("no order" in note for note in report.notes)
    engine = next(line for line in report.lines if line.direction == FORWARD)
    assert engine.measures["nDCG@10"].mean > 0.6
    assert "past" in report.model.scales["finance"]


def rows_of_gz(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(gzip.decompress(path.read_bytes()).decode().splitlines()))


def test_an_order_is_drawn_only_where_dates_tell_none() -> None:
    day, until = date(2020, 5, 1), date(2021, 1, 1)
    apart = [Outcome(at, 0, date(2020, 1, 1 + at)) for at in range(10)]
    assert in_order(apart, until) is None
    assert in_order([], until) is None
    most = [Outcome(at // 2, at % 2, day) for at in range(20)] + [Outcome(99, 0, until)]
    found = in_order(most, until)
    assert found is not None
    assert found == in_order(list(reversed(most)), until)
    assert {(one.need_id, one.offer_id) for one in found} == {
        (one.need_id, one.offer_id) for one in most
    }
    assert len({one.on for one in found}) == len(most)
    assert all(one.on < until for one in found)
    assert found[-1].need_id == 99

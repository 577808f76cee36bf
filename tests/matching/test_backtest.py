"""Benchmark folders are read as documented, learned from before the cut, and ranked after it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from matchmaker.matching.backtest import FORWARD, REVERSE, YARDSTICKS, backtest, run
from matchmaker.matching.benchmark_csv import BadFolder
from matchmaker.matching.benchmark_folder import read_folder
from tests.matching.folders import MATCHES, ORGANISATIONS, PARTNERS, make, write


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("sets") / "small")


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_learned_ranking_beats_text_and_activity_both_ways(folder: Path) -> None:
    report = run(folder)
    engine = {line.direction: line for line in report.lines if line.method == "engine"}
    assert engine[FORWARD].measures["nDCG@10"].mean > 0.6
    for line in report.lines:
        if line.method in YARDSTICKS:
            assert line.ahead is not None
            assert line.ahead.mean > 0


@pytest.mark.slow
def test_every_test_pair_is_written_once_each_way(folder: Path, tmp_path: Path) -> None:
    out, reverse = tmp_path / "ranked.csv", tmp_path / "reverse.csv"
    run(folder, out, reverse)
    pairs, turned = rows_of(out), rows_of(reverse)
    assert len(pairs) == 40 * 8
    scores = {(row["org_id"], row["partner_id"]): row["score"] for row in pairs}
    assert scores == {(row["org_id"], row["partner_id"]): row["score"] for row in turned}
    assert len(scores) == len(pairs)


@pytest.mark.slow
def test_the_same_folder_gives_the_same_figures(folder: Path) -> None:
    assert backtest(folder) == backtest(folder)


def test_no_history_hides_training_matches(folder: Path) -> None:
    report = run(folder, no_history=True)
    assert not report.history
    assert "no history" in report.table()
    assert report.model.weights["finance"]["forward"]["service"] == 20


@pytest.mark.slow
def test_the_table_shows_accuracy_and_coverage_together(folder: Path) -> None:
    table = backtest(folder)
    for word in ("nDCG@10", "recall@50", "MRR", "MAP", "AUC", "coverage@10", FORWARD, REVERSE):
        assert word in table


@pytest.mark.slow
def test_a_folder_without_later_matches_is_ranked_without_measures(tmp_path: Path) -> None:
    folder = make(tmp_path / "blind", with_test=False)
    report = run(folder, tmp_path / "ranked.csv")
    assert report.lines == ()
    assert len(rows_of(tmp_path / "ranked.csv")) == 40 * 8


@pytest.mark.slow
def test_scores_do_not_change_when_later_matches_are_known(folder: Path, tmp_path: Path) -> None:
    run(folder, tmp_path / "seen.csv")
    run(make(tmp_path / "small", with_test=False), tmp_path / "blind.csv")
    assert (tmp_path / "seen.csv").read_text() == (tmp_path / "blind.csv").read_text()


def test_every_column_but_the_ids_may_be_empty(tmp_path: Path) -> None:
    empty = [""] * 12
    write(tmp_path / "organisations.csv", ORGANISATIONS, [["O1", *empty], ["O2", *empty]])
    write(tmp_path / "partners.csv", PARTNERS, [["P1", *empty]])
    write(tmp_path / "matches_train.csv", MATCHES, [["O1", "P1", "", ""], ["O9", "P1", "", ""]])
    data = read_folder(tmp_path)
    assert len(data.train) == 1
    assert data.test is None
    assert data.sought[0].record.amount is None
    assert backtest(tmp_path).startswith(tmp_path.name)


def test_only_id_columns_are_enough(tmp_path: Path) -> None:
    write(tmp_path / "organisations.csv", ["org_id", "period"], [["O1", "test"]])
    write(tmp_path / "partners.csv", ["partner_id"], [["P1"], ["P2"]])
    write(tmp_path / "matches_train.csv", ["org_id", "partner_id"], [])
    write(tmp_path / "matches_test.csv", ["org_id", "partner_id"], [["O1", "P2"]])
    assert len(run(tmp_path).lines) == 6


@pytest.mark.parametrize("gone", ["organisations.csv.gz", "partners.csv", "matches_train.csv.gz"])
def test_a_missing_file_is_named(tmp_path: Path, gone: str) -> None:
    folder = make(tmp_path / "part", n=20)
    (folder / gone).unlink()
    with pytest.raises(BadFolder, match=gone.removesuffix(".gz")):
        read_folder(folder)


def test_a_row_without_id_and_a_broken_archive_are_named(tmp_path: Path) -> None:
    folder = make(tmp_path / "bad", n=20)
    write(folder / "partners.csv", PARTNERS, [["", "Nobody", *[""] * 11]])
    with pytest.raises(BadFolder, match="line 2 has no partner_id"):
        read_folder(folder)
    (folder / "partners.csv").write_bytes(b"\xff\xfe broken \x00")
    with pytest.raises(BadFolder, match="cannot be read"):
        read_folder(folder)


def test_amounts_are_read_as_bands_and_codes_of_our_lists_as_ours(folder: Path) -> None:
    need = read_folder(folder).sought[0].record
    assert need.amount is not None
    assert need.amount.high == pytest.approx(need.amount.low * 2, rel=0.3)
    assert need.attrs["area"] == ("iso3166-1:LA",)
    assert need.attrs["stage"] == ("stage:growth",)
    assert need.attrs["sector"][0].startswith("sector-label:")

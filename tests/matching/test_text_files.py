"""Files of texts that others made: any code of a language, any id, any typing."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from matchmaker.matching.benchmark_csv import BadFolder
from matchmaker.matching.text_backtest import rank_texts
from tests.matching.folders import write

OFFERS = [
    ("o1", "en", "finance", "A loan for a coffee dryer and a mill"),
    ("o2", "zh", "finance", "咖啡烘干机贷款"),
    ("o3", "my", "finance", "ကော်ဖီ စက်များ ဝယ်ယူလိုပါသည်"),
    ("o4", "en", "service", "🙂"),
    ("o5", "", "service", ""),
]


def ranked(folder: Path, needs: list[tuple[str, str, str]]) -> dict[tuple[str, str], str]:
    write(folder / "needs.csv", ("need_id", "lang", "text"), needs)
    write(folder / "offers.csv", ("offer_id", "lang", "kind", "text"), OFFERS)
    rank_texts(folder / "needs.csv", folder / "offers.csv", folder / "out.csv")
    with (folder / "out.csv").open(encoding="utf-8", newline="") as stream:
        return {(row["need_id"], row["offer_id"]): row["score"] for row in csv.DictReader(stream)}


@pytest.mark.slow
def test_a_language_is_read_from_any_code_or_guessed(tmp_path: Path) -> None:
    text = "我需要买一台咖啡烘干机"
    codes = ("zh", "zh-Hans", "ZH_CN", "zho", "xx", "")
    found = ranked(tmp_path, [(f"n{at}", code, text) for at, code in enumerate(codes)])
    for offer in ("o1", "o2"):
        assert len({found[f"n{at}", offer] for at in range(len(codes))}) == 1
    assert float(found["n0", "o1"]) > 0.15


def test_zawgyi_is_read_as_it_was_meant(tmp_path: Path) -> None:
    found = ranked(tmp_path, [("n", "my", "ေကာ္ဖီ စက္မ်ား ဝယ္ယူလိုပါသည္")])
    assert float(found["n", "o3"]) > 0.9


@pytest.mark.slow
def test_texts_that_say_nothing_score_nothing_and_ids_keep_their_spelling(tmp_path: Path) -> None:
    needs = [(" 007", "en", ""), ('a,"b"', "", "\u200b"), ("50%", "en", "🙂 ?!")]
    found = ranked(tmp_path, needs)
    assert list(found) == [(need[0], offer[0]) for need in needs for offer in OFFERS]
    assert set(found.values()) == {"0.000000"}


def test_an_id_that_stands_for_two_texts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFolder, match="line 3 gives n again"):
        ranked(tmp_path, [("n", "en", "coffee"), ("n", "en", "tea")])

"""`flask matches backtest-text` with files that others made: one line says what is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.once

NEEDS = "need_id,lang,text\nn1,lo,ຕ້ອງການເງິນກູ້\nn2,xx,a loan for a mill\n".encode()
OFFERS = b"offer_id,lang,kind,text\no1,en,finance,Loans for mills\n"


def ranked(app: Any, folder: Path, needs: bytes | None, out: str = "out.csv") -> tuple[int, str]:
    """Run the command on these needs; None: on a file that is not there."""
    (folder / "offers.csv").write_bytes(OFFERS)
    if needs is not None:
        (folder / "needs.csv").write_bytes(needs)
    files = [str(folder / name) for name in ("needs.csv", "offers.csv", out)]
    arguments = ["matches", "backtest-text", *files[:2], "--out", files[2]]
    found = app.test_cli_runner().invoke(args=arguments)
    return found.exit_code, found.output.strip()


@pytest.mark.parametrize(
    "needs",
    [
        NEEDS,
        b"\xef\xbb\xbf" + NEEDS,
        NEEDS.replace(b"a loan", b"a\0 loan"),
        b"need_id,text\nn1,loan\nn2," + b"loan for a mill " * 50_000,
    ],
    ids=["plain", "mark", "nul", "long"],
)
def test_what_can_be_read_is_ranked(app: Any, tmp_path: Path, needs: bytes) -> None:
    code, said = ranked(app, tmp_path, needs)
    assert code == 0, said
    rows = (tmp_path / "out.csv").read_text("utf-8").splitlines()
    assert [row.rpartition(",")[0] for row in rows] == ["need_id,offer_id", "n1,o1", "n2,o1"]
    assert float(rows[-1].rpartition(",")[2]) > 0.1


@pytest.mark.parametrize(
    ("needs", "told"),
    [
        (None, "No such file"),
        (b"", "no column need_id in its first line (columns are parted by commas)"),
        (b"need_id;lang;text\nn1;en;x\n", "columns are parted by commas"),
        (b"need_id,lang\nn1,en\n", "no column text in its first line"),
        (NEEDS + b"n1,en,tea\n", "line 4 gives n1 again, with other values; one id"),
        (NEEDS + b",en,tea\n", "line 4 has no need_id; give it one"),
        (NEEDS.decode().encode("utf-16"), "not in UTF-8; save it as CSV UTF-8"),
        ("need_id,text\nn1,vay vốn".encode("cp1258", "replace") + b"\xe3", "save it as CSV UTF-8"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(
    app: Any, tmp_path: Path, needs: bytes | None, told: str
) -> None:
    code, said = ranked(app, tmp_path, needs)
    assert (code, len(said.splitlines())) == (2, 1)
    assert told in said
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("name", ["needs.csv", "offers.csv"])
def test_what_is_read_is_not_written_over(app: Any, tmp_path: Path, name: str) -> None:
    code, said = ranked(app, tmp_path, NEEDS, out=name)
    assert (code, "write to another file" in said) == (2, True)
    assert (tmp_path / "needs.csv").read_bytes() == NEEDS
    assert (tmp_path / "offers.csv").read_bytes() == OFFERS

"""Whatever is sent: one plain sentence, quickly, and never an error of ours."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from functools import partial

import pytest

from matchmaker.organisations.importing.files import read_file
from matchmaker.organisations.importing.problems import BadFileError
from tests.organisations.importing.sheets import FIRM, csv_of, xlsx_of


def packed(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, data in parts.items():
            pack.writestr(f"{name}.xml", data)
    return out.getvalue()


def with_part(data: bytes, part: str, change: tuple[bytes, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content.replace(*change) if name == part else content)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
ROW = b"key,name\n1,"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.csv", b"", "empty"),
        ("a.csv", b"\xef\xbb\xbf\n\n", "empty"),
        ("a.csv", b"key,name\n", "only_header"),
        ("a.csv", b"key,name\n,\n\n", "only_header"),
        ("a.csv", b"key,name,Key\n1,a,b\n", "double_column"),
        ("a.csv", b"hello\nworld\n", "no_known_columns"),
        ("a.csv", "key,name\n1,caf\u00e9\n".encode("latin-1"), "encoding"),
        ("a.csv", ROW + b"a\x00b\n", "not_text"),
        ("a.csv", ROW + b'"never closed\n', "broken_csv"),
        ("a.csv", ROW + b"x" * 20_000, "cell_too_long"),
        ("a.csv", ROW + b"," * 10_000 + b"x", "too_many_columns"),
        ("a.csv", b"key,name\n" + b"1,a\n" * 6000, "too_many_rows"),
        ("a.csv", b"key,name\n" + b"\n" * 20_000, "too_many_rows"),
        ("a.csv", partial(xlsx_of, ["key"], ["1"]), "not_what_it_says"),
        ("a.xlsx", b"key,name\n1,a\n", "not_what_it_says"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_excel"),
        ("a.exe", b"MZ", "ending"),
        ("a.xlsx", b"PK\x03\x04 and nothing more", "broken_xlsx"),
        ("a.xlsx", partial(packed, nothing=b"<a/>"), "broken_xlsx"),
        ("a.xlsx", partial(packed, bomb=b"0" * 60_000_000), "unpacked_too_large"),
        ("a.xlsx", partial(xlsx_of, ["key"] + ["x"] * 10_000, ["1"]), "too_many_columns"),
        ("a.xlsx", partial(xlsx_of, ["key"], *[["1"]] * 6000), "too_many_rows"),
    ],
    # A workbook holds the second it was made in, and all workers must name a test alike.
    ids=lambda value: value if isinstance(value, str) else "file",
)
def test_it_is_refused_with_a_reason(
    name: str, data: bytes | Callable[[], bytes], code: str
) -> None:
    data = data if isinstance(data, bytes) else data()
    began = time.monotonic()
    with pytest.raises(BadFileError) as caught:
        read_file(name, data)
    assert caught.value.code == code
    assert time.monotonic() - began < 20


@pytest.mark.parametrize(
    "change",
    [
        (b"<sheetData>", b"<sheetData><row r='99999999'><c r='A99999999'><v>1</v></c></row>"),
        (b"<worksheet", b"<!DOCTYPE a [<!ENTITY b 'c'>]><worksheet"),
        (b"</sheetData>", b"</sheet"),
        (b't="inlineStr"', b't="s"'),
        (b'r="A1"', b'r="??1"'),
    ],
)
def test_a_broken_sheet_is_refused(change: tuple[bytes, bytes]) -> None:
    data = with_part(xlsx_of(["key", "name"], ["1", 2]), SHEET, change)
    with pytest.raises(BadFileError) as caught:
        read_file("a.xlsx", data)
    assert caught.value.code in ("broken_xlsx", "too_many_rows", "no_known_columns")


def test_a_formula_is_reported_where_it_stands() -> None:
    sheet = read_file("a.xlsx", xlsx_of(["key", "name"], ["1", "=1+1"], ["2", "#N/A"]))
    assert [(p.row, p.column, p.code) for p in sheet.problems] == [
        (2, "name", "formula"),
        (3, "name", "cell_error"),
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_each_separator_is_understood(separator: str, mark: bytes) -> None:
    cells = FIRM | {"about": 'Two, lines;\nand "a\tquote"'}
    sheet = read_file("a.csv", mark + csv_of(cells, separator=separator))
    assert dict(sheet.lines[0].cells) == cells


def test_numbers_and_days_of_a_spreadsheet_are_read_as_they_are() -> None:
    from datetime import datetime

    row = [161.0, 0.1 + 0.2, datetime(2027, 3, 4), True, 12.125]
    sheet = read_file("a.xlsx", xlsx_of(["staff", "key", "need_by", "exports", "name"], row))
    assert list(sheet.lines[0].cells.values()) == ["161", "0.3", "2027-03-04", "yes", "12.1250"]


def test_rows_bear_the_number_of_the_spreadsheet() -> None:
    sheet = read_file("a.csv", b'key,name\n\n1,"two\nlines"\n\n2,b\n')
    assert [line.number for line in sheet.lines] == [3, 5]


def test_a_slip_in_the_name_of_a_column_is_an_error_a_strange_one_is_not() -> None:
    sheet = read_file("a.csv", b"key,need_amuont,my own\n1,2,3\n")
    assert [(p.column, p.code, p.level) for p in sheet.problems] == [
        ("need_amuont", "column_slip", "error"),
        ("my own", "column_unknown", "warning"),
    ]

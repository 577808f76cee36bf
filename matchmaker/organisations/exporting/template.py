"""The template: names of the columns with rows to show how, and what each column is about."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from matchmaker.organisations.exporting import files
from matchmaker.organisations.exporting.files import Cell
from matchmaker.organisations.importing.columns import COLUMNS, Column

#: Lists longer than this are named, not spelled out.
SPELLED = 40
FUNDER = {
    "key": "muf",
    "roles": "funder",
    "name": "Mekong Upland Fund",
    "name_lang": "en",
    "country": "LA",
    "province": "LA-VT",
    "contact_name": "Kham Sisouk",
}


def to_csv() -> bytes:
    return files.to_csv(_rows())


def to_xlsx() -> bytes:
    return files.to_xlsx([("organisations", _rows()), ("columns", _columns())])


def values(column: Column) -> str:
    """What may stand in it: codes, or how it is written."""
    codes = [code for code, _words in column.lookup.entries]
    if column.kind == "sector" or column.kind == "sectors":
        return _(
            "A plain word (%(some)s ...), or isic4: and an ISIC code", some=", ".join(codes[:5])
        )
    if column.kind == "ids":
        return _("KIND:NUMBER, the kinds are %(codes)s", codes=", ".join(codes))
    if codes:
        text = ", ".join(codes[:SPELLED]) + (" ..." if len(codes) > SPELLED else "")
        return (
            _("Several, with ; between: %(codes)s", codes=text) if column.kind == "codes" else text
        )
    if column.kind == "yes_no":
        return _("yes, no")
    if column.kind == "day":
        return _("A day, such as 2026-03-04")
    if column.kind in ("number", "whole"):
        return _("A number from %(low)s to %(high)s", low=column.minimum, high=column.maximum)
    if column.kind == "money":
        return _("An amount, with its currency in %(column)s", column=column.currency)
    return _("At most %(most)s letters", most=column.maximum)


def _rows() -> list[Sequence[Cell]]:
    """A firm with a need, and a fund with an offer."""
    firm = {c.name: c.example for c in COLUMNS if c.about != "offer"}
    fund = FUNDER | {c.name: c.example for c in COLUMNS if c.about == "offer"}
    names = [column.name for column in COLUMNS]
    return [names, *([row.get(name) or None for name in names] for row in (firm, fund))]


def _columns() -> list[Sequence[Cell]]:
    head = [_("Column"), _("What it is"), _("What to write"), _("Example"), _("Needed")]
    return [
        head,
        *(
            [c.name, str(c.meaning), values(c), c.example, _("yes") if c.needed else ""]
            for c in COLUMNS
        ),
    ]

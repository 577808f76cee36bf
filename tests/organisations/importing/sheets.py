"""Files and pictures of the database for the tests of import and export."""

from __future__ import annotations

import csv
import io
from typing import Any

from openpyxl import Workbook
from sqlalchemy import inspect, text

from matchmaker.accounts.access import StaffScope
from matchmaker.extensions import db
from matchmaker.extensions.transactions import reading_session
from matchmaker.organisations.importing.files import Sheet, read_file
from matchmaker.organisations.importing.importer import Importer
from matchmaker.organisations.importing.running import silent, take_in
from matchmaker.organisations.importing.writing import Taking

EVERYTHING = StaffScope(everything=True)
ADMIN = Importer("import", scope=EVERYTHING, may_publish=True)

FIRM = {
    "key": "ncb-1",
    "roles": "firm",
    "name": "Nam Khan Coffee",
    "province": "Luang Prabang",
    "sector": "COFFEE_ROASTING",
    "staff": "12",
    "contact_name": "Mali",
}
NEED = {
    "need_title": "A dryer for our coffee",
    "need_code": "TERM_LOAN",
    "need_purpose": "EQUIPMENT",
    "need_amount": "80,000,000",
    "need_currency": "LAK",
}
FUND = {
    "key": "muf",
    "roles": "funder",
    "name": "Mekong Upland Fund",
    "country": "LA",
    "offer_title": "Loan for machines",
    "offer_code": "TERM_LOAN",
    "offer_amount_min": "5000",
    "offer_amount_max": "50000",
    "offer_currency": "USD",
    "offer_amount_rule": "must",
    "offer_places": "LA-LP; Champasak",
    "offer_stages": "growth",
    "offer_age_min": "2",
    "offer_only_wished": "stages",
    "offer_must_show": "registration",
}


def csv_of(*rows: dict[str, Any], separator: str = ",") -> bytes:
    names = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, names, delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def xlsx_of(*rows: list[Any]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sheet_of(*rows: dict[str, Any]) -> Sheet:
    return read_file("rows.csv", csv_of(*rows))


def firms(number: int) -> list[dict[str, Any]]:
    return [FIRM | NEED | {"key": f"k{n}", "name": f"Coffee {n} shop"} for n in range(number)]


def taken(*rows: dict[str, Any], importer: Importer = ADMIN, **taking: Any) -> dict[str, Any]:
    report = take_in(db.session(), importer, sheet_of(*rows), "en", Taking(**taking), silent)
    db.session.commit()
    return report


def table_digest() -> dict[str, list[Any]]:
    """Every row of every table but the jobs'."""
    with reading_session(db.engine) as session:
        all_names = inspect(session.connection()).get_table_names()
        names = [n for n in all_names if n not in ("job", "periodic", "sign_in")]
        return {
            name: sorted(map(repr, session.execute(text(f"SELECT * FROM {name}"))))
            for name in sorted(names)
        }

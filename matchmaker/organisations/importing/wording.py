"""Problems of a file in the reader's words: what is wrong, and what to write instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from matchmaker.organisations.importing.cells import EMPTY
from matchmaker.organisations.importing.problems import Problem
from matchmaker.web.filters import ngettext, number
from matchmaker.web.forms.numbers import number_message

Facts = Mapping[str, Any]


def file_words(code: str, facts: Facts) -> str:
    """Why a file as a whole was not taken."""
    return _filled(_FILE[code], facts)


def words(problem: Problem) -> str:
    facts = problem.facts
    if problem.code == "number":
        return number_message(facts["why"])
    if problem.code == "too_long":
        return ngettext(
            "This is %(num)s letter too long. Keep it to %(maximum)s.",
            "This is %(num)s letters too long. Keep it to %(maximum)s.",
            facts["over"],
            maximum=number(facts["most"]),
        )
    return _filled(_CELL[problem.code], facts)


def _filled(text: Any, facts: Facts) -> str:
    return str(text) % (
        {"empty": EMPTY, "example": 12} | {n: _fact(n, v) for n, v in facts.items()}
    )


def _fact(name: str, value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    return number(value) if name in ("most", "number") else str(value)


_FILE: dict[str, Any] = {
    "empty": _l("There is nothing in this file."),
    "only_header": _l("Below the names of the columns there are no rows."),
    "old_excel": _l("This is an old Excel file. Save it as XLSX or as CSV."),
    "ending": _l("Choose a file whose name ends in .csv or .xlsx."),
    "not_what_it_says": _l(
        "The name ends in %(ending)s, but the file is of another kind. Save it again as CSV or"
        " XLSX."
    ),
    "too_many_rows": _l("Take at most %(most)s rows in one file. Part it in several."),
    "too_many_columns": _l(
        "There are more than %(most)s columns. Take those out that are not in the list of columns."
    ),
    "cell_too_long": _l("A cell of row %(row)s holds more than %(most)s letters."),
    "no_known_columns": _l(
        "Row %(row)s should name the columns, as the template does. None of its names is known."
    ),
    "double_column": _l("The column %(column)s stands there twice. Take one out."),
    "broken_csv": _l(
        "The file cannot be read near line %(row)s: a quotation mark is missing or one too many."
    ),
    "encoding": _l("The letters cannot be read. Save the file as “CSV UTF-8”."),
    "not_text": _l("This is not a text file. Save it again as CSV or XLSX."),
    "unpacked_too_large": _l(
        "Unpacked, this file is too large. Copy the rows into the template and save that."
    ),
    "broken_xlsx": _l(
        "This XLSX file is damaged. Open it in your spreadsheet, save it"
        " again, and choose it again."
    ),
}

_CELL: dict[str, Any] = {
    "column_slip": _l("No column has this name. Did you mean %(near)s?"),
    "column_unknown": _l("This column is not in the list of columns. It is left aside."),
    "formula": _l("Here stands a formula. Copy it and paste its value instead."),
    "cell_error": _l("Here stands an error of the spreadsheet. Write the value."),
    "missing": _l("This is needed. Fill it in."),
    "zawgyi": _l("It looks like Zawgyi. Turned into Unicode it reads: %(reads)s"),
    "consent_by": _l("Write who of the organisation agreed that you act for it."),
    "not_in_list": _l(
        "“%(text)s” is not in the list. Write a code or its words, such as: %(near)s."
    ),
    "two_meanings": _l("“%(text)s” can mean several. Write one of these codes: %(codes)s."),
    "lost_zero": _l("Perhaps the spreadsheet dropped a 0 in front. Write one of: %(codes)s."),
    "too_many_parts": _l("Name at most %(most)s, with ; between them."),
    "hidden_signs": _l(
        "This has hidden signs that turn the direction of writing. Type it again by hand."
    ),
    "bad_signs": _l("This has signs that cannot be shown. Type it again by hand."),
    "email": _l("Write an e-mail address, such as name@example.org."),
    "not_whole": _l("Write a whole number, such as %(example)s."),
    "too_small": _l("Write %(number)s or more."),
    "too_much": _l("Write %(number)s or less."),
    "decimals": _l("Write at most %(places)s digits after the mark."),
    "currency": _l("Write the currency of the amount beside it, such as LAK."),
    "amounts_together": _l("The currency changes, so write this amount in it too, or %(empty)s."),
    "below": _l("This is below %(other)s in the same row."),
    "all_grace": _l("The months of grace are fewer than the months to pay back."),
    "day": _l("Write a day, such as 2026-03-04."),
    "no_such_day": _l("There is no such day. Look at day and month again."),
    "buddhist": _l("%(year)s looks like a Buddhist year. Write %(western)s."),
    "past_day": _l("Choose a day from today on, within five years."),
    "yes_no": _l("Write yes or no."),
    "id_kind": _l("Write it as KIND:NUMBER. The kinds are: %(codes)s."),
    "id_number": _l("“%(text)s” does not look like a number of that kind. Look at it again."),
    "differs": _l(
        "Row %(row)s tells of the same organisation and says something else"
        " here. Make them equal, or leave this cell empty."
    ),
    "both": _l(
        "A row holds one need or one offer. Write the offer in a row of its own, with the same key."
    ),
    "kind_of_code": _l("This does not fit the code beside it. Leave it empty."),
    "other_kind": _l("What is finance cannot become a service. Give it another title."),
    "unknown_id": _l(
        "You look after no organisation with this number. Leave it empty for a new one."
    ),
    "unknown_listing": _l(
        "This organisation has nothing with this number. Leave it empty for a new one."
    ),
    "not_yours": _l(
        "It is registered already, and you may not change it. Take the row"
        " out, or ask its owner to let you act for it."
    ),
    "same_organisation": _l(
        "This is the organisation of row %(row)s. Give both rows the same key."
    ),
    "twice": _l("This stands in row %(row)s already. Take one out, or give it another title."),
    "closed": _l("This is closed and cannot be changed. Give it another title."),
    "province_elsewhere": _l("This province is not in the country beside it."),
    "out_of_scope": _l("This place is outside what you look after."),
    "twin": _l(
        "An organisation like this is already registered. If it is the same, take the row out."
    ),
    "twin_row": _l("Row %(row)s has the same name and province under another key."),
}

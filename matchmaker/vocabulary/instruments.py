"""Financing instruments: what a funder gives and a firm looks for."""

from matchmaker.vocabulary.codes import CodeList

INSTRUMENTS = CodeList("instrument", "instruments")
INSTRUMENT_GROUPS = CodeList("instrument-group", "instrument_groups")

#: The group of instruments that are paid back with interest.
LOANS = "debt"


def is_loan(code: str) -> bool:
    """Say whether what is given is paid back with interest, in amounts known beforehand."""
    return INSTRUMENTS.parent(code) == LOANS


def loan_codes() -> list[str]:
    return [code.code for code in INSTRUMENTS if code.parent == LOANS]

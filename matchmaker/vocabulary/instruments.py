"""Financing instruments: what a funder gives and a firm looks for."""

from matchmaker.vocabulary.codes import CodeList

INSTRUMENTS = CodeList("instrument", "instruments")
INSTRUMENT_GROUPS = CodeList("instrument-group", "instrument_groups")

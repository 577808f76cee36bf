"""Burmese of a file that looks like Zawgyi: pointed out, or turned into Unicode."""

from __future__ import annotations

from matchmaker.language import zawgyi
from matchmaker.organisations.importing.columns import BY_NAME
from matchmaker.organisations.importing.files import Line
from matchmaker.organisations.importing.problems import WARNING, ZAWGYI, Problem, quoted

#: Kinds of columns that people write words in.
WRITTEN = frozenset({"line", "text"})


def in_unicode(line: Line, problems: list[Problem], to_unicode: bool) -> Line:
    """The row with its texts in Unicode, if that was asked for; else with a problem for each."""
    cells = dict(line.cells)
    for name, text in line.cells.items():
        if BY_NAME[name].kind not in WRITTEN or not zawgyi.looks_like_it(text):
            continue
        reads = zawgyi.convert(text)
        if to_unicode:
            cells[name] = reads
        else:
            facts = {"reads": quoted(reads)}
            problems.append(Problem(line.number, name, ZAWGYI, facts, WARNING))
    return Line(line.number, cells)

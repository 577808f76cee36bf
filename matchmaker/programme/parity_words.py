"""Whether lists treat groups of firms alike, as the model page shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from matchmaker.matching.parity import NOT_SAID, REST
from matchmaker.programme import words
from matchmaker.programme.tables import Column, Row, Table
from matchmaker.suggestions.firm_facts import AGE_STEPS, step_band
from matchmaker.suggestions.words.rules import have_words
from matchmaker.web.filters import number, percent

#: So many groups are listed, the largest.
MOST_GROUPS = 20


def parity_tables(groups: Sequence[Mapping[str, Any]]) -> list[Table]:
    """A table for each respect in which firms differ, the largest group first."""
    return [
        table
        for dimension in dict.fromkeys(group["dimension"] for group in groups)
        if (table := _table(dimension, [one for one in groups if one["dimension"] == dimension]))
    ]


def _table(dimension: str, groups: Sequence[Mapping[str, Any]]) -> Table | None:
    large = [one for one in groups if one["group"] != REST][:MOST_GROUPS]
    small = [one for one in groups if one["group"] == REST]
    titles = {
        "sex of owner": _("By who owns and leads"),
        "size": _("By size"),
        "province": _("By province"),
        "script": _("By script"),
    }
    if not large or dimension not in titles:
        return None
    columns = (
        Column(_("Needs")),
        Column(_("Top tens a need"), "said"),
        Column(_("Against the mean"), "said"),
        Column(_("nDCG@10"), "said"),
    )
    rows = [Row(group_word(dimension, one["group"]), _cells(one)) for one in (*large, *small)]
    key = "parity-" + dimension.split()[0]
    return Table(key, titles[dimension], _("Group"), columns, rows)


def _cells(group: Mapping[str, Any]) -> tuple[Any, ...]:
    quality = group["quality"]
    return (
        group["needs"],
        _between(group["seen"], 2),
        percent(group["ratio"]),
        _between(quality, 3) if quality else _("Too few outcomes"),
    )


def _between(estimate: Sequence[float], places: int) -> str:
    mean, low, high = (number(one, places) for one in estimate)
    return _("%(mean)s (%(low)s to %(high)s)", mean=mean, low=low, high=high)


def group_word(dimension: str, group: str) -> str:
    """The words for a group, a code with its scheme or without."""
    if group == NOT_SAID:
        return _("Not said")
    if group == REST:
        return _("Small groups together")
    if dimension in ("size", "province"):
        return words.value_label(dimension, group.rpartition(":")[2])
    if dimension == "age":
        return _age_word(int(group))
    known = {
        "women": _("Women own half or more, or lead"),
        "others": _("Others"),
        "latin": _("Latin"),
        "lao": _("Lao"),
        "thai": _("Thai"),
        "khmer": _("Khmer"),
        "myanmar": _("Burmese"),
        "cjk": _("Chinese"),
    }
    return known.get(group, group)


def _age_word(years: int) -> str:
    band = step_band(years, AGE_STEPS)
    return have_words("age_years", band) or _("Not said")

"""The words and tables of the model page, from versions, sights and bins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _

from matchmaker.matching.parity import LEAST_FIRMS
from matchmaker.organisations.models import Kind
from matchmaker.programme.curves import kind_title, share_words
from matchmaker.programme.parity_words import group_word
from matchmaker.programme.services.model_history import LEAST_SEEN, Entry, Move
from matchmaker.programme.tables import Column, Row, Table
from matchmaker.suggestions.models import ModelState, ModelVersion, PointsBin
from matchmaker.suggestions.services import calibration
from matchmaker.suggestions.services.rebuilding import CALIBRATED_ON
from matchmaker.suggestions.services.verdicts import CANDIDATE, IN_FORCE, LEARNED, Verdict
from matchmaker.suggestions.words.sums import facet_label
from matchmaker.web.filters import ngettext, number, on_day, percent

#: Groups that gained or lost most, of either.
MOST_MOVED = 6


def state_word(state: ModelState) -> str:
    return {
        ModelState.DRAFT: _("Draft"),
        ModelState.PUBLISHED: _("In force"),
        ModelState.RETIRED: _("Earlier"),
    }[state]


def by_words(entry: Entry) -> str:
    """Who put it in force."""
    if entry.row.published_at is None:
        return ""
    return _who(entry, entry.by)


def before_words(entry: Entry) -> list[str]:
    """When it was put in force before, and by whom."""
    return [
        _("before: %(day)s, %(who)s", day=on_day(at, "medium"), who=_who(entry, name))
        for at, name in entry.before
    ]


def _who(entry: Entry, name: str) -> str:
    own = _("The learning job") if LEARNED in entry.row.figures else _("The programme's start")
    return name or own


def why(row: ModelVersion) -> str:
    """What a version is, and why it was published or was not."""
    figures = row.figures
    if CALIBRATED_ON in figures:
        return ngettext(
            "The programme's own weights, scaled to %(num)s need",
            "The programme's own weights, scaled to %(num)s needs",
            figures[CALIBRATED_ON],
        )
    learned = figures.get(LEARNED)
    if not learned:
        return row.note
    verdict = Verdict(learned["verdict"])
    if row.published_at is not None and verdict is not Verdict.BETTER:
        return _("Learned; put in force by hand, though the job advised against it")
    against = number(learned["against"])
    return {
        Verdict.TOO_FEW: _("Too few outcomes to learn from"),
        Verdict.NO_BETTER: _("Learned; no better than version %(n)s, so not published", n=against),
        Verdict.COVERAGE_FALLS: _("Learned; fewer would be seen, so not published"),
        Verdict.BETTER: _("Learned; better than version %(n)s", n=against),
        Verdict.OVERTAKEN: _(
            "Learned; version %(n)s had gone before it was compared, so not published", n=against
        ),
    }[verdict]


def compared(entry: Entry | None) -> str:
    """The last comparison in one sentence that a reader can check against the table below it."""
    if entry is None:
        return _(
            "Nothing was learned yet. Once a week a job looks whether there are enough answers."
        )
    learned = entry.row.figures[LEARNED]
    low, high = learned["better"][1:]
    day = on_day(date.fromisoformat(learned["cut"]))
    return _(
        "Version %(n)s was fitted on %(before)s pairs answered yes before %(day)s and compared on "
        "%(after)s answered yes since. Its lists score %(mean)s against those of version "
        "%(against)s (nDCG@10; 95%% interval %(low)s to %(high)s). It is put in force only if the "
        "whole interval lies above zero and no fewer are seen.",
        n=number(entry.row.number),
        against=number(learned["against"]),
        before=number(learned["yes_before"]),
        after=number(learned["yes_after"]),
        day=day,
        mean=_signed(learned["better"][0]),
        low=_signed(low),
        high=_signed(high),
    )


def figures_table(entry: Entry) -> Table:
    """Quality and coverage beside each other: one without the other misleads."""
    rows = [
        Row(
            _method(line["method"], entry),
            (
                _("Offers for a need")
                if line["direction"].startswith("need")
                else _("Needs for an offer"),
                _between(line["ndcg"]),
                _between(line["recall"]),
                _fixed(line["coverage"], 2),
                number(line["queries"]),
            ),
        )
        for line in entry.row.figures[LEARNED]["lines"]
    ]
    columns = (
        Column(_("List"), "text"),
        Column(_("nDCG@10"), "said"),
        Column(_("Recall@10"), "said"),
        Column(_("Coverage@10"), "said"),
        Column(_("Lists"), "said"),
    )
    note = _(
        "nDCG@10: how high up the lists those stood who said yes, 1 being best. Recall@10: how many"
        " of them stood in the first ten. Coverage@10: how many of all reach some first ten."
    )
    return Table(
        "figures", _("Measured on later outcomes"), _("Ranked by"), columns, rows, note=note
    )


def weights_table(entry: Entry) -> Table:
    """What changed: the weights that moved most against the version it was compared with."""
    rows = [
        Row(
            facet_label(move["facet"]),
            (
                kind_title(Kind(move["kind"])),
                _("For the firm") if move["direction"] == "forward" else _("For the offerer"),
                percent(move["was"] / 100),
                percent(move["now"] / 100),
            ),
        )
        for move in entry.row.figures[LEARNED].get("moved", ())
    ]
    against = entry.row.figures[LEARNED]["against"]
    columns = (
        Column(_("Kind"), "text"),
        Column(_("Counts"), "text"),
        Column(_("Version %(n)s", n=number(against)), "said"),
        Column(_("Version %(n)s", n=number(entry.row.number)), "said"),
    )
    none = _("No weight moved.")
    return Table("weights", _("Weights that moved most"), _("Weight"), columns, rows, none=none)


def bands_table(kind: Kind, bins: Sequence[PointsBin]) -> Table:
    rows = [
        Row(
            _("%(least)s to %(most)s", least=band.least, most=band.most),
            (
                band.asked,
                *(
                    share_words(band, n)
                    for n in (band.replied, band.accepted, band.met, band.agreed)
                ),
            ),
        )
        for band in reversed(calibration.bands(bins))
    ]
    columns = (
        Column(_("Asked")),
        *(
            Column(label, "said")
            for label in (_("Answered"), _("Accepted"), _("Met each other"), _("Agreed"))
        ),
    )
    return Table(f"bands-{kind.value}", kind_title(kind), _("Points when asked"), columns, rows)


def moves_table(dimension: str, moves: Sequence[Move], pair: tuple[int, int]) -> Table:
    """Who gained most, then who lost most."""
    ends = [*moves[:MOST_MOVED], *moves[-MOST_MOVED:]] if len(moves) > 2 * MOST_MOVED else moves
    rows = [
        Row(
            group_word(dimension, move.value),
            (
                *(percent(share) for share in move.share),
                *(number(place, 1) for place in move.place),
            ),
        )
        for move in ends
    ]
    older, newer = (number(one) for one in pair)
    columns = (
        Column(_("Share seen, version %(n)s", n=older), "said"),
        Column(_("Version %(n)s", n=newer), "said"),
        Column(_("Mean place, version %(n)s", n=older), "said"),
        Column(_("Version %(n)s", n=newer), "said"),
    )
    title, head = _group_heads()[dimension]
    none = ngettext(
        "No group was seen %(num)s time under both versions yet.",
        "No group was seen %(num)s times under both versions yet.",
        LEAST_SEEN,
    )
    note = ngettext(
        "Groups of fewer than %(num)s firm, and firms that did not say, are left out.",
        "Groups of fewer than %(num)s firms, and firms that did not say, are left out.",
        LEAST_FIRMS,
    )
    return Table(f"moved-{dimension}", title, head, columns, rows, note=note, none=none)


def _group_heads() -> dict[str, tuple[str, str]]:
    """Title of the table and head of its first column, by respect in which firms differ."""
    return {
        "province": (_("By province"), _("Province")),
        "size": (_("By size"), _("Size class")),
        "owner": (_("By who owns and leads"), _("Group")),
        "script": (_("By script"), _("Script of the profile")),
        "age": (_("By years in business"), _("Years in business")),
    }


def _method(method: str, entry: Entry) -> str:
    against = entry.row.figures[LEARNED]["against"]
    return {
        CANDIDATE: _("Version %(n)s", n=number(entry.row.number)),
        IN_FORCE: _("Version %(n)s, in force then", n=number(against)),
        "words": _("Words only"),
        "activity": _("Recent activity only"),
        "logistic": _("Yardstick: measured within each list"),
    }.get(method, method)


def _between(estimate: Sequence[float]) -> str:
    mean, low, high = (_fixed(one) for one in estimate)
    return _("%(mean)s (%(low)s to %(high)s)", mean=mean, low=low, high=high)


def _signed(value: float) -> str:
    return f"{value:+.3f}".replace("-", "\N{MINUS SIGN}")


def _fixed(value: float, places: int = 3) -> str:
    """Figures of one column under each other, as a backtest prints them."""
    return f"{value:.{places}f}"

"""Backtest on a benchmark folder: learn from what happened before its cut, rank what came after."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from matchmaker.matching.benchmark_folder import BenchmarkFolder, SoughtRow, read_folder
from matchmaker.matching.encoding import encode_all
from matchmaker.matching.frontier import orders
from matchmaker.matching.learning.calibration import calibrate
from matchmaker.matching.learning.fitting import fit
from matchmaker.matching.learning.history import as_of
from matchmaker.matching.lines import Line, Ranks, both_ways, lines_of
from matchmaker.matching.model import Model
from matchmaker.matching.programme import programme_model
from matchmaker.matching.ranked_csv import write_ranked
from matchmaker.matching.records import NeedRecord, OfferRecord
from matchmaker.matching.scoring import score_rows
from matchmaker.matching.side import Pairing, Side
from matchmaker.matching.yardstick import LOGISTIC, fit_yardstick, raw_of

FORWARD, REVERSE = "organisation -> partner", "partner -> organisation"
#: Single facets shown beside the engine, as what it must beat.
YARDSTICKS = ("text", "activity")
#: Pairs beyond which the logistic yardstick is left out: it needs every facet of all of them.
MOST_FOR_LOGISTIC = 10_000_000
#: Needs encoded in one go.
_SOME = 256
#: Is told how far a long run has come.
Say = Callable[[str], None]


def _silent(_: str) -> None:
    pass


@dataclass(frozen=True)
class Report:
    """What a backtest found; no lines where the folder holds no later matches."""

    folder: str
    history: bool
    organisations: int
    partners: int
    model: Model
    lines: tuple[Line, ...]
    #: The engine's points in orders that spread attention (``frontier``), where asked for.
    frontier: tuple[Line, ...] = ()
    #: What was passed over or left out, a line each.
    notes: tuple[str, ...] = ()

    def table(self) -> str:
        """Return the figures as text, a line a method and direction."""
        told = "learned from matches_train" if self.history else "no history"
        head = f"{self.folder}: {self.organisations} organisations x {self.partners} partners, "
        every = [line.told() for line in self.lines]
        if self.frontier:
            every += ["accuracy against coverage:", *(line.told() for line in self.frontier)]
        return "\n".join([head + told, *every])


def run(
    folder: Path,
    out: Path | None = None,
    out_reverse: Path | None = None,
    no_history: bool = False,
    *,
    frontier: bool = False,
    seed: int = 7,
    say: Say = _silent,
) -> Report:
    """Read a folder, learn (unless ``no_history``), rank every test organisation and partner.

    Writes ``org_id,partner_id,score`` for every pair to ``out``; the score of a pair is one, so
    ``out_reverse`` holds the same pairs partner by partner. With ``frontier`` the report also holds
    what orders that spread attention cost and reach. BadFolder if it cannot be read.
    """
    data = read_folder(folder)
    sought = [row for row in data.sought if row.period == "test"]
    say(f"read {len(data.sought):,} organisations, {len(data.partners):,} partners, "
        f"{len(data.train):,} matches")  # fmt: skip
    model, offers = prepare(data, no_history=no_history, seed=seed)
    say(f"learned; ranks {len(sought):,} organisations")
    asked = [row.record for row in sought]
    scores: dict[str, Ranks] = dict(score_all(asked, offers, model, say))
    engine, _ = both_ways(scores["engine"])
    _write(out, data, sought, engine, by_partner=False)
    _write(out_reverse, data, sought, engine, by_partner=True)
    notes = [*data.notes, *_left_out(data, sought)]
    if asked and data.test and not no_history and engine.size <= MOST_FOR_LOGISTIC:
        scores |= _logistic(data, model, asked, offers, seed)
    say("ranked; measures")
    spread = _frontier(data, asked, engine, seed) if frontier else ()
    lines = _lines(data, asked, scores, seed)
    history, counts = not no_history, (len(sought), len(offers))
    return Report(data.name, history, *counts, model, lines, spread, tuple(notes))


def _write(
    path: Path | None,
    data: BenchmarkFolder,
    sought: Sequence[SoughtRow],
    engine: np.ndarray,
    *,
    by_partner: bool,
) -> None:
    if path is not None:
        org_ids = [row.org_id for row in sought]
        partner_ids = [row.partner_id for row in data.partners]
        write_ranked(path, org_ids, partner_ids, engine, by_partner=by_partner)


def _left_out(data: BenchmarkFolder, sought: Sequence[SoughtRow]) -> Iterator[str]:
    """Give what a reader of the table should know of what is not in it."""
    if not sought:
        yield "no organisation is of period test, so that none is ranked"
    elif data.test is not None and len(sought) * len(data.partners) > MOST_FOR_LOGISTIC:
        yield f"more than {MOST_FOR_LOGISTIC:,} pairs: no logistic regression beside the engine"


def backtest(folder: Path, *, history: bool = True) -> str:
    """Run a backtest and return its table; see :func:`run`."""
    return run(folder, no_history=not history).table()


def prepare(
    data: BenchmarkFolder, *, no_history: bool, seed: int = 7
) -> tuple[Model, list[OfferRecord]]:
    """Return the model version and the offers as of the cut, blind to ``matches_test``."""
    needs = [row.record for row in data.sought]
    offers = [row.record for row in data.partners]
    base = programme_model()
    if no_history:
        return calibrate(base, needs, offers, "no-history"), offers
    fitted = fit(base, needs, offers, data.train, "learned", seed=seed)
    by_id = {need.id: need for need in needs}
    return fitted.model, as_of(offers, by_id, data.train, data.cut, profiles=False)


def score_all(
    needs: Sequence[NeedRecord], offers: Sequence[OfferRecord], model: Model, say: Say = _silent
) -> dict[str, np.ndarray]:
    """Return scores of every pair, (needs, offers): of the engine, float64, of facets, float32."""
    pool = Side.build(encode_all(offers, model))
    shape = (len(needs), len(offers))
    found = {name: np.empty(shape, np.float32) for name in YARDSTICKS}
    engine = np.empty(shape)
    for start in range(0, len(needs), _SOME):
        for at, need in enumerate(encode_all(needs[start : start + _SOME], model), start):
            scores = score_rows(Pairing(need, pool, asks=True), model)
            engine[at] = scores.score
            for name, points in found.items():
                points[at] = scores.points[name]
        say(f"ranked {min(start + _SOME, len(needs)):,} of {len(needs):,}")
    return {"engine": engine, **found}


def _logistic(
    data: BenchmarkFolder,
    model: Model,
    asked: Sequence[NeedRecord],
    offers: Sequence[OfferRecord],
    seed: int,
) -> dict[str, Ranks]:
    """Return the scores of the yardstick of learning, {} where nothing can be learned."""
    needs = [row.record for row in data.sought]
    found = fit_yardstick(model, needs, [row.record for row in data.partners], data.train,
                          seed=seed)  # fmt: skip
    return {} if found is None else {LOGISTIC: found.scores(raw_of(model, asked, offers))}


def _frontier(
    data: BenchmarkFolder, asked: Sequence[NeedRecord], engine: np.ndarray, seed: int
) -> tuple[Line, ...]:
    """Measure the engine's orders, organisation by organisation."""
    every = {"engine": engine} | orders(np.where(_dealt(data, asked), -np.inf, engine), seed=seed)
    lines = _lines(data, asked, every, seed)
    return tuple(line for line in lines if line.direction == FORWARD)


def _lines(
    data: BenchmarkFolder,
    needs: Sequence[NeedRecord],
    scores: Mapping[str, Ranks],
    seed: int,
) -> tuple[Line, ...]:
    """Measure every method both ways; () without later matches. Takes out who dealt before."""
    if data.test is None or not needs:
        return ()
    rows = {need.id: at for at, need in enumerate(needs)}
    relevant = np.zeros((len(needs), len(data.partners)), bool)
    for one in data.test:
        if one.need_id in rows:
            relevant[rows[one.need_id], one.offer_id] = True
    if not relevant.any():
        return ()
    dealt = _dealt(data, needs)
    for ranks in scores.values():
        for matrix in both_ways(ranks):
            matrix[dealt] = -np.inf
    return lines_of(scores, relevant, (FORWARD, REVERSE), seed=seed)


def _dealt(data: BenchmarkFolder, needs: Sequence[NeedRecord]) -> np.ndarray:
    """Return the pairs whose organisation dealt with the partner before the cut."""
    firm = {row.record.id: row.record.organisation_id for row in data.sought}
    before = {(firm[one.need_id], one.offer_id) for one in data.train}
    dealt = np.zeros((len(needs), len(data.partners)), bool)
    mine: dict[int, list[int]] = {}
    for at, need in enumerate(needs):
        mine.setdefault(need.organisation_id, []).append(at)
    for organisation, offer in before:
        dealt[mine.get(organisation, []), offer] = True
    return dealt

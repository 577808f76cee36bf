"""Backtest on a benchmark folder: learn from what happened before its cut, rank what came after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from matchmaker.matching.benchmark_folder import BenchmarkFolder, read_folder
from matchmaker.matching.encoding import encode
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
) -> Report:
    """Read a folder, learn (unless ``no_history``), rank every test organisation and partner.

    Writes ``org_id,partner_id,score`` for every pair to ``out``; the score of a pair is one, so
    ``out_reverse`` holds the same pairs partner by partner. With ``frontier`` the report also holds
    what orders that spread attention cost and reach. BadFolder if it cannot be read.
    """
    data = read_folder(folder)
    model, offers = prepare(data, no_history=no_history, seed=seed)
    sought = [row for row in data.sought if row.period == "test"]
    asked = [row.record for row in sought]
    scores: dict[str, Ranks] = dict(score_all(asked, offers, model))
    engine, _ = both_ways(scores["engine"])
    org_ids = [row.org_id for row in sought]
    partner_ids = [row.partner_id for row in data.partners]
    if out is not None:
        write_ranked(out, org_ids, partner_ids, engine, by_partner=False)
    if out_reverse is not None:
        write_ranked(out_reverse, org_ids, partner_ids, engine, by_partner=True)
    if not no_history and data.test is not None:
        scores |= _logistic(data, model, asked, offers, seed)
    lines = _lines(data, asked, scores, seed)
    spread = _frontier(data, asked, engine, seed) if frontier else ()
    return Report(data.name, not no_history, len(sought), len(offers), model, lines, spread)


def backtest(
    folder: Path,
    *,
    out: Path | None = None,
    out_reverse: Path | None = None,
    history: bool = True,
    frontier: bool = False,
) -> str:
    """Run a backtest and return its table; see :func:`run`."""
    return run(folder, out, out_reverse, not history, frontier=frontier).table()


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
    needs: Sequence[NeedRecord], offers: Sequence[OfferRecord], model: Model
) -> dict[str, np.ndarray]:
    """Return scores of every pair, (needs, offers), of the engine and of single facets."""
    pool = Side.build([encode(offer, model) for offer in offers])
    found: dict[str, list[np.ndarray]] = {name: [] for name in ("engine", *YARDSTICKS)}
    for need in needs:
        scores = score_rows(Pairing(encode(need, model), pool, asks=True), model)
        found["engine"].append(scores.score)
        for name in YARDSTICKS:
            found[name].append(scores.points[name].astype(np.float64))
    shape = (len(needs), len(offers))
    return {name: np.array(rows).reshape(shape) for name, rows in found.items()}


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
    """Measure every method both ways; () without later matches."""
    if data.test is None:
        return ()
    rows = {need.id: at for at, need in enumerate(needs)}
    relevant = np.zeros((len(needs), len(data.partners)), bool)
    for one in data.test:
        if one.need_id in rows:
            relevant[rows[one.need_id], one.offer_id] = True
    dealt = _dealt(data, needs)
    open_scores: dict[str, Ranks] = {}
    for name, ranks in scores.items():
        there, back = both_ways(ranks)
        open_scores[name] = (np.where(dealt, -np.inf, there), np.where(dealt, -np.inf, back))
    return lines_of(open_scores, relevant, (FORWARD, REVERSE), seed=seed)


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

"""A month of one market under one order: who looks, asks and answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np

from matchmaker.matching.exposure import LIST, Attention, Placed, arrange, order
from matchmaker.matching.match import Match
from matchmaker.matching.prices import Pairs, prices
from matchmaker.matching.simulation.market import Played, Setting, World, make_world

Order = Literal["score", "by hand", "prices", "prices and turns"]
ORDERS: tuple[Order, ...] = ("score", "by hand", "prices", "prices and turns")
PAGE, EARLY = 20, 10
#: Prices are worked out anew every other round: 30 days in 200 rounds, every six hours and more.
REPRICE, TOLERANCE = 2, 0.01
#: The most points that requests add to a score.
MOST_LEARNED = 8.0


def play(setting: Setting, by: Order, world: World | None = None) -> Played:
    """Play a month of ``setting`` under one way of ordering; the same seed draws the same users."""
    game = _Game(setting, by, world or make_world(setting))
    for at in range(setting.rounds):
        game.round(at)
        if at + 1 == EARLY:
            game.played.seen_early = game.played.seen.copy()
    return game.played


class _Game:
    """The state of one month."""

    def __init__(self, setting: Setting, by: Order, world: World) -> None:
        self.setting, self.by, self.world = setting, by, world
        self.draw = np.random.default_rng(setting.seed + 1)
        firms, funders = world.scores.shape
        self.open = world.eligible.copy()
        #: Pairs that have met already.
        self.known = np.zeros(world.scores.shape, bool)
        self.answers = np.zeros(firms, np.int64)
        self.places = np.full(funders, setting.places)
        self.asked = np.zeros(firms, np.int64)
        self.offers_seen = np.zeros(funders, np.int64)
        self.prices = np.zeros(funders)
        none = np.zeros(firms, np.int64)
        somewhere = np.asarray(world.eligible.any(axis=1))
        self.played = Played(none, none.copy(), somewhere, np.zeros(funders, np.int64))

    def round(self, at: int) -> None:
        if self.by in ("prices", "prices and turns") and at % REPRICE == 0:
            self._price()
        funders = self.draw.permutation(len(self.places))
        firms = np.flatnonzero(self.draw.random(len(self.answers)) < self.setting.firm_looks)
        for funder in funders.tolist():
            self._funder_looks(funder)
        for firm in firms.tolist():
            self._firm_looks(firm)

    def _price(self) -> None:
        """As the job does: what is still wanted against what is still free, less the medians."""
        firms, funders = np.nonzero(self._standing())
        wanted = np.maximum(self.setting.wanted - self.answers, 0.01)
        found = prices(
            Pairs(firms, funders, self.world.scores[firms, funders]),
            wanted,
            self.places,
            tolerance=TOLERANCE,
        )
        of_offers = np.where(np.isfinite(found.offers), found.offers, 0.0)
        self.prices = of_offers - np.median(of_offers)

    def _standing(self) -> np.ndarray:
        return self.open & (self.answers < self.setting.wanted)[:, None]

    def _points(self, firms: np.ndarray, funder: int) -> np.ndarray:
        doublings = np.log2(1.0 + self.asked[firms])
        learned = np.minimum(self.setting.learned * doublings, MOST_LEARNED)
        return self.world.scores[firms, funder] + learned

    def _funder_looks(self, funder: int) -> None:
        rows = np.flatnonzero(self.open[:, funder] & (self.answers < self.setting.wanted))
        if not len(rows):
            return
        ranked = rows[np.lexsort((rows, -self._points(rows, funder)))]
        listed = self._listed(ranked, funder)
        top = listed[:LIST]
        self.played.seen[top] += 1
        self.played.lists[funder] += 1
        self.played.regret.append(_lost(self._points(ranked, funder), self._points(top, funder)))
        firm = self._picks(listed, self.world.scores[listed, funder])
        if firm is not None and not self.known[firm, funder]:
            self._answer(firm, funder)

    def _listed(self, ranked: np.ndarray, funder: int) -> np.ndarray:
        """Return firms as the page lists them."""
        if self.by == "score":
            return ranked[:PAGE]
        page = self._matches(ranked[:PAGE], funder)
        seen = self.played.seen
        behind = ranked[PAGE:]
        waiting: list[Match] = []
        if self.by == "prices and turns" and len(behind):
            least = behind[np.lexsort((np.arange(len(behind)), seen[behind]))[:2]]
            waiting = self._matches(least, funder)
        ids = [match.need_id for match in (*page, *waiting)]
        mean = float(np.mean(seen[ids[: len(page)]]))
        attention = {
            at: Attention(
                seen=int(seen[at]),
                mean_seen=mean if self.by == "by hand" else None,
                turns=int(seen[at]),
            )
            for at in ids
        }
        return _ids(self._order(page, attention, True, waiting), needs=True)

    def _matches(self, firms: np.ndarray, funder: int) -> list[Match]:
        points = self._points(firms, funder).tolist()
        pairs = zip(firms.tolist(), points, strict=True)
        return [_match(firm, funder, score) for firm, score in pairs]

    def _firm_looks(self, firm: int) -> None:
        if self.answers[firm] >= self.setting.wanted or not self.open[firm].any():
            return
        rows = np.flatnonzero(self.open[firm])
        ranked = rows[np.lexsort((rows, -self.world.scores[firm, rows]))][:PAGE]
        scores = self.world.scores[firm, ranked].tolist()
        page = [_match(firm, at, score) for at, score in zip(ranked.tolist(), scores, strict=True)]
        if self.by != "score":
            seen = self.offers_seen
            mean = float(np.mean(seen[ranked]))
            attention = {
                int(at): Attention(
                    places_left=int(self.places[at]),
                    places=self.setting.places,
                    seen=int(seen[at]),
                    mean_seen=mean,
                    price=None if self.by == "by hand" else float(self.prices[at]),
                    turns=int(seen[at]),
                )
                for at in ranked
            }
            ranked = _ids(self._order(page, attention, False, ()), needs=False)
        self.offers_seen[ranked[:LIST]] += 1
        funder = self._picks(ranked, self.world.scores[firm, ranked])
        if funder is None or self.known[firm, funder]:
            return
        if self.places[funder] <= 0:
            self.played.in_vain += 1
            return
        self.places[funder] -= 1
        self._answer(firm, funder)

    def _order(
        self,
        page: Sequence[Match],
        attention: Mapping[int, Attention],
        needs: bool,
        waiting: Sequence[Match],
    ) -> list[Placed]:
        if self.by == "prices and turns":
            return arrange(page, attention, needs=needs, waiting=waiting)
        return order(page, attention, needs=needs)

    def _picks(self, listed: np.ndarray, scores: np.ndarray) -> int | None:
        """Return the first that is looked at and liked, if any: one request a look."""
        if not self.setting.asks:
            return None
        looked = self.draw.random(len(listed)) < 1.0 / np.log2(2.0 + np.arange(len(listed)))
        liked = self.draw.random(len(listed)) < (scores / 100.0) ** 3
        found = np.flatnonzero(looked & liked)
        return int(listed[found[0]]) if len(found) else None

    def _answer(self, firm: int, funder: int) -> None:
        """One request a pair; after a no the two are not suggested to each other again."""
        self.asked[firm] += 1
        self.known[firm, funder] = True
        if self.draw.random() < (self.world.scores[firm, funder] / 100.0) ** 2:
            self.answers[firm] += 1
            self.played.matches += 1
        else:
            self.open[firm, funder] = False


def _lost(ranked: np.ndarray, top: np.ndarray) -> float:
    """Return the points that a top ten lost against the order by score, discounted by place."""
    weights = 1.0 / np.log2(2.0 + np.arange(len(top)))
    return float(weights @ (ranked[: len(top)] - top) / weights.sum())


def _match(firm: int, funder: int, score: float) -> Match:
    return Match(firm, funder, (), (), 0.0, 0.0, score)


def _ids(placed: Sequence[Placed], *, needs: bool) -> np.ndarray:
    found = [one.match.need_id if needs else one.match.offer_id for one in placed]
    return np.array(found, np.int64)

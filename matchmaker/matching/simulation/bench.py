"""The orders side by side, in the words of docs/matching.md."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from matchmaker.matching.simulation.game import ORDERS, play
from matchmaker.matching.simulation.market import Setting, gini

#: The two markets of the bench, and how often each is played with other firms and other users.
BENCH: tuple[tuple[Setting, int], ...] = ((Setting(), 10), (Setting(funders=60, firms=3000), 1))


def table(setting: Setting, times: int) -> str:
    """Return a table of every order over ``times`` seeds: means, in the words of docs/matching."""
    lines = [
        f"{setting.funders} funders, {setting.firms:,} firms, {setting.rounds} rounds,"
        f" {times} times",
        f"{'order':20}{'Gini at 10':>11}{'at the end':>11}{'reached':>9}{'matches':>9}"
        f"{'in vain':>9}{'points lost':>12}",
    ]
    for by in ORDERS:
        played = [play(replace(setting, seed=setting.seed + at), by) for at in range(times)]
        early, late = (
            np.mean([gini(counts[one.eligible]) for one, counts in rows])
            for rows in (
                [(one, one.seen_early) for one in played],
                [(one, one.seen) for one in played],
            )
        )
        lines.append(
            f"{by:20}{early:>11.3f}{late:>11.3f}"
            f"{np.mean([one.reached for one in played]):>9.1%}"
            f"{np.mean([one.matches for one in played]):>9.1f}"
            f"{np.mean([one.in_vain for one in played]):>9.1f}"
            f"{np.mean([np.mean(one.regret) for one in played]):>12.2f}"
        )
    return "\n".join(lines)


def twins_line(times: int) -> str:
    """Return how twins fare against each other in the small market, where all is left to chance."""
    setting = Setting(twins=True, learned=0.0)
    played = [play(replace(setting, seed=at), "prices and turns").seen for at in range(times)]
    first, second = (sum(int(seen[at::2].sum()) for seen in played) for at in (0, 1))
    return f"twins, {times} times: seen {first:,} and {second:,}, ratio {first / second:.3f}"

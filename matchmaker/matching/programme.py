"""The programme's own model: what holds before any outcome is known."""

from __future__ import annotations

from matchmaker.matching.gates import UNKNOWN_SHARE
from matchmaker.matching.model import Direction, Model, Scale

_PLAIN = Scale((0.0, 1.0), (0.0, 100.0), 25)
#: On our set of texts nine in ten pairs of different topics lie below .07; half of those of one
#: topic lie above .27 and one in ten above .4.
_TEXT = Scale((0.0, 0.03, 0.08, 0.2, 0.4), (0.0, 20.0, 45.0, 75.0, 100.0), 15)
#: Raw values below those of any pair that meets what is asked in part, the rest not known: one aim,
#: wish or paper of many, a budget that just reaches a price. What is not known has no more points
#: than these: who tells one thing, and has it, never stands behind who tells nothing.
LEAST_MET = {"price": 0.5, "impact": 0.03, "preferences": UNKNOWN_SHARE, "evidence": 0.03}
_SCALES = {
    "service": Scale((0.0, 0.5, 1.0), (0.0, 40.0, 100.0), 40),
    "sector": _PLAIN,
    "text": _TEXT,
    "place": _PLAIN,
    "ticket": _PLAIN,
    "price": _PLAIN,
    "stage": _PLAIN,
    "language": _PLAIN,
    "impact": Scale((0.0, LEAST_MET["impact"], 1.0), (0.0, 40.0, 100.0), 40),
    "preferences": Scale((0.0, LEAST_MET["preferences"], 1.0), (0.0, 40.0, 100.0), 40),
    "evidence": Scale((0.0, LEAST_MET["evidence"], 1.0), (0.0, 25.0, 100.0), 25),
    "activity": Scale((0.0, 1.0), (0.0, 100.0), 25),
    "freshness": Scale((0.0, 1.0), (0.0, 100.0), 40),
}
_FINANCE: dict[Direction, dict[str, int]] = {
    "forward": {
        "service": 20,
        "sector": 15,
        "text": 12,
        "place": 13,
        "ticket": 15,
        "stage": 7,
        "language": 3,
        "activity": 15,
    },
    "backward": {
        "service": 10,
        "sector": 19,
        "text": 10,
        "place": 15,
        "ticket": 17,
        "stage": 9,
        "impact": 6,
        "preferences": 4,
        "evidence": 7,
        "freshness": 3,
    },
}
_SERVICE: dict[Direction, dict[str, int]] = {
    "forward": {
        "service": 22,
        "text": 25,
        "price": 15,
        "place": 10,
        "sector": 10,
        "language": 8,
        "activity": 10,
    },
    "backward": {
        "service": 20,
        "text": 20,
        "price": 15,
        "sector": 15,
        "place": 12,
        "stage": 8,
        "preferences": 5,
        "freshness": 5,
    },
}


def programme_model(version: str = "programme-1") -> Model:
    """Return the weights and scales the programme starts with; fitted on nothing."""
    return Model(
        version=version,
        scales={"finance": _SCALES, "service": _SCALES},
        weights={"finance": _FINANCE, "service": _SERVICE},
    )

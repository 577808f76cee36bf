"""Bands and signs of life as numbers that formulas read."""

from __future__ import annotations

from math import inf, log1p, log10, nan

from matchmaker.matching.records import Activity, Band

#: Weight of a sign of life by its age: up to 30, 90, 365 days, older.
_AGES = (1.0, 0.8, 0.45, 0.1)
_LIVELIEST = log1p(1000.0)


def log_band(band: Band | None) -> tuple[float, float]:
    """Return log10 of a USD band's ends, (NaN, NaN) if None; open ends are a decade wide."""
    if band is None:
        return nan, nan
    low = band.low if band.low > 0 else (band.high or 100.0) / 10.0
    high = band.high if band.high is not None else low * 10.0
    return log10(low), log10(max(high, low))


def log_range(band: Band | None) -> tuple[float, float]:
    """Return log10 of a ticket range's ends, infinite where it is open.

    (NaN, NaN) if None or open at both ends: "any amount" says nothing.
    """
    if band is None or (band.low <= 0 and band.high is None):
        return nan, nan
    low = log10(band.low) if band.low > 0 else -inf
    return low, inf if band.high is None else log10(max(band.high, 1e-9))


def liveliness(activity: Activity) -> float:
    """Return log1p of signs of life weighted by age, over log1p(1000); NaN if none is known.

    They are weighted by their half-life where the record knows one, else by classes of age.
    Silence halves it (``silence``); who has shown nothing but silence has 0, not "unknown".
    """
    if activity.total == 0:
        return 0.0 if activity.unanswered else nan
    return _signs(activity) * silence(activity)


def silence(activity: Activity) -> float:
    """Return what silence leaves of a sign of life, in (0, 1]: a half for each request in a row
    that was left unanswered. Ours; the decision record says why a half."""
    return 0.5**activity.unanswered


def _signs(activity: Activity) -> float:
    if activity.halved is not None:
        return min(log1p(activity.halved) / _LIVELIEST, 1.0)
    counts = (
        activity.last_30,
        activity.last_90 - activity.last_30,
        activity.last_365 - activity.last_90,
        activity.older,
    )
    weighted = sum(weight * count for weight, count in zip(_AGES, counts, strict=True))
    return min(log1p(weighted) / _LIVELIEST, 1.0)

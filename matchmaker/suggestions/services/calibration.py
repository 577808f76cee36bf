"""What scores were worth: what became of requests by the points that stood on the page."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, delete, func, insert, select
from sqlalchemy.orm import Session

from matchmaker.matching.metrics import wilson
from matchmaker.organisations.models import Kind, Need
from matchmaker.suggestions.models import Feedback, FeedbackKind, PointsBin
from matchmaker.vocabulary.reasons import NO_CONTACT

WIDTH = 10
BINS = tuple(range(0, 100, WIDTH))
#: Bands of the staff page and of the match page, by their least points.
BANDS = (0, 20, 40, 60, 80)
ANSWERED = (FeedbackKind.ACCEPTED, FeedbackKind.DECLINED)
ENDED = (*ANSWERED, FeedbackKind.EXPIRED, FeedbackKind.WITHDRAWN)
#: What is counted of requests, each a part of the one before it.
COUNTED = ("asked", "replied", "accepted", "met", "agreed")
#: With fewer requests in a band, the page of a match says nothing about it.
LEAST_TOLD = 20
#: Requests and steps of points with requests in them from which a curve is drawn through them.
LEAST_EVENED, LEAST_STEPS = 100, 3


@dataclass(frozen=True, slots=True)
class Band:
    """Requests whose points lay in `least`..`most`; both belong to it."""

    least: int
    most: int
    asked: int = 0
    replied: int = 0
    accepted: int = 0
    met: int = 0
    agreed: int = 0

    def interval(self, count: int) -> tuple[float, float]:
        """The 95 % interval of a share of those asked."""
        return wilson(count, self.asked)


def bands(rows: Iterable[PointsBin], starts: tuple[int, ...] = BANDS) -> list[Band]:
    """The bins summed up to bands that begin at these points."""
    sums: dict[int, Counter[str]] = defaultdict(Counter)
    for row in rows:
        start = max(least for least in starts if least <= row.least)
        for name in COUNTED:
            sums[start][name] += getattr(row, name)
    ends = [*(start - 1 for start in starts[1:]), 100]
    return [Band(start, end, **sums[start]) for start, end in zip(starts, ends, strict=True)]


def evened(rising: Sequence[Band]) -> list[float] | None:
    """The shares of yeses nearest to those seen that never fall as points rise, one a band.

    Isotonic regression weighted by requests, by pooling neighbours that fall (Ayer et al. 1955; as
    calibration: Zadrozny & Elkan 2002). None where requests are too few to draw a curve through.
    """
    asked = [band.asked for band in rising]
    if len(rising) < LEAST_STEPS or sum(asked) < LEAST_EVENED:
        return None
    # Loads slowly, and one page needs it.
    from scipy.optimize import isotonic_regression

    shares = [band.accepted / band.asked for band in rising]
    found: list[float] = isotonic_regression(shares, weights=asked).x.tolist()
    return found


def band_of(session: Session, kind: Kind, points: int) -> Band | None:
    """The band that these points lie in, where enough was asked in it to say anything."""
    rows = session.scalars(select(PointsBin).where(PointsBin.kind == kind.value))
    found = next(band for band in reversed(bands(rows)) if points >= band.least)
    return found if found.asked >= LEAST_TOLD else None


def read_bins(reading: Session) -> list[dict[str, int | str]]:
    """Count feedback pair by pair; a pair asked twice counts once, by its first points."""
    ended = _any(ENDED)
    denied = (Feedback.kind == FeedbackKind.NOT_AGREED) & (Feedback.reason == NO_CONTACT)
    never_met = func.max(case((denied, 1), else_=0))
    pair = (
        select(
            Feedback.need_id,
            func.min(case((Feedback.kind == FeedbackKind.ASKED, Feedback.score))).label("score"),
            _any(ANSWERED).label("replied"),
            _any((FeedbackKind.ACCEPTED,)).label("accepted"),
            (_any((FeedbackKind.MET, FeedbackKind.AGREED)) * (1 - never_met)).label("met"),
            (_any((FeedbackKind.AGREED,)) * (1 - _any((FeedbackKind.NOT_AGREED,)))).label("agreed"),
        )
        .group_by(Feedback.need_id, Feedback.offer_id)
        .having(ended == 1)
        .subquery()
    )
    points = func.round(pair.c.score).label("points")
    counts = [func.sum(pair.c[name]) for name in COUNTED[1:]]
    query = (
        select(Need.kind, points, func.count(), *counts)
        .join(Need, Need.id == pair.c.need_id)
        .where(pair.c.score.is_not(None))
        .group_by(Need.kind, points)
    )
    found: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    for kind, at, *sums in reading.execute(query):
        least = min(int(at) // WIDTH, len(BINS) - 1) * WIDTH
        found[kind.value, least].update(dict(zip(COUNTED, sums, strict=True)))
    return [{"kind": kind, "least": least, **sums} for (kind, least), sums in found.items()]


def write_bins(session: Session, rows: list[dict[str, int | str]]) -> None:
    session.execute(delete(PointsBin))
    if rows:
        session.execute(insert(PointsBin), rows)


def _any(kinds: tuple[FeedbackKind, ...]) -> ColumnElement[int]:
    return func.max(case((Feedback.kind.in_(kinds), 1), else_=0))

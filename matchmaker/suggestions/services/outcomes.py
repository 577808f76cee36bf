"""The programme's own outcomes: feedback turned into labels, and parted at a day into two."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from matchmaker.matching.comparison import Later, Pair
from matchmaker.matching.learning.history import Outcome, as_of
from matchmaker.matching.records import Activity, NeedRecord, OfferRecord
from matchmaker.organisations.models import Need, Offer, Organisation, OrganisationState
from matchmaker.suggestions.models import Feedback, FeedbackKind
from matchmaker.suggestions.records import need_record, offer_record
from matchmaker.suggestions.resident import loading

#: What the last word about a pair shows; below 0: one of the two said no.
WEIGHTS = {
    FeedbackKind.AGREED: 1.0,
    FeedbackKind.MET: 0.8,
    FeedbackKind.ACCEPTED: 0.6,
    FeedbackKind.NOT_AGREED: 0.3,
    FeedbackKind.ASKED: 0.1,
    FeedbackKind.EXPIRED: 0.05,
    FeedbackKind.WITHDRAWN: 0.05,
    FeedbackKind.DECLINED: -0.6,
    FeedbackKind.NOT_FOR_ME: -1.0,
}
YES = frozenset({FeedbackKind.ACCEPTED, FeedbackKind.MET, FeedbackKind.AGREED})
#: Words that a meeting told of by the other side later does not take back.
FINAL = frozenset({FeedbackKind.AGREED, FeedbackKind.NOT_AGREED})
#: An outcome half a year older weighs half as much; older than two years it is not read.
HALF_LIFE, OLDEST = timedelta(days=180), timedelta(days=730)
#: Share of the yeses that come before the cut, and how many each part needs to say anything.
EARLIER, LEAST_EARLIER, LEAST_LATER = 0.7, 40, 20
#: The share of all weight that one offerer's outcomes have at most, and what is never cut.
LOUDEST, LEAST_LOUD = 0.1, 3.0
#: The latest outcomes that are read, and how many other needs and offers are drawn beside theirs:
#: a job's memory does not grow with the programme.
MOST_OUTCOMES, MOST_OTHERS = 4_000, 1_000


@dataclass(frozen=True, slots=True)
class Said:
    """One row of feedback, with the two organisations behind its pair."""

    pair: Pair
    firms: Pair
    kind: FeedbackKind
    at: datetime


@dataclass(frozen=True)
class Parts:
    """Outcomes before the cut to learn from, and what came later to measure on."""

    cut: date | None
    yes_before: int
    yes_after: int
    outcomes: Sequence[Outcome] = ()
    later: Later | None = None

    @property
    def enough(self) -> bool:
        return self.yes_before >= LEAST_EARLIER and self.yes_after >= LEAST_LATER


def parts_of(session: Session, today: date, seed: int = 7) -> Parts:
    """Read the programme's outcomes; without records where there are too few of them."""
    said = _said(session, today)
    first_yes: dict[Pair, datetime] = {}
    for one in said:
        if one.kind in YES:
            first_yes.setdefault(one.pair, one.at)
    days = sorted(at.astimezone(UTC).date() for at in first_yes.values())
    if not days:
        return Parts(None, 0, 0)
    cut = days[int(len(days) * EARLIER)]
    moment = datetime.combine(cut, time(), UTC)
    before = [one for one in said if one.at < moment]
    known = {one.pair for one in before}
    after = {pair: at for pair, at in first_yes.items() if at >= moment and pair not in known}
    yes_before = sum(at < moment for at in first_yes.values())
    parts = Parts(cut, yes_before, len(after), labels(before, moment))
    if not parts.enough:
        return parts
    return replace(parts, later=_later(session, today, parts, known, after, Random(seed)))


def labels(said: Sequence[Said], until: datetime) -> list[Outcome]:
    """One label a pair by its last word before `until`, on the day of its first.

    Two organisations speak with one voice at most, however many needs and offers they have: what
    friends say to each other all day long weighs no more than what others say once.
    """
    last: dict[Pair, tuple[date, Said]] = {}
    for one in said:
        if one.kind is FeedbackKind.TAKEN_BACK:
            last.pop(one.pair, None)
            continue
        if one.kind is FeedbackKind.MET and one.pair in last and last[one.pair][1].kind in FINAL:
            continue
        day = last[one.pair][0] if one.pair in last else one.at.astimezone(UTC).date()
        last[one.pair] = (day, one)
    weights = {
        pair: WEIGHTS[one.kind] * 0.5 ** ((until - one.at) / HALF_LIFE)
        for pair, (_, one) in last.items()
    }
    voices: Counter[Pair] = Counter()
    for pair, (_, one) in last.items():
        voices[one.firms] += abs(weights[pair])  # type: ignore[assignment]
    found = [
        Outcome(*pair, day, weights[pair] / max(voices[one.firms], 1.0))
        for pair, (day, one) in last.items()
    ]
    return _no_offerer_too_loud(found, {pair: one.firms[1] for pair, (_, one) in last.items()})


def _no_offerer_too_loud(found: Sequence[Outcome], offerers: Mapping[Pair, int]) -> list[Outcome]:
    """Whatever many firms say to one offerer weighs a tenth of all that is said, at most."""
    loud: Counter[int] = Counter()
    for one in found:
        loud[offerers[one.need_id, one.offer_id]] += abs(one.weight)  # type: ignore[assignment]
    most = max(LOUDEST * sum(loud.values()), LEAST_LOUD)
    cut = {offerer: most / max(weight, most) for offerer, weight in loud.items()}
    return [
        replace(one, weight=one.weight * cut[offerers[one.need_id, one.offer_id]]) for one in found
    ]


def _said(session: Session, today: date) -> list[Said]:
    """The latest feedback of published organisations, in the order in which it came.

    What waits for a reviewer weighs nothing: nobody learns from organisations that nobody has
    looked at, so that new accounts cannot lift one of their own (docs/matching.md).
    """
    firm, offerer = aliased(Organisation), aliased(Organisation)
    published = OrganisationState.PUBLISHED
    query = (
        select(Feedback.need_id, Feedback.offer_id, firm.id, offerer.id, Feedback.kind, Feedback.at)
        .join(Need, Need.id == Feedback.need_id)
        .join(firm, firm.id == Need.organisation_id)
        .join(Offer, Offer.id == Feedback.offer_id)
        .join(offerer, offerer.id == Offer.organisation_id)
        .where(firm.state == published, offerer.state == published, Need.kind == Offer.kind)
        .where(firm.second_look_at.is_(None), offerer.second_look_at.is_(None))
        .where(Feedback.at >= datetime.combine(today - OLDEST, time(), UTC))
        .order_by(Feedback.at.desc(), Feedback.id.desc())
        .limit(3 * MOST_OUTCOMES)
    )
    rows = session.execute(query).all()
    return [
        Said((need_id, offer_id), (firm_id, offerer_id), kind, at)
        for need_id, offer_id, firm_id, offerer_id, kind, at in reversed(rows)
    ]


def _later(
    session: Session,
    today: date,
    parts: Parts,
    known: Collection[Pair],
    after: dict[Pair, datetime],
    random: Random,
) -> Later:
    pairs = {(one.need_id, one.offer_id) for one in parts.outcomes} | set(after)
    needs, came = _needs(session, {need for need, _ in pairs}, today, random)
    offers, opened = _offers(session, {offer for _, offer in pairs}, today, random)
    by_id = {need.id: need for need in needs}
    assert parts.cut is not None
    active = as_of(offers, by_id, parts.outcomes, parts.cut, profiles=False)
    return Later(needs, offers, active, set(after), {*known, *_not_yet(after, came, opened)})


def _needs(
    session: Session, ids: set[int], today: date, random: Random
) -> tuple[list[NeedRecord], dict[int, datetime]]:
    """Needs in whatever state they are by now; of who was active when, nothing is known."""
    chosen = _with_others(session.scalars(select(Need.id).where(*_came_out(Need))), ids, random)
    found: list[NeedRecord] = []
    came: dict[int, datetime] = {}
    for some in loading.batches(chosen):
        query = select(Need).where(Need.id.in_(some), *_came_out(Need))
        for row in session.scalars(loading.with_need_parts(query)):
            # A firm whose request was answered signs in: its freshness today tells the answer.
            found.append(replace(need_record(row, today), activity=Activity()))
            came[row.id] = row.published_at or row.created_at
        session.expunge_all()
    return found, came


def _offers(
    session: Session, ids: set[int], today: date, random: Random
) -> tuple[list[OfferRecord], dict[int, datetime]]:
    chosen = _with_others(session.scalars(select(Offer.id).where(*_came_out(Offer))), ids, random)
    found: list[OfferRecord] = []
    came: dict[int, datetime] = {}
    for some in loading.batches(chosen):
        query = select(Offer).where(Offer.id.in_(some), *_came_out(Offer))
        for row in session.scalars(loading.with_offer_parts(query)):
            found.append(offer_record(row, today))
            came[row.id] = row.published_at or row.created_at
        session.expunge_all()
    return found, came


def _came_out(
    noun: type[Need] | type[Offer],
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Rows that pages have listed, of organisations that may still be shown."""
    published = noun.organisation.has(Organisation.state == OrganisationState.PUBLISHED)
    return noun.published_at.is_not(None), published


def _with_others(every: Iterable[int], ids: set[int], random: Random) -> list[int]:
    others = sorted(set(every) - ids)
    return sorted({*ids, *random.sample(others, min(len(others), MOST_OTHERS))})


def _not_yet(
    after: dict[Pair, datetime], came: dict[int, datetime], opened: dict[int, datetime]
) -> set[Pair]:
    """Pairs that no list can have held when this need, or this offer, had its last yes."""
    of_need: dict[int, datetime] = defaultdict(lambda: datetime.min.replace(tzinfo=UTC))
    of_offer: dict[int, datetime] = defaultdict(lambda: datetime.min.replace(tzinfo=UTC))
    for (need_id, offer_id), at in after.items():
        of_need[need_id] = max(of_need[need_id], at)
        of_offer[offer_id] = max(of_offer[offer_id], at)
    pairs = {
        (need_id, offer_id)
        for need_id, last in of_need.items()
        for offer_id, start in opened.items()
        if start > last
    }
    pairs |= {
        (need_id, offer_id)
        for offer_id, last in of_offer.items()
        for need_id, start in came.items()
        if start > last
    }
    return pairs - set(after)

"""The standard demo: 400 firms, 60 funders, 80 providers and a year of what they did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random

from matchmaker.demo import desk, draw
from matchmaker.demo.answers import tell
from matchmaker.demo.cast import add_cast, script
from matchmaker.demo.history import Ask, Story
from matchmaker.demo.listings import Listing
from matchmaker.demo.loans import say_terms
from matchmaker.demo.needs import make_need, topics_for
from matchmaker.demo.notices import tell_people
from matchmaker.demo.pairing import Matchmaker, Pair
from matchmaker.demo.parties import Scene
from matchmaker.demo.scenes import add_scenes
from matchmaker.demo.sheet import Sheet
from matchmaker.demo.shown import Seen, hide_some, show, write_exposure
from matchmaker.demo.world import FIRMS, World, make_world
from matchmaker.organisations.models import OrganisationState, PublicationState
from matchmaker.organisations.services.capacity import month_of
from matchmaker.suggestions.models import Side

#: How many offers one need is asked about, and how many are on its first page.
ASKED = (0, 0, 0, 1, 1, 2, 2, 3, 4, 6)
PAGE = 8
BY_OFFERER = 0.07
MOST_A_DAY = 8


def build(seed: int, now: datetime, firms: int = FIRMS) -> Sheet:
    """All rows of the standard demo; the same for a seed, but for the days they count from."""
    scene = Scene(Random(seed), now, Sheet())
    world = make_world(scene, firms)
    desk.unpublish(scene, world.firms)
    _needs(world)
    add_cast(world)
    desk.ask_second_looks(scene, world.firms[:-2])
    matchmaker = Matchmaker(scene, world.offers)
    wished, told = list(_wishes(world, matchmaker)), list(script(world, matchmaker))
    # What is told comes to pass, however the firms of the same two would have met.
    kept = {_between(ask) for ask in told}
    asks = [*(ask for ask in wished if _between(ask) not in kept), *told]
    stories = _play(world, sorted(asks, key=lambda ask: ask.sent_at))
    add_scenes(world, stories)
    _settle(world)
    say_terms(world)
    everybody = [*world.introducers, *world.offerers, *world.firms]
    desk.log_publications(scene, everybody, world.people["officer"]["id"])
    tell_people(world, stories)
    return scene.sheet


def _needs(world: World) -> None:
    """One to three a firm, over the time since it was published."""
    scene = world.scene
    for firm in world.firms:
        topics = list(topics_for(firm.row["plain_sector"]))
        count = scene.rng.choice((1, 1, 1, 2, 2, 3))
        since = firm.row["published_at"] or firm.row["created_at"]
        for topic in scene.rng.sample(topics, min(count, len(topics))):
            # A firm that just came has asked already: its first need is as old as the firm.
            first = max(since, scene.ago(364))
            published = draw.between(scene.rng, first, scene.ago(0.5))
            need = make_need(scene, firm, topic, published)
            if firm.row["state"] is not OrganisationState.PUBLISHED:
                _hold_back(need, firm.row["state"])
            if need.row["published_at"] and need.row["updated_at"] <= scene.now:
                firm.seen(need.row["updated_at"])
            world.needs.append(need)


def _hold_back(need: Listing, state: OrganisationState) -> None:
    """Nothing is out before its organisation is."""
    if state is OrganisationState.SUSPENDED:
        return
    need.row |= {
        "state": PublicationState.DRAFT,
        "ready": state is not OrganisationState.DRAFT,
        "published_at": None,
        "expires_at": None,
        "notice_at": None,
        "closed_at": None,
        "close_reason": "",
    }


def _wishes(world: World, matchmaker: Matchmaker) -> Iterable[Ask]:
    """Who looked at what, and would like to ask; not all of it will be possible."""
    scene, exposure = world.scene, Seen()
    for need in world.needs:
        if need.row["published_at"] is None:
            continue
        pairs = matchmaker.pairs(need, PAGE)
        if not pairs:
            continue
        visits = show(scene, pairs, exposure)
        asked: set[tuple[int, int]] = set()
        for ask in _asks(scene, pairs, visits):
            asked.add((ask.need.id, ask.offer.id))
            yield ask
        hide_some(scene, pairs, asked)
    write_exposure(scene, exposure)


def _asks(scene: Scene, pairs: list[Pair], visits: list[datetime]) -> Iterable[Ask]:
    count = min(scene.rng.choice(ASKED), len(pairs))
    weights = [1 / pair.position for pair in pairs]
    for pair in dict.fromkeys(
        pairs.index(one) for one in scene.rng.choices(pairs, weights, k=count)
    ):
        at = scene.rng.choice(visits) + timedelta(minutes=scene.rng.randrange(2, 50))
        yield _ask(pairs[pair], Side.NEED, at)
    for one in pairs:
        if draw.chance(scene.rng, BY_OFFERER):
            at = scene.rng.choice(visits) + draw.days(scene.rng, 0.2, 20)
            yield _ask(one, Side.OFFER, at)


def _ask(pair: Pair, side: Side, at: datetime) -> Ask:
    return Ask(pair.need, pair.offer, side, at, pair.score, pair.reasons)


def _play(world: World, asks: Iterable[Ask]) -> list[Story]:
    """Day by day, within the rules that the services keep."""
    told: list[Story] = []
    pairs: set[tuple[int, int]] = set()
    a_day: Counter[tuple[int | None, object]] = Counter()
    officer = world.people["officer"]["id"]
    for ask in asks:
        pair, day = _between(ask), ask.sent_at.date()
        sender, receiver = ask.party(ask.side), ask.party(_other(ask.side))
        busy = max(a_day[sender.id, day], a_day[receiver.id, day]) >= MOST_A_DAY
        if pair in pairs or busy or not _possible(world.scene, ask):
            continue
        pairs.add(pair)
        a_day.update([(sender.id, day), (receiver.id, day)])
        story = tell(world.scene, ask)
        _take_place(story)
        desk.look_after(world.scene, story, officer)
        told.append(story)
    return told


def _between(ask: Ask) -> tuple[int, int]:
    """A need asks an organisation once, whatever it offers."""
    return ask.need.id, ask.offer.party.id


def _other(side: Side) -> Side:
    return Side.NEED if side is Side.OFFER else Side.OFFER


def _possible(scene: Scene, ask: Ask) -> bool:
    need, offer = ask.need, ask.offer
    there = need.published_at <= ask.sent_at < min(need.ends_at, scene.now)
    late = need.row["state"] is PublicationState.PAUSED and scene.now - ask.sent_at < timedelta(7)
    if not there or late or ask.party(ask.side).account_id is None:
        return False
    if ask.side is Side.OFFER:
        return True
    places: int = offer.row["places"]
    return bool(offer.row["deploying"]) and offer.taken.get(month_of(ask.sent_at), 0) < places


def _take_place(story: Story) -> None:
    row, offer = story.row, story.ask.offer
    returned = row["state"].value == "withdrawn" and row["seen_at"] is None
    if story.ask.side is Side.NEED and not returned:
        month = month_of(row["sent_at"])
        offer.taken[month] = offer.taken.get(month, 0) + 1


def _settle(world: World) -> None:
    """What requests left on offers and organisations."""
    for offer in world.offers:
        if offer.taken:
            last = max(offer.taken)
            offer.row |= {"used_month": last, "used": offer.taken[last]}
    for party in (*world.offerers, *world.firms):
        party.row["reply_bins"] = party.bins

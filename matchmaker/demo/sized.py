"""Any number of made firms for benches, skewed as real markets are, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from matchmaker.contacts.models import RequestState
from matchmaker.contacts.services.asking import DAYS_TO_ANSWER
from matchmaker.demo import draw, library
from matchmaker.demo.accounts import make_owner
from matchmaker.demo.answers import tell
from matchmaker.demo.evidence import state_evidence
from matchmaker.demo.firms import SHARES, make_firm
from matchmaker.demo.history import Ask, Fate
from matchmaker.demo.library import Offerer
from matchmaker.demo.listings import Listing
from matchmaker.demo.needs import make_need, topics_for
from matchmaker.demo.offers import make_offer, make_offerer
from matchmaker.demo.parties import Party, Scene
from matchmaker.demo.sheet import Row
from matchmaker.demo.talk import talk
from matchmaker.organisations.models import Kind, Offer, Organisation
from matchmaker.organisations.services.capacity import month_of
from matchmaker.suggestions.models import Shown, Side
from matchmaker.suggestions.versions import FIRST

#: Firms that are made and written at a time.
CHUNK = 1000
#: Of a hundred requests so many go to one funder.
GIANT_SHARE = 0.6
GIANT_PRODUCTS = ("micro", "term", "harvest", "pos", "books", "shop", "facebook", "course")
#: Firms to one offer, and the most requests a need makes.
TO_ONE_OFFER, MOST_ASKED = 10, 60
#: The mean of the power law, cut at the most, beside its least; found by drawing.
LEAST_OF_MEAN = 1.2
#: One funder is asked again by the same need only after it was silent.
STEP = timedelta(days=DAYS_TO_ANSWER + 1)
#: How steep the power laws of provinces, sectors and offers are.
STEEP = 1.3
COMMON = ("SHOP", "RICE_FARMING", "RESTAURANT", "VEGETABLES", "LIVESTOCK", "WEAVING", "GUESTHOUSE")
#: What later steps read of an organisation that is written already.
PARTY_NEEDS = ("id", "country", "name", "contact_name", "contact_telephone", "contact_email",
               "contact_address", "last_active_at")  # fmt: skip


@dataclass
class Market:
    """Who offers: the one that most go to, and the others by kind and country."""

    giant: dict[Kind, list[Listing]]
    others: dict[tuple[Kind, str], list[Listing]]
    #: What those ask who ask least.
    eager: float = 1.0
    total: int = 0
    to_giant: int = 0

    def another(self, rng: Random, need: Listing) -> Listing | None:
        found = self.others.get((need.kind, need.party.country))
        return found[int(len(found) * rng.random() ** 3)] if found else None

    def offers(self) -> list[Listing]:
        groups = [*self.giant.values(), *self.others.values()]
        return [offer for group in groups for offer in group]


class Crowd:
    """Firms spread as in real markets: few provinces and sectors hold most of them."""

    def __init__(self, scene: Scene, n: int) -> None:
        self.scene, self.n, self.made = scene, n, 0
        self.market = _market(scene, n)
        self.places = library.place_list()
        ranks = dict.fromkeys(SHARES, 0)
        self.place_weights = []
        for place in self.places:
            ranks[place.country] += 1
            self.place_weights.append(SHARES[place.country] / ranks[place.country] ** STEEP)
        others = [sector for sector in library.trades() if sector not in COMMON]
        self.sectors = (*COMMON, *others)
        self.sector_weights = [1 / rank**STEEP for rank in range(1, len(self.sectors) + 1)]

    def chunks(self, requests: int) -> Iterator[None]:
        """Fill the sheet of the scene chunk by chunk; the caller writes it each time."""
        yield
        _slim(self.market)
        self.market.eager = max(1.0, requests / self.n / LEAST_OF_MEAN)
        while self.made < self.n:
            for _ in range(min(CHUNK, self.n - self.made)):
                need = _need(self)
                if need.row["published_at"] is not None:
                    due = requests * self.made // self.n
                    _ask_around(self.scene, self.market, need, due)
            yield


def _slim(market: Market) -> None:
    """What is written already need not be remembered whole."""
    for offer in market.offers():
        offer.row = {name: offer.row[name] for name in ("id", "kind", "title")}
        party = offer.party
        party.row = {name: party.row[name] for name in PARTY_NEEDS}


def _market(scene: Scene, n: int) -> Market:
    giant = Offerer("LA", "bank", "en", "Great River Bank", "Great River Bank", ())
    home = _offerer(scene, giant, "LA-VT")
    market = Market({kind: [] for kind in Kind}, {})
    for product in GIANT_PRODUCTS:
        offer = make_offer(scene, home, product, library.COUNTRIES, scene.ago(370))
        offer.row["places"] = 10**6
        market.giant[offer.kind].append(offer)
    templates = [*library.offerers("funders"), *library.offerers("providers")]
    for number in range(max(n // TO_ONE_OFFER, len(templates))):
        _another(scene, market, templates[number % len(templates)], number)
    return market


def _another(scene: Scene, market: Market, template: Offerer, number: int) -> None:
    country = template.country if template.country != "*" else scene.rng.choice(library.COUNTRIES)
    places = [place for place in library.place_list() if place.country == country]
    latin = f"{template.latin} {number + 1}"
    named = Offerer(
        country, template.kind, template.lang, f"{template.own} {number + 1}", latin, ()
    )
    party = _offerer(scene, named, scene.rng.choice(places).province)
    product = scene.rng.choice(template.products)
    offer = make_offer(scene, party, product, [country], scene.ago(370))
    market.others.setdefault((offer.kind, country), []).append(offer)


def _offerer(scene: Scene, offerer: Offerer, province: str) -> Party:
    role = "provider" if offerer.kind in _PROVIDERS else "funder"
    party = make_offerer(scene, offerer, role, province)
    make_owner(scene, party)
    return party


_PROVIDERS = frozenset(offerer.kind for offerer in library.offerers("providers"))


def _need(crowd: Crowd) -> Listing:
    scene, rng = crowd.scene, crowd.scene.rng
    crowd.made += 1
    place = rng.choices(crowd.places, crowd.place_weights)[0]
    sector = rng.choices(crowd.sectors, crowd.sector_weights)[0]
    own, latin = rng.choice(library.names(place.country))
    firm = make_firm(scene, place, sector, (f"{own} {crowd.made}", f"{latin} {crowd.made}"))
    state_evidence(scene, firm, silent=0.75)
    make_owner(scene, firm)
    published = draw.between(rng, max(firm.row["published_at"], scene.ago(364)), scene.ago(1))
    return make_need(scene, firm, rng.choice(topics_for(sector)), published)


def _ask_around(scene: Scene, market: Market, need: Listing, due: int) -> None:
    """Most needs ask little, some ask everybody; kept near the number that is due."""
    wanted = min(int(market.eager * scene.rng.paretovariate(1.1)), MOST_ASKED)
    count = min(wanted, due - market.total)
    if count <= 0:
        return
    missing = min(round(GIANT_SHARE * (market.total + count) - market.to_giant), count)
    asks = _to_giant(scene, market, need, missing)
    asks += _to_others(scene, market, need, count - len(asks))
    for ask in sorted(asks, key=lambda ask: ask.sent_at):
        _send(scene, market, ask)


def _to_giant(scene: Scene, market: Market, need: Listing, count: int) -> list[Ask]:
    chain = list(_chain(need, min(need.ends_at, scene.now), count))
    silences = [Fate.SILENCE] * (len(chain) - 1)
    return [
        Ask(need, scene.rng.choice(market.giant[need.kind]), Side.NEED, sent, _points(scene),
            fate=fate)
        for sent, fate in zip(chain, [*silences, None], strict=False)
    ]  # fmt: skip


def _to_others(scene: Scene, market: Market, need: Listing, count: int) -> list[Ask]:
    asks: dict[int, Ask] = {}
    for _ in range(count):
        offer = market.another(scene.rng, need)
        if offer is not None and offer.party.id not in asks:
            sent = draw.between(scene.rng, need.published_at, min(need.ends_at, scene.now))
            asks[offer.party.id] = Ask(need, offer, Side.NEED, sent, _points(scene))
    return list(asks.values())


def _chain(need: Listing, last: datetime, count: int) -> Iterator[datetime]:
    sent = need.published_at + timedelta(hours=1)
    for _ in range(count):
        if sent >= last:
            return
        yield sent
        sent += STEP


def _points(scene: Scene) -> float:
    return round(scene.rng.triangular(25, 95, 62), 2)


def _send(scene: Scene, market: Market, ask: Ask) -> None:
    if ask.sent_at >= min(ask.need.ends_at, scene.now):
        return
    market.total += 1
    market.to_giant += ask.offer.party is market.giant[ask.need.kind][0].party
    story = tell(scene, ask, log=False)
    talk(story)
    month, offer = month_of(ask.sent_at), ask.offer
    returned = story.row["state"] is RequestState.WITHDRAWN and story.row["seen_at"] is None
    if not returned:
        offer.taken[month] = offer.taken.get(month, 0) + 1
    scene.sheet.add(
        Shown,
        need_id=ask.need.id,
        offer_id=offer.id,
        side=Side.NEED,
        day=ask.sent_at.date(),
        model_version=FIRST,
        position=scene.rng.randint(1, 20),
        count=1,
    )


def settle(session: Session, market: Market) -> None:
    """What requests left on the offers, which were written before them."""
    offers = market.offers()
    taken = [
        {"row": offer.id, "used": offer.taken[max(offer.taken)], "used_month": max(offer.taken)}
        for offer in offers
        if offer.taken
    ]
    parties = {offer.party.id: offer.party for offer in offers}
    replies = [
        {"row": party.id, "reply_bins": party.bins, "last_active_at": party.row["last_active_at"]}
        for party in parties.values()
    ]
    for table, rows in ((Offer, taken), (Organisation, replies)):
        _update(session, table, rows)


def _update(session: Session, table: Any, rows: Sequence[Row]) -> None:
    if rows:
        columns = table.__table__
        statement = update(columns).where(columns.c.id == bindparam("row"))
        session.connection().execute(statement, rows)

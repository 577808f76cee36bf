"""Everybody of the standard demo: introducers, funders, providers, firms, and their people."""

from __future__ import annotations

from dataclasses import dataclass, field

from matchmaker.demo import draw, library
from matchmaker.demo.accounts import join, make_owner, make_people
from matchmaker.demo.evidence import state_evidence
from matchmaker.demo.firms import SHARES, make_firm, places_of
from matchmaker.demo.library import Offerer, Place
from matchmaker.demo.listings import Listing
from matchmaker.demo.offers import LOCAL, make_offer, make_offerer
from matchmaker.demo.parties import Party, Scene
from matchmaker.demo.sheet import Row
from matchmaker.organisations.models import IntroducerLink
from matchmaker.organisations.services.introducer_link import CONSENT_VERSION

FIRMS = 400
#: Firms with somebody who signs in; the others come to an adviser's desk, or to nobody's.
OWN_ACCOUNT, VOUCHED = 0.72, 0.5
CONSENT_HOW = ("paper", "spoken", "telephone")


@dataclass
class World:
    scene: Scene
    people: dict[str, Row] = field(default_factory=dict)
    introducers: list[Party] = field(default_factory=list)
    offerers: list[Party] = field(default_factory=list)
    firms: list[Party] = field(default_factory=list)
    offers: list[Listing] = field(default_factory=list)
    needs: list[Listing] = field(default_factory=list)

    def offerer(self, latin: str) -> Party:
        return next(party for party in self.offerers if party.row["name_latin"] == latin)


def make_world(scene: Scene, firms: int) -> World:
    """Who is there; what they look for comes after."""
    world = World(scene)
    world.people = make_people(scene)
    _introducers(world)
    for role in ("funder", "provider"):
        for offerer in library.offerers(f"{role}s"):
            _offerer(world, offerer, role)
    _firms(world, firms)
    return world


def _introducers(world: World) -> None:
    for row in library.rows("introducers"):
        offerer = Offerer(row["country"], "", row["lang"], row["own"], row["latin"], ())
        party = make_offerer(world.scene, offerer, "introducer", row["province"])
        if row["province"] == "LA-CH":
            join(world.scene, party, world.people["latsamy"])
        else:
            make_owner(world.scene, party)
        world.introducers.append(party)


#: Who of the ten signs in for which funder or provider.
SEATS = {
    "Upland Impact Fund": "sophie",
    "Lane Xang Joint Development Bank": "bounthavy",
    "Plateau Trace": "anousone",
}


def _offerer(world: World, offerer: Offerer, role: str) -> None:
    scene = world.scene
    party = make_offerer(scene, offerer, role, _home(scene, offerer))
    seat = SEATS.get(offerer.latin)
    if seat:
        join(scene, party, world.people[seat])
    else:
        make_owner(scene, party)
    area = _area(scene, offerer, party)
    for product in offerer.products:
        published = scene.now - draw.days(scene.rng, 364, 379)
        world.offers.append(make_offer(scene, party, product, area, published))
    world.offerers.append(party)


def _home(scene: Scene, offerer: Offerer) -> str:
    """Most sit in the capital; who serves the region sits in Vientiane."""
    places, weights = places_of(offerer.country if offerer.country != "*" else "LA")
    if offerer.country == "*" or offerer.kind in ("bank", "fund", "impact"):
        return places[0].province
    return scene.rng.choices(places, weights)[0].province


def _area(scene: Scene, offerer: Offerer, party: Party) -> list[str]:
    if offerer.country == "*":
        return list(library.COUNTRIES)
    if offerer.kind in LOCAL and draw.chance(scene.rng, 0.7):
        places, weights = places_of(offerer.country)
        near = {place.province for place in scene.rng.choices(places, weights, k=4)}
        return sorted({party.row["province"], *near})
    return [offerer.country]


def _firms(world: World, count: int) -> None:
    scene = world.scene
    for country, share in SHARES.items():
        names = _names(world, country, count * share // 100)
        places, weights = places_of(country)
        for sector, name in names:
            place: Place = scene.rng.choices(places, weights)[0]
            firm = make_firm(scene, place, sector, name)
            state_evidence(scene, firm)
            _people_of(world, firm)
            world.firms.append(firm)


def _names(world: World, country: str, count: int) -> list[tuple[str, tuple[str, str]]]:
    """Pairs of trade and name, none twice."""
    sectors = list(library.trades())
    every = [(sector, name) for sector in sectors for name in library.names(country)]
    world.scene.rng.shuffle(every)
    return every[:count]


def _people_of(world: World, firm: Party) -> None:
    """Own people, else those of the introducer that vouches for it, else nobody."""
    scene = world.scene
    near = [
        party
        for party in world.introducers
        if party.row["province"] == firm.row["province"] or (party.country == firm.country != "LA")
    ]
    if draw.chance(scene.rng, OWN_ACCOUNT):
        make_owner(scene, firm)
    if near and draw.chance(scene.rng, VOUCHED):
        vouch(scene, scene.rng.choice(near), firm)


def vouch(scene: Scene, introducer: Party, firm: Party) -> None:
    scene.sheet.add(
        IntroducerLink,
        introducer_id=introducer.id,
        organisation_id=firm.id,
        consent_by=firm.row["contact_name"],
        consent_how=scene.rng.choice(CONSENT_HOW),
        consent_version=CONSENT_VERSION,
        consent_at=scene.agreed_at(firm.row["created_at"], CONSENT_VERSION),
        recorded_by_id=introducer.account_id,
        ended_at=None,
    )
    firm.adviser_id = firm.adviser_id or introducer.account_id
    if firm.account_id is None:
        firm.account_id = introducer.account_id

"""What needs and offers of the demo share: when they came, and until when they stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

from matchmaker.demo import draw
from matchmaker.demo.parties import Party, Scene
from matchmaker.demo.sheet import Row
from matchmaker.organisations.models import Kind, PublicationState
from matchmaker.organisations.services.publication import LIFETIME, NOTICE
from matchmaker.vocabulary import bands, rates


@dataclass(slots=True)
class Listing:
    """A need or an offer with its row, for the steps that come after."""

    row: Row
    party: Party
    #: The topic of a need, the product of an offer.
    about: str
    #: Requests taken by month, for the places of an offer.
    taken: dict[str, int] = field(default_factory=dict)

    @property
    def id(self) -> int:
        return int(self.row["id"])

    @property
    def kind(self) -> Kind:
        kind: Kind = self.row["kind"]
        return kind

    @property
    def published_at(self) -> datetime:
        at: datetime = self.row["published_at"]
        return at

    @property
    def ends_at(self) -> datetime:
        """From then on nobody asks about it."""
        end: datetime = self.row["closed_at"] or self.row["expires_at"]
        return end

    def close(self, at: datetime, reason: str) -> None:
        self.row |= {"state": PublicationState.CLOSED, "closed_at": at, "close_reason": reason}
        self.row["updated_at"] = at


def dates(scene: Scene, published: datetime, alive: bool) -> Row:
    """Columns of a listing that was published then and is still looked after, or is not."""
    renewed = published
    while alive and renewed + LIFETIME <= scene.now:
        renewed += draw.days(scene.rng, 60, 89)
    expires = renewed + LIFETIME
    state = PublicationState.PUBLISHED if expires > scene.now else PublicationState.EXPIRED
    told = expires - NOTICE <= scene.now
    return {
        "state": state,
        "ready": True,
        "published_at": published,
        "expires_at": expires,
        "notice_at": expires - NOTICE if told else None,
        "closed_at": None,
        "close_reason": "",
        "created_at": published - timedelta(hours=1),
        "updated_at": renewed,
    }


def hide_state(row: Row, state: PublicationState) -> None:
    """A draft was never out; what is paused was."""
    row["state"] = state
    if state is PublicationState.DRAFT:
        row |= {"published_at": None, "expires_at": None, "notice_at": None, "ready": False}


@lru_cache(maxsize=4096)
def band(minor: int, currency: str) -> tuple[float, float | None]:
    found = bands.usd_band(rates.usd(minor, currency, rates.latest(currency)))
    return found.low, found.high

"""How often one may knock: Flask-Limiter over one table, or Redis, shared by all workers."""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass
from math import ceil

from flask import Flask, request
from flask_limiter import Limiter
from limits import RateLimitItem, parse

from matchmaker.accounts.limit_storage import SCHEME
from matchmaker.errors import MatchmakerError
from matchmaker.extensions import clock, db


class TooOftenError(MatchmakerError):
    """A limit is used up; `wait` says for how many seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__(f"wait {wait} seconds")
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Limit:
    name: str
    per_identity: str
    per_address: str


#: Failed tries only: who gets in gives theirs back, so a class behind one address can sign in.
SIGN_IN = Limit("sign-in", "10 per 5 minutes", "10 per 5 minutes")
SECOND_FACTOR = Limit("second-factor", "10 per 5 minutes", "30 per 5 minutes")
PRINTED_CODE = Limit("printed-code", "10 per 5 minutes", "10 per 5 minutes")
RESET = Limit("reset", "5 per day", "20 per day")
SIGN_UP = Limit("sign-up", "5 per day", "30 per hour")
CHECK_PASSWORD = Limit("check-password", "10 per 5 minutes", "30 per 5 minutes")


def address() -> str:
    """Who asks: the address, or the network of an IPv6 household.

    `X-Forwarded-For` counts only behind MATCHMAKER_PROXIES, which rewrites `remote_addr`.
    """
    try:
        found = ipaddress.ip_address(request.remote_addr or "127.0.0.1")
    except ValueError:
        return "unknown"
    if found.version == 6:
        return str(ipaddress.ip_network((found, 64), strict=False).network_address)
    return str(found)


limiter = Limiter(key_func=address, strategy="fixed-window", key_prefix="mm")


@dataclass(frozen=True, slots=True)
class Spent:
    """What a try cost, to be given back when it succeeds."""

    hits: tuple[tuple[RateLimitItem, str], ...]

    def give_back(self) -> None:
        db.session.rollback()
        for item, key in self.hits:
            limiter.limiter.hit(item, key, cost=-1)


def spend(limit: Limit, who: str, *, known_device: str = "") -> Spent:
    """Count a try before anything is looked up; raises TooOftenError.

    A device that this person signed in from before has a counter of its own, so that strangers who
    use up the person's limit, or their network's, do not lock the person out.
    """
    # The counters commit on a connection of their own: hold no lock they would wait for.
    db.session.rollback()
    if known_device:
        pairs = [(limit.per_identity, f"device:{who}:{known_device}")]
    else:
        pairs = [(limit.per_address, f"from:{address()}"), (limit.per_identity, f"who:{who}")]
    hits: list[tuple[RateLimitItem, str]] = []
    for rate, key in pairs:
        item, hashed = parse(rate), f"{limit.name}:{_hashed(key)}"
        if not limiter.limiter.hit(item, hashed):
            Spent(tuple(hits)).give_back()
            raise TooOftenError(_wait(item, hashed))
        hits.append((item, hashed))
    return Spent(tuple(hits))


def _wait(item: RateLimitItem, key: str) -> int:
    until = limiter.limiter.get_window_stats(item, key).reset_time
    return max(1, min(ceil(until - clock.now().timestamp()), item.get_expiry()))


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def register(app: Flask) -> None:
    app.config["RATELIMIT_STORAGE_URI"] = app.config["REDIS_URL"] or f"{SCHEME}://"
    app.config["RATELIMIT_HEADERS_ENABLED"] = False
    limiter.init_app(app)

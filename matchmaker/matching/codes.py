"""Codes as the engine compares them: ancestors, nearness in a hierarchy, stable feature keys."""

from __future__ import annotations

from functools import cache, lru_cache
from hashlib import blake2b

from matchmaker.vocabulary import (
    instruments,
    places,
    purposes,
    sectors,
    services,
    sizes,
    stages,
)
from matchmaker.vocabulary.codes import CodeList

#: Each step up a hierarchy, and each neighbour in an ordered list, halves the nearness.
STEP = 0.5
#: Shorter numbers are more often names of their own (ISO country numbers) than parts of a whole.
_LEAST_DIGITS = 4


@cache
def _lists() -> dict[str, CodeList]:
    """Return the lists that have parents or an order, by scheme."""
    return {
        "isic4": sectors.ISIC4,
        "iso3166-2": places.PROVINCES,
        "instrument": instruments.INSTRUMENTS,
        "service": services.SERVICES,
        "purpose": purposes.PURPOSES,
        "stage": stages.STAGES,
        "size": sizes.SIZES,
    }


@lru_cache(maxsize=65536)
def chain(code: str) -> tuple[str, ...]:
    """Return the code and its ancestors, nearest first.

    ``chain("isic4:1061")`` is ``("isic4:1061", "isic4:106", "isic4:10", "isic4:C")`` and
    ``chain("iso3166-2:LA-LP")`` ends in ``"iso3166-1:LA"``. Of a scheme without a list, a code of
    digits lies in its beginnings (``chain("zip:05602")`` goes on with ``0560``, ``056``, ``05``),
    as postal codes and classifications of trades and goods do; any other code stands alone.
    """
    scheme, _, bare = code.partition(":")
    if scheme == "iso3166-2":
        now = places.current(bare)
        return (f"{scheme}:{now}", f"iso3166-1:{now.partition('-')[0]}")
    listed = _lists().get(scheme)
    if listed is None:
        return (code, *(f"{scheme}:{above}" for above in _beginnings(bare)))
    return (code, *(f"{scheme}:{parent}" for parent in listed.ancestors(bare)))


def _beginnings(bare: str) -> tuple[str, ...]:
    """Return the beginnings of a number of four digits or more, longest first, down to two."""
    if len(bare) < _LEAST_DIGITS or not (bare.isascii() and bare.isdigit()):
        return ()
    return tuple(bare[:end] for end in range(len(bare) - 1, 1, -1))


@lru_cache(maxsize=65536)
def spread(code: str) -> tuple[tuple[str, float], ...]:
    """Return what an offer's declared code says of codes near it, as (code, nearness in (0, 1]).

    The code itself has 1, each ancestor half of the one below, neighbours in an ordered list half.
    A need matches with the greatest nearness found along its own :func:`chain`, so a need inside a
    declared division has 1 and one that only shares the division's section has 0.5.
    """
    near = [(found, STEP**level) for level, found in enumerate(chain(code))]
    scheme, _, bare = code.partition(":")
    if scheme in ("stage", "size"):
        order = _lists()[scheme].codes()
        if bare in order:
            at = order.index(bare)
            neighbours = order[max(at - 1, 0) : at] + order[at + 1 : at + 2]
            near += [(f"{scheme}:{other}", STEP) for other in neighbours]
    return tuple(near)


@lru_cache(maxsize=1 << 20)
def key(space: str, token: str) -> int:
    """Return the 63-bit number under which a token of a space is indexed, the same everywhere."""
    digest = blake2b(f"{space}\x1f{token}".encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1

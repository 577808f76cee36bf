"""Bands of US dollars in steps of 1, 2, 5: all that others see of an amount."""

from bisect import bisect_right
from dataclasses import dataclass

LOWEST_STEP = 100
HIGHEST_STEP = 100_000_000


@dataclass(frozen=True, slots=True)
class Band:
    """Amounts from `low` up to but not including `high`; the last band has no end."""

    low: int
    high: int | None

    @property
    def key(self) -> str:
        """Give the band as text for databases and links: `1000-2000`, `100000000-`."""
        return f"{self.low}-{'' if self.high is None else self.high}"

    def __contains__(self, amount: float) -> bool:
        return self.low <= amount and (self.high is None or amount < self.high)


def _steps() -> tuple[int, ...]:
    steps, unit = [0], LOWEST_STEP
    while unit < HIGHEST_STEP:
        steps += [unit, 2 * unit, 5 * unit]
        unit *= 10
    return (*steps, HIGHEST_STEP)


_EDGES = _steps()
BANDS = tuple(Band(low, high) for low, high in zip(_EDGES, (*_EDGES[1:], None), strict=True))
_BY_KEY = {band.key: band for band in BANDS}


def usd_band(usd: float) -> Band:
    """Give the band an amount of US dollars falls into."""
    if not usd >= 0:
        raise ValueError(f"an amount is not negative: {usd}")
    return BANDS[bisect_right(_EDGES, usd) - 1]


def band_of(key: str) -> Band | None:
    """Give the band of a stored key."""
    return _BY_KEY.get(key)


def band_label(band: Band) -> tuple[str, int, int | None]:
    """Give how to word a band, for a page to translate: `under`, `between` or `from`, and ends."""
    if band.high is None:
        return ("from", band.low, None)
    if band.low == 0:
        return ("under", 0, band.high)
    return ("between", band.low, band.high)

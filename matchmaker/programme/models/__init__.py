"""Tables of the programme room: roll-ups, gaps, and how far the counting has come."""

from matchmaker.programme.models.gap import LeverDoor, UnaskedOffer, UnmetNeed
from matchmaker.programme.models.rollup import (
    COUNTS,
    DIFFER,
    EVERYWHERE,
    REPLY_BINS,
    REPLY_COLUMNS,
    CountState,
    Rollup,
    RollupAmount,
    RollupMonth,
    RollupNeed,
    RollupPoints,
    RollupSum,
    RollupWait,
)
from matchmaker.programme.models.sight import NeedSight, VersionSight

__all__ = [
    "COUNTS",
    "DIFFER",
    "EVERYWHERE",
    "REPLY_BINS",
    "REPLY_COLUMNS",
    "CountState",
    "LeverDoor",
    "NeedSight",
    "Rollup",
    "RollupAmount",
    "RollupMonth",
    "RollupNeed",
    "RollupPoints",
    "RollupSum",
    "RollupWait",
    "UnaskedOffer",
    "UnmetNeed",
    "VersionSight",
]

"""What a loan offer may say of its terms: closed lists of our own."""

from __future__ import annotations

import enum


class InterestCounted(enum.StrEnum):
    """What each month's interest is counted on."""

    #: What is still owed.
    DECLINING = "declining"
    #: The amount first lent, to the end.
    FLAT = "flat"


class FeeWhen(enum.StrEnum):
    #: Kept back from the money when it is paid out.
    PAYOUT = "payout"
    #: Before the loan is given: what the programme does not allow.
    BEFORE = "before"


class Security(enum.StrEnum):
    NONE = "none"
    LAND = "land"
    VEHICLE = "vehicle"
    MOVABLE = "movable"
    GROUP = "group"
    GUARANTOR = "guarantor"

"""The columns of the bulk format: the one list that import, export, template and help read.

A row is an organisation with at most one need or one offer; several rows with the same key, number
or name are one organisation with several needs or offers.
"""

from __future__ import annotations

from matchmaker.organisations.importing.column import Column
from matchmaker.organisations.importing.offer_columns import OFFER
from matchmaker.organisations.importing.profile_columns import IDENTITY, NEED, PROFILE

COLUMNS: tuple[Column, ...] = (*IDENTITY, *PROFILE, *NEED, *OFFER)
BY_NAME: dict[str, Column] = {column.name: column for column in COLUMNS}

__all__ = ["BY_NAME", "COLUMNS", "Column"]

"""The account of this request and what staff may look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import abort
from flask_login import current_user

from matchmaker.accounts.models import Account, Scope, StaffRole
from matchmaker.vocabulary import places


@dataclass(frozen=True, slots=True)
class StaffScope:
    """What staff see: all, the organisations of some provinces, or those of some introducers."""

    everything: bool
    provinces: frozenset[str] = frozenset()
    introducer_ids: frozenset[int] = frozenset()

    def covers(self, province: str, introducer_ids: frozenset[int] = frozenset()) -> bool:
        """`introducer_ids`: who vouches for the organisation in question."""
        return (
            self.everything
            or places.current(province) in self.provinces
            or bool(self.introducer_ids & introducer_ids)
        )


NOTHING = StaffScope(everything=False)


def current_account() -> Account:
    """The account of a view under `@signed_in` or `@staff`; 401 elsewhere for visitors."""
    if not current_user.is_authenticated:
        abort(401)
    return cast(Account, current_user._get_current_object())


def scope_of(account: Account) -> StaffScope:
    """Of somebody who is not staff: nothing."""
    if account.staff_role is None or not account.active:
        return NOTHING
    if account.scope is Scope.ALL:
        return StaffScope(everything=True)
    if account.scope is Scope.PROVINCE:
        provinces = frozenset(places.current(str(code)) for code in account.scope_values)
        return StaffScope(everything=False, provinces=provinces)
    ids = frozenset(int(value) for value in account.scope_values)
    return StaffScope(everything=False, introducer_ids=ids)


def has_role(account: Account, least: StaffRole) -> bool:
    ranks = list(StaffRole)
    role = account.staff_role
    return role is not None and ranks.index(role) >= ranks.index(least)

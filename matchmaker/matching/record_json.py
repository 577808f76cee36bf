"""Records as JSON lines and back: how a snapshot keeps what it needs to explain a match."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields
from datetime import date
from operator import attrgetter
from typing import Any

from matchmaker.matching.records import (
    Activity,
    Band,
    Criterion,
    FactValue,
    NeedRecord,
    OfferRecord,
    Record,
    Taken,
)

_SIDES = {"need": NeedRecord, "offer": OfferRecord}


def dumps(record: Record) -> str:
    """Return one line of JSON for a record, without a line end; what is as usual is left out."""
    side = "need" if isinstance(record, NeedRecord) else "offer"
    return _JSON.encode({"side": side, **_told(record)})


def loads(line: str | bytes) -> Record:
    """Return the record of a line; ValueError, KeyError or TypeError if it is not one."""
    told: dict[str, Any] = json.loads(line)
    return _SIDES[told.pop("side")](**_read(told))


def _usual(field: Field[Any]) -> object:
    """Return what a field has that nobody fills in, MISSING where somebody must."""
    return field.default if field.default_factory is MISSING else field.default_factory()


#: Names of fields, their values, and what is usual in each, by type.
_FORMS = {
    kind: (
        [field.name for field in fields(kind)],
        attrgetter(*(field.name for field in fields(kind))),
        [_usual(field) for field in fields(kind)],
    )
    for kind in (NeedRecord, OfferRecord, Activity, Band, Criterion, Taken)
}


def _told(value: Any) -> dict[str, object]:
    names, values_of, usual = _FORMS[type(value)]
    return {
        name: one
        for name, one, other in zip(names, values_of(value), usual, strict=True)
        if one is not other and one != other
    }


def _plain(value: object) -> object:
    if type(value) in _FORMS:
        return _told(value)
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a record does not hold {type(value).__name__}")


#: Made once: making one takes longer than most records.
_JSON = json.JSONEncoder(default=_plain, ensure_ascii=False)


def _read(told: dict[str, Any]) -> dict[str, Any]:
    return {name: _READ[name](one) if name in _READ else one for name, one in told.items()}


def _fact(value: Any) -> FactValue:
    if isinstance(value, dict):
        return Band(**value)
    return tuple(value) if isinstance(value, list) else value


#: How fields are read that JSON has no type for.
_READ: dict[str, Callable[[Any], object]] = {
    "codes": tuple,
    "purposes": tuple,
    "amount": lambda told: Band(**told),
    "range": lambda told: Band(**told),
    "price": lambda told: Band(**told),
    "attrs": lambda told: {attr: tuple(codes) for attr, codes in told.items()},
    "facts": lambda told: {fact: _fact(value) for fact, value in told.items()},
    "evidence": frozenset,
    "verified": frozenset,
    "last_active": date.fromisoformat,
    "needed_by": date.fromisoformat,
    "activity": lambda told: Activity(**told),
    "criteria": lambda told: tuple(_criterion(**one) for one in told),
    "taken": lambda told: _taken(**told),
}


def _criterion(values: Any = (), **told: Any) -> Criterion:
    return Criterion(values=tuple(values), **told)


def _taken(amount_log10: Any = None, **told: Any) -> Taken:
    return Taken(amount_log10=None if amount_log10 is None else tuple(amount_log10), **told)

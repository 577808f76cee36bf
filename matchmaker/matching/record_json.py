"""Records as JSON lines and back: how a snapshot keeps what it needs to explain a match."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
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


def dumps(record: Record) -> str:
    """Return one line of JSON for a record, without a line end."""
    side = "need" if isinstance(record, NeedRecord) else "offer"
    values = {name: getattr(record, name) for name in record.__slots__}
    return _JSON.encode({"side": side, **values})


def loads(line: str | bytes) -> Record:
    """Return the record of a line; ValueError, KeyError or TypeError if it is not one."""
    values: dict[str, Any] = json.loads(line)
    side = values.pop("side")
    values["attrs"] = {attr: tuple(codes) for attr, codes in values["attrs"].items()}
    values["activity"] = Activity(**values["activity"])
    values["last_active"] = _day(values["last_active"])
    if side == "need":
        return _need(values)
    if side == "offer":
        return _offer(values)
    raise ValueError(f"a record is a need or an offer, not {side!r}")


def _need(values: dict[str, Any]) -> NeedRecord:
    values["amount"] = _band(values["amount"])
    values["facts"] = {fact: _fact(value) for fact, value in values["facts"].items()}
    evidence = values["evidence"]
    values["evidence"] = None if evidence is None else frozenset(evidence)
    values["verified"] = frozenset(values["verified"])
    values["needed_by"] = _day(values["needed_by"])
    return NeedRecord(**values)


def _offer(values: dict[str, Any]) -> OfferRecord:
    values["range"], values["price"] = _band(values["range"]), _band(values["price"])
    values["codes"], values["purposes"] = tuple(values["codes"]), tuple(values["purposes"])
    values["criteria"] = tuple(
        Criterion(**{**item, "values": tuple(item["values"])}) for item in values["criteria"]
    )
    values["evidence"] = frozenset(values["evidence"])
    taken = values["taken"]
    amounts = taken["amount_log10"]
    values["taken"] = Taken(
        taken["codes"],
        taken["total"],
        None if amounts is None else tuple(amounts),
        taken["joint"],
        taken["joint_base"],
    )
    return OfferRecord(**values)


def _plain(value: object) -> object:
    if isinstance(value, (Activity, Band, Criterion, Taken)):
        return {name: getattr(value, name) for name in value.__slots__}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a record does not hold {type(value).__name__}")


#: Made once: making one takes longer than most records.
_JSON = json.JSONEncoder(default=_plain, ensure_ascii=False)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _band(value: Mapping[str, Any] | None) -> Band | None:
    return None if value is None else Band(value["low"], value["high"])


def _fact(value: Any) -> FactValue:
    if isinstance(value, dict):
        return _band(value)
    return tuple(value) if isinstance(value, list) else value

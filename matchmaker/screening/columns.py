"""What a table of firms may show beside the firm and its points: a closed list."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l

#: In the order of the table.
COLUMNS = {
    "amount": _l("Asks for"),
    "sector": _l("Sector"),
    "place": _l("Place"),
    "size": _l("Size"),
    "rules": _l("Our rules"),
    "evidence": _l("Papers"),
    "years": _l("Age"),
    "women": _l("Women own"),
    "needed": _l("Needed by"),
    "active": _l("Active"),
    "stage": _l("Stage"),
}
DEFAULT = ("amount", "rules", "women", "active", "stage")


def known(codes: Iterable[str]) -> tuple[str, ...]:
    """Those of the list, in its order; a code that left it is passed over."""
    wanted = set(codes)
    return tuple(code for code in COLUMNS if code in wanted) or DEFAULT

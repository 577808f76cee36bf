"""The room's blueprint, apart from the views that hang themselves on it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from matchmaker.web.access import STAFF_RANKS, staff_rank

bp = Blueprint("programme", __name__)


@bp.context_processor
def _roles() -> dict[str, Any]:
    """Whether the reader may act, and whether they look after staff; a viewer looks only."""
    rank = staff_rank()
    return {"may_act": rank >= STAFF_RANKS["officer"], "is_admin": rank >= STAFF_RANKS["admin"]}

"""What a contact request kept of its match, for when the match itself can no longer be opened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from matchmaker.suggestions.words.sums import FACET_LABELS

_RULES = {
    "rule_unmet": _l("A rule is not met"),
    "preference_unmet": _l("Something else is preferred"),
    "rule_unknown": _l("Something is not known"),
}


def kept_reasons(kept: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """What spoke for it and what against, by name: only codes were kept, without their facts."""
    said: dict[str, list[str]] = {"for": [], "against": []}
    for reason in kept.get("reasons", ()):
        label = _label(reason["code"])
        if label:
            said[reason["side"]].append(label)
    return said["for"], said["against"]


def _label(code: str) -> str:
    """Empty for a code that has no words any more."""
    return str(_RULES.get(code) or FACET_LABELS.get(code.rpartition("_")[0], ""))

"""Which pairs a page would list at all, whatever their score: what a choice is made among."""

from __future__ import annotations

import numpy as np

from matchmaker.matching.gates import Gates, gates_of
from matchmaker.matching.side import KINDS, Pairing


def listed_rows(pairing: Pairing, gates: Gates | None = None) -> np.ndarray:
    """Return the rows of the pool that the need's page would list, bool (n,).

    Of the same kind and of another organisation, no rule unmet and, for services, the very service
    that is asked for (``eligibility.service_fits``) or one side silent about it. ``gates``: those
    of the pairing, if they are known already.
    """
    side, query = pairing.pool, pairing.query
    same_kind = side.kinds == KINDS.index(query.kind)
    others = side.organisations != query.organisation_id
    listed = same_kind & others & ((gates or gates_of(pairing)).unmet == 0)
    if query.kind == "finance":
        return np.asarray(listed)
    return np.asarray(listed & same_service(pairing))


def same_service(pairing: Pairing) -> np.ndarray:
    """Return ``eligibility.service_fits`` for every row of a pairing of services, bool (n,)."""
    unsaid = np.isnan(pairing.need("code") + pairing.offer("code"))
    return np.asarray(unsaid | (pairing.greatest("code", "code") >= 1.0))

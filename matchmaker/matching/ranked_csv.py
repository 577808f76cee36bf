"""The ranking of a backtest as a file, one pair a row."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np


def write_ranked(
    path: Path,
    org_ids: Sequence[str],
    partner_ids: Sequence[str],
    scores: np.ndarray,
    *,
    by_partner: bool,
) -> None:
    """Write ``org_id,partner_id,score`` of every pair, by organisation or partner by partner.

    ``scores`` float (organisations, partners), in the order of the ids.
    """
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["org_id", "partner_id", "score"])
        if by_partner:
            for at, partner_id in enumerate(partner_ids):
                column = scores[:, at].tolist()
                writer.writerows(
                    (org_id, partner_id, f"{score:.6f}")
                    for org_id, score in zip(org_ids, column, strict=True)
                )
            return
        for org_id, row in zip(org_ids, scores, strict=True):
            writer.writerows(
                (org_id, partner_id, f"{score:.6f}")
                for partner_id, score in zip(partner_ids, row.tolist(), strict=True)
            )

"""The ranking of a backtest as a file, one pair a row."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO
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
    orgs, partners = cells(org_ids), cells(partner_ids)
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write("org_id,partner_id,score\r\n")
        if by_partner:
            for at, partner in enumerate(partners):
                stream.write(lines(orgs, [partner], scores[:, at]))
            return
        for org, row in zip(orgs, scores, strict=True):
            stream.write(lines([org], partners, row))


def lines(first: Sequence[str], second: Sequence[str], scores: np.ndarray) -> str:
    """Return a line for each pair of ids, as ``cells`` gives them, with its score, float (pairs,).

    They are laid out before numbers go in: a set may have a hundred million pairs.
    """
    laid_out = "".join(f"{one},{other},%.6f\r\n" for one in first for other in second)
    return laid_out % tuple(scores.tolist())


def cells(ids: Sequence[str]) -> list[str]:
    """Return ids as cells of a CSV file, ready to stand in a format string."""
    return [_cell(one).replace("%", "%%") for one in ids]


def _cell(text: str) -> str:
    stream = StringIO(newline="")
    csv.writer(stream).writerow((text, ""))
    return stream.getvalue().removesuffix(",\r\n")

"""A small benchmark folder in which place and amount tell who meets whom."""

from __future__ import annotations

import csv
import gzip
import random
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

CITIES = ("vientiane", "pakse", "savannakhet", "luang prabang")
SECTORS = ("rice", "coffee", "textile", "tourism")
ORGANISATIONS = (
    "org_id", "org_key", "name", "period", "seen_in_train", "date", "text", "sectors", "city",
    "country", "stage", "amount_sought", "something_new",
)  # fmt: skip
PARTNERS = (
    "partner_id", "name", "text", "sectors", "cities", "countries", "stages", "ticket_min",
    "ticket_median", "ticket_max", "n_train_matches", "first_train", "last_train",
)  # fmt: skip
MATCHES = ("org_id", "partner_id", "date", "is_lead")
CUT = date(2021, 1, 1)


def write(path: Path, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    packed = path.suffix == ".gz"
    with gzip.open(path, "wt") if packed else path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(head)
        writer.writerows(rows)


def make(folder: Path, *, n: int = 160, partners: int = 8, with_test: bool = True) -> Path:
    """Write a folder: each partner works in a city, the last quarter of rows is later."""
    folder.mkdir(parents=True)
    chance = random.Random(4)
    organisations, train, test = [], [], []
    taken: dict[int, list[list[object]]] = {at: [] for at in range(partners)}
    for at in range(n):
        later = at >= n * 3 // 4
        city, sector = chance.choice(CITIES), chance.choice(SECTORS)
        home = CITIES.index(city)
        partner = (home if chance.random() < 0.8 else chance.randrange(partners)) % partners
        if chance.random() < 0.5:
            partner = (partner + len(CITIES)) % partners
        amount = 10_000 * (1 + partner) * chance.uniform(0.7, 1.4)
        start = CUT if later else CUT - timedelta(days=400)
        day = start + timedelta(days=at * 2)
        row: list[object] = [
            f"O{at:04}", f"key{at}", f"Firm {at}", "test" if later else "train", 0, day,
            f"{sector} business in {city}", sector, city, "LA", "growth", f"{amount:.1f}", "x",
        ]  # fmt: skip
        organisations.append(row)
        match = [f"O{at:04}", f"P{partner:03}", day, 0]
        (test if later else train).append(match)
        if not later:
            taken[partner].append(row)
    write(folder / "organisations.csv.gz", ORGANISATIONS, organisations)
    write(folder / "partners.csv", PARTNERS, [_partner(at, rows) for at, rows in taken.items()])
    write(folder / "matches_train.csv.gz", MATCHES, train)
    if with_test:
        write(folder / "matches_test.csv", MATCHES, test)
    return folder


def _partner(at: int, rows: list[list[object]]) -> list[object]:
    if not rows:
        return [f"P{at:03}", f"Fund {at}", *[""] * 11]
    amounts = sorted(float(str(row[11])) for row in rows)
    return [
        f"P{at:03}", f"Fund {at}", " . ".join(str(row[6]) for row in rows),
        "|".join(dict.fromkeys(str(row[7]) for row in rows)),
        "|".join(dict.fromkeys(str(row[8]) for row in rows)), "LA", "growth",
        amounts[0], amounts[len(amounts) // 2], amounts[-1], len(rows), rows[0][5], rows[-1][5],
    ]  # fmt: skip

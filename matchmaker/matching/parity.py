"""Whether lists treat groups of firms alike: exposure and quality by group, with intervals."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev

from matchmaker.matching.metrics import Estimate, bootstrap
from matchmaker.matching.records import NeedRecord

NOT_SAID = "not said"
#: Resampling more than these takes memory for nothing: their mean is normal.
MANY = 2_000
#: With fewer firms in a group its figures would tell about single ones, and be moved by chance.
LEAST_FIRMS = 5
#: Groups that are too small, taken together.
REST = "*"
_WOMEN = frozenset({"ownership:women_owned", "ownership:women_led"})

Groups = list[tuple[str, list[NeedRecord]]]


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group of needs under one dimension."""

    dimension: str
    group: str
    needs: int
    #: Top tens a need, with its 95 % interval, and against the mean of all (1.0 = alike).
    seen: Estimate
    ratio: float
    #: nDCG@10 of the lists of those needs that have an outcome, and how many these are.
    quality: Estimate
    measured: int

    @property
    def told(self) -> bool:
        """Whether enough lists were measured for their mean not to tell about single ones."""
        return self.measured >= LEAST_FIRMS


def script_of(text: str) -> str:
    """Return the script most letters of a text are of, as Unicode names it: "latin", "lao"."""
    names = Counter(
        unicodedata.name(sign, "?").split()[0].lower() for sign in text if sign.isalpha()
    )
    return names.most_common(1)[0][0] if names else NOT_SAID


def owner_group(codes: Collection[str], *, asked: bool) -> str:
    """Return "women" if they own half or lead, else "others"; not said without an answer."""
    if _WOMEN.intersection(codes):
        return "women"
    return "others" if codes or asked else NOT_SAID


def _sex_of_owner(need: NeedRecord) -> str:
    codes = need.attrs.get("ownership", ())
    return owner_group(codes, asked=bool(need.facts.get("ownership")))


def _first(attr: str, scheme: str) -> Callable[[NeedRecord], str]:
    def of(need: NeedRecord) -> str:
        codes = (code for code in need.attrs.get(attr, ()) if code.startswith(scheme))
        return next(codes, NOT_SAID)

    return of


DIMENSIONS: Mapping[str, Callable[[NeedRecord], str]] = {
    "sex of owner": _sex_of_owner,
    "size": _first("size", "size:"),
    "province": _first("place", "iso3166-2:"),
    "script": lambda need: script_of(need.text),
}


def parity(
    needs: Iterable[NeedRecord], seen: Mapping[int, int], quality: Mapping[int, float]
) -> list[GroupRow]:
    """Return a row for each group of each dimension, the largest group of a dimension first.

    ``seen`` counts top tens by need id, 0 where it is missing; ``quality`` is the nDCG@10, in
    [0, 1], of the list of a need that has an outcome. Groups of too few firms are one row: left
    out, they could be worked out from the mean of all. Groups differ in more than their name:
    a ratio far from 1 asks for a look at the rules behind it, twins in the tests tell whether the
    order itself is even.
    """
    listed = list(needs)
    whole = sum(seen.get(need.id, 0) for need in listed) / len(listed) if listed else 0.0
    return [
        _row(dimension, group, members, seen, quality, whole)
        for dimension, of in DIMENSIONS.items()
        for group, members in folded(_groups(listed, of))
    ]


def parity_table(rows: Sequence[GroupRow]) -> str:
    """Return the rows as text."""
    head = (
        f"{'':14}{'group':22}{'needs':>7} {'top tens a need':>24} {'ratio':>6}  nDCG@10 (measured)"
    )
    lines = [head]
    for row in rows:
        quality = f"{row.quality if row.told else 'too few'} ({row.measured})"
        group = "small ones together" if row.group == REST else row.group
        lines.append(
            f"{row.dimension:14}{group:22}{row.needs:>7} {row.seen!s:>24} {row.ratio:>6.2f}"
            f"  {quality}"
        )
    return "\n".join(lines)


def _groups(needs: Sequence[NeedRecord], of: Callable[[NeedRecord], str]) -> Groups:
    found: dict[str, list[NeedRecord]] = defaultdict(list)
    for need in needs:
        found[of(need)].append(need)
    return sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))


def folded(groups: Groups) -> Groups:
    """Groups of too few firms as one, with the next larger where they are too few together."""
    rest: list[NeedRecord] = []
    kept = dict(groups)
    for group, members in sorted(groups, key=lambda item: (_firms(item[1]), item[0])):
        if _firms(members) >= LEAST_FIRMS and (not rest or _firms(rest) >= LEAST_FIRMS):
            break
        rest += kept.pop(group)
    return [*kept.items(), (REST, rest)] if rest else groups


def _firms(needs: Sequence[NeedRecord]) -> int:
    return len({need.organisation_id for need in needs})


def _interval(counts: Sequence[float]) -> Estimate:
    """Return the mean with its 95 % interval: of many the normal one, without resampling."""
    if len(counts) <= MANY:
        return bootstrap(counts)
    mean, half = fmean(counts), 1.96 * pstdev(counts) / len(counts) ** 0.5
    return Estimate(mean, mean - half, mean + half)


def _row(
    dimension: str,
    group: str,
    members: Sequence[NeedRecord],
    seen: Mapping[int, int],
    quality: Mapping[int, float],
    whole: float,
) -> GroupRow:
    counts = [float(seen.get(need.id, 0)) for need in members]
    gains = [quality[need.id] for need in members if need.id in quality]
    mean = sum(counts) / len(counts)
    return GroupRow(
        dimension,
        group,
        len(members),
        _interval(counts),
        mean / whole if whole else 1.0,
        bootstrap(gains),
        len(gains),
    )

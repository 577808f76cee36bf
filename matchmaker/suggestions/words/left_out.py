"""The line above a list: from how many it was chosen, by what, and why the others are not in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from matchmaker.suggestions.models import Side
from matchmaker.suggestions.words.listing import joined
from matchmaker.suggestions.words.rules import fact_label, in_sentence
from matchmaker.suggestions.words.sums import facet_label
from matchmaker.web.filters import ngettext

#: Gates named in the line; the rest are summed up.
MOST_GATES = 3


def chosen_line(total: int, used: Iterable[str], side: Side) -> str:
    facets = joined([facet_label(name).lower() for name in used][:5])
    if side is Side.NEED:
        return ngettext(
            "Chosen from %(num)s offer by %(facets)s.",
            "Chosen from %(num)s offers by %(facets)s.",
            total,
            facets=facets,
        )
    return ngettext(
        "Chosen from %(num)s need by %(facets)s.",
        "Chosen from %(num)s needs by %(facets)s.",
        total,
        facets=facets,
    )


def left_out_line(left_out: Mapping[str, int], count: int, side: Side) -> str:
    """How many are left out and the gates that keep most of them out; empty for none."""
    if not count:
        return ""
    why = [gate_words(fact, n, side) for fact, n in ranked(left_out)[:MOST_GATES]]
    if not why:
        return ngettext("%(num)s is left out.", "%(num)s are left out.", count)
    return ngettext(
        "%(num)s is left out: %(why)s.",
        "%(num)s are left out: %(why)s.",
        count,
        why=joined(why),
    )


def ranked(left_out: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(left_out.items(), key=lambda item: (-item[1], item[0]))


def gate_words(fact: str, n: int, side: Side) -> str:
    words = _OFFERS if side is Side.NEED else _NEEDS
    found = words.get(fact)
    if found:
        return found(n)
    what = in_sentence(fact_label(fact))
    if side is Side.NEED:
        return ngettext("%(num)s asks for %(what)s", "%(num)s ask for %(what)s", n, what=what)
    return ngettext("%(num)s has no %(what)s", "%(num)s have no %(what)s", n, what=what)


def _in_another_country(n: int) -> str:
    return ngettext("%(num)s works in another country", "%(num)s work in other countries", n)


def _elsewhere(n: int) -> str:
    return ngettext("%(num)s works elsewhere", "%(num)s work elsewhere", n)


_ALIKE: dict[str, Callable[[int], str]] = {
    "filters": lambda n: ngettext(
        "%(num)s does not pass your filter", "%(num)s do not pass your filter", n
    ),
    "closed": lambda n: ngettext("%(num)s was said no to", "%(num)s were said no to", n),
    "unsure": lambda n: ngettext(
        "%(num)s has a rule of which we do not know whether it is met",
        "%(num)s have a rule of which we do not know whether it is met",
        n,
    ),
}

_OFFERS: dict[str, Callable[[int], str]] = {
    "country": _in_another_country,
    "province": _elsewhere,
    "sector": lambda n: ngettext(
        "%(num)s looks for other sectors", "%(num)s look for other sectors", n
    ),
    "amount_usd": lambda n: ngettext(
        "%(num)s gives other amounts", "%(num)s give other amounts", n
    ),
    "size": lambda n: ngettext(
        "%(num)s looks for firms of another size", "%(num)s look for firms of another size", n
    ),
    "stage": lambda n: ngettext(
        "%(num)s looks for firms at another stage", "%(num)s look for firms at another stage", n
    ),
    "staff": lambda n: ngettext(
        "%(num)s looks for firms with more or fewer workers",
        "%(num)s look for firms with more or fewer workers",
        n,
    ),
    "age_years": lambda n: ngettext(
        "%(num)s looks for older or younger firms",
        "%(num)s look for older or younger firms",
        n,
    ),
    "language": lambda n: ngettext(
        "%(num)s works in other languages", "%(num)s work in other languages", n
    ),
    "service": lambda n: ngettext(
        "%(num)s gives another service", "%(num)s give other services", n
    ),
    "not_deploying": lambda n: ngettext(
        "%(num)s takes no requests now", "%(num)s take no requests now", n
    ),
    **_ALIKE,
}

_NEEDS: dict[str, Callable[[int], str]] = {
    "country": lambda n: ngettext(
        "%(num)s is in another country", "%(num)s are in other countries", n
    ),
    "province": lambda n: ngettext("%(num)s is elsewhere", "%(num)s are elsewhere", n),
    "sector": lambda n: ngettext(
        "%(num)s is in another sector", "%(num)s are in another sector", n
    ),
    "amount_usd": lambda n: ngettext(
        "%(num)s needs another amount", "%(num)s need another amount", n
    ),
    "size": lambda n: ngettext("%(num)s is of another size", "%(num)s are of another size", n),
    "stage": lambda n: ngettext("%(num)s is at another stage", "%(num)s are at another stage", n),
    "staff": lambda n: ngettext(
        "%(num)s has more or fewer workers", "%(num)s have more or fewer workers", n
    ),
    "age_years": lambda n: ngettext(
        "%(num)s is older or younger", "%(num)s are older or younger", n
    ),
    "language": lambda n: ngettext(
        "%(num)s works in another language", "%(num)s work in other languages", n
    ),
    "service": lambda n: ngettext(
        "%(num)s looks for another service", "%(num)s look for other services", n
    ),
    **_ALIKE,
}

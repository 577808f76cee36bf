"""What a single fact would open, in words."""

from __future__ import annotations

from matchmaker.matching.index import Ranking
from matchmaker.matching.levers import in_reach
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.words.rules import fact_label
from matchmaker.vocabulary.evidence import EVIDENCE
from matchmaker.web.filters import ngettext


def door_words(fact: str, offers: int) -> str:
    """Of evidence one paper opens them all; other facts, such as amounts, each rule its own way."""
    what = fact_label(fact)
    if fact in EVIDENCE:
        return ngettext(
            "%(what)s would open %(num)s offer",
            "%(what)s would open %(num)s offers",
            offers,
            what=what,
        )
    return ngettext(
        "%(what)s is all that keeps you from %(num)s offer",
        "%(what)s is all that keeps you from %(num)s offers",
        offers,
        what=what,
    )


def widest_door(ranking: Ranking, side: Side) -> str:
    """The one change that would give most: a fact of the firm's, or a rule of the offer's."""
    counts = {fact: n for fact, n in ranking.by_one.items() if side is Side.OFFER or in_reach(fact)}
    if not counts:
        return ""
    fact = max(counts, key=lambda one: (counts[one], one))
    if side is Side.NEED:
        return door_words(fact, counts[fact])
    return ngettext(
        "Your rule about “%(what)s” alone leaves out %(num)s need",
        "Your rule about “%(what)s” alone leaves out %(num)s needs",
        counts[fact],
        what=fact_label(fact),
    )

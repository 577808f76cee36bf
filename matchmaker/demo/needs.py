"""Needs of the demo's firms, each in the words of its language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from matchmaker.demo import draw, library
from matchmaker.demo.firms import fill
from matchmaker.demo.library import Topic, Words
from matchmaker.demo.listings import Listing, band, dates, hide_state
from matchmaker.demo.parties import Party, Scene
from matchmaker.demo.sheet import Row
from matchmaker.organisations.models import Kind, Need, PublicationState
from matchmaker.vocabulary import rates

#: What becomes of needs nobody looks after any more, and of the others.
FORGOTTEN = 0.13
CLOSED, PAUSED, DRAFT = 0.07, 0.03, 0.04
#: A need is in English now and then, wherever the firm is.
IN_ENGLISH = 0.08
SEVERAL = 3


def topics_for(sector: str) -> Sequence[Topic]:
    """What firms of a sector look for; everybody needs books and training."""
    found = [topic for topic in library.topics() if sector in topic.sectors]
    return found or [t for t in library.topics() if t.key in ("books", "training", "growth")]


def make_need(scene: Scene, firm: Party, topic: Topic, published: datetime) -> Listing:
    lang = "en" if draw.chance(scene.rng, IN_ENGLISH) else firm.lang
    row = dates(scene, published, alive=not draw.chance(scene.rng, FORGOTTEN))
    row |= _content(scene, firm, topic, lang) | money(scene, firm, topic)
    needed = published + draw.days(scene.rng, 30, 300)
    row |= {"needed_by": needed.date() if draw.chance(scene.rng, 0.5) else None}
    _states(scene, row, published)
    return Listing(scene.sheet.add(Need, **row), firm, topic.key)


def _content(scene: Scene, firm: Party, topic: Topic, lang: str) -> Row:
    lang, found = library.wordings(topic.key, lang)
    words = scene.rng.choice(_fitting(firm, found))
    return {
        "public_id": scene.id(),
        "organisation_id": firm.id,
        "kind": Kind(topic.kind),
        "code": scene.rng.choices(topic.codes, range(len(topic.codes) + 1, 1, -1))[0],
        "purpose": scene.rng.choice(topic.purposes) if topic.purposes else "",
        "policy": topic.policy,
        **text_of(scene, firm, words, lang),
    }


def _fitting(firm: Party, found: Sequence[Words]) -> Sequence[Words]:
    """Who works alone does not write of "our three weavers"."""
    several = (firm.row["staff"] or 0) >= SEVERAL
    return [words for words in found if several or "{staff}" not in words.text] or found


def text_of(scene: Scene, firm: Party, words: Words, lang: str) -> Row:
    """A wording with the firm's figures in it, and often a sentence more."""
    text = words.text
    if draw.chance(scene.rng, 0.55):
        text = f"{text} {scene.rng.choice(library.sentences('closing', lang))}"
    return {
        "title": fill(words.title, firm.row, lang),
        "text": fill(text, firm.row, lang),
        "lang": lang,
    }


def money(scene: Scene, firm: Party, topic: Topic) -> Row:
    """A sum within the topic's range and near what a firm of that size asks for."""
    low, high = topic.usd
    reach = {"micro": 0.25, "small": 0.6}.get(firm.row["size_class"], 1.0)
    usd = draw.usd_between(scene.rng, low, max(high * reach, low * 2))
    known = draw.chance(scene.rng, 0.94 if topic.kind == "finance" else 0.6)
    return money_row(usd if known else None, _currency(scene, firm))


def money_row(usd: int | None, currency: str) -> Row:
    row: dict[str, Any] = dict.fromkeys(
        ("amount_minor", "rate", "rate_on", "band_low", "band_high")
    )
    row["currency"] = currency
    if usd is None:
        return row
    minor, rate = draw.in_currency(usd, currency), rates.latest(currency)
    low, high = band(minor, currency)
    on: date = rate.on
    return row | {
        "amount_minor": minor,
        "rate": rate.per_usd,
        "rate_on": on,
        "band_low": low,
        "band_high": high,
    }


def _currency(scene: Scene, firm: Party) -> str:
    """Along the borders and in Cambodia people count in more than one."""
    other = {"LA": ("THB", "USD"), "KH": ("KHR", "KHR"), "MM": ("USD", "THB")}
    if firm.country in other and draw.chance(scene.rng, 0.15):
        return scene.rng.choice(other[firm.country])
    return str(firm.row["currency"])


def _states(scene: Scene, row: Row, published: datetime) -> None:
    at = scene.rng.random()
    if row["state"] is not PublicationState.PUBLISHED:
        return
    if at < DRAFT:
        hide_state(row, PublicationState.DRAFT)
    elif at < DRAFT + PAUSED:
        hide_state(row, PublicationState.PAUSED)
    elif at < DRAFT + PAUSED + CLOSED:
        closed = draw.between(scene.rng, published, scene.now)
        reason = scene.rng.choice(("answered_elsewhere", "given_up"))
        row |= {"state": PublicationState.CLOSED, "closed_at": closed, "close_reason": reason}

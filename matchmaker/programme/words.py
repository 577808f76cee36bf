"""The words of the statistics: steps, dimensions, gates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from matchmaker.accounts.models import Scope
from matchmaker.programme.services.statistics.reading import Numbers, Step
from matchmaker.suggestions.services.pricing import Reached
from matchmaker.tasks import TaskKind
from matchmaker.vocabulary import places, schemes
from matchmaker.vocabulary.languages import LANGUAGES
from matchmaker.vocabulary.ownership import WOMEN_BANDS
from matchmaker.vocabulary.sectors import ISIC4
from matchmaker.vocabulary.sizes import SIZES
from matchmaker.web.filters import FIT_BANDS, fit_word, ngettext, number
from matchmaker.web.locale import locale_code


def step_label(name: str) -> str:
    return {
        "needs": _("Needs published"),
        "shown": _("Shown to someone"),
        "asked": _("Asked"),
        "answered": _("Answered"),
        "accepted": _("Accepted"),
        "met": _("Met each other"),
        "agreed": _("Agreed"),
    }[name]


def loss_sentence(step: Step) -> str:
    n = step.lost
    words = {
        "shown": ngettext(
            "The largest loss: %(num)s need that was shown to nobody.",
            "The largest loss: %(num)s needs that were shown to nobody.",
            n,
        ),
        "asked": ngettext(
            "The largest loss: %(num)s need that was shown but that nobody asked about.",
            "The largest loss: %(num)s needs that were shown but that nobody asked about.",
            n,
        ),
        "answered": ngettext(
            "The largest loss: %(num)s need that got no answer.",
            "The largest loss: %(num)s needs that got no answer.",
            n,
        ),
        "accepted": ngettext(
            "The largest loss: %(num)s need that got no yes.",
            "The largest loss: %(num)s needs that got no yes.",
            n,
        ),
        "met": ngettext(
            "The largest loss: %(num)s need where nobody told of a meeting after a yes.",
            "The largest loss: %(num)s needs where nobody told of a meeting after a yes.",
            n,
        ),
        "agreed": ngettext(
            "The largest loss: %(num)s need where they met and came to no agreement.",
            "The largest loss: %(num)s needs where they met and came to no agreement.",
            n,
        ),
    }
    return words[step.name]


def first_sentence(numbers: Numbers, period: str) -> str:
    """One that a minister could read out."""
    needs = ngettext("%(num)s need", "%(num)s needs", numbers.totals.all["needs"])
    return ngettext(
        "%(period)s: %(num)s agreement from %(needs)s.",
        "%(period)s: %(num)s agreements from %(needs)s.",
        numbers.totals.all["agreed"],
        period=period,
        needs=needs,
    )


def reach_note(reached: Reached) -> str:
    """Whether lists are opened often enough to keep what firms are promised."""
    if reached.too_thin:
        return _(
            "Demand is too thin: at this pace each firm gets %(turns)s turns this month; "
            "%(promised)s are promised. More funders need to look.",
            turns=number(reached.turns_each, 1),
            promised=number(reached.promised),
        )
    return _(
        "Lists are opened often enough to give each firm the %(promised)s turns a month that "
        "are promised.",
        promised=number(reached.promised),
    )


def value_label(dimension: str, value: str) -> str:
    """The words for a value of a dimension; introducers are named by the caller."""
    if not value or value.endswith(":"):
        return _("Not said")
    language = locale_code()
    if dimension in ("country", "province"):
        return places.label(value, language)
    if dimension == "section":
        return ISIC4.label(value, language)
    if dimension == "lang":
        # In the reader's words: a column of scripts says neither what it is nor which.
        return _("Text in %(language)s", language=LANGUAGES.label(value, language))
    if dimension == "code":
        return schemes.label(value, language)
    return {"size": SIZES, "women": WOMEN_BANDS}[dimension].label(value, language)


def band_label(band: int) -> str:
    """ "Good fit, 60 to 79": the band of points that begins here."""
    if band not in FIT_BANDS:
        return _("No points kept")
    word = fit_word(band)
    above = [least for least in FIT_BANDS if least > band]
    if not above:
        return _("%(word)s, %(least)s and more", word=word, least=band)
    return _("%(word)s, %(least)s to %(most)s", word=word, least=band, most=min(above) - 1)


def task_word(kind: TaskKind) -> str:
    return {
        TaskKind.REVIEW: _("Review a first publication"),
        TaskKind.SECOND_LOOK: _("Look at what was edited"),
        TaskKind.AFTER_DECLINE: _("Find another way after a no"),
        TaskKind.AFTER_SILENCE: _("Find out why nobody answers"),
        TaskKind.NOBODY_HOME: _("Reach an organisation that nobody signs in for"),
        TaskKind.NO_MATCH: _("Find an offer for a need"),
        TaskKind.STORY: _("Read a success story before it is shown"),
        TaskKind.REPORT: _("Look into a report"),
        TaskKind.MANY_SEEN: _("Ask who looked through so many firms in a day, and why"),
        TaskKind.OTHER: _("Answer a message"),
    }[kind]


def scope_words(scope: Scope, values: Sequence[str], introducers: Mapping[str, str]) -> str:
    if scope is Scope.ALL:
        return _("Everything")
    if scope is Scope.PROVINCE:
        return ", ".join(value_label("province", code) for code in values)
    names = [introducers.get(value, _("No longer an introducer")) for value in values]
    return _("Members of %(names)s", names=", ".join(names))


def roles(names: Sequence[str]) -> str:
    words = {
        "firm": _("Firm"),
        "funder": _("Funder"),
        "provider": _("Provider of services"),
        "introducer": _("Introducer"),
    }
    return ", ".join(words[name] for name in names)

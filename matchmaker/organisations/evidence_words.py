"""The sentences of evidence: how far a piece goes, who opened it, why a file is not taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from matchmaker.notifications.facts import words as spoken
from matchmaker.organisations.disclosure import unnamed
from matchmaker.organisations.evidence_files import cleaning, pdfs
from matchmaker.organisations.evidence_files.problems import Problem
from matchmaker.organisations.forms.evidence import LOOKED_AT
from matchmaker.organisations.models import EvidenceOpening, LookedAt, OpenedAs, Organisation
from matchmaker.organisations.services.evidence import Piece, Standing
from matchmaker.vocabulary.evidence import EVIDENCE
from matchmaker.web.filters import number, on_day
from matchmaker.web.locale import locale_code


def standing(piece: Piece) -> str:
    """Who checked what and when, or how far it goes without."""
    if piece.standing is Standing.SAID:
        return _("said, no file yet")
    if piece.standing is Standing.UPLOADED and piece.file:
        return _("file sent on %(day)s, not checked yet", day=on_day(piece.file.uploaded_at))
    day, who = on_day(piece.fact.checked_on), piece.fact.checked_by
    if piece.fact.looked_at is None:
        return _("checked on %(day)s by %(who)s", day=day, who=who)
    seen = looked_at(piece.fact.looked_at)
    return _("checked on %(day)s by %(who)s: %(seen)s", day=day, who=who, seen=seen)


def looked_at(what: LookedAt) -> str:
    return str(dict(LOOKED_AT)[what.value])


def label(fact: str) -> str:
    return EVIDENCE.label(fact, locale_code())


@dataclass(frozen=True, slots=True)
class Opened:
    who: str
    lang: str | None
    what: str
    at: datetime


def opened(opening: EvidenceOpening) -> Opened:
    who, lang = _opener(opening)
    return Opened(who, lang, label(opening.fact), opening.at)


def _opener(opening: EvidenceOpening) -> tuple[str, str | None]:
    if opening.opened_as is OpenedAs.STAFF:
        return _("The programme"), None
    if opening.viewer_organisation is None:
        return _("An organisation that is no longer here"), None
    return party(opening.viewer_organisation)


def party(other: Organisation) -> tuple[str, str | None]:
    """As it may be known: a firm that hides its name stays hidden here too."""
    if other.show_name or other.is_funder or other.is_provider or other.is_introducer:
        return other.name, other.name_lang
    return spoken({"party": unnamed(other)}, locale_code())["party"], None


def problem(found: Problem) -> str:
    return {
        Problem.EMPTY: _("This file is empty. Choose another one."),
        Problem.TOO_LARGE: _("This file is larger than 10 MB. Send a smaller one."),
        Problem.OTHER_KIND: _("This is no PDF, JPEG or PNG. Send it as one of these."),
        Problem.BROKEN: _("This file is damaged and cannot be read. Save or scan it again."),
        Problem.TOO_MANY_PIXELS: _(
            "This picture has too many pixels. Take it again smaller, or send it as JPEG."
        ),
        Problem.TOO_MANY_PAGES: _(
            "This file is too long: at most %(most)s pages. Send the pages that matter.",
            most=number(pdfs.MOST_PAGES),
        ),
        Problem.TOO_MANY_PHOTOS: _(
            "At most %(most)s photos at once. Send the pages that matter.",
            most=number(cleaning.MOST_PHOTOS),
        ),
        Problem.TOGETHER_TOO_LARGE: _(
            "Together the photos are larger than 20 MB. Send fewer or smaller ones."
        ),
        Problem.NOT_ALL_PHOTOS: _("Several files have to be photos. A PDF is sent alone."),
        Problem.ENCRYPTED: _("This file is locked with a password. Save it without one."),
        Problem.ACTIVE: _(
            "This file holds a program, a form that sends or another file inside it."
            " Print it to a new PDF and send that."
        ),
        Problem.NO_ROOM: _("Your files would take more than 50 MB. Remove one first."),
        Problem.NOT_KEPT: _("We could not keep the file right now. Try again in a minute."),
    }[found]

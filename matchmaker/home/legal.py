"""The words of privacy and terms; a change of them is a new version, asked for again."""

from __future__ import annotations

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

Section = tuple[str, str, str, str]

PRIVACY = (
    (
        _l("What we keep"),
        _l(
            "Your name and how to reach you, what you say of your organisation, your needs and "
            "offers, your requests and what came of them, and when you signed in."
        ),
    ),
    (
        _l("Who sees what"),
        _l(
            "Other organisations see your sector, province, size class, amount band and the title "
            "of a need. They see your firm's name only if you ticked so. They never see exact "
            "amounts, telephone, e-mail or business numbers before you release them by name."
        ),
    ),
    (
        _l("What a score reads"),
        _l(
            "A score reads only what both sides may see before a request is accepted. Amounts are "
            "read as bands."
        ),
    ),
    (
        _l("What you write to others"),
        _l(
            "Messages are read by the two sides, and by the programme only after one of them "
            "reported something; each look is written down. When you erase your account, your "
            "messages lose their words: the other side sees only that somebody who left wrote."
        ),
    ),
    (
        _l("How long"),
        _l(
            "Needs and offers end 90 days after the last sign of life. Your account and what "
            "belongs to it are erased when you ask for it on the page of your account."
        ),
    ),
    (
        _l("Your rights"),
        _l(
            "You can read, correct, download and erase what we keep about you, and withdraw your "
            "consent, on the page of your account. We answer other questions within ten days."
        ),
    ),
)
TERMS = (
    (
        _l("No fees"),
        _l(
            "Nobody may ask a firm for money for being shown, met or introduced. Report it to the "
            "programme; who does so is taken off."
        ),
    ),
    (
        _l("True answers"),
        _l("What you say of your organisation must be true to the best of your knowledge."),
    ),
    (
        _l("Points are not a promise"),
        _l(
            "Points say how well two sides fit on paper. They are not a chance of getting money, "
            "and the programme does not decide on loans, grants or contracts."
        ),
    ),
    (
        _l("Answer what you are asked"),
        _l(
            "A request runs out after 21 days. A no needs a reason, chosen from a list, which the "
            "other side can read."
        ),
    ),
)


def sections(texts: tuple[tuple[object, object], ...]) -> list[Section]:
    """Each section in the reader's language, with the English words beside it."""
    shown = [(str(title), str(text)) for title, text in texts]
    with force_locale("en"):
        english = [(str(title), str(text)) for title, text in texts]
    return [(*here, *there) for here, there in zip(shown, english, strict=True)]

"""Every list by its scheme, for attributes and criteria written as `scheme:code`."""

from matchmaker.vocabulary.business_ids import SCHEMES as BUSINESS_IDS
from matchmaker.vocabulary.certificates import CERTIFICATES
from matchmaker.vocabulary.codes import Code, CodeList
from matchmaker.vocabulary.currencies import CURRENCIES
from matchmaker.vocabulary.evidence import EVIDENCE
from matchmaker.vocabulary.facts import FACTS
from matchmaker.vocabulary.impact import IRIS, SDG, TWO_X
from matchmaker.vocabulary.instruments import INSTRUMENT_GROUPS, INSTRUMENTS
from matchmaker.vocabulary.languages import LANGUAGES
from matchmaker.vocabulary.legal_forms import LEGAL_FORMS
from matchmaker.vocabulary.ownership import OWNERSHIP, WOMEN_BANDS
from matchmaker.vocabulary.places import COUNTRIES, PROVINCES, current
from matchmaker.vocabulary.policies import POLICIES
from matchmaker.vocabulary.purposes import PURPOSES
from matchmaker.vocabulary.readiness import DIMENSIONS, LEVELS
from matchmaker.vocabulary.reasons import (
    CLOSE_REASONS,
    DECLINE_REASONS,
    NOT_FOR_ME_REASONS,
    OUTCOMES,
    WHY_NOT,
)
from matchmaker.vocabulary.sectors import ISIC4, PLAIN, words
from matchmaker.vocabulary.services import SERVICE_GROUPS, SERVICES
from matchmaker.vocabulary.sizes import SIZES
from matchmaker.vocabulary.stages import STAGES

LISTS: dict[str, CodeList] = {
    codes.scheme: codes
    for codes in (
        *(BUSINESS_IDS, CERTIFICATES, CLOSE_REASONS, COUNTRIES, CURRENCIES, DECLINE_REASONS),
        *(DIMENSIONS, EVIDENCE, FACTS, INSTRUMENTS, INSTRUMENT_GROUPS, IRIS, ISIC4, LANGUAGES),
        *(LEGAL_FORMS, LEVELS, NOT_FOR_ME_REASONS, OUTCOMES, OWNERSHIP, PLAIN, POLICIES),
        *(PROVINCES, PURPOSES, SDG, SERVICES, SERVICE_GROUPS, SIZES, STAGES, TWO_X, WHY_NOT),
        WOMEN_BANDS,
    )
}


def split(full: str) -> tuple[str, str]:
    """Cut `scheme:code` in two; without a colon the scheme is empty."""
    scheme, colon, code = full.partition(":")
    return (scheme, code) if colon else ("", full)


def find(full: str) -> Code | None:
    """Give the code that `scheme:code` names, if its scheme is held here."""
    scheme, code = split(full)
    codes = LISTS.get(scheme)
    return codes.get(code) if codes else None


def label(full: str, locale: str) -> str:
    """Give the words for `scheme:code`; what is not held here shows as its bare code."""
    found = find(full)
    if found is None:
        return split(full)[1]
    return words(found.code, locale) if full.startswith("isic4:") else found.label(locale)


def distance(a: str, b: str) -> float:
    """Measure two `scheme:code` texts: other schemes are 1 apart, places compare as of today."""
    (first, x), (second, y) = split(a), split(b)
    if first.startswith("iso3166-") and second.startswith("iso3166-"):
        return PROVINCES.distance(current(x), current(y))
    if first != second or first not in LISTS:
        return 0.0 if a == b else 1.0
    return LISTS[first].distance(x, y)

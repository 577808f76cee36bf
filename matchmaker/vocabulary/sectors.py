"""ISIC revision 4, and the plain words that owners choose from."""

from functools import cache

from matchmaker.vocabulary.codes import Code, CodeList, language_of

ISIC4 = CodeList("isic4", "isic4")
PLAIN = CodeList("plain-sector", "plain_sectors")


def isic_of(plain: str) -> str | None:
    """Give the ISIC class that a plain word stands for."""
    found = PLAIN.get(plain)
    return found.extra["isic"] if found else None


@cache
def _plain_words() -> dict[str, Code]:
    return {plain.extra["isic"]: plain for plain in PLAIN}


def plain_of(isic: str) -> str | None:
    """Give the plain word that stands for an ISIC class, where there is one."""
    found = _plain_words().get(isic)
    return found.code if found else None


def words(isic: str, locale: str) -> str:
    """Give the words to show for an ISIC code, in the reader's language as far as there are any.

    A plain word comes first; a class without a name in that language takes the name of the
    nearest level above that has one; English is the last resort.
    """
    plain = _plain_words().get(isic)
    if plain:
        return plain.label(locale)
    for code in [isic, *ISIC4.ancestors(isic)]:
        found = ISIC4.get(code)
        if found and language_of(locale) in found.labels:
            return found.label(locale)
    return ISIC4.label(isic, locale)


def section_of(code: str) -> str | None:
    """Give the section letter of an ISIC code; of a section, itself."""
    if code not in ISIC4:
        return None
    return [code, *ISIC4.ancestors(code)][-1]


def search(text: str, locale: str, limit: int = 20) -> list[Code]:
    """Find ISIC codes by code or by words, plain words first, the best first."""
    wanted = text.strip().casefold()
    if not wanted:
        return []
    found: dict[str, Code] = {}
    for plain in PLAIN:
        isic = ISIC4.get(plain.extra["isic"])
        if isic and _has(plain, wanted, locale):
            found.setdefault(isic.code, isic)
    for code in ISIC4:
        if code.code.casefold().startswith(wanted) or _has(code, wanted, locale):
            found.setdefault(code.code, code)
    return list(found.values())[:limit]


def _has(code: Code, wanted: str, locale: str) -> bool:
    texts = {code.label(locale).casefold(), code.label("en").casefold()}
    return any(all(word in text for word in wanted.split()) for text in texts)

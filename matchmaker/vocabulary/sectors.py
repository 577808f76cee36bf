"""ISIC revision 4, and the plain words that owners choose from."""

from matchmaker.vocabulary.codes import Code, CodeList

ISIC4 = CodeList("isic4", "isic4")
PLAIN = CodeList("plain-sector", "plain_sectors")


def isic_of(plain: str) -> str | None:
    """Give the ISIC class that a plain word stands for."""
    found = PLAIN.get(plain)
    return found.extra["isic"] if found else None


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

"""Languages that people work in, and those the pages come in."""

from matchmaker.vocabulary.codes import LANGUAGES as UI_LANGUAGES
from matchmaker.vocabulary.codes import CodeList

__all__ = ["LANGUAGES", "UI_LANGUAGES", "own_name"]

LANGUAGES = CodeList("language", "languages")


def own_name(code: str) -> str:
    """Give a language's name in that language, as a language switch shows it."""
    found = LANGUAGES.get(code)
    return found.extra["own"] if found else code

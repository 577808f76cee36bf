"""Business numbers by country: what is known of their shape, and a check where one exists."""

import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from matchmaker.vocabulary.codes import Code, CodeList

SCHEMES = CodeList("business-id", "business_ids")


@dataclass(frozen=True, slots=True)
class Scheme:
    """A kind of business number; `verified` says whether its check digit can be computed."""

    code: Code
    country: str | None
    pattern: re.Pattern[str]
    validator: str | None

    @property
    def verified(self) -> bool:
        return self.validator is not None

    def label(self, locale: str) -> str:
        return self.code.label(locale)

    def fits(self, number: str) -> bool:
        """Say whether a number has the shape of this scheme."""
        return self.pattern.fullmatch(compact(number)) is not None

    def check(self, number: str) -> bool | None:
        """Say whether a number is right; None where only its shape is known and it fits."""
        if not self.fits(number):
            return False
        if self.validator is None:
            return None
        # stdnum loads some forty modules for its package; only a typed number needs them.
        return bool(import_module(self.validator).is_valid(compact(number)))


def compact(number: str) -> str:
    """Drop the spaces people type inside a number and write its letters large."""
    return "".join(number.split()).upper()


@cache
def scheme(code: str) -> Scheme | None:
    """Give a scheme by its code."""
    found = SCHEMES.get(code)
    if found is None:
        return None
    extra = found.extra
    return Scheme(found, extra.get("country"), re.compile(extra["pattern"]), extra.get("validator"))


def schemes_for(country: str) -> list[Scheme]:
    """Give the schemes of a country, then those in use everywhere."""
    known = [found for code in SCHEMES.codes() if (found := scheme(code))]
    own = [one for one in known if one.country == country]
    return own + [one for one in known if one.country is None]

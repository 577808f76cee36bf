"""The closed list of facts that a criterion may name, with the operators that fit each."""

from dataclasses import dataclass
from functools import cache

from matchmaker.vocabulary.codes import Code, CodeList, read_codes
from matchmaker.vocabulary.evidence import EVIDENCE

OPERATORS = ("one_of", "none_of", "at_least", "at_most", "between", "has")


@dataclass(frozen=True, slots=True)
class Fact:
    """What a fact's value is: `codes` of some schemes, a `number` with its unit, or `yes_no`."""

    code: str
    kind: str
    operators: tuple[str, ...]
    schemes: tuple[str, ...] = ()
    unit: str = ""


def _all_facts() -> list[Code]:
    shown = [
        Code("fact", code.code, code.labels, extra={"kind": "yes_no", "operators": "has"})
        for code in EVIDENCE
    ]
    return [*read_codes("fact", "facts"), *shown]


FACTS = CodeList("fact", _all_facts)


@cache
def fact(code: str) -> Fact | None:
    """Give the fact of a code; every evidence code is one, answered by yes or no."""
    found = FACTS.get(code)
    if found is None:
        return None
    extra = found.extra
    return Fact(
        code,
        extra["kind"],
        tuple(extra["operators"].split()),
        tuple(extra.get("schemes", "").split()),
        extra.get("unit", ""),
    )

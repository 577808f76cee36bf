"""Codes that stand for a range of whole numbers (`at_least` to `at_most`, both included)."""

from matchmaker.vocabulary.codes import CodeList


def code_for(codes: CodeList, value: float) -> str:
    """Give the last code whose range has begun at a value: ranges touch, so none falls between."""
    found = None
    for code in codes:
        if found is None or value >= float(code.extra["at_least"]):
            found = code.code
    if found is None or value < 0:
        raise ValueError(f"no code of {codes.scheme} for {value}")
    return found

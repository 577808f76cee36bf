"""Digital readiness: six dimensions, and a level for a score of 0 to 100."""

from matchmaker.vocabulary.codes import CodeList
from matchmaker.vocabulary.ranges import code_for

DIMENSIONS = CodeList("readiness", "readiness")
LEVELS = CodeList("readiness-level", "readiness_levels", ordered=True)


def level(score: float) -> str:
    """Give the level of a score."""
    if not 0 <= score <= 100:
        raise ValueError(f"a readiness score lies between 0 and 100, not {score}")
    return code_for(LEVELS, score)

"""The arithmetic of the self-check: whole points from answers, each number a sum of others.

What was skipped, and what does not apply, is left out above and below the line: not known is
never counted as no.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from matchmaker.vocabulary import self_check
from matchmaker.vocabulary.codes import Code
from matchmaker.vocabulary.self_check import MOST, Edition

#: Points are printed in tenths.
TENTHS = 10


@dataclass(frozen=True, slots=True)
class QuestionLine:
    question: Code
    #: None: skipped.
    answer: Code | None
    #: 0..5, None where nothing is counted.
    got: int | None
    #: What it adds to the score, in tenths of a point.
    tenths: int = 0

    @property
    def adds(self) -> float:
        return self.tenths / TENTHS


@dataclass(frozen=True, slots=True)
class DimensionLine:
    dimension: Code
    questions: Sequence[QuestionLine]

    @property
    def counted(self) -> list[QuestionLine]:
        return [line for line in self.questions if line.got is not None]

    @property
    def answered(self) -> int:
        return sum(line.answer is not None for line in self.questions)

    @property
    def known(self) -> bool:
        """Whether enough was answered to speak of it: half of what is asked, and something."""
        return bool(self.counted) and 2 * self.answered >= len(self.questions)

    @property
    def got(self) -> int:
        return _got(self.questions)

    @property
    def most(self) -> int:
        return MOST * len(self.counted)

    @property
    def share(self) -> int | None:
        """0..100 of what its counted answers could give; None while it is not known."""
        return per_hundred(self.got, self.most) if self.known else None

    @property
    def adds(self) -> float:
        return sum(line.tenths for line in self.questions) / TENTHS


@dataclass(frozen=True, slots=True)
class Result:
    #: 0..100; None while less than half of all questions is answered.
    score: int | None
    dimensions: Sequence[DimensionLine]

    @property
    def answered(self) -> int:
        return sum(line.answered for line in self.dimensions)

    @property
    def asked(self) -> int:
        return sum(len(line.questions) for line in self.dimensions)

    @property
    def strongest(self) -> DimensionLine | None:
        """The dimension that stands best, the first of several; None while none is known."""
        known = [line for line in self.dimensions if line.share]
        return max(known, key=lambda line: line.share or 0, default=None)

    def share_of(self, dimension: str) -> int | None:
        return next((x.share for x in self.dimensions if x.dimension.code == dimension), None)


def result(edition: Edition, answers: Mapping[str, str]) -> Result:
    """Work an attempt out; what the edition does not know counts as skipped."""
    known = edition.fitting(answers)
    lines = {code: [_line(edition, one, known) for one in asked]
             for code, asked in edition.by_dimension.items()}  # fmt: skip
    flat = [line for several in lines.values() for line in several]
    counted = [line.got for line in flat if line.got is not None]
    enough = bool(counted) and 2 * len(known) >= len(flat)
    score = per_hundred(sum(counted), MOST * len(counted)) if enough else None
    # By dimension first, so that equal dimensions are a tenth apart at most.
    sums = parts(TENTHS * (score or 0), [_got(several) for several in lines.values()])
    return Result(
        score,
        tuple(
            DimensionLine(dimension, _printed(lines[dimension.code], tenths))
            for dimension, tenths in zip(edition.dimensions, sums, strict=True)
        ),
    )


def _got(lines: Sequence[QuestionLine]) -> int:
    return sum(line.got or 0 for line in lines)


def _printed(lines: Sequence[QuestionLine], tenths: int) -> Sequence[QuestionLine]:
    """The questions of a dimension with what each adds to it."""
    shares = parts(tenths, [line.got or 0 for line in lines])
    return tuple(replace(line, tenths=own) for line, own in zip(lines, shares, strict=True))


def per_hundred(part: int, whole: int) -> int:
    """A share as a whole number of 0..100, halves upwards."""
    return (200 * part + whole) // (2 * whole)


def parts(total: int, weights: Sequence[int]) -> list[int]:
    """Cut a whole number up by weight so that the parts add up to it (largest remainders)."""
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    found = [total * weight // whole for weight in weights]
    rest = [total * weight % whole for weight in weights]
    first = sorted(range(len(weights)), key=lambda at: (-rest[at], at))
    for at in first[: total - sum(found)]:
        found[at] += 1
    return found


def _line(edition: Edition, question: Code, answers: Mapping[str, str]) -> QuestionLine:
    answer = edition.answers.get(answers.get(question.code, ""))
    return QuestionLine(question, answer, None if answer is None else self_check.points(answer))

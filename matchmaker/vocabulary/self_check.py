"""The readiness self-check: editions of plain questions, each a dated set of data files.

An edition that somebody has answered is never changed: a new one gets new files and a line in
`EDITIONS`, so that an old score still says which questions it came from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from matchmaker.vocabulary.codes import Code, CodeList, language_of

#: What the best answer to any question gives.
MOST = 5


@dataclass(frozen=True)
class Edition:
    """Dimensions, their questions, and the answers of each with the points that they give."""

    version: str
    dimensions: CodeList = field(repr=False)
    questions: CodeList = field(repr=False)
    answers: CodeList = field(repr=False)

    @cached_property
    def by_dimension(self) -> Mapping[str, tuple[Code, ...]]:
        """Give the questions of every dimension, in the order they are asked."""
        return {
            dimension.code: tuple(one for one in self.questions if one.parent == dimension.code)
            for dimension in self.dimensions
        }

    def answers_to(self, question: str) -> list[Code]:
        return [one for one in self.answers if one.parent == question]

    def fitting(self, answers: Mapping[str, str]) -> dict[str, str]:
        """Give those answers that this edition knows, by question in its order."""
        return {
            question.code: answers[question.code]
            for question in self.questions
            if self.answers.parent(answers.get(question.code, "")) == question.code
        }


def points(answer: Code) -> int | None:
    """Give what an answer is worth, 0 to 5; None for "does not apply", which is not counted."""
    found = answer.extra.get("points")
    return None if found is None else int(found)


def step(question: Code, locale: str) -> str:
    """Give the words for what closes the gap that a question shows."""
    return question.extra.get(f"step_{language_of(locale)}") or question.extra["step_en"]


def facts(question: Code) -> tuple[str, ...]:
    """Give the facts that offers ask for and that this question is about."""
    return tuple(question.extra.get("facts", "").split())


def service(question: Code) -> str:
    """Give the service category that helps with it; empty where only an adviser does."""
    return question.extra.get("service", "")


def _edition(version: str) -> Edition:
    name = f"self_check_{version.replace('-', '_')}"
    return Edition(
        version,
        CodeList("self-check-dimension", f"{name}_dimensions"),
        CodeList("self-check-question", f"{name}_questions"),
        CodeList("self-check-answer", f"{name}_answers"),
    )


#: The oldest first; the last one is asked.
EDITIONS: dict[str, Edition] = {version: _edition(version) for version in ("2026-11",)}


def current() -> Edition:
    return EDITIONS[max(EDITIONS)]

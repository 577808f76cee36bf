"""The arithmetic of the self-check: what is printed adds up, and what is skipped does not count."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.organisations.services.self_check_points import parts, result
from matchmaker.vocabulary.self_check import current, points

pytestmark = pytest.mark.once

EDITION = current()
ANSWERS = {q.code: [one.code for one in EDITION.answers_to(q.code)] for q in EDITION.questions}
BEST = {code: max(several, key=lambda one: points(EDITION.answers.get(one)) or 0)
        for code, several in ANSWERS.items()}  # fmt: skip
answered = st.fixed_dictionaries(
    {}, optional={code: st.sampled_from(several) for code, several in ANSWERS.items()}
)


@settings(max_examples=80, deadline=None)
@given(answered)
def test_the_sum_of_the_printed_numbers_is_the_printed_score(answers: dict[str, str]) -> None:
    found = result(EDITION, answers)
    assert found.score is None or 0 <= found.score <= 100
    printed = [round(10 * line.adds) for line in found.dimensions]
    assert sum(printed) == 10 * (found.score or 0)
    for line, tenths in zip(found.dimensions, printed, strict=True):
        assert sum(round(10 * one.adds) for one in line.questions) == tenths
        assert line.share is None or 0 <= line.share <= 100
    unpaid = [one for line in found.dimensions for one in line.questions if not one.got]
    assert all(one.adds == 0 for one in unpaid)


@settings(max_examples=50, deadline=None)
@given(answered, st.sampled_from(sorted(ANSWERS)))
def test_skipping_is_never_worse_than_the_worst_answer(answers: dict[str, str], code: str) -> None:
    without = {name: one for name, one in answers.items() if name != code}
    skipped, worst = (
        result(EDITION, without).score,
        result(EDITION, {**without, code: ANSWERS[code][0]}).score,
    )
    assert skipped is None or worst is None or skipped >= worst


@given(st.integers(0, 1000), st.lists(st.integers(0, 5), max_size=20))
def test_parts_add_up_to_the_whole(total: int, weights: list[int]) -> None:
    found = parts(total, weights)
    assert sum(found) == (total if sum(weights) else 0)
    assert all(part == 0 for part, weight in zip(found, weights, strict=True) if not weight)


def test_the_best_answers_to_half_of_the_questions_give_a_hundred() -> None:
    half = dict(list(BEST.items())[: len(BEST) // 2])
    assert result(EDITION, half).score == 100
    assert result(EDITION, dict(list(half.items())[1:])).score is None


@settings(max_examples=50, deadline=None)
@given(answered)
def test_what_earned_the_same_is_printed_a_tenth_apart_at_most(answers: dict[str, str]) -> None:
    found = result(EDITION, answers)
    for lines in (found.dimensions, *(line.questions for line in found.dimensions)):
        for got in range(26):
            printed = [round(10 * line.adds) for line in lines if line.got == got]
            assert not printed or max(printed) - min(printed) <= 1


def test_what_does_not_apply_is_answered_and_not_counted() -> None:
    worst = {code: several[0] for code, several in ANSWERS.items()}
    found = result(EDITION, {**worst, "staff": "staff_3"})
    people = found.dimensions[3]
    assert (people.answered, people.most, people.got) == (3, 10, 0)
    assert found.score == 0
    assert found.strongest is None


def test_a_dimension_is_known_from_half_of_its_questions_on() -> None:
    assert result(EDITION, {"tools": "tools_3"}).share_of("digital") is None
    two = {"tools": "tools_3", "copies": "copies_0"}
    assert result(EDITION, two).share_of("digital") == 50
    assert result(EDITION, two).strongest is not None

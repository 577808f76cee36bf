"""Every edition of the self-check is whole: words, points, facts and services that exist."""

import unicodedata

import pytest

from matchmaker.vocabulary import self_check
from matchmaker.vocabulary.codes import Code
from matchmaker.vocabulary.facts import FACTS
from matchmaker.vocabulary.self_check import EDITIONS, MOST, Edition, points
from matchmaker.vocabulary.services import SERVICES


@pytest.fixture(params=EDITIONS.values(), ids=lambda edition: edition.version)
def edition(request: pytest.FixtureRequest) -> Edition:
    found: Edition = request.param
    return found


def test_it_has_six_dimensions_and_about_twenty_questions(edition: Edition) -> None:
    assert len(edition.dimensions) == 6
    assert 18 <= len(edition.questions) <= 24
    assert all(len(asked) >= 3 for asked in edition.by_dimension.values())
    assert sum(map(len, edition.by_dimension.values())) == len(edition.questions)


def test_every_question_has_three_or_four_answers_that_rise_to_the_best(edition: Edition) -> None:
    for question in edition.questions:
        answers = edition.answers_to(question.code)
        counted = [points(one) for one in answers if points(one) is not None]
        assert 3 <= len(answers) <= 4, question.code
        assert counted == sorted(set(counted)), question.code
        assert (counted[0], counted[-1]) == (0, MOST), question.code
    assert len(edition.answers) == sum(len(edition.answers_to(q.code)) for q in edition.questions)


def test_gaps_lead_to_facts_and_services_that_there_are(edition: Edition) -> None:
    for question in edition.questions:
        assert set(self_check.facts(question)) <= set(FACTS.codes()), question.code
        assert self_check.service(question) in ("", *SERVICES.codes()), question.code


def _texts(edition: Edition) -> list[tuple[Code, str, str]]:
    codes = [*edition.dimensions, *edition.questions, *edition.answers]
    labels = [(code, lang, text) for code in codes for lang, text in code.labels.items()]
    steps = [(q, lang, q.extra[f"step_{lang}"]) for q in edition.questions for lang in ("en", "lo")]
    return labels + steps


def test_all_of_it_is_tidy_in_english_and_lao(edition: Edition) -> None:
    for code in (*edition.dimensions, *edition.questions, *edition.answers):
        assert {"en", "lo"} <= set(code.labels), code.code
    for code, language, text in _texts(edition):
        assert text == unicodedata.normalize("NFC", text.strip()), code.code
        if language == "lo":
            foreign = [s for s in text if not s.isascii() and "LAO" not in unicodedata.name(s)]
            assert not foreign, (code.code, foreign)


def test_answers_to_one_question_read_differently(edition: Edition) -> None:
    for question in edition.questions:
        for language in ("en", "lo"):
            labels = [one.label(language) for one in edition.answers_to(question.code)]
            assert len(labels) == len(set(labels)), question.code


def test_only_answers_of_this_edition_fit() -> None:
    given = {"registered": "registered_3", "tax": "registered_3", "older": "older_1", "use": ""}
    assert self_check.current().fitting(given) == {"registered": "registered_3"}

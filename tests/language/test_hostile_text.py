"""No text makes a function work longer than its length deserves."""

import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from matchmaker.language.breaks import break_opportunities
from matchmaker.language.glossary import concepts
from matchmaker.language.keys import name_key, search_key
from matchmaker.language.masking import mask_contacts
from matchmaker.language.numbers import parse_number
from matchmaker.language.text import ascii_digits, clean_line, fold, normalise
from matchmaker.language.words import chargrams, guess_language, words
from matchmaker.language.zawgyi import convert, probability

PILES = {
    "letters": "a",
    "digits": "1",
    "grouped digits": "1,",
    "spaced digits": "1 ",
    "local digits": "๑",
    "sorted marks": "\u0316\u0300",
    "decomposing marks": "\u0344",
    "tibetan marks": "\u0f73",
    "stacked thai": "ก็้",
    "vietnamese": "ế",
    "chinese": "公司",
    "khmer": "ខ្មែរ",
    "burmese": "က",
    "burmese vowels": "\u1031",
    "spaces": " ",
    "zero width": "\u200b",
    "bidi": "\u202e",
    "emoji": "😀",
    "legal words": "co ltd ",
    "loans": "loan ",
    "addresses": "a@",
    "domains": "a.",
    "telephones": "020 5555 1234 ",
    "sums": "0.1/",
    "nul": "\x00",
}
FUNCTIONS: dict[str, Callable[[str], object]] = {
    "normalise": normalise,
    "clean_line": clean_line,
    "fold": fold,
    "ascii_digits": ascii_digits,
    "words": words,
    "guess_language": guess_language,
    "chargrams": lambda text: chargrams([text]),
    "name_key": name_key,
    "search_key": search_key,
    "parse_number": lambda text: parse_number(text, "vi"),
    "concepts": concepts,
    "mask_contacts": mask_contacts,
    "break_opportunities": break_opportunities,
    "probability": probability,
    "convert": convert,
}
SHORT, TIMES = 1_500, 8
# Eight times the text may take eight times as long; a square would take sixty-four times.
ALLOWED = 4 * TIMES
# Below this the clock tells more of the machine than of the function.
NOISE_SECONDS = 0.01


def seconds(function: Callable[[str], object], text: str) -> float:
    before = time.process_time()
    with suppress(ValueError):
        function(text)
    return time.process_time() - before


@pytest.mark.slow
@pytest.mark.parametrize("name", FUNCTIONS)
def test_time_grows_with_the_length_of_hostile_text(name: str) -> None:
    function = FUNCTIONS[name]
    with suppress(ValueError):
        function("warm up 1 ກາເຟ က é")
    for pile in PILES.values():
        short = (pile * SHORT)[:SHORT]
        once = max(seconds(function, short), NOISE_SECONDS)
        assert seconds(function, short * TIMES) <= ALLOWED * once, ascii(pile)


@pytest.mark.parametrize("pile", PILES.values(), ids=PILES)
def test_validators_answer_a_hundred_thousand_characters(pile: str) -> None:
    text = (pile * 100_000)[:100_000]
    for function in (clean_line, normalise, search_key, name_key, FUNCTIONS["parse_number"]):
        assert seconds(function, text) < 1

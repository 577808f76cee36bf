import subprocess
import sys
from collections import Counter
from pathlib import Path

from matchmaker import vocabulary
from matchmaker.vocabulary.sectors import (
    ISIC4,
    PLAIN,
    isic_of,
    plain_of,
    search,
    section_of,
    words,
)


def test_the_whole_of_isic_4_is_here() -> None:
    levels = Counter("section" if code.code.isalpha() else len(code.code) for code in ISIC4)
    assert levels == {"section": 21, 2: 88, 3: 238, 4: 419}
    assert len(ISIC4) == 766


def test_each_code_stands_under_one_that_begins_it_or_a_section() -> None:
    for code in ISIC4:
        if len(code.code) > 2:
            assert code.parent == code.code[:-1]
        elif not code.code.isalpha():
            assert code.parent is not None
            assert code.parent.isalpha()


def test_plain_words_stand_for_classes() -> None:
    assert 20 <= len(PLAIN) <= 40
    for plain in PLAIN:
        isic = isic_of(plain.code)
        assert isic in ISIC4
        assert len(isic) == 4
    assert isic_of("RICE_MILLING") == "1061"
    assert isic_of("nothing") is None


def test_a_sector_is_shown_in_the_readers_language_as_far_as_it_goes() -> None:
    assert words("1061", "lo") == PLAIN.label("RICE_MILLING", "lo")
    assert words("1062", "lo") == ISIC4.label("10", "lo")
    assert words("1062", "en") == ISIC4.label("1062", "en")
    assert words("1062", "km") == ISIC4.label("1062", "en")
    assert words("not a code", "lo") == "not a code"
    assert plain_of("1061") == "RICE_MILLING"
    assert plain_of("1062") is None


def test_no_two_plain_words_stand_for_one_class() -> None:
    assert len({isic_of(code) for code in PLAIN.codes()}) == len(PLAIN)


def test_a_section_is_found_from_any_level() -> None:
    assert section_of("1061") == section_of("10") == section_of("C") == "C"
    assert section_of("9999") is None


def test_search_finds_plain_words_first_in_the_language_of_the_page() -> None:
    assert [code.code for code in search("ຕ່ຳຫູກ", "lo")] == ["1312"]
    assert search("weaving", "lo")[0].code == "1312"
    assert search("กาแฟ", "th")[0].code == "0127"


def test_search_finds_codes_and_class_names() -> None:
    assert [code.code for code in search("106", "en")] == ["106", "1061", "1062"]
    assert "1312" in [code.code for code in search("TEXTILES weaving", "en")]
    assert search("  ", "en") == []
    assert len(search("a", "en", limit=5)) == 5


def test_importing_the_vocabulary_reads_no_data_file() -> None:
    # The package above imports the whole application, so an empty one stands in for it.
    program = (
        "import sys, types; m = types.ModuleType('matchmaker'); m.__path__ = [sys.argv[1]];"
        "sys.modules['matchmaker'] = m;"
        "from matchmaker.vocabulary import schemes;"
        "print(sum('_codes' in vars(codes) for codes in schemes.LISTS.values()),"
        " sum(name.startswith(('matchmaker.', 'stdnum')) and 'vocabulary' not in name"
        " for name in sys.modules))"
    )
    folder = str(Path(vocabulary.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", program, folder], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["0", "0"]

"""Burmese typed in Zawgyi is recognised and can be turned into Unicode."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.language.zawgyi import convert, probability

PAIRS = [
    ("မဂၤလာပါ", "မင်္ဂလာပါ"),
    ("ျမန္မာ", "မြန်မာ"),
    ("ေက်ာင္းသား", "ကျောင်းသား"),
    ("စီးပြားေရးေခ်းေငြ", "စီးပွားရေးချေးငွေ"),
    ("ေပးသြင္းသူေငြေခ်း", "ပေးသွင်းသူငွေချေး"),
    ("ဝန္ေဆာင္မႈေဘာက္ခ်ာ", "ဝန်ဆောင်မှုဘောက်ချာ"),
    ("ေနေရာင္ျခည္စြမ္းအင္", "နေရောင်ခြည်စွမ်းအင်"),
    ("အေႂကြးေဟာင္းဆပ္", "အကြွေးဟောင်းဆပ်"),
    ("ေျပစာ", "ပြေစာ"),
    ("စပါးဝယ္", "စပါးဝယ်"),
]
MYANMAR = st.text(st.characters(min_codepoint=0x1000, max_codepoint=0x109F), max_size=40)


@pytest.mark.parametrize(("zawgyi", "unicode"), PAIRS)
def test_zawgyi_becomes_unicode(zawgyi: str, unicode: str) -> None:
    assert convert(zawgyi) == unicode


def test_a_sentence_of_each_encoding_is_told_apart() -> None:
    zawgyi, unicode = (" ".join(texts) for texts in zip(*PAIRS, strict=True))
    assert probability(zawgyi) > 0.95
    assert probability(unicode) < 0.05
    assert probability("Mekong " * 500 + zawgyi) > 0.95


@pytest.mark.parametrize("text", ["", "Vientiane", "ວຽງຈັນ 123", "\ud800"])
def test_other_scripts_are_no_zawgyi_and_stay_as_they_are(text: str) -> None:
    assert probability(text) == 0
    assert convert(text) == text


@given(MYANMAR | st.text(st.characters(exclude_categories=())))
def test_any_text_has_a_probability_and_a_conversion(text: str) -> None:
    assert 0 <= probability(text) <= 1
    assert len(convert(text)) <= 4 * len(text)


@pytest.mark.slow
@pytest.mark.parametrize("pile", ["\u1031", "\u1036", "\u103c\u103b", "\u1031က", "က", "\u102f"])
def test_conversion_grows_with_the_length_only(pile: str) -> None:
    assert len(convert(pile * 20_000)) <= 2 * 20_000 * len(pile)

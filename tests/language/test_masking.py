"""Ways to reach somebody are masked; money, years and plain words stay."""

import phonenumbers
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from matchmaker.language.masking import MASK, mask_contacts
from matchmaker.language.text import ascii_digits, normalise

COUNTRIES = ["LA", "KH", "TH", "VN", "MM", "CN"]
KINDS = [phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE]
FORMATS = [
    phonenumbers.PhoneNumberFormat.E164,
    phonenumbers.PhoneNumberFormat.INTERNATIONAL,
    phonenumbers.PhoneNumberFormat.NATIONAL,
]
ZEROS = "0໐០၀๐０"
SENTENCES = [
    "We produce coffee and need 300,000,000 kip in 2027. {} Thank you.",
    "ພວກເຮົາຕ້ອງການເງິນກູ້ 300.000.000 ກີບ {} ຂອບໃຈ",
    "យើងត្រូវការកម្ចី {} អរគុណ",
    "{}",
    "เราต้องการเงินกู้ 2,000,000 บาท\n{}\nขอบคุณ",
    "我们需要贷款{}谢谢",
]


def local(text: str, zero: str) -> str:
    return "".join(chr(ord(zero) + int(c)) if "0" <= c <= "9" else c for c in text)


@st.composite
def telephone_numbers(draw: st.DrawFn) -> str:
    country = draw(st.sampled_from(COUNTRIES))
    example = phonenumbers.example_number_for_type(country, draw(st.sampled_from(KINDS)))
    assert example is not None
    written = phonenumbers.format_number(example, draw(st.sampled_from(FORMATS)))
    for gap in draw(st.sampled_from([[], [(" ", ".")], [(" ", "-")], [(" ", "\u00a0")]])):
        written = written.replace(*gap)
    return written


@given(telephone_numbers(), st.sampled_from(SENTENCES), st.sampled_from(ZEROS))
def test_no_digit_of_a_telephone_number_survives(number: str, sentence: str, zero: str) -> None:
    before, after = sentence.split("{}")
    masked = mask_contacts(before + local(number, zero) + after)
    assert masked.startswith(before.rstrip(" "))
    assert masked.endswith(after.lstrip(" "))
    assert not any(c.isdigit() for c in ascii_digits(masked[len(before) : -len(after) or None]))


@example("!@ໄທ.com")
@given(st.emails(domains=st.sampled_from(["gmail.com", "shop.la", "x.co.th", "ໄທ.com"])))
def test_no_email_address_survives(address: str) -> None:
    plain = address.strip(".")
    masked = mask_contacts(f"Write to {plain} today")
    assert plain not in masked
    assert "@" not in masked


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize(
    "canary",
    [
        "020 5555 1234",
        "020-5555-1234",
        "020.5555.1234",
        "020,5555,1234",
        "0 2 0 5 5 5 5 1 2 3 4",
        "020\u200b5555\u200b1234",
        "(+856) 20 5555 1234",
        "0085620 55551234",
        "໐໒໐ ໕໕໕໕ ໑໒໓໔",
        "０２０５５５５１２３４",
        "Tel: 912.345.678",
        "foo.bar+x@example.com.la",
        "foo\u200b@example.com",
        "ＦＯＯ＠ＥＸＡＭＰＬＥ．ＣＯＭ",
        "foo(at)example.com",
        "foo at gmail dot com",
        "https://example.com/a?b=c",
        "www.example.la",
        "example.com.kh/shop",
        "wa.me/85620555",
        "Line ID: coffee99",
        "LINE @coffee",
        "Zalo: coffee.shop",
        "WhatsApp: coffee_shop",
        "微信号 coffee88",
        "Telegram: @coffee",
        "No. 12, Lane Xang Avenue",
        "12/3 Nguyễn Trãi Street",
        "số 12 đường Nguyễn Trãi",
        "บ้านเลขที่ 12/3 หมู่ 4",
        "ເຮືອນເລກທີ 12",
        "ផ្ទះលេខ ១២ ផ្លូវ ២៧១",
        "人民路12号",
    ],
)
def test_a_way_to_reach_somebody_is_masked(canary: str, sentence: str) -> None:
    masked = mask_contacts(sentence.format(canary))
    assert MASK in masked
    assert normalise(canary) not in masked
    for secret in ("5555", "1234", "example", "coffee", "Nguyễn", "Xang", "@", "12"):
        assert secret not in masked.replace("We produce coffee", "")


@pytest.mark.parametrize(
    "text",
    [
        "300,000,000",
        "300.000.000 ກີບ",
        "300000000",
        "20 000 000 kip",
        "10.000.000 - 20.000.000 đ",
        "US$ 20,000 - 50,000",
        "100000-500000 kip",
        "1,200,000.50 THB and 50000000 LAK",
        "revenue 2023: 1200000000, 2024: 1500000000",
        "2019, 2020 and 2021; 2023-2025; 2569",
        "21/11/2026 and 2026-11-21",
        "ISO 22000:2018, HACCP, HS 0901.21",
        "12.5 ha, 2.5mm, 20-30 people, 36 months",
        "Facebook page, product line: coffee beans, Zalo shop",
        "We house 30 workers near National Road 13 with 3 branches on the road",
        "e-mail marketing at 5 % a year",
        "mở rộng 2 đường ống",
    ],
)
def test_money_years_and_plain_words_stay(text: str) -> None:
    assert mask_contacts(text) == text


@given(
    st.text(st.characters(exclude_categories=())) | st.text(st.sampled_from("0123 .,-+()@:a/x\n"))
)
def test_masking_twice_is_masking_once(text: str) -> None:
    once = mask_contacts(text)
    assert mask_contacts(once) == once

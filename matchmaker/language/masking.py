"""Ways to reach somebody, masked in texts that strangers read before contact is agreed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from matchmaker.language.phones import phone_spans
from matchmaker.language.text import FULL_WIDTH, ascii_digits, normalise

MASK = "•••"
_LAYERS = 5

_HIDDEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_NAME = r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]++"
_DOMAIN = r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)++"
_LOCAL = r"[^\s@<>(),;:\"“”«»။]"
_UNSPOKEN = r"[^\s@<>(),;:.!?\"“”«»។။]"
_MAILERS = "(?:gmail|yahoo|hotmail|outlook|icloud|live|qq|163|126|foxmail|protonmail|laopdr)"
_TLDS = (
    "com|net|org|info|biz|asia|shop|online|store|site|app|dev|io|edu|gov|la|kh|th|vn|mm|cn|sg|my"
    "|id|ph|hk|tw|jp|kr|au|uk|eu|de|fr|us|link|page|website|xyz|top|vip|cc|tv"
)
_HANDLE_APPS = (
    "whatsapp|whats app|wa|zalo|viber|telegram|wechat|weixin|skype|messenger|instagram|tiktok"
    "|facebook|fb|ig|signal|kakaotalk|微信|微信号|脸书|抖音|เฟซบุ๊ก|เฟสบุ๊ค|ເຟສບຸກ|ວັອດແອັບ|ວອດແອັບ"
)
_LINE = "line|ไลน์|ลายน์|ລາຍ|ໄລນ໌|ໄລນ໌ໄອດີ|qq"

_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_NAME}\s?(?:@|\(at\)|\[at\]|\{{at\}})\s?{_DOMAIN}",
        rf"(?<!{_LOCAL}){_LOCAL}{{1,64}}+@{_UNSPOKEN}{{1,63}}(?:\.{_UNSPOKEN}{{1,63}})++",
        rf"{_NAME}\s(?:at|a còng|แอท)\s{_MAILERS}(?:\s?(?:\.|dot|chấm)\s?[a-z]{{2,4}}){{0,2}}",
        r"\b(?:https?|ftp)://\S++",
        r"\b(?:mailto|tel|sms|whatsapp|viber|tg|line|zalo|weixin):/{0,2}[^\s,;)]++",
        r"(?<![A-Za-z0-9.-])www\.\S++",
        r"(?<![A-Za-z0-9.-])(?:wa|t|m|line|lin|zalo|fb|ig|viber)\.(?:me|ee|gg|com)/\S++",
        rf"(?<![A-Za-z0-9.-])(?=[0-9-]*[a-z])(?:[a-z0-9-]++\.)+(?:{_TLDS})(?![A-Za-z0-9-])"
        r"(?:[/?#:]\S*+)?",
        rf"(?<![A-Za-z])(?:{_HANDLE_APPS})(?![A-Za-z])[ \t]*(?:(?:id|ไอดี|ໄອດີ|号|page)[ \t]*[:=]?"
        r"|[:=])[ \t]*@?[A-Za-z0-9._-]{2,}+",
        rf"(?<![A-Za-z])(?:{_LINE})(?![A-Za-z])[ \t]*(?:(?:id|ไอดี|ໄອດີ|号)[ \t]*[:=]?[ \t]*@?"
        r"|[:=]?[ \t]*@|[:=][ \t]*(?=[A-Za-z._-]{0,40}[0-9_]))[A-Za-z0-9._-]{2,}+",
        r"(?<![A-Za-z0-9@._%+-])@[A-Za-z0-9_][A-Za-z0-9_.]{2,}+",
    )
)

_DIGIT = re.compile(r"\d")
# A house number with the word for it, then whatever the line says on: the rest of the address.
_TO_THE_END = "[^\n;。။។|•]{0,160}"
_NUMBER = r"[ \t]*(?:no\.?|n°|#|ທີ|លេខ)?[ \t]*\d[\dA-Za-z/-]{0,9}"
_MARKED = (*range(0xC0, 0x250), *range(0x1EA0, 0x1EFA))
_CAPITAL = f"[A-Z{''.join(chr(code) for code in _MARKED if chr(code).isupper())}]"
_VIETNAMESE_PLACES = "đường|phố|phường|quận|xã|ngõ|ấp|thôn|duong|phuong|quan"
_ADDRESSES = tuple(
    re.compile(pattern + _TO_THE_END)
    for pattern in (
        rf"(?<![A-Za-z0-9/,.])(?:[Nn]o\.?[ \t]*)?\d{{1,5}}[A-Za-z]?(?:/\d{{1,5}})?,?[ \t]+"
        rf"(?:{_CAPITAL}[^\s\d,;]{{0,20}}[ \t]+){{1,4}}"
        r"(?i:street|road|avenue|boulevard|blvd|lane|alley|rd\b|st\b|ave\b|soi)(?![A-Za-z])",
        rf"(?<![A-Za-z])(?i:street|soi|moo|p\.?o\.? ?box){_NUMBER}(?![\d,])",
        r"(?<![A-Za-z])(?i:house|unit|room|building)[ \t]*(?i:no\.?|number|#)[ \t]*\d",
        rf"(?:ເຮືອນເລກທີ|ບ້ານເລກທີ|ເລກທີ|ໜ່ວຍທີ|ໜ່ວຍ|ຮ່ອມ|ຕູ້ ?ປ\.?ນ\.?){_NUMBER}",
        rf"(?:บ้านเลขที่|เลขที่|หมู่ที่|หมู่|ซอย|ตู้ ?ปณ\.?){_NUMBER}",
        rf"(?:ផ្ទះលេខ|ផ្លូវលេខ|ផ្លូវ|ប្រអប់សំបុត្រ){_NUMBER}",
        rf"(?:အမှတ်|တိုက်အမှတ်|အခန်း){_NUMBER}(?=[^\n]{{0,40}}(?:လမ်း|ရပ်ကွက်|မြို့))",
        rf"(?i:số nhà|số|so nha|ngõ|ngách|hẻm|kiệt){_NUMBER},?[ \t]*"
        rf"(?=[^\n]{{0,40}}(?i:{_VIETNAMESE_PLACES}))",
        rf"(?<![A-Za-z0-9/,.])\d{{1,5}}[A-Za-z]?(?:/\d{{1,5}})*,?[ \t]+"
        rf"(?i:đường|phố)[ \t]+{_CAPITAL}",
        r"[\u4e00-\u9fff]{1,12}(?:路|街|道|巷|弄|大道)[ \t]*\d{1,5}[ \t]*(?:号|號|弄)",
    )
)


def mask_contacts(text: str) -> str:
    """Replace e-mail addresses, telephone numbers, links, handles and street addresses by dots.

    Found also in local or full-width digits and letters and across invisible characters. Sums of
    money, years and dates stay.
    """
    text = normalise(text)
    # Masking one thing can lay bare the next ("@one@two"); few texts have more than one layer.
    for _ in range(_LAYERS):
        before, text = text, _masked_once(text)
        if text == before:
            break
    return text


def _masked_once(text: str) -> str:
    shown, places = _shadow(text)
    kept: list[str] = []
    past = 0
    for start, end in _merged(_spans(shown)):
        kept += (text[past : places[start]], MASK)
        past = places[end - 1] + 1
    return "".join((*kept, text[past:]))


def _shadow(text: str) -> tuple[str, range | list[int]]:
    """Give the text as patterns read it, and the place in the text of each of its characters."""
    plain = ascii_digits(text.translate(FULL_WIDTH))
    if not _HIDDEN.search(plain):
        return plain, range(len(plain))
    places = [at for at, character in enumerate(plain) if not _HIDDEN.match(character)]
    return "".join(plain[at] for at in places), places


def _spans(text: str) -> Iterator[tuple[int, int]]:
    # Neither an address nor a telephone number is without a digit, as most titles are.
    numbered = _DIGIT.search(text) is not None
    for pattern in (*_PATTERNS, *(_ADDRESSES if numbered else ())):
        for found in pattern.finditer(text):
            yield found.span()
    if numbered:
        yield from phone_spans(text)


def _merged(spans: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged

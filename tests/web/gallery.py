"""What the gallery of components shows, in English and in Lao at its longest."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from flask import Flask, abort, flash, render_template, request
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms.validators import InputRequired

from matchmaker.web.access import public
from matchmaker.web.forms import (
    BooleanField,
    CodeField,
    CodesField,
    DateField,
    Form,
    LongTextField,
    MoneyField,
    NumberField,
    TextField,
)

WORDS: dict[str, dict[str, Any]] = {
    "en": {
        "heading": "Every part of a page",
        "lede": "Chosen from 58 by your need, place, size and words; 41 left out, most because they"
        " do not work in Luang Prabang.",
        "action": "See why, and ask",
        "other": "Ask an adviser",
        "offer": "Dryer and store loan for cooperatives in the north",
        "party": "Nam Khan Agri Fund",
        "not_for_me": "Not for me",
        "tabs": ["Fit", "Nearly", "Left out"],
        "kind": "Loan",
        "met": ["Luang Prabang", "coffee", "12 workers"],
        "unknown": "accounts for last year",
        "unmet": "2 years of accounts",
        "pros": ["Names drying and storage as purposes.", "Looks for cooperatives led by women."],
        "cons": ["Asks for one year of accounts; we have not seen yours."],
        "active": "Active 2 days ago",
        "replies": "Usually answers in 4 days",
    },
    "lo": {
        "heading": "ທຸກສ່ວນຂອງໜ້າ",
        "lede": "ຄັດຈາກ 58 ແຫຼ່ງ ຕາມຄວາມຕ້ອງການ, ສະຖານທີ່ ແລະ ຂະໜາດຂອງທຸລະກິດທ່ານ. ບໍ່ໄດ້ສະແດງ 47 ແຫຼ່ງ.",
        "action": "ເບິ່ງເຫດຜົນ ແລະ ຕິດຕໍ່",
        "other": "ຂໍຄຳແນະນຳຈາກທີ່ປຶກສາ",
        "offer": "ເງິນຊ່ວຍເຫຼືອລ້າເຄິ່ງໜຶ່ງສຳລັບກີ່ຕ່ຳຫູກ ແລະ ຮ້ານອອນລາຍ",
        "party": "ກອງທຶນຫັດຖະກຳລ້ານຊ້າງ",
        "not_for_me": "ບໍ່ເໝາະກັບຂ້ອຍ",
        "tabs": ["ເໝາະ", "ເກືອບເໝາະ", "ບໍ່ສະແດງ"],
        "kind": "ເງິນຊ່ວຍເຫຼືອລ້າ",
        "met": ["ຫຼວງພະບາງ", "ຫັດຖະກຳ", "ແມ່ຍິງເປັນເຈົ້າຂອງ"],
        "unknown": "ບັນຊີປີຜ່ານມາ",
        "unmet": "ແຜນທຸລະກິດ",
        "pros": ["ຊ່ວຍຄ່າກີ່ຕ່ຳຫູກ ແລະ ການຂາຍອອນລາຍ ກົງກັບທີ່ທ່ານຕ້ອງການ.", "ຮັບໃບສະເໜີເປັນພາສາລາວ."],
        "cons": ["ທ່ານຈ່າຍກ່ອນ ແລ້ວຈຶ່ງໄດ້ເງິນຄືນພາຍໃນ 60 ມື້."],
        "active": "ເຄື່ອນໄຫວ 3 ມື້ກ່ອນ",
        "replies": "ມັກຕອບພາຍໃນ 7 ມື້",
    },
}
NO_SHIFT = timedelta()
# Fifteen squares are enough to show the shape of a map.
TILES = [
    "PH20",
    "BK01",
    "LM11",
    "OU21",
    "HO31",
    "XA02",
    "LP12",
    "XI22",
    "VI13",
    "XS23",
    "BL33",
    "VT14",
    "KH34",
    "SV35",
    "CH36",
]
COUNTS = {"LP": 64, "VI": 38, "XS": 11, "BL": 22, "VT": 88, "KH": 41, "SV": 96, "CH": 71}
POSTED = MultiDict(
    {
        "name": "Bad\u202ename",
        "amount": "80 lan",
        "day": "2569-03-04",
        "story": "",
        "agree": "maybe",
    }
)


class GalleryForm(Form):
    name = TextField(_l("Name of the business"), [InputRequired()], maximum=120)
    currency = CodeField(_l("Currency"), codes=[("LAK", "kip"), ("USD", "dollar")])
    amount = MoneyField(_l("How much do you need?"), description=_l("A round sum will do."))
    people = NumberField(_l("How many people work here?"), whole=True, minimum=0)
    day = DateField(_l("When did it begin?"))
    story = LongTextField(_l("In your own words"), [InputRequired()], maximum=2000)
    answer = CodeField(_l("Do you export?"), codes=[("yes", "Yes"), ("no", "No")], radio=True)
    agree = BooleanField(_l("I may ask on behalf of the cooperative."))
    kinds = CodesField(_l("Kind of money"), codes=[("LOAN", "Loan"), ("GRANT", "Grant")])
    place = CodeField(_l("Place"), codes=[("LA-LP", "Luang Prabang")], first=_l("Anywhere"))


def install(app: Flask) -> None:
    """Give an app of the tests a page with every component on it."""

    @app.get("/gallery")
    @public
    def gallery() -> str:
        flash("The change is kept.", "success")
        language = request.args.get("lang", "en")
        wrong = GalleryForm(POSTED, meta={"csrf": True}, prefix="")
        wrong.validate()
        for each in wrong:
            each.id = f"wrong-{each.id}"
        return render_template(
            "components/_gallery.html",
            theme=request.args.get("theme"),
            translation_unreviewed=True,
            nav_items=_nav(language),
            programme_name="SME programme",
            wrong=wrong,
            form=GalleryForm(MultiDict()),
            today=date(2026, 11, 18),
            **content(language),
        )

    @app.get("/fails/<int:status>")
    @public
    def fails(status: int) -> str:
        abort(status)

    @app.get("/part")
    @public
    def part() -> str:
        return '<section id="part" data-say="1 left"><h2 id="part-head">The rest</h2></section>'


def _nav(language: str) -> list[tuple[str, str, str, bool, int]]:
    names = WORDS.get(language, WORDS["en"])["tabs"]
    return [
        ("#list", "cloth", names[0], True, 0),
        ("#near", "mail", names[1], False, 3),
        ("#ask", "home", names[2], False, 0),
        ("#form", "help", "Help", False, 0),
    ]


def content(language: str) -> dict[str, Any]:
    words = SimpleNamespace(**WORDS.get(language, WORDS["en"]))
    words.steps = [{"title": words.action, "text": words.lede}] * 3
    chips = [{"state": "met", "text": text} for text in words.met]
    chips.append({"state": "unknown", "text": words.unknown, "url": "#form"})
    card = {
        "kind": words.kind, "party": words.party, "party_lang": language, "title": words.offer,
        "lang": language, "url": "#ask", "points": 76, "you": 83, "them": 70, "chips": chips,
        "pros": words.pros, "cons": words.cons, "active": words.active, "replies": words.replies,
    }  # fmt: skip
    door = {
        **card,
        "chips": [{"state": "unmet", "text": words.unmet}, *chips[:2]],
        "levers": [{"text": words.cons[0], "help": words.other, "help_url": "#form",
                    "helpers": [{"title": words.offer, "lang": language, "party": words.party,
                                 "party_lang": language, "url": "#ask"}] * 2}],
        "then_points": 72,
    }  # fmt: skip
    listed = {
        **card,
        "summary": words.lede,
        "summary_lang": language,
        "facts": [(words.kind, "12")],
    }
    return {
        "words": words,
        "card": card,
        "second_card": {**card, "points": 39.4, "you": 100, "them": 0, "note": words.lede},
        "door": door,
        "listed": listed,
        "steps": _steps(words),
        "sides": [_side(words, words.tabs[0], 83), _side(words, words.tabs[1], 70)],
        "rules": _rules(words),
        "events": _events(words),
        "tiles": _tiles(),
    }


def _steps(words: SimpleNamespace) -> list[dict[str, str | None]]:
    states = ("done", "wrong", "now", "todo")
    return [
        {"label": f"{words.action} {i}", "url": "#form" if i < 3 else None, "state": state}
        for i, state in enumerate(states)
    ]


def _side(words: SimpleNamespace, title: str, points: int) -> dict[str, Any]:
    rows = [{"what": text, "well": 90, "weight": 1 / 3, "points": points / 3} for text in words.met]
    return {"title": title, "points": points, "rows": rows}


def _rules(words: SimpleNamespace) -> list[dict[str, Any]]:
    return [
        {"rule": words.met[0], "have": words.met[0], "state": "met"},
        {"rule": words.unmet, "have": "1", "state": "unmet", "must": False},
        {"rule": words.unknown, "have": "", "state": "unknown", "url": "#form"},
    ]


def _events(words: SimpleNamespace) -> list[dict[str, Any]]:
    return [
        {"when": words.active, "when_iso": "2026-11-18", "title": words.action, "text": words.lede},
        {"when": words.replies, "title": words.other, "by": words.party, "state": "ok"},
        {"when": words.replies, "title": words.not_for_me, "state": "bad"},
        {"when": words.replies, "title": words.tabs[1], "state": "next"},
    ]


def _tiles() -> list[dict[str, Any]]:
    return [
        {
            "code": code,
            "label": f"Province {code}",
            "col": int(col),
            "row": int(row),
            "value": COUNTS.get(code),
            "url": f"#row-{code}" if code in COUNTS else None,
        }
        for code, col, row in ((tile[:2], tile[2], tile[3]) for tile in TILES)
    ]

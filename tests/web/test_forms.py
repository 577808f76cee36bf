"""Forms against what people and machines send: no error page, nothing typed lost."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask, render_template_string
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest
from wtforms import widgets
from wtforms.validators import InputRequired

from matchmaker.vocabulary.instruments import INSTRUMENTS
from matchmaker.vocabulary.languages import UI_LANGUAGES
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
from tests.web.conftest import make_web_app

APP = make_web_app()
HOSTILE = st.one_of(
    st.text(max_size=300),
    st.text(alphabet=string.digits + ".,'+-eE ๑๒១២໑໒၁၂１２", max_size=40),
    st.sampled_from(
        [
            "inf",
            "-inf",
            "NaN",
            "1e9999",
            "9" * 400,
            "-0",
            "1,000.00",
            "1.000,00",
            "\x00",
            "٣٫٥",
            "\u202e123",
            "'; drop table",
            "{{7*7}}",
            "<b>1</b>",
            "=1+1",
            "�",
            "0x10",
            "1_000",
            "½",
        ]
    ),
)


NAMES = ["name", "story", "currency", "amount", "people", "rate", "day", "kind", "kinds", "agree"]


class Everything(Form):
    name = TextField("Name", maximum=40)
    story = LongTextField("Story", maximum=200)
    currency = CodeField("Currency", codes=[("LAK", "kip"), ("USD", "dollar")])
    amount = MoneyField("Amount")
    people = NumberField("People", whole=True, minimum=0, maximum=100_000)
    rate = NumberField("Rate")
    day = DateField("Day")
    kind = CodeField("Kind", codes=INSTRUMENTS)
    kinds = CodesField("Kinds", codes=INSTRUMENTS)
    agree = BooleanField("Agree")


@contextmanager
def posted(language: str = "en", **values: Any) -> Iterator[Everything]:
    with APP.test_request_context(f"/?lang={language}", method="POST"):
        form = Everything(MultiDict(values), meta={"csrf": False})
        form.validate()
        yield form


def rendered(form: Form) -> str:
    source = "{% from 'components/field.html' import fields, error_summary %}"
    return render_template_string(source + "{{ error_summary(form) }}{{ fields(form) }}", form=form)


@given(
    values=st.dictionaries(st.sampled_from(NAMES), HOSTILE),
    language=st.sampled_from(UI_LANGUAGES),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_anything_posted_is_taken_or_refused_with_a_message(
    values: dict[str, str], language: str
) -> None:
    with posted(language, **values) as form:
        page = rendered(form).encode()
        assert page
        for name, field in form._fields.items():
            if field.errors:
                assert all(str(message).strip() for message in field.errors), name
                assert b'id="error-summary"' in page


@given(text=HOSTILE, language=st.sampled_from(UI_LANGUAGES))
@settings(max_examples=200, deadline=None)
def test_a_number_is_finite_and_within_reach_or_not_there(text: str, language: str) -> None:
    with posted(language, rate=text, amount=text, currency="USD") as form:
        assert form.rate.data is None or (
            form.rate.data.is_finite() and abs(form.rate.data) <= 2**53
        )
        assert form.amount.data is None or isinstance(form.amount.data, int)
        if text.strip() and form.rate.data is None and not form.rate.errors:
            pytest.fail(f"{text!r} vanished without a word")


@given(value=st.integers(0, 2**53), language=st.sampled_from(UI_LANGUAGES))
@settings(deadline=None)
def test_an_amount_that_a_form_shows_can_be_sent_back(value: int, language: str) -> None:
    for currency in ("LAK", "USD"):
        with APP.test_request_context(f"/?lang={language}", method="POST"):
            shown = Everything(None, data={"amount": value, "currency": currency}).amount._value()
        with posted(language, amount=shown, currency=currency) as form:
            assert not form.amount.errors, shown
            assert form.amount.data == value


@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40))
@settings(max_examples=200, deadline=None)
def test_a_name_that_is_taken_has_no_hidden_signs(text: str) -> None:
    with posted(name=text) as form:
        if not form.name.errors:
            assert not set(form.name.data) & set("\x00\u202e\u2066\n\r")


def test_what_was_typed_stays_in_the_field() -> None:
    with posted(amount="80 lan", day="31/02/2026", people="many", rate="2,,5") as form:
        page = rendered(form)
    for typed in ("80 lan", "31/02/2026", "many", "2,,5"):
        assert f'value="{typed}"' in page


def test_local_digits_are_read() -> None:
    with posted("th", people="๑๒", day="๒๐๒๖-๐๓-๐๔") as form:
        assert form.people.data == 12
        assert form.day.data == date(2026, 3, 4)


def test_kip_have_no_decimals() -> None:
    with posted(amount="1000.5", currency="LAK") as form:
        assert form.amount.errors
    with posted(amount="1000.5", currency="USD") as form:
        assert form.amount.data == 100_050


def test_an_amount_too_large_for_the_database_is_refused() -> None:
    with posted(amount="9" * 16, currency="USD") as form:
        assert form.amount.errors
        assert form.amount.data is None


@pytest.mark.parametrize("text", ["-1", "100001", "2.5"])
def test_numbers_outside_their_limits_are_refused(text: str) -> None:
    with posted(people=text) as form:
        assert form.people.errors


def test_an_empty_number_is_none_and_no_error() -> None:
    with posted(people="  ", rate="") as form:
        assert (form.people.data, form.rate.data) == (None, None)
        assert not form.errors


def test_a_plain_number_keeps_its_decimals() -> None:
    with posted(rate="2.75") as form:
        assert form.rate.data == Decimal("2.75")


def test_a_buddhist_year_is_pointed_out() -> None:
    with posted(day="2569-03-04") as form:
        assert "2026" in form.day.errors[0]


@pytest.mark.parametrize(
    "text", ["0000-01-01", "9999-12-31", "2026-02-30", "yesterday", "1899-12-31"]
)
def test_days_that_cannot_be_are_refused(text: str) -> None:
    with posted(day=text) as form:
        assert form.day.errors
        assert form.day.data is None


def test_days_are_read_with_the_day_first() -> None:
    with posted(day="4/3/2026") as form:
        assert form.day.data == date(2026, 3, 4)


def test_a_code_that_is_not_on_the_list_is_refused() -> None:
    with posted(kind="FREE_MONEY", kinds="FREE_MONEY") as form:
        assert form.kind.errors
        assert form.kinds.errors


def test_codes_come_back_once_and_in_the_order_of_the_list() -> None:
    first, second = INSTRUMENTS.codes()[:2]
    with APP.test_request_context(method="POST"):
        form = Everything(
            MultiDict([("kinds", second), ("kinds", first), ("kinds", second)]),
            meta={"csrf": False},
        )
        assert form.validate()
        assert form.values()["kinds"] == [first, second]


def test_a_stored_code_that_left_the_list_stays_until_changed() -> None:
    with APP.test_request_context(method="POST"):
        data = {"kind": "OLD_KIND", "kinds": ["OLD_KIND"]}
        shown = Everything(None, data=data)
        kept = Everything(MultiDict(data), data=data, meta={"csrf": False})
        assert "OLD_KIND" in rendered(shown)
        assert kept.validate(), kept.errors
        assert kept.kind.data == "OLD_KIND"


@pytest.mark.parametrize("required", [False, True])
def test_a_list_is_written_as_wtforms_writes_it(required: bool) -> None:
    with posted(currency='"d"') as form:
        field = form.currency
        field.codes = [("a", '<b> & "c"'), ('"d"', "e")]
        field.flags.required = required
        attributes = {"aria-invalid": "true", "hx-get": "/a?b=1&c=2"}
        written = field(**attributes)
        assert str(written).count("selected") == 1
        assert written == widgets.Select()(field, **attributes)


def test_texts_of_a_page_are_filled_in_and_escaped_where_the_page_is() -> None:
    source = "{{ _('100 %% of %(what)s', what=what) }}|{{ _('Fit') }}"
    with APP.test_request_context():
        said = [
            render_template_string("{% autoescape " + on + " %}" + source + "{% endautoescape %}",
                                   what="<b>")
            for on in ("true", "false")
        ]  # fmt: skip
    assert said == ["100 % of &lt;b&gt;|Fit", "100 % of <b>|Fit"]


def test_an_empty_choice_is_none() -> None:
    with posted(kind="") as form:
        assert form.kind.data is None
        assert not form.errors


@pytest.mark.parametrize(
    ("sent", "value"), [({}, False), ({"agree": "y"}, True), ({"agree": "on"}, True)]
)
def test_a_box_is_ticked_or_not(sent: dict[str, str], value: bool) -> None:
    with posted(**sent) as form:
        assert form.agree.data is value
        assert not form.errors


@pytest.mark.parametrize("text", ["maybe", "", "0", "true"])
def test_a_box_with_other_values_is_refused(text: str) -> None:
    with posted(agree=text) as form:
        assert form.agree.errors
        assert form.agree.data is False


def test_two_answers_to_one_question_are_a_bad_request() -> None:
    with APP.test_request_context(method="POST"), pytest.raises(BadRequest):
        Everything(MultiDict([("name", "a"), ("name", "b")]), meta={"csrf": False})


def test_an_empty_post_does_not_pass_for_the_stored_values() -> None:
    class Named(Form):
        name = TextField("Name", [InputRequired()])

    with APP.test_request_context(method="POST"):
        form = Named(data={"name": "stored"}, meta={"csrf": False})
        assert not form.validate()


def test_a_post_of_json_is_read_as_an_empty_form() -> None:
    with APP.test_request_context(method="POST", json=["name"]):
        assert Everything(meta={"csrf": False}).name.data in (None, "")


def test_a_get_shows_the_stored_values() -> None:
    with APP.test_request_context("/?name=query"):
        assert Everything(data={"name": "stored"}).name.data == "stored"


def test_values_leave_out_the_token() -> None:
    with APP.test_request_context():
        assert set(Everything().values()) == set(Everything()._fields) - {"csrf_token"}


def test_texts_that_are_too_long_say_by_how_much() -> None:
    with posted(name="ກ" * 43, story="x" * 201) as form:
        assert "3" in form.name.errors[0]
        assert "40" in form.name.errors[0]
        assert form.story.errors
        assert form.name.data == "ກ" * 43


def test_text_is_kept_in_composed_form_with_plain_line_ends() -> None:
    with posted(name="  Cafe\u0301   Ha\u0300 ", story="one\r\ntwo\x00") as form:
        assert form.name.data == "Café Hà"
        assert form.story.data == "one\ntwo"


def test_an_error_stands_above_its_control_and_is_tied_to_it(
    web_app: Flask, in_language: Callable[[str], None]
) -> None:
    in_language("en")
    form = Everything(MultiDict({"people": "many", "kind": "X"}), meta={"csrf": False})
    form.validate()
    page = rendered(form)
    assert page.index('id="people-e"') < page.index('name="people"')
    assert 'aria-describedby="people-e' in page
    assert 'aria-invalid="true"' in page
    assert 'href="#people"' in page


def test_a_group_of_choices_is_a_fieldset_whose_first_box_the_summary_leads_to(
    web_app: Flask, in_language: Callable[[str], None]
) -> None:
    in_language("en")
    form = Everything(MultiDict({"kinds": "X"}), meta={"csrf": False})
    form.validate()
    page = rendered(form)
    assert "<fieldset" in page
    assert "<legend>Kinds" in page
    assert 'href="#kinds-0"' in page
    assert 'id="kinds-0"' in page

"""A product of a showroom: its words, its price and its photos in one form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms.validators import ValidationError

from matchmaker.organisations.forms.base import Always, RoomForm, currencies, text_languages
from matchmaker.organisations.forms.choices import sector_choices
from matchmaker.organisations.models import Organisation, Product
from matchmaker.vocabulary import sectors
from matchmaker.vocabulary.certificates import CERTIFICATES
from matchmaker.vocabulary.languages import LANGUAGES
from matchmaker.web.filters import ngettext
from matchmaker.web.forms import CodeField, CodesField, LongTextField, MoneyField, TextField

UNITS = (
    ("piece", _l("piece")),
    ("pair", _l("pair")),
    ("set", _l("set")),
    ("dozen", _l("dozen")),
    ("metre", _l("metre")),
    ("kilogram", _l("kilogram")),
    ("tonne", _l("tonne")),
    ("litre", _l("litre")),
    ("bag", _l("bag")),
    ("box", _l("box")),
    ("hour", _l("hour")),
    ("day", _l("day")),
    ("night", _l("night")),
    ("person", _l("person")),
)
#: The file fields and what is said of them, which are no columns of a product.
_PHOTOS = ("photos", "removed")


class ProductForm(RoomForm):
    name = TextField(
        _l("Name of the product"),
        [Always(_l("Write the name of the product."))],
        maximum=Product.NAME_MAX,
        description=_l("As you call it, in your own script."),
    )
    lang = CodeField(_l("Language of the name and the words"), [Always()], codes=text_languages)
    words = LongTextField(
        _l("A few words about it"),
        maximum=Product.WORDS_MAX,
        description=_l(
            "What it is made of, how large it is, how soon you can deliver."
            " Leave out telephone numbers and addresses: they are not shown."
        ),
    )
    photos = MultipleFileField(
        _l("Photos"),
        description=_l(
            "One to three, JPEG or PNG, at most 10 MB each. We make them small, and remove where"
            " and when they were taken."
        ),
    )
    removed = CodesField(_l("Photos to take away"), codes=())
    price_min_minor = MoneyField(
        _l("Price"), description=_l("Leave it empty if people should ask you.")
    )
    price_max_minor = MoneyField(
        _l("Up to"), description=_l("Only if the price goes from one amount to another.")
    )
    currency = CodeField(_l("Currency"), codes=currencies)
    unit = CodeField(_l("The price is for one"), codes=UNITS, first=_l("Not said"))
    sector = CodeField(_l("What kind of product is it?"), codes=sector_choices)
    certificates = CodesField(_l("Certificates it has"), codes=CERTIFICATES)
    languages = CodesField(_l("Languages people can order in"), codes=LANGUAGES)

    def __init__(
        self, organisation: Organisation, there: Sequence[str], most: int, **more: Any
    ) -> None:
        """``there``: the photos that it has, by their small file; ``most`` it may have."""
        super().__init__(**more)
        self.there, self.most = there, most
        self["removed"].codes = [(name, name) for name in there]
        self["sector"].codes = lambda language: _with_own(organisation, language)
        self["photos"].flags.required = not there

    def new_photos(self) -> list[Any]:
        return list(self["photos"].data or ())

    def values(self) -> dict[str, Any]:
        found = super().values()
        for name in _PHOTOS:
            found.pop(name)
        if found["price_min_minor"] is None and found["price_max_minor"] is None:
            found["currency"] = found["unit"] = ""
        return found

    def validate_photos(self, field: MultipleFileField) -> None:
        left = len(self.there) - len(self["removed"].data or ())
        count = left + len(self.new_photos())
        if count < 1:
            raise ValidationError(_("Choose at least one photo."))
        if count > self.most:
            raise ValidationError(
                ngettext(
                    "That would be %(num)s photo too many. Choose fewer.",
                    "That would be %(num)s photos too many. Choose fewer.",
                    count - self.most,
                )
            )

    def validate_price_max_minor(self, field: MoneyField) -> None:
        low = self["price_min_minor"].data
        if field.data is not None and low is not None and field.data < low:
            raise ValidationError(_("The highest price is below the lowest."))

    def validate_currency(self, field: CodeField) -> None:
        prices = (self["price_min_minor"], self["price_max_minor"])
        typed = any((one.raw_data or [""])[0].strip() for one in prices)
        if typed and not field.data:
            raise ValidationError(_("Choose the currency of the price."))


def _with_own(organisation: Organisation, language: str) -> list[tuple[str, str]]:
    """The organisation's own class too, where it is finer than the list."""
    found = sector_choices(language)
    own = organisation.sector
    if not own or own in dict(found):
        return found
    return [(own, sectors.words(own, language)), *found]

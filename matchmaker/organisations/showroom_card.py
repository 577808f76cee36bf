"""What everybody reads of a showroom: the firm's own choice, and nothing beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from babel.lists import format_list
from flask_babel import get_locale
from flask_babel import gettext as _

from matchmaker.language.masking import mask_contacts
from matchmaker.organisations.evidence_files.problems import Problem
from matchmaker.organisations.evidence_words import problem as any_problem
from matchmaker.organisations.forms.product import UNITS
from matchmaker.organisations.models import Organisation, Product, ProductPhoto, Showroom
from matchmaker.organisations.wording import sector_words
from matchmaker.vocabulary import places
from matchmaker.web.filters import code_label, money, money_band
from matchmaker.web.locale import locale_code

#: Products that a short text and a description name.
NAMED = 3


@dataclass(frozen=True, slots=True)
class ProductCard:
    public_id: str
    name: str
    words: str
    lang: str
    sector: str
    price: str
    certificates: Sequence[str]
    languages: str
    photos: Sequence[ProductPhoto]


@dataclass(frozen=True, slots=True)
class ShowroomCard:
    """Name, place, what it does, and what it put there; no person and no way past the programme."""

    code: str
    name: str
    name_lang: str
    name_latin: str
    place: str
    sector: str
    products: Sequence[ProductCard]

    @property
    def named(self) -> str:
        """The first few products, in the words of who makes them."""
        return ", ".join(one.name for one in self.products[:NAMED])


def card(organisation: Organisation, showroom: Showroom) -> ShowroomCard:
    return ShowroomCard(
        code=showroom.code,
        name=organisation.name,
        name_lang=organisation.name_lang,
        name_latin=organisation.name_latin,
        place=places.label(organisation.province or organisation.country, locale_code()),
        sector=sector_words(organisation.sector),
        products=[product_card(one) for one in showroom.products],
    )


def product_card(product: Product) -> ProductCard:
    labels = [code_label(code, "language") for code in product.languages]
    return ProductCard(
        public_id=product.public_id,
        name=mask_contacts(product.name),
        words=mask_contacts(product.words),
        lang=product.lang,
        sector=sector_words(product.sector),
        price=price(product),
        certificates=[code_label(code, "certificate") for code in product.certificates],
        languages=format_list(labels, locale=get_locale()) if labels else "",
        photos=product.photos,
    )


def price(product: Product) -> str:
    """An amount, a range or "ask", and for how much of it."""
    low, high = product.price_min_minor, product.price_max_minor
    if low is None and high is None:
        return _("Ask for the price")
    amount = (
        money(low, product.currency) if high is None else money_band(low, high, product.currency)
    )
    unit = dict(UNITS).get(product.unit)
    return _("%(price)s / %(unit)s", price=amount, unit=unit) if unit else amount


def short_text(shown: ShowroomCard, url: str) -> str:
    """To send in a chat."""
    return _(
        "%(name)s, %(place)s: %(products)s. See more: %(url)s",
        name=shown.name,
        place=shown.place,
        products=shown.named,
        url=url,
    )


def problem(found: Problem) -> str:
    """Why a photo is not taken."""
    if found is Problem.OTHER_KIND:
        return _("This is no JPEG or PNG photo. Send it as one of these.")
    return any_problem(found)


def description(shown: ShowroomCard) -> str:
    """For the line under a link: public facts only."""
    return _("%(products)s. From %(place)s.", products=shown.named, place=shown.place)

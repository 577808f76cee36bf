"""The further short steps of a profile."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from matchmaker.extensions import clock
from matchmaker.organisations.forms.base import (
    GroupedCodesField,
    RoomForm,
    YearField,
    YesNoField,
    currencies,
    text_languages,
)
from matchmaker.organisations.forms.choices import impact_aims, impact_heading
from matchmaker.organisations.models import Organisation
from matchmaker.vocabulary import sectors
from matchmaker.vocabulary.certificates import CERTIFICATES
from matchmaker.vocabulary.languages import LANGUAGES
from matchmaker.vocabulary.legal_forms import LEGAL_FORMS
from matchmaker.vocabulary.ownership import OWNERSHIP
from matchmaker.vocabulary.places import COUNTRIES
from matchmaker.vocabulary.stages import STAGES
from matchmaker.web.forms import (
    BooleanField,
    CodeField,
    CodesField,
    LongTextField,
    MoneyField,
    NumberField,
    TextField,
)

EARLIEST_YEAR = 1800
MOST_PEOPLE = 1_000_000
ALL_OF_IT = 100


class SectorForm(RoomForm):
    """A plain word, or what was found by searching."""

    plain_sector = CodeField(
        _l("What does your business do?"), codes=sectors.PLAIN, first=_l("Something else")
    )
    sector = CodeField(_l("Found by searching"), codes=sectors.ISIC4, radio=True)

    def validate_plain_sector(self, field: CodeField) -> None:
        if not field.data and not self["sector"].data:
            raise ValidationError(_("Choose what comes closest, or search for it."))

    def values(self) -> dict[str, Any]:
        """What was found by searching is finer than a plain word, so it wins."""
        found = super().values()
        plain, sector = found["plain_sector"], found["sector"]
        if plain and sectors.isic_of(plain) != sector:
            stored = self["sector"].object_data
            if sector in ("", stored):
                return {"plain_sector": plain, "sector": sectors.isic_of(plain)}
            return {"plain_sector": "", "sector": sector}
        return {"plain_sector": plain, "sector": sector}


class SizeForm(RoomForm):
    founded_year = YearField(
        _l("Year it began"),
        description=_l("Others see a range of years in business, such as 5 to 9."),
    )
    stage = CodeField(_l("How far along it is"), codes=STAGES, radio=True, first=_l("Not said"))
    staff = NumberField(
        _l("People who work in it"),
        whole=True,
        minimum=0,
        maximum=MOST_PEOPLE,
        description=_l("Count yourself and your family if you work in it."),
    )
    currency = CodeField(_l("Currency of the two amounts below"), codes=currencies)
    turnover_minor = MoneyField(
        _l("Sales in the last year"),
        description=_l("Nobody but you sees this. It helps to work out the size class."),
    )
    capital_minor = MoneyField(
        _l("What the business owns, in money"),
        description=_l("Machines, stock, buildings. Nobody but you sees this."),
    )

    def validate_founded_year(self, field: NumberField) -> None:
        this_year = clock.today().year
        if field.data is not None and not EARLIEST_YEAR <= field.data <= this_year:
            raise ValidationError(
                _("Write a year from %(first)s to %(last)s.", first=EARLIEST_YEAR, last=this_year)
            )

    def validate_currency(self, field: CodeField) -> None:
        if not field.data and (self["turnover_minor"].raw_data or [""])[0].strip():
            raise ValidationError(_("Choose the currency of the amounts."))


class PeopleForm(RoomForm):
    legal_form = CodeField(_l("Legal form"), codes=LEGAL_FORMS)
    women_share = NumberField(
        _l("Share owned by women, in per cent"),
        whole=True,
        minimum=0,
        maximum=ALL_OF_IT,
        description=_l("0 to 100. Others see only whether it is none, some, half or more, or all."),
    )
    women_decide = YesNoField(_l("Do women take the main decisions?"))
    ownership = CodesField(_l("What is true of your business?"), codes=OWNERSHIP)


class ExportForm(RoomForm):
    languages = CodesField(_l("Languages you work in"), codes=LANGUAGES)
    exports = YesNoField(_l("Do you sell abroad?"))
    export_share = NumberField(
        _l("Share of your sales that goes abroad, in per cent"),
        whole=True,
        minimum=0,
        maximum=ALL_OF_IT,
    )
    export_countries = CodesField(_l("Countries you sell to"), codes=COUNTRIES)


class CertificateForm(RoomForm):
    certificates = CodesField(_l("Certificates you hold"), codes=CERTIFICATES)


class WordsForm(RoomForm):
    about = LongTextField(
        _l("Your business in your own words"),
        maximum=Organisation.ABOUT_MAX,
        description=_l(
            "What do you make or sell, to whom, and what are you proud of?"
            " Three to six sentences are enough. Leave out telephone numbers and addresses."
        ),
    )
    about_lang = CodeField(_l("Language of this text"), codes=text_languages)
    impact = GroupedCodesField(_l("What good it does"), codes=impact_aims, group_of=impact_heading)
    website = TextField(_l("Website or page"), maximum=300, description=_l("We never open it."))

    def ask_who_gives(self) -> None:
        """A fund or a chamber is no business and sells nothing."""
        self["about"].label.text = _("Your organisation in your own words")
        self["about"].description = _(
            "What do you give, to whom, and what matters to you?"
            " Three to six sentences are enough. Leave out telephone numbers and addresses."
        )


class ContactForm(RoomForm):
    contact_name = TextField(_l("Whom to ask for"), maximum=120)
    contact_telephone = TextField(_l("Telephone"), maximum=40, kind="tel")
    contact_email = TextField(_l("E-mail"), maximum=254, kind="email")
    contact_address = TextField(_l("Address"), maximum=300)
    show_name = BooleanField(
        _l("Show the name and text of my business to funders and providers before I say yes"),
        description=_l(
            "Off: they see what you do, your province, size and the range of the amount,"
            " not who you are. Telephone, e-mail and address are never shown before you say yes."
        ),
    )

    def validate_contact_email(self, field: TextField) -> None:
        text = field.data or ""
        if text and (text.count("@") != 1 or " " in text or "." not in text.partition("@")[2]):
            raise ValidationError(_("Write an e-mail address, such as name@example.org."))

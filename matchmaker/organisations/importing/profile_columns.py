"""The columns that tell of an organisation and of its need."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from matchmaker.organisations.forms.organisation import ROLE_WORDS
from matchmaker.organisations.forms.profile import ALL_OF_IT, EARLIEST_YEAR, MOST_PEOPLE
from matchmaker.organisations.importing import lookups
from matchmaker.organisations.importing.column import KEY_MAX, KINDS, LANGUAGE, MONEY, Column
from matchmaker.organisations.models import Need, Organisation
from matchmaker.vocabulary.business_ids import SCHEMES
from matchmaker.vocabulary.certificates import CERTIFICATES
from matchmaker.vocabulary.evidence import EVIDENCE
from matchmaker.vocabulary.instruments import INSTRUMENTS
from matchmaker.vocabulary.legal_forms import LEGAL_FORMS
from matchmaker.vocabulary.ownership import OWNERSHIP
from matchmaker.vocabulary.places import COUNTRIES
from matchmaker.vocabulary.policies import POLICIES
from matchmaker.vocabulary.purposes import PURPOSES
from matchmaker.vocabulary.services import SERVICES
from matchmaker.vocabulary.stages import STAGES

IDENTITY = (
    Column("id", "line", _l("The number of the organisation here. The export fills it; leave it"
           " empty for a new one."), "", maximum=12),
    Column("key", "line", _l("Your own number or short name for the organisation. Rows with the"
           " same key are one organisation, also when you import again."), "ncb-001",
           maximum=KEY_MAX),
)  # fmt: skip

PROFILE = (
    Column("roles", "codes", _l("What it is"), "firm", needed=True,
           lookup=lookups.words(*(role for role, _words in ROLE_WORDS))),
    Column("name", "line", _l("Name in its own script"), "Nam Khan Coffee", needed=True,
           maximum=Organisation.NAME_MAX),
    Column("name_lang", "code", _l("Language of the name; guessed when empty"), "en",
           lookup=LANGUAGE),
    Column("name_latin", "line", _l("Name in Latin letters"), maximum=Organisation.NAME_MAX),
    Column("country", "code", _l("Country; known from the province"), "LA",
           lookup=lookups.of(COUNTRIES)),
    Column("province", "code", _l("Province; needed for a firm"), "Luang Prabang",
           lookup=lookups.PLACES),
    Column("district", "line", _l("District or town"), "Xieng Ngeun", maximum=120),
    Column("sector", "sector", _l("What it does: a plain word or an ISIC code; needed for a firm"),
           "COFFEE_ROASTING", lookup=lookups.PLAIN_SECTORS),
    Column("stage", "code", _l("How far along it is"), "growth", lookup=lookups.of(STAGES)),
    Column("legal_form", "code", _l("Legal form"), lookup=lookups.of(LEGAL_FORMS)),
    Column("founded_year", "whole", _l("Year it began"), "2018", minimum=EARLIEST_YEAR,
           maximum=2100),
    Column("staff", "whole", _l("People who work in it"), "12", maximum=MOST_PEOPLE),
    Column("turnover", "money", _l("Sales in the last year; shown to nobody"),
           field="turnover_minor", currency="currency", private=True),
    Column("capital", "money", _l("What it owns, in money; shown to nobody"),
           field="capital_minor", currency="currency", private=True),
    Column("currency", "code", _l("Currency of the two amounts before"), lookup=MONEY,
           private=True),
    Column("languages", "codes", _l("Languages it works in"), "lo; en", lookup=LANGUAGE),
    Column("women_share", "whole", _l("Share owned by women, in per cent"), "60",
           maximum=ALL_OF_IT),
    Column("women_decide", "yes_no", _l("Women take the main decisions"), "yes"),
    Column("ownership", "codes", _l("What is true of its owners"), "women_led",
           lookup=lookups.of(OWNERSHIP)),
    Column("exports", "yes_no", _l("It sells abroad"), "no"),
    Column("export_share", "whole", _l("Share of sales that goes abroad, in per cent"),
           maximum=ALL_OF_IT),
    Column("export_countries", "codes", _l("Countries it sells to"),
           lookup=lookups.of(COUNTRIES)),
    Column("certificates", "codes", _l("Certificates it holds"), lookup=lookups.of(CERTIFICATES)),
    Column("impact", "codes", _l("What good it does: sdg, 2x or iris"), "sdg:8",
           lookup=lookups.AIMS),
    Column("about", "text", _l("The business in its own words"), maximum=Organisation.ABOUT_MAX),
    Column("about_lang", "code", _l("Language of that text"), lookup=LANGUAGE),
    Column("website", "line", _l("Website or page"), maximum=300),
    Column("show_name", "yes_no", _l("Funders and providers may see its name at once")),
    Column("evidence_yes", "codes", _l("What it can show"), "registration",
           lookup=lookups.of(EVIDENCE)),
    Column("evidence_no", "codes", _l("What it cannot show"), lookup=lookups.of(EVIDENCE)),
    Column("business_ids", "ids", _l("Business numbers, each as KIND:NUMBER"),
           "LA-ERC:01-00012345", lookup=lookups.of(SCHEMES), maximum=60, private=True),
    Column("contact_name", "line", _l("Whom to ask for; for an introducer, who of them agreed"),
           "Mali Vongsa", maximum=120, private=True),
    Column("contact_telephone", "line", _l("Telephone"), maximum=40, private=True),
    Column("contact_email", "email", _l("E-mail"), maximum=254, private=True),
    Column("contact_address", "line", _l("Address"), maximum=300, private=True),
)  # fmt: skip

NEED = (
    Column("need_id", "line", _l("The number of the need here; the export fills it"), maximum=12),
    Column("need_key", "line", _l("Your own number for the need; without it the title tells needs"
           " apart"), maximum=KEY_MAX),
    Column("need_kind", "code", _l("Finance or a service; known from the next column"), "finance",
           field="kind", lookup=KINDS),
    Column("need_code", "code", _l("What kind of finance or service; needed for a service"),
           "TERM_LOAN", field="code", lookup=lookups.of(INSTRUMENTS, SERVICES)),
    Column("need_title", "line", _l("What it looks for, in one line"), "A dryer for our coffee",
           field="title", maximum=Need.TITLE_MAX, needed=True),
    Column("need_text", "text", _l("More about it"), "A solar dryer lets us sell washed coffee.",
           field="text", maximum=Need.TEXT_MAX),
    Column("need_lang", "code", _l("Language of these words; guessed when empty"), "en",
           field="lang", lookup=LANGUAGE),
    Column("need_amount", "money", _l("How much; needed for finance"), "80000000",
           field="amount_minor", currency="need_currency", private=True),
    Column("need_currency", "code", _l("Currency of the amount"), "LAK", field="currency",
           lookup=MONEY, private=True),
    Column("need_purpose", "code", _l("What it is for; needed for finance"), "EQUIPMENT",
           field="purpose", lookup=lookups.of(PURPOSES)),
    Column("need_by", "day", _l("When it is needed"), field="needed_by"),
    Column("need_policy", "code", _l("Policy of the SME plan it belongs to"), field="policy",
           lookup=lookups.of(POLICIES)),
)  # fmt: skip

"""The columns that tell of an offer and of the firms it asks for."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from matchmaker.organisations.forms.loan import MOST_MONTHS
from matchmaker.organisations.forms.offer import (
    ALL_OF_IT,
    MOST_DAYS,
    MOST_PEOPLE,
    MOST_PLACES,
    MOST_YEARS,
    PRICE_UNITS,
)
from matchmaker.organisations.importing import lookups
from matchmaker.organisations.importing.column import KEY_MAX, KINDS, LANGUAGE, MONEY, Column
from matchmaker.organisations.models import FeeWhen, InterestCounted, Offer, Security
from matchmaker.organisations.services.criteria import MUST, PREFER
from matchmaker.vocabulary.certificates import CERTIFICATES
from matchmaker.vocabulary.evidence import EVIDENCE
from matchmaker.vocabulary.instruments import INSTRUMENTS
from matchmaker.vocabulary.legal_forms import LEGAL_FORMS
from matchmaker.vocabulary.ownership import OWNERSHIP
from matchmaker.vocabulary.purposes import PURPOSES
from matchmaker.vocabulary.services import SERVICES
from matchmaker.vocabulary.sizes import SIZES
from matchmaker.vocabulary.stages import STAGES

WEIGHT = lookups.words(MUST, PREFER)
#: Answers of `services.criteria` that a column of its own asks for.
ASKED = "asked:"


def _asked(
    name: str, kind: str, answer: str, meaning: Any, example: str = "", **more: Any
) -> Column:
    return Column(f"offer_{name}", kind, meaning, example, f"{ASKED}{answer}", **more)


PLACES, SECTORS = lookups.COUNTRIES_AND_PROVINCES, lookups.PLAIN_SECTORS

WHAT = (
    Column("offer_id", "line", _l("The number of the offer here; the export fills it"), maximum=12),
    Column("offer_key", "line", _l("Your own number for the offer; without it the title tells"
           " offers apart"), maximum=KEY_MAX),
    Column("offer_kind", "code", _l("Finance or a service; known from the next column"), "finance",
           "kind", KINDS),
    Column("offer_code", "code", _l("What kind of finance or service"), "TERM_LOAN", "code",
           lookups.of(INSTRUMENTS, SERVICES), needed=True),
    Column("offer_title", "line", _l("Name of the offer"), "Loan for machines", "title",
           maximum=Offer.TITLE_MAX, needed=True),
    Column("offer_text", "text", _l("What it looks for, in words"), "", "text",
           maximum=Offer.TEXT_MAX),
    Column("offer_lang", "code", _l("Language of these words; guessed when empty"), "en", "lang",
           LANGUAGE),
    Column("offer_purposes", "codes", _l("What it may be for; empty is anything"), "EQUIPMENT",
           "purposes", lookups.of(PURPOSES)),
    Column("offer_amount_min", "money", _l("Amount or price from"), "5000", "amount_min_minor",
           currency="offer_currency"),
    Column("offer_amount_max", "money", _l("Amount or price up to"), "50000", "amount_max_minor",
           currency="offer_currency"),
    Column("offer_currency", "code", _l("Currency of these amounts"), "USD", "currency", MONEY),
    Column("offer_amount_rule", "code", _l("How strict the range is; empty is a guide"), "must",
           "amount_rule", WEIGHT),
    Column("offer_price_unit", "code", _l("A price is paid once, each month or each year"), "",
           "price_unit", lookups.words(*(code for code, _words in PRICE_UNITS))),
    Column("offer_interest_min", "number", _l("Yearly interest from, in per cent"), "",
           "interest_min", maximum=ALL_OF_IT),
    Column("offer_interest_max", "number", _l("Yearly interest up to, in per cent"), "",
           "interest_max", maximum=ALL_OF_IT),
    Column("offer_fees", "line", _l("Fees"), "", "fees", maximum=200),
    Column("offer_interest_counted", "code", _l("A loan's interest is counted on what is still"
           " owed (declining) or on the first amount (flat)"), "", "interest_counted",
           lookups.words(*InterestCounted)),
    Column("offer_fee_percent", "number", _l("Fees of a loan, paid once, in per cent"), "",
           "fee_percent", maximum=ALL_OF_IT),
    Column("offer_fee_fixed", "money", _l("Fees of a loan, paid once, a fixed amount"), "",
           "fee_fixed_minor", currency="offer_currency"),
    Column("offer_fee_when", "code", _l("Fees are kept back at payout, or asked before, which is"
           " not allowed"), "", "fee_when", lookups.words(*FeeWhen)),
    Column("offer_months_min", "whole", _l("Months to pay a loan back, from"), "", "months_min",
           minimum=1, maximum=MOST_MONTHS),
    Column("offer_months_max", "whole", _l("Months to pay a loan back, up to"), "", "months_max",
           minimum=1, maximum=MOST_MONTHS),
    Column("offer_grace_months", "whole", _l("Months of grace of a loan; 0 is none"), "",
           "grace_months", maximum=MOST_MONTHS - 1),
    Column("offer_security", "codes", _l("Security a loan asks for"), "", "security",
           lookups.words(*Security)),
    Column("offer_free_tier", "yes_no", _l("There is a version without cost"), "", "free_tier"),
    Column("offer_works_offline", "yes_no", _l("It works without internet"), "", "works_offline"),
    Column("offer_languages", "codes", _l("Languages it serves firms in"), "lo; en", "languages",
           LANGUAGE),
    Column("offer_impact", "codes", _l("What good it should do: sdg, 2x or iris"), "sdg:5",
           "impact", lookups.AIMS),
    Column("offer_decision_days", "whole", _l("Days until it is decided"), "30", "decision_days",
           maximum=MOST_DAYS),
    Column("offer_requests_a_month", "whole", _l("Requests it can handle in a month"), "20",
           "places", maximum=MOST_PLACES),
    Column("offer_open", "yes_no", _l("Open now; no keeps it in the catalogue only"), "yes",
           "deploying"),
)  # fmt: skip

FOR_WHOM = (
    _asked("places", "codes", "places", _l("Places it serves; empty is everywhere"), "LA",
           lookup=PLACES),
    _asked("not_places", "codes", "places_out", _l("Places it does not serve"), lookup=PLACES),
    _asked("sectors", "sectors", "sectors", _l("Sectors it serves; empty is all"), lookup=SECTORS),
    _asked("not_sectors", "sectors", "sectors_out", _l("Sectors it does not serve"),
           lookup=SECTORS),
    _asked("stages", "codes", "stages", _l("Stages"), "growth; mature", lookup=lookups.of(STAGES)),
    _asked("sizes", "codes", "sizes", _l("Size classes"), "small; medium",
           lookup=lookups.of(SIZES)),
    _asked("legal_forms", "codes", "legal_forms", _l("Legal forms"),
           lookup=lookups.of(LEGAL_FORMS)),
    _asked("firm_languages", "codes", "spoken", _l("Languages the firm must work in"),
           lookup=LANGUAGE),
    _asked("ownership", "codes", "ownership", _l("Who owns and leads the firm"),
           lookup=lookups.of(OWNERSHIP)),
    _asked("certificates", "codes", "certificates", _l("One of these certificates"),
           lookup=lookups.of(CERTIFICATES)),
    _asked("age_min", "number", "age_min", _l("Years in business, at least"), "2",
           maximum=MOST_YEARS),
    _asked("age_max", "number", "age_max", _l("Years in business, at most"), maximum=MOST_YEARS),
    _asked("staff_min", "whole", "staff_min", _l("People, at least"), maximum=MOST_PEOPLE),
    _asked("staff_max", "whole", "staff_max", _l("People, at most"), maximum=MOST_PEOPLE),
    _asked("women_share_min", "number", "women_share_min",
           _l("Share owned by women, at least, in per cent"), maximum=ALL_OF_IT),
    _asked("readiness_min", "number", "readiness_min",
           _l("Digital readiness, at least, in points of 100"), maximum=ALL_OF_IT),
    _asked("export", "code", "export", _l("Sells abroad: must, or prefer"), lookup=WEIGHT),
    _asked("must_show", "codes", "evidence_must", _l("What it must see"), "registration",
           lookup=lookups.of(EVIDENCE)),
    _asked("good_to_show", "codes", "evidence_prefer", _l("What is good to have"),
           lookup=lookups.of(EVIDENCE)),
)  # fmt: skip

#: Which of the columns above are a wish: the answer of criteria whose weight it sets.
WISHES = {
    "places": "places",
    "sectors": "sectors",
    "stages": "stages",
    "sizes": "sizes",
    "legal_forms": "legal_forms",
    "firm_languages": "spoken",
    "ownership": "ownership",
    "certificates": "certificates",
    "age": "age",
    "staff": "staff",
    "women_share": "women_share",
    "readiness": "readiness",
}
ONLY_WISHED = Column(
    "offer_only_wished",
    "codes",
    _l("Which of these are only wished for; what is not named is a must"),
    "stages; age",
    f"{ASKED}wishes",
    lookups.words(*WISHES),
)

OFFER = (*WHAT, *FOR_WHOM, ONLY_WISHED)

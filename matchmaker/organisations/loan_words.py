"""The terms of a loan offer and its funder's licence, in words."""

from __future__ import annotations

from babel.lists import format_list
from flask_babel import get_locale
from flask_babel import gettext as _

from matchmaker.extensions import clock
from matchmaker.language.masking import mask_contacts
from matchmaker.organisations.forms.loan import COUNTED, FEE_WHEN, SECURITY
from matchmaker.organisations.models import Offer, Organisation
from matchmaker.organisations.services.licence import Licence, check_of, licence_of
from matchmaker.vocabulary.instruments import is_loan
from matchmaker.web import filters
from matchmaker.web.filters import ngettext

#: (label, value).
Line = tuple[str, str]


def term_lines(offer: Offer) -> list[Line]:
    """What a loan offer says of its terms; what it does not say is left out."""
    if not is_loan(offer.code):
        return []
    said = (
        (_("Interest is counted"), counted(offer)),
        (_("Fees, paid once"), fees(offer)),
        (_("Paid back over"), months(offer)),
        (_("Months of grace"), grace(offer)),
        (_("Security"), security(offer)),
        (_("Licence"), licence(offer.organisation)),
    )
    return [(label, value) for label, value in said if value]


def interest(offer: Offer) -> str:
    ends = sorted({one for one in (offer.interest_min, offer.interest_max) if one is not None})
    said = [filters.number(one, 2) for one in ends]
    if len(said) == 2:
        return _("%(low)s to %(high)s%%", low=said[0], high=said[1])
    return _("%(rate)s%%", rate=said[0]) if said else ""


def counted(offer: Offer) -> str:
    return _word(COUNTED, offer.interest_counted)


def fees(offer: Offer) -> str:
    parts = []
    if offer.fee_percent:
        parts.append(_("%(rate)s%% of the loan", rate=filters.number(offer.fee_percent, 3)))
    if offer.fee_fixed_minor:
        parts.append(filters.money(offer.fee_fixed_minor, offer.currency))
    if not parts:
        none = offer.fee_percent is not None or offer.fee_fixed_minor is not None
        return _("none") if none else ""
    amount = listed(parts)
    when = _word(FEE_WHEN, offer.fee_when)
    return _("%(amount)s, %(when)s", amount=amount, when=when) if when else amount


def months(offer: Offer) -> str:
    ends = [one for one in (offer.months_min, offer.months_max) if one]
    if not ends:
        return ""
    if len(set(ends)) == 2:
        return _(
            "%(low)s to %(high)s months",
            low=filters.number(ends[0]),
            high=filters.number(ends[1]),
        )
    if offer.months_min == offer.months_max:
        return ngettext("%(num)s month", "%(num)s months", ends[0])
    if offer.months_min:
        return ngettext("from %(num)s month", "from %(num)s months", ends[0])
    return ngettext("up to %(num)s month", "up to %(num)s months", ends[0])


def grace(offer: Offer) -> str:
    if offer.grace_months is None:
        return ""
    if not offer.grace_months:
        return _("none")
    return ngettext("%(num)s month", "%(num)s months", offer.grace_months)


def security(offer: Offer) -> str:
    return listed([word for code in offer.security if (word := _word(SECURITY, code))])


def licence(organisation: Organisation) -> str:
    """Who gave it, its number, and who checked it; empty where nothing is said."""
    state = licence_of(organisation, clock.today())
    if state is Licence.NOT_SAID:
        return ""
    said = _(
        "%(authority)s, number %(number)s",
        authority=mask_contacts(organisation.licence_authority),
        number=organisation.licence_number,
    )
    return _("%(said)s; %(check)s", said=said, check=licence_check(organisation))


def licence_check(organisation: Organisation) -> str:
    if licence_of(organisation, clock.today()) is Licence.ENDED:
        return _("it ended on %(day)s", day=filters.on_day(organisation.licence_until))
    row = check_of(organisation)
    if row is None:
        return _("nobody has checked it")
    day = filters.on_day(row.checked_on)
    return _("checked on %(day)s by %(who)s", day=day, who=row.checked_by)


def listed(parts: list[str]) -> str:
    return format_list(parts, locale=get_locale()) if parts else ""


def _word(words: tuple[tuple[str, object], ...], code: str) -> str:
    return str(dict(words).get(code, ""))

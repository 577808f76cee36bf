"""Rows for tests, plausible by themselves; each test names only what it is about."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import factory
from factory.alchemy import SQLAlchemyModelFactory
from sqlalchemy.orm import scoped_session

from matchmaker.accounts.models import Account, Consent, Purpose, Scope, StaffRole
from matchmaker.accounts.services.consents import VERSIONS
from matchmaker.extensions import clock
from matchmaker.organisations.models import (
    BusinessId,
    Criterion,
    Kind,
    Membership,
    MembershipRole,
    Need,
    Offer,
    Operator,
    Organisation,
    OrganisationState,
    PublicationState,
)

FACTORIES: list[type[SQLAlchemyModelFactory]] = []


def bind_factories(session: scoped_session[Any]) -> None:
    for each in FACTORIES:
        each._meta.sqlalchemy_session = session
        each._meta.sqlalchemy_session_persistence = "flush"


class Base(SQLAlchemyModelFactory):
    class Meta:
        abstract = True

    def __init_subclass__(cls) -> None:
        FACTORIES.append(cls)


class AccountFactory(Base):
    class Meta:
        model = Account

    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.Sequence(lambda n: f"person{n}@example.org")
    fs_uniquifier = factory.Sequence(lambda n: f"uniquifier-{n}")
    confirmed_at = factory.LazyFunction(clock.now)
    language = "en"


class StaffFactory(AccountFactory):
    staff_role = StaffRole.OFFICER
    scope = Scope.ALL
    tf_primary_method = "authenticator"
    tf_totp_secret = "JBSWY3DPEHPK3PXP"


class OrganisationFactory(Base):
    """A published firm in Luang Prabang."""

    class Meta:
        model = Organisation

    state = OrganisationState.PUBLISHED
    is_firm = True
    name = factory.Sequence(lambda n: f"Nam Khan Coffee {n}")
    name_key = factory.LazyAttribute(lambda o: o.name.lower().replace(" ", ""))
    country = "LA"
    province = "LA-LP"
    plain_sector = ""
    sector = "1079"
    stage = "growth"
    size_class = "small"
    staff = 12
    founded_year = 2018
    languages = ["lo", "en"]
    women_share = 60
    women_decide = True
    published_at = factory.LazyFunction(clock.now)
    last_active_at = factory.LazyFunction(clock.now)


class FunderFactory(OrganisationFactory):
    is_firm = False
    is_funder = True
    name = factory.Sequence(lambda n: f"Mekong Upland Fund {n}")
    sector = "6499"
    province = "LA-VT"


class ProviderFactory(OrganisationFactory):
    is_firm = False
    is_provider = True
    name = factory.Sequence(lambda n: f"Sabaidee Digital {n}")
    sector = "6201"
    province = "LA-VT"


class ConsentFactory(Base):
    class Meta:
        model = Consent

    purpose = Purpose.MATCHING
    version = VERSIONS[Purpose.MATCHING]
    language = "en"


class MembershipFactory(Base):
    """A member who agreed to be matched."""

    class Meta:
        model = Membership

    account = factory.SubFactory(AccountFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = MembershipRole.OWNER
    consent = factory.PostGeneration(
        lambda row, created, given: given is not False and ConsentFactory(account_id=row.account_id)
    )


class NeedFactory(Base):
    class Meta:
        model = Need

    organisation = factory.SubFactory(OrganisationFactory)
    kind = Kind.FINANCE
    state = PublicationState.PUBLISHED
    code = "TERM_LOAN"
    purpose = "EQUIPMENT"
    title = "A dryer for our coffee"
    text = "We need a loan for a solar dryer and a store for coffee."
    lang = "en"
    amount_minor = 300_000_000
    currency = "LAK"
    rate = 21_500.0
    rate_on = factory.LazyFunction(clock.today)
    band_low = 10_000.0
    band_high = 20_000.0
    published_at = factory.LazyFunction(clock.now)
    expires_at = factory.LazyFunction(lambda: clock.now() + timedelta(days=90))


class OfferFactory(Base):
    class Meta:
        model = Offer

    organisation = factory.SubFactory(FunderFactory)
    kind = Kind.FINANCE
    state = PublicationState.PUBLISHED
    code = "TERM_LOAN"
    purposes = ["EQUIPMENT"]
    title = "Equipment loan for farm processing"
    text = "Loans for dryers, stores and small machines in northern Laos."
    lang = "en"
    currency = "USD"
    amount_min_minor = 500_000
    amount_max_minor = 5_000_000
    usd_min = 5_000.0
    usd_max = 50_000.0
    languages = ["lo", "en"]
    published_at = factory.LazyFunction(clock.now)
    expires_at = factory.LazyFunction(lambda: clock.now() + timedelta(days=90))


class CriterionFactory(Base):
    class Meta:
        model = Criterion

    offer = factory.SubFactory(OfferFactory)
    fact = "country"
    operator = Operator.ONE_OF
    values = ["iso3166-1:LA"]
    must = True


class BusinessIdFactory(Base):
    class Meta:
        model = BusinessId

    organisation = factory.SubFactory(OrganisationFactory)
    scheme = "LA-ERC"
    number = "99-8888888"
    number_key = "998888888"

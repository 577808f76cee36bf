"""The standard demo: who is in it, and that its year could have happened."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from matchmaker.accounts.models import Account, Consent
from matchmaker.contacts.models import (
    ContactEvent,
    ContactRequest,
    Outcome,
    Release,
    RequestState,
)
from matchmaker.contacts.models.contact_event import EventKind
from matchmaker.contacts.services.asking import SENT_A_DAY
from matchmaker.demo import standard
from matchmaker.demo.parties import DOMAIN
from matchmaker.demo.sheet import Sheet
from matchmaker.extensions import clock
from matchmaker.organisations.models import (
    BusinessId,
    Criterion,
    IntroducerLink,
    Need,
    Offer,
    Organisation,
    OrganisationFact,
    OrganisationState,
    PublicationState,
)
from matchmaker.organisations.services.reply_time import bin_of
from matchmaker.suggestions.models import ClosedPair, Feedback, Side
from matchmaker.tasks import Task, TaskState
from matchmaker.vocabulary import business_ids, places, sizes
from matchmaker.vocabulary.certificates import CERTIFICATES
from matchmaker.vocabulary.evidence import EVIDENCE
from matchmaker.vocabulary.facts import FACTS
from matchmaker.vocabulary.instruments import INSTRUMENTS
from matchmaker.vocabulary.languages import LANGUAGES, UI_LANGUAGES
from matchmaker.vocabulary.legal_forms import LEGAL_FORMS
from matchmaker.vocabulary.ownership import OWNERSHIP
from matchmaker.vocabulary.policies import POLICIES
from matchmaker.vocabulary.purposes import PURPOSES
from matchmaker.vocabulary.reasons import CLOSE_REASONS, DECLINE_REASONS, OUTCOMES
from matchmaker.vocabulary.sectors import ISIC4, PLAIN
from matchmaker.vocabulary.services import SERVICES
from matchmaker.vocabulary.stages import STAGES
from tests.demo.conftest import Rows

pytestmark = [pytest.mark.slow, pytest.mark.once, pytest.mark.xdist_group("standard")]

PLAN = {"LA-VT", "LA-VI", "LA-BL", "LA-XS", "LA-KH", "LA-SV", "LA-LP", "LA-CH"}


def digest(sheet: Sheet) -> list[tuple[str, ...]]:
    firms = [(row["public_id"], row["name"]) for row in sheet.rows(Organisation)]
    return firms + [(row["public_id"], row["title"], row["text"]) for row in sheet.rows(Need)]


def test_there_are_400_firms_60_funders_and_80_providers_in_six_countries(rows: Rows) -> None:
    found = rows(Organisation)
    roles = Counter(
        role for row in found for role in ("firm", "funder", "provider") if row[f"is_{role}"]
    )
    assert (roles["funder"], roles["provider"]) == (60, 80)
    assert 395 <= roles["firm"] <= 410
    assert {row["country"] for row in found} == {"LA", "KH", "TH", "VN", "MM", "CN"}
    assert {row["province"] for row in found if row["is_firm"]} >= PLAN
    assert Counter(row["country"] for row in found).most_common(1)[0][0] == "LA"
    keys = Counter((row["name_key"], row["province"]) for row in found)
    assert max(keys.values()) == 1


def test_every_language_and_every_state_has_something_to_show(rows: Rows) -> None:
    langs = Counter(row["lang"] for row in rows(Need))
    assert all(langs[lang] >= 20 for lang in UI_LANGUAGES)
    assert {row["state"] for row in rows(Need)} == set(PublicationState)
    assert {row["state"] for row in rows(Organisation)} == set(OrganisationState)
    assert {row["state"] for row in rows(ContactRequest)} == set(RequestState)
    assert {row["state"] for row in rows(Task)} == set(TaskState)
    assert any(row["second_look_at"] for row in rows(Organisation))
    assert all(row["title"].strip() and row["text"].strip() for row in rows(Need))
    assert all(row["title"].strip() and row["text"].strip() for row in rows(Offer))


def test_advisers_find_tasks_of_firms_that_they_vouch_for(rows: Rows) -> None:
    advised = {row["organisation_id"] for row in rows(IntroducerLink)}
    followed = ("after_decline", "after_silence")
    waiting = [row for row in rows(Task) if row["state"] is TaskState.OPEN]
    theirs = [row for row in waiting if row["organisation_id"] in advised]
    theirs = [row for row in theirs if row["kind"] in followed]
    assert theirs
    assert all(row["facts"]["public_id"] for row in theirs)
    latsamy = next(row for row in rows(Account) if row["email"] == f"latsamy@{DOMAIN}")
    assert latsamy["id"] in {row["assigned_to_id"] for row in theirs}


def test_every_stored_code_is_in_the_vocabulary(rows: Rows) -> None:
    for row in rows(Organisation):
        assert row["province"] in places.PROVINCES
        assert places.country_of(row["province"]) == row["country"]
        assert row["sector"] in ISIC4
        assert not row["plain_sector"] or row["plain_sector"] in PLAIN
        assert not row["stage"] or row["stage"] in STAGES
        assert not row["legal_form"] or row["legal_form"] in LEGAL_FORMS
        assert set(row["languages"]) <= set(LANGUAGES.codes())
        assert set(row["ownership"]) <= set(OWNERSHIP.codes())
        assert set(row["certificates"]) <= set(CERTIFICATES.codes())
    for row in (*rows(Need), *rows(Offer)):
        assert row["code"] in (INSTRUMENTS if row["kind"] == "finance" else SERVICES)
    for row in rows(Need):
        assert row["policy"] in POLICIES
        assert not row["purpose"] or row["purpose"] in PURPOSES
        assert not row["close_reason"] or row["close_reason"] in CLOSE_REASONS
    assert {row["fact"] for row in rows(OrganisationFact)} <= set(EVIDENCE.codes())
    assert {row["fact"] for row in rows(Criterion)} <= set(FACTS.codes())
    assert {row["code"] for row in rows(Outcome)} <= set(OUTCOMES.codes())
    declined = (row["decline_reason"] for row in rows(ContactRequest) if row["decline_reason"])
    assert set(declined) <= set(DECLINE_REASONS.codes())


def test_business_numbers_pass_the_check_that_their_form_makes(rows: Rows) -> None:
    for row in rows(BusinessId):
        scheme = business_ids.scheme(row["scheme"])
        assert scheme is not None
        assert scheme.check(row["number"]) is not False, row


def test_size_classes_agree_with_the_law_of_the_country(rows: Rows) -> None:
    names = ("country", "sector", "staff", "turnover_minor", "capital_minor", "currency")
    for row in rows(Organisation):
        if row["is_firm"]:
            found = sizes.size_class(*(row[name] for name in names))
            assert (row["size_class"], row["size_rule"]) == (found.code or "", found.rule or "")


def test_one_request_is_open_to_one_organisation_about_one_need(rows: Rows) -> None:
    waiting = (RequestState.SENT, RequestState.ACCEPTED)
    pairs = Counter(
        (row["need_id"], row["offer_organisation_id"])
        for row in rows(ContactRequest)
        if row["state"] in waiting
    )
    assert max(pairs.values()) == 1


def test_requests_are_sent_while_both_sides_are_there(rows: Rows) -> None:
    needs = {row["id"]: row for row in rows(Need)}
    offers = {row["id"]: row for row in rows(Offer)}
    states = {row["id"]: row["state"] for row in rows(Organisation)}
    for row in rows(ContactRequest):
        need, offer = needs[row["need_id"]], offers[row["offer_id"]]
        assert need["kind"] is offer["kind"]
        assert need["organisation_id"] == row["need_organisation_id"]
        assert offer["organisation_id"] == row["offer_organisation_id"]
        assert need["published_at"] <= row["sent_at"] <= clock.now()
        assert row["sent_at"] < (need["closed_at"] or need["expires_at"])
        assert row["sender_id"] is not None
        assert states[row["need_organisation_id"]] in (
            OrganisationState.PUBLISHED,
            OrganisationState.SUSPENDED,
        )


def test_states_of_requests_agree_with_their_dates(rows: Rows) -> None:
    for row in rows(ContactRequest):
        state, answered, closed = row["state"], row["answered_at"], row["closed_at"]
        assert row["expires_at"] - row["sent_at"] == timedelta(days=21)
        if answered:
            assert row["sent_at"] < answered <= min(row["expires_at"], clock.now())
        yes_or_no = (RequestState.ACCEPTED, RequestState.DECLINED, RequestState.CLOSED)
        assert bool(answered) == (state in yes_or_no)
        over = (RequestState.WITHDRAWN, RequestState.EXPIRED, RequestState.CLOSED)
        assert bool(closed) == (state in over)
        assert bool(row["decline_reason"]) == (state is RequestState.DECLINED)
        if state is RequestState.EXPIRED:
            assert closed >= row["expires_at"]
        if row["seen_at"]:
            assert row["sent_at"] < row["seen_at"] <= (answered or clock.now())


def test_no_reminder_and_no_expiry_is_due_at_the_start(rows: Rows) -> None:
    now = clock.now() - timedelta(minutes=5)
    for row in rows(ContactRequest):
        if row["state"] is RequestState.SENT:
            due = sum(now - row["sent_at"] >= timedelta(days=days) for days in (7, 14))
            assert row["reminders"] >= due
            assert row["expires_at"] > now


def test_events_are_told_in_order_and_agree_with_the_request(rows: Rows) -> None:
    events: dict[int, list[dict[str, object]]] = {}
    for row in rows(ContactEvent):
        events.setdefault(row["contact_request_id"], []).append(row)
    for request in rows(ContactRequest):
        told = events[request["id"]]
        moments = [event["at"] for event in told]
        assert moments == sorted(moments)  # type: ignore[type-var]
        kinds = Counter(event["kind"] for event in told)
        assert told[0]["kind"] is EventKind.SENT
        assert kinds[EventKind.REMINDED] == request["reminders"]
        if request["state"] is not RequestState.SENT:
            assert kinds[EventKind(request["state"].value)] == 1


def test_a_no_freezes_the_pair_and_a_yes_releases_a_way_to_be_reached(rows: Rows) -> None:
    frozen = {(row["need_id"], row["offer_organisation_id"]) for row in rows(ClosedPair)}
    released = {row["contact_request_id"] for row in rows(Release)}
    for row in rows(ContactRequest):
        if row["state"] is RequestState.DECLINED:
            assert (row["need_id"], row["offer_organisation_id"]) in frozen
        if row["state"] is RequestState.ACCEPTED:
            assert row["id"] in released
    assert {row["contact_request_id"] for row in rows(Outcome)} <= released


def test_places_reply_times_and_day_limits_agree_with_the_requests(rows: Rows) -> None:
    month = f"{clock.now():%Y-%m}"
    taken = Counter(
        row["offer_id"]
        for row in rows(ContactRequest)
        if row["asked_by"] is Side.NEED
        and f"{row['sent_at']:%Y-%m}" == month
        and not (row["state"] is RequestState.WITHDRAWN and row["seen_at"] is None)
    )
    for offer in rows(Offer):
        used = offer["used"] if offer["used_month"] == month else 0
        assert used == taken[offer["id"]] <= offer["places"]
    a_day = Counter((row["sender_id"], row["sent_at"].date()) for row in rows(ContactRequest))
    assert max(a_day.values()) <= SENT_A_DAY
    replies: Counter[tuple[int, int]] = Counter()
    for row in rows(ContactRequest):
        if row["answered_at"]:
            asked = "offer" if row["asked_by"] is Side.NEED else "need"
            hours = (row["answered_at"] - row["sent_at"]).total_seconds() / 3600
            replies[row[f"{asked}_organisation_id"], bin_of(hours)] += 1
    for organisation in rows(Organisation):
        kept = organisation["reply_bins"]
        assert kept == [replies[organisation["id"], at] for at in range(len(kept))]


def test_feedback_tells_each_request_once(rows: Rows) -> None:
    kinds = Counter(row["kind"].value for row in rows(Feedback))
    states = Counter(row["state"].value for row in rows(ContactRequest))
    assert kinds["asked"] == len(rows(ContactRequest))
    assert kinds["accepted"] == states["accepted"] + states["closed"]
    assert all(kinds[name] == states[name] for name in ("declined", "expired", "withdrawn"))


@pytest.mark.usefixtures("app")
def test_the_same_seed_gives_the_same_names_and_needs() -> None:
    now = clock.now()
    one, again, other = (standard.build(seed, now, firms=60) for seed in (3, 3, 4))
    assert digest(one) == digest(again)
    assert digest(one) != digest(other)


def test_nobody_agrees_to_a_text_before_it_is_written(rows: Rows) -> None:
    for row in rows(Consent):
        assert row["given_at"].date().isoformat() >= row["version"]
    for row in rows(IntroducerLink):
        assert row["consent_at"].date().isoformat() >= row["consent_version"]


def test_nobody_confirms_an_account_before_it_is_made(rows: Rows) -> None:
    confirmed = [row for row in rows(Account) if row["confirmed_at"]]
    assert confirmed
    assert [row for row in confirmed if row["confirmed_at"] < row["created_at"]] == []

"""What Noy finds besides her requests: two conversations, papers, self-checks of two months."""

from __future__ import annotations

import io
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from PIL import Image, ImageDraw, ImageFont

from matchmaker.contacts.models import (
    EvidenceShare,
    Message,
    MessageMark,
)
from matchmaker.contacts.models.contact_event import EventKind
from matchmaker.contacts.services.messages import QUIET
from matchmaker.demo import waiting
from matchmaker.demo.history import Story
from matchmaker.demo.sheet import Row
from matchmaker.demo.world import World
from matchmaker.organisations.evidence_files import cleaning
from matchmaker.organisations.models import (
    EvidenceFile,
    EvidenceOpening,
    OpenedAs,
    OrganisationFact,
    SelfCheck,
)
from matchmaker.organisations.services.self_check_points import result
from matchmaker.suggestions.models import Side
from matchmaker.vocabulary import self_check

ACCOUNTS = "accounts_1y"
#: (side, hours after the yes, language, words, papers that go with it)
LOAN: Sequence[tuple[Side, float, str, str, tuple[str, ...]]] = (
    (Side.NEED, 3, "lo", "ສະບາຍດີ, ຂອບໃຈຫຼາຍໆທີ່ຕອບ. ພວກເຮົາຢາກຊື້ເຄື່ອງອົບກາເຟກ່ອນລະດູເກັບກ່ຽວ.", ()),
    (Side.OFFER, 20, "en", "Thank you for asking. Could you send the accounts of last year?", ()),
    (Side.NEED, 44, "lo", "ບັນຊີຂອງປີກາຍຢູ່ນີ້. ສະພາການຄ້າໄດ້ກວດແລ້ວ.", (ACCOUNTS,)),
    (Side.OFFER, 190, "en", "We read them and would like to see the roastery. Does one of these"
     " times suit you?", ()),
)  # fmt: skip
HARVEST: Sequence[tuple[Side, float, str, str, tuple[str, ...]]] = (
    (Side.OFFER, 5, "lo", "ສະບາຍດີ, ເງິນກູ້ລະດູເກັບກ່ຽວພ້ອມແລ້ວ. ມື້ໃດສະດວກເຊັນສັນຍາ?", ()),
    (Side.NEED, 9, "lo", "ວັນຈັນໜ້າຕອນເຊົ້າໄດ້ບໍ? ຂ້ອຍຈະເອົາໃບທະບຽນໄປນຳ.", ()),
    (Side.OFFER, 26, "lo", "ໄດ້, ພົບກັນວັນຈັນ 9 ໂມງ.", ()),
)  # fmt: skip


def add_scenes(world: World, stories: Iterable[Story]) -> None:
    """The bank's two conversations with Noy; what they speak of is there to be opened."""
    noy = world.people["noy"]["id"]
    with_bank = {
        story.ask.need.about: story
        for story in stories
        if story.ask.need.party.account_id == noy
        and story.row["answered_at"] is not None
        and story.ask.offer.party.row["name_latin"] == "Lane Xang Joint Development Bank"
    }
    for topic, lines in (("harvest", HARVEST), ("dryer", LOAN)):
        if topic in with_bank:
            _talk(with_bank[topic], lines, _files(world, with_bank[topic], lines))
    if "dryer" in with_bank:
        waiting.propose_dates(with_bank["dryer"])
        waiting.ask_for_plan(with_bank["dryer"])
    firm = next(party for party in world.firms if party.account_id == noy)
    for weeks, short in ((5, 2), (1, 4)):
        _check_oneself(world, firm.id, noy, world.scene.ago(7 * weeks), short)


def _talk(
    story: Story,
    lines: Iterable[tuple[Side, float, str, str, tuple[str, ...]]],
    files: dict[str, Row],
) -> None:
    last: dict[Side, Row] = {}
    for side, hours, lang, words, papers in lines:
        at = min(story.row["answered_at"] + timedelta(hours=hours), story.scene.now)
        last[side] = story.scene.sheet.add(
            Message,
            public_id=story.scene.id(),
            contact_request_id=story.row["id"],
            side=side,
            account_id=story.account(side),
            text=words,
            lang=lang,
            files={files[fact]["public_id"]: fact for fact in papers},
            key=secrets.token_hex(32),
            at=at,
        )
        story.row["quiet_at"] = at + QUIET
    for side, message in last.items():
        reader = Side.OFFER if side is Side.NEED else Side.NEED
        _mark(story, reader, message, read=reader is Side.OFFER or len(last) == 1)


def _mark(story: Story, reader: Side, message: Row, read: bool) -> None:
    """The bank has read all; what it wrote last waits for Noy."""
    closed = story.row["closed_at"] is not None
    story.scene.sheet.add(
        MessageMark,
        account_id=story.account(reader),
        contact_request_id=story.row["id"],
        newest_id=message["id"],
        read_id=message["id"] if read or closed else message["id"] - 1,
        read_at=min(message["at"] + timedelta(hours=1), story.scene.now),
    )


def _files(
    world: World,
    story: Story,
    lines: Iterable[tuple[Side, float, str, str, tuple[str, ...]]],
) -> dict[str, Row]:
    """The papers that go with its messages: drawn, kept, checked by the chamber, opened once."""
    found: dict[str, Row] = {}
    for _side, hours, _lang, _words, papers in lines:
        for fact in papers:
            at = story.row["answered_at"] + timedelta(hours=hours)
            found[fact] = _file(world, story, fact, at)
    return found


def _file(world: World, story: Story, fact: str, at: datetime) -> Row:
    sheet, firm, bank = story.scene.sheet, story.ask.need.party, story.ask.offer.party
    content = cleaning.clean(io.BytesIO(drawn_paper(str(firm.row["name_latin"]))))
    name = secrets.token_hex(16)
    sheet.files[name] = content.content
    file = sheet.add(
        EvidenceFile,
        public_id=story.scene.id(),
        organisation_id=firm.id,
        fact=fact,
        name=name,
        media_type=content.media_type,
        size=len(content.content),
        uploaded_at=at - timedelta(days=5),
        uploaded_by_id=firm.account_id,
    )
    _checked(world, story, fact, at - timedelta(days=3))
    sheet.add(
        EvidenceShare,
        contact_request_id=story.row["id"],
        evidence_file_id=file["id"],
        organisation_id=firm.id,
        fact=fact,
        shared_by_id=firm.account_id,
        shared_at=at,
        revoked_at=None,
        revoked_by_id=None,
    )
    sheet.add(
        EvidenceOpening,
        organisation_id=firm.id,
        fact=fact,
        opened_as=OpenedAs.COUNTERPART,
        viewer_organisation_id=bank.id,
        account_id=bank.account_id,
        at=at + timedelta(hours=4),
    )
    story.add_event(EventKind.RELEASED, Side.NEED, at, fact)
    return file


def _checked(world: World, story: Story, fact: str, at: datetime) -> None:
    chamber = next(party for party in world.introducers if party.row["province"] == "LA-CH")
    firm = story.ask.need.party
    stated = next(
        row
        for row in story.scene.sheet.rows(OrganisationFact)
        if (row["organisation_id"], row["fact"]) == (firm.id, fact)
    )
    stated |= {"checked_on": at.date(), "checked_by": chamber.row["name"]}


def drawn_paper(name: str) -> bytes:
    """A page that looks like accounts, as a PDF: nobody's, and small."""
    page = Image.new("L", (620, 877), 255)
    pen = ImageDraw.Draw(page)
    large, small = ImageFont.load_default(28), ImageFont.load_default(17)
    pen.text((50, 60), f"{name}: accounts (demo)", font=large, fill=0)
    for at, (what, much) in enumerate(
        (("Sales", "412,000,000"), ("Green coffee", "231,000,000"), ("Wages", "84,500,000"),
         ("Rent, power, transport", "38,200,000"), ("Result", "58,300,000"))
    ):  # fmt: skip
        y = 150 + 45 * at
        pen.text((50, y), what, font=small, fill=0)
        pen.text((400, y), f"{much} LAK", font=small, fill=0)
        pen.line((50, y + 30, 570, y + 30), fill=160)
    target = io.BytesIO()
    page.save(target, "PDF", resolution=75)
    return target.getvalue()


def _check_oneself(world: World, firm_id: int, by: int, at: datetime, short: int) -> None:
    """Every `short`-th answer is one below the best."""
    edition = self_check.current()
    answers: dict[str, str] = {}
    for number, question in enumerate(edition.questions):
        known = [one for one in edition.answers_to(question.code) if self_check.points(one)]
        ranked = sorted(known, key=lambda one: self_check.points(one) or 0)
        answers[question.code] = ranked[-1 if number % short else 0].code
    world.scene.sheet.add(
        SelfCheck,
        organisation_id=firm_id,
        edition=edition.version,
        answers=answers,
        started_at=at,
        saved_at=at + timedelta(minutes=9),
        day=at.date(),
        score=result(edition, answers).score,
        filled_by_id=by,
        introducer_id=None,
    )

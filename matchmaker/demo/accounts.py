"""The people of the demo: ten who sign in with a password, and those behind the other firms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import Account, Consent, Purpose, Scope, StaffRole
from matchmaker.accounts.services import passwords, second_factor
from matchmaker.accounts.services.consents import VERSIONS
from matchmaker.demo.parties import DOMAIN, Party, Scene, account_row
from matchmaker.demo.sheet import Row
from matchmaker.organisations.models import Membership, MembershipRole

#: Everybody's, printed at each start; accounts with it stop a start in production.
PASSWORD = "green mango river"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Person:
    handle: str
    name: str
    language: str
    #: What one sees as this person, for the table that `flask demo` prints.
    what: str
    staff: StaffRole | None = None
    scope: Scope = Scope.ALL
    provinces: tuple[str, ...] = ()

    @property
    def email(self) -> str:
        return f"{self.handle}@{DOMAIN}"


PEOPLE = (
    Person("noy", "ນາງ ນ້ອຍ ພົມມະຈັນ", "lo", "firm: owner of a coffee roastery (Lao)"),
    Person("kham", "ທ້າວ ຄຳ ພົມມະຈັນ", "lo", "firm: her colleague (Lao)"),
    Person("dara", "Dara Sok", "en", "firm: owner of a guesthouse in Siem Reap"),
    Person("sophie", "Sophie Laurent", "en", "funder: impact investor"),
    Person("bounthavy", "ທ້າວ ບຸນທະວີ ສີສຸພັນ", "lo", "funder: bank (Lao)"),
    Person("anousone", "Anousone Keo", "en", "digital-service provider"),
    Person("latsamy", "ນາງ ລັດສະໝີ ວົງພະຈັນ", "lo", "adviser at an SME service centre (Lao)"),
    Person("viewer", "Somchit Viewer", "en", "programme staff: viewer, Champasak only",
           StaffRole.VIEWER, Scope.PROVINCE, ("LA-CH",)),
    Person("officer", "Khamla Officer", "en", "programme staff: officer", StaffRole.OFFICER),
    Person("admin", "Phet Admin", "en", "programme staff: admin", StaffRole.ADMIN),
)  # fmt: skip


def make_people(scene: Scene) -> dict[str, Row]:
    """The ten, by handle; hashing is most of what the seed of a demo costs."""
    joined = scene.ago(400)
    found = {}
    for person in PEOPLE:
        staff = person.staff is not None
        found[person.handle] = account_row(
            scene,
            name=person.name,
            language=person.language,
            email=person.email,
            password=passwords.hash(PASSWORD),
            confirmed_at=joined,
            created_at=joined,
            tf_primary_method=second_factor.METHOD if staff else None,
            tf_totp_secret=second_factor.new_secret() if staff else None,
            staff_role=person.staff,
            scope=person.scope,
            scope_values=list(person.provinces),
        )
        _agree(scene, found[person.handle], joined)
    return found


def make_owner(scene: Scene, party: Party) -> None:
    """Somebody behind an organisation whom nobody can sign in as."""
    row = account_row(
        scene,
        name=party.row["contact_name"] or party.row["name_latin"],
        language=party.lang if party.lang == "lo" else "en",
        email=f"member{party.id}@{DOMAIN}",
        confirmed_at=party.row["created_at"],
        created_at=party.row["created_at"],
    )
    _agree(scene, row, party.row["created_at"])
    join(scene, party, row)


def join(scene: Scene, party: Party, account: Row, owner: bool = True) -> None:
    role = MembershipRole.OWNER if owner else MembershipRole.MEMBER
    scene.sheet.add(
        Membership,
        account_id=account["id"],
        organisation_id=party.id,
        role=role,
        created_at=party.row["created_at"],
    )
    if party.account_id is None:
        party.account_id = account["id"]


def _agree(scene: Scene, account: Row, at: datetime) -> None:
    for purpose in (Purpose.TERMS, Purpose.PRIVACY, Purpose.MATCHING):
        scene.sheet.add(
            Consent,
            account_id=account["id"],
            purpose=purpose,
            version=VERSIONS[purpose],
            language=account["language"],
            given_at=scene.agreed_at(at, VERSIONS[purpose]),
        )


def table(session: Session) -> list[str]:
    """What `flask demo` prints: who signs in as what, and how."""
    emails = [person.email for person in PEOPLE]
    held = {
        row.email: row for row in session.scalars(select(Account).where(Account.email.in_(emails)))
    }
    lines = []
    for person in PEOPLE:
        account = held.get(person.email)
        if account is None or not account.is_demo:
            continue
        lines.append(f"  {person.email:26}{person.what}")
        if account.tf_totp_secret:
            lines.append(f"  {'':26}key {second_factor.key_of(account.tf_totp_secret)}")
    if lines:
        lines.insert(0, f"  Everybody's password: {PASSWORD}\n")
        lines.append(
            "\n  Staff are asked for a code too: put the key in an authenticator app, or run"
            f"\n  .venv/bin/flask --app wsgi accounts code officer@{DOMAIN}"
        )
    return lines

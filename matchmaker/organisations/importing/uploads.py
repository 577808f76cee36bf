"""Files under way: kept in the data folder under a random name, bound to who sent them."""

from __future__ import annotations

import json
import re
import secrets
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from matchmaker.errors import WrongState
from matchmaker.extensions import clock
from matchmaker.organisations.importing.files import Sheet

#: What was not taken in by then is forgotten.
KEEP = timedelta(days=1)
#: Of one account at a time; an older one makes room.
MOST = 3
_TOKEN = re.compile("[0-9a-f]{32}")
_BUSY = "busy"


@dataclass(frozen=True, slots=True)
class Upload:
    """A folder of small JSON files: what was sent, what was found, how far it is."""

    folder: Path

    @property
    def token(self) -> str:
        return self.folder.name

    def read(self, name: str) -> dict[str, Any]:
        """Give an empty one for what is not there."""
        try:
            found: dict[str, Any] = json.loads((self.folder / f"{name}.json").read_text("utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            return {}
        return found

    def write(self, name: str, values: dict[str, Any]) -> None:
        """Put it in place whole: whoever reads meanwhile finds the old or the new."""
        part = self.folder / f"{name}.{secrets.token_hex(4)}.part"
        part.write_text(json.dumps(values), "utf-8")
        part.replace(self.folder / f"{name}.json")

    def change(self, **values: Any) -> None:
        self.write("about", self.read("about") | values)

    def sheet(self) -> Sheet:
        kept = self.read("sheet")
        if not kept:
            raise WrongState
        return Sheet.from_dict(kept)

    def claim(self) -> None:
        """Of two who press at once one goes on; the other learns it as WrongState."""
        try:
            (self.folder / _BUSY).touch(exist_ok=False)
        except (FileExistsError, FileNotFoundError) as error:
            raise WrongState from error

    def release(self) -> None:
        (self.folder / _BUSY).unlink(missing_ok=True)

    def forget_sheet(self) -> None:
        """Once taken in, what was sent is not needed any more; the counts stay for a day."""
        (self.folder / "sheet.json").unlink(missing_ok=True)

    def delete(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def room(data: Path) -> Path:
    return data / "uploads"


def keep(data: Path, account_id: int, sheet: Sheet, **about: Any) -> Upload:
    """Keep a parsed file; what was sent itself is not kept."""
    for old in _of(data, account_id)[MOST - 1 :]:
        old.delete()
    folder = room(data) / secrets.token_hex(16)
    folder.mkdir(mode=0o700, parents=True)
    upload = Upload(folder)
    upload.write("sheet", sheet.as_dict())
    now = clock.now().isoformat()
    upload.write("about", about | {"account_id": account_id, "at": now, "rows": len(sheet.lines)})
    return upload


def find(data: Path, token: str, account_id: int) -> Upload | None:
    """Only for the account that sent it."""
    upload = by_token(data, token)
    return upload if upload and upload.read("about").get("account_id") == account_id else None


def by_token(data: Path, token: str) -> Upload | None:
    if not _TOKEN.fullmatch(token) or not (room(data) / token).is_dir():
        return None
    return Upload(room(data) / token)


def forget_old(data: Path) -> int:
    """Delete what is a day old; gives how many."""
    old = [one for one in _all(data) if clock.now() - _at(one) > KEEP]
    for upload in old:
        upload.delete()
    return len(old)


def forget_of(data: Path, account_id: int) -> int:
    """Delete what the account sent; gives how many."""
    own = _of(data, account_id)
    for upload in own:
        upload.delete()
    return len(own)


def _of(data: Path, account_id: int) -> list[Upload]:
    """The account's own, the newest first."""
    mine = [one for one in _all(data) if one.read("about").get("account_id") == account_id]
    return sorted(mine, key=_at, reverse=True)


def _all(data: Path) -> list[Upload]:
    folder = room(data)
    return [Upload(one) for one in folder.iterdir() if one.is_dir()] if folder.is_dir() else []


def _at(upload: Upload) -> datetime:
    text = upload.read("about").get("at")
    return datetime.fromisoformat(text) if text else clock.now() - 2 * KEEP

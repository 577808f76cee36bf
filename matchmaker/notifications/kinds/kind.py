"""A kind of notice: subject, sentence, whether it may be switched off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

#: A lazy text of the catalog: worded when it is read.
Lazy = Any


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    #: What the reader sees on the page of mail settings.
    label: Lazy
    subject: Lazy
    sentence: Lazy
    #: May be switched off, and waits when a day's limit is reached.
    optional: bool = True
    #: Also shown as a notice in the app.
    in_app: bool = True
    #: Never a mail of its own: waits for the digest of the next day.
    in_digest: bool = False

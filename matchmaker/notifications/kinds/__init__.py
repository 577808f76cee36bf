"""Everything people can be told, a closed list: subject, sentence, whether it may be switched off.

The body of the mail is templates/email/<kind>.txt where there is one, else email/notice.txt, which
says the sentence and gives the link (`path` among the facts).
"""

from __future__ import annotations

from matchmaker.notifications.kinds.groups import GROUPS
from matchmaker.notifications.kinds.kind import Kind
from matchmaker.notifications.kinds.organisations import ORGANISATIONS, PAPERS
from matchmaker.notifications.kinds.others import OTHERS
from matchmaker.notifications.kinds.requests import CONVERSATIONS, REQUESTS
from matchmaker.notifications.kinds.views import VIEWS

__all__ = ["KINDS", "Kind"]

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (*REQUESTS, *CONVERSATIONS, *PAPERS, *ORGANISATIONS, *VIEWS, *GROUPS, *OTHERS)
}

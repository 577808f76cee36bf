"""The lines of the first page: what to do, why, and the one button that does it."""

from __future__ import annotations

from collections.abc import Sequence

from matchmaker.contacts.services.agenda import Due
from matchmaker.home.agenda import Agenda
from matchmaker.home.words import matches, more, profile, requests
from matchmaker.home.words.line import Line

__all__ = ["Line", "lines_of"]

#: What one screen of a phone holds; new matches give way, but for the best.
MOST = 5


def lines_of(agenda: Agenda) -> list[Line]:
    """In the order of worth: who waits for an answer comes first."""
    new = list(matches.new_lines(agenda.ahead))
    others = len(_lines(agenda, []))
    found = _lines(agenda, new[: max(1, MOST - others)])
    check = more.self_check_line(agenda) if len(found) < MOST else None
    return [*found, check] if check else found


def _lines(agenda: Agenda, new: Sequence[Line]) -> list[Line]:
    found = [
        requests.to_answer(agenda.steps.get(Due.ANSWER)),
        requests.to_meet(agenda.steps.get(Due.MEET)),
        requests.to_tell(agenda.steps.get(Due.TELL)),
        *map(requests.task_line, agenda.tasks),
        profile.profile_line(agenda),
        more.offer_line(agenda),
        *new,
        requests.ended(agenda.steps.get(Due.GO_ON), agenda.ahead),
        *matches.door_lines(agenda.ahead),
        requests.unsaid(agenda.steps.get(Due.SAY)),
    ]
    return [line for line in found if line is not None]

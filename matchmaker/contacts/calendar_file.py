"""A date to meet as a file that calendars open (RFC 5545)."""

from __future__ import annotations

from icalendar import Calendar, Event

from matchmaker.contacts.models import Meeting


def calendar(meeting: Meeting, *, summary: str, url: str, where: str, host: str) -> bytes:
    """One event in UTC, which every calendar shows by its own clock; the same id each time."""
    if meeting.starts_at is None:
        raise ValueError("nothing was agreed on")
    event = Event()
    event.add("uid", f"{meeting.public_id}@{host}")
    event.add("dtstamp", meeting.answered_at or meeting.proposed_at)
    event.add("dtstart", meeting.starts_at)
    event.add("dtend", meeting.starts_at + Meeting.LENGTH)
    event.add("summary", summary)
    event.add("location", where)
    event.add("url", url)
    found = Calendar()
    found.add("prodid", "-//matchmaker//meetings//EN")
    found.add("version", "2.0")
    found.add_component(event)
    text: bytes = found.to_ical()
    return text

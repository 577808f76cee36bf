"""Periodic work of the room; each request is a transaction of its own, so no lock is held long."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from matchmaker import jobs
from matchmaker.contacts.models import ContactRequest
from matchmaker.contacts.services import ending, questions, quiet
from matchmaker.errors import WrongState


def register() -> None:
    jobs.handler("contacts.expire")(_expire)
    jobs.handler("contacts.remind")(_remind)
    jobs.handler("contacts.still_on")(_still_on)
    jobs.handler("contacts.ask_outcomes")(_ask_outcomes)
    jobs.every(timedelta(hours=1), "contacts.expire")
    jobs.every(timedelta(hours=1), "contacts.ask_outcomes")
    jobs.every(timedelta(hours=1), "contacts.remind")
    jobs.every(timedelta(hours=1), "contacts.still_on")


def _expire(session: Session, job: jobs.Job) -> None:
    for request_id in ending.due_to_expire(session):
        request = session.get_one(ContactRequest, request_id)
        try:
            ending.expire(session, request)
        except WrongState:
            # Answered or taken back since the list was read.
            continue
        session.commit()


def _ask_outcomes(session: Session, job: jobs.Job) -> None:
    for request_id, months in questions.due(session):
        questions.ask(session, session.get_one(ContactRequest, request_id), months)
        session.commit()


def _remind(session: Session, job: jobs.Job) -> None:
    for request_id in ending.due_to_remind(session):
        ending.remind(session, session.get_one(ContactRequest, request_id))
        session.commit()


def _still_on(session: Session, job: jobs.Job) -> None:
    for request_id in quiet.due(session):
        quiet.ask_still_on(session, session.get_one(ContactRequest, request_id))
        session.commit()

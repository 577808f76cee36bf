"""Periodic work of the room."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from matchmaker import jobs
from matchmaker.extensions import db
from matchmaker.programme.services.rollups.rolling import ROLL_UP, ROLL_UP_ALL, roll_up


def register() -> None:
    jobs.handler(ROLL_UP)(_roll_up)
    jobs.handler(ROLL_UP_ALL)(_roll_up_all)
    jobs.every(timedelta(minutes=10), ROLL_UP)
    jobs.every(timedelta(days=1), ROLL_UP_ALL)


def _roll_up(session: Session, job: jobs.Job) -> None:
    roll_up(session, db.engine, job)


def _roll_up_all(session: Session, job: jobs.Job) -> None:
    roll_up(session, db.engine, job, everything=True)

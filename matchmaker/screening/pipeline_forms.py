"""Forms of the pipeline: moving, noting, who sees to it, tasks, passing, naming stages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from matchmaker.accounts.models import Account
from matchmaker.extensions import clock
from matchmaker.language.text import TextError, clean_line
from matchmaker.organisations.forms.base import Always, VersionField
from matchmaker.organisations.forms.member import called
from matchmaker.screening.models import (
    EntryEvent,
    EntryTag,
    EntryTask,
    PipelineEntry,
    PipelineStage,
)
from matchmaker.screening.pipeline_words import stage_name
from matchmaker.screening.services import passing
from matchmaker.screening.services.entry_tasks import Todo
from matchmaker.screening.services.stages import key_of
from matchmaker.vocabulary.reasons import DECLINE_REASONS
from matchmaker.web.filters import ngettext, number
from matchmaker.web.forms import (
    CodeField,
    DateField,
    Form,
    LongTextField,
    TextField,
    ZawgyiForm,
)


class MoveForm(ZawgyiForm):
    version = VersionField()
    stage = CodeField(_l("Stage"), [Always()], codes=[])
    why = LongTextField(_l("A note with it"), maximum=EntryEvent.TEXT_MAX)

    def __init__(self, stages: Sequence[PipelineStage], **more: Any) -> None:
        super().__init__(**more)
        self.stage.codes = [(key_of(one), stage_name(one)) for one in stages]


class NoteForm(ZawgyiForm):
    note = LongTextField(
        _l("Write a note"), [Always(_l("Write a few words."))], maximum=EntryEvent.TEXT_MAX
    )


class KeepForm(ZawgyiForm):
    version = VersionField()
    assignee = CodeField(_l("Who sees to it"), codes=[], first=_l("Nobody yet"))
    tags = TextField(
        _l("Tags"),
        maximum=EntryTag.MOST * (EntryTag.TAG_MAX + 2),
        description=_l("Words of your own, with a comma between them."),
    )

    def __init__(self, people: Sequence[Account], **more: Any) -> None:
        super().__init__(**more)
        self.assignee.codes = _choices(people)

    @property
    def tag_list(self) -> list[str]:
        text = (self.tags.data or "").replace("\N{ARABIC COMMA}", ",").replace("、", ",")
        found = (" ".join(one.split()) for one in text.replace("，", ",").split(","))
        return list(dict.fromkeys(one for one in found if one))

    def validate_tags(self, field: TextField) -> None:
        tags = self.tag_list
        if len(tags) > EntryTag.MOST:
            raise ValidationError(_("Keep it to %(number)s tags.", number=number(EntryTag.MOST)))
        if any(len(one) > EntryTag.TAG_MAX for one in tags):
            raise ValidationError(
                ngettext(
                    "A tag has %(num)s letter at most.",
                    "A tag has %(num)s letters at most.",
                    EntryTag.TAG_MAX,
                )
            )


class TaskForm(ZawgyiForm):
    task = TextField(
        _l("What to do"), [Always(_l("Write a few words."))], maximum=EntryTask.TEXT_MAX
    )
    due_on = DateField(_l("By which day"), [Always(_l("Choose a day."))])
    who = CodeField(_l("Who does it"), codes=[], first=_l("Whoever has time"))

    def __init__(self, people: Sequence[Account], **more: Any) -> None:
        super().__init__(**more)
        self.due_on.first, self.due_on.last = clock.today().year - 1, clock.today().year + 5
        self.who.codes = _choices(people)

    def todo(self, people: Sequence[Account]) -> Todo:
        day: Any = self.due_on.data
        return Todo(str(self.task.data), day, chosen(self.who.data, people))


class PassForm(Form):
    reason = CodeField(_l("Why"), [Always(_l("Choose a reason."))], codes=DECLINE_REASONS)
    #: "entry public id-version", as the tick boxes send them; at most `passing.MOST` of them.
    picked: dict[str, int]
    #: More were ticked than go at once.
    too_many: bool

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        ticked = request.form.getlist("entry") if request.method == "POST" else []
        self.picked = _picked(ticked[: passing.MOST])
        self.too_many = len(ticked) > passing.MOST


def _picked(values: Sequence[str]) -> dict[str, int]:
    found = {}
    for value in values:
        public_id, _dash, version = value[:40].partition("-")
        if version.isascii() and version.isdecimal() and len(version) < 10:
            found[public_id] = int(version)
    return found


class StageNames:
    """Names of the stages by key, and of one to add; any number of fields, so no fixed form."""

    def __init__(self, stages: Sequence[PipelineStage]) -> None:
        self.errors: dict[str, str] = {}
        self.typed = {key_of(one): self._read(f"name-{key_of(one)}") for one in stages}
        self.added = self._read("added")
        #: Those with another name than they have: our own words are not kept as theirs.
        self.names = {
            key_of(one): self.typed[key_of(one)]
            for one in stages
            if self.typed[key_of(one)] != stage_name(one)
        }

    def _read(self, name: str) -> str:
        typed = request.form.get(name, "")[:400]
        try:
            text = clean_line(typed)
        except TextError:
            self.errors[name] = _("This has signs that cannot be shown. Type it again by hand.")
            return typed
        over = len(text) - PipelineStage.NAME_MAX
        if over > 0:
            self.errors[name] = ngettext(
                "This is %(num)s letter too long. Keep it to %(maximum)s.",
                "This is %(num)s letters too long. Keep it to %(maximum)s.",
                over,
                maximum=number(PipelineStage.NAME_MAX),
            )
        return text


def _choices(people: Sequence[Account]) -> list[tuple[str, str]]:
    return [(one.public_id, called(one)) for one in people]


def chosen(public_id: str | None, people: Sequence[Account]) -> int | None:
    return next((one.id for one in people if one.public_id == public_id), None)


def kept_values(entry: PipelineEntry) -> dict[str, Any]:
    """What the form of an entry opens with."""
    return {
        "version": entry.version,
        "assignee": entry.assignee.public_id if entry.assignee else None,
        "tags": ", ".join(one.tag for one in entry.tags),
    }

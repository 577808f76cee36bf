"""One form for all rooms: translated messages, no trust in the shape of what was posted."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import Domain
from flask_wtf import FlaskForm
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from werkzeug.exceptions import BadRequest
from wtforms.fields import Field, SubmitField

_WTFORMS_WORDS = Domain(domain="wtforms")
_SUBMIT_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Form(FlaskForm):  # type: ignore[misc]
    """A FlaskForm whose `values()` go to a service as keywords; never populate a live row."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def get_translations(self, form: FlaskForm) -> Domain:
            return _WTFORMS_WORDS

        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            """Take what was posted, even if it is empty.

            Flask-WTF takes an empty post for no post, and would validate the stored values of
            `obj` instead; it also reads JSON, of any shape, which no form of ours sends.
            """
            if formdata is None or isinstance(formdata, MultiDict | CombinedMultiDict):
                return formdata
            if not request or request.method not in _SUBMIT_METHODS:
                return None
            return CombinedMultiDict([request.files, request.form])

    def process(self, formdata: Any = None, *args: Any, **kwargs: Any) -> None:
        self._refuse_doubles(self.meta.wrap_formdata(self, formdata))
        super().process(formdata, *args, **kwargs)

    def values(self) -> dict[str, Any]:
        """The answers by field name, less the token and buttons."""
        return {
            name: field.data
            for name, field in self._fields.items()
            if name != self.meta.csrf_field_name and not isinstance(field, SubmitField)
        }

    def _refuse_doubles(self, formdata: Any) -> None:
        """Two answers to one question mean that somebody built the request by hand."""
        if formdata is None:
            return
        for field in self._fields.values():
            if not _takes_many(field) and len(formdata.getlist(field.name)) > 1:
                raise BadRequest


def _takes_many(field: Field) -> bool:
    return bool(getattr(field, "multiple", False)) or type(field).__name__ in (
        "SelectMultipleField",
        "MultipleFileField",
    )

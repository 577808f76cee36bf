"""Who may call a view: exactly one decorator on each; a view without one is refused."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, abort, current_app, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

View = TypeVar("View", bound=Callable[..., Any])

STAFF_RANKS = {"viewer": 1, "officer": 2, "admin": 3}
_MARK = "_access"


def public(view: View) -> View:
    """Anybody, signed in or not."""
    setattr(view, _MARK, "public")
    return view


def signed_in(view: View) -> View:
    """Whoever has an account; what they may see of an object is the loader's business."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        if not current_user.is_authenticated:
            return _unauthorized()
        return current_app.ensure_sync(view)(*args, **kwargs)

    setattr(guarded, _MARK, "signed_in")
    return guarded  # type: ignore[return-value]


def staff(least: str) -> Callable[[View], View]:
    """Programme staff of at least this role, with their second factor given."""
    rank = STAFF_RANKS[least]

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            if not current_user.is_authenticated:
                return _unauthorized()
            if staff_rank() == 0:
                # Staff pages do not exist for others.
                abort(404)
            if staff_rank() < rank:
                abort(403)
            return current_app.ensure_sync(view)(*args, **kwargs)

        setattr(guarded, _MARK, f"staff:{least}")
        return guarded  # type: ignore[return-value]

    return decorate


def staff_rank() -> int:
    """0 for everybody who is not staff."""
    role = getattr(current_user, "staff_role", None)
    return STAFF_RANKS[role] if role else 0


def _unauthorized() -> ResponseReturnValue:
    response: ResponseReturnValue = current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
    return response


def deny_unmarked() -> None:
    """Default deny: a view that nobody decided about is closed."""
    if request.endpoint is None or request.endpoint == "static":
        return
    view = current_app.view_functions[request.endpoint]
    if not hasattr(view, _MARK):
        abort(403)


def access_of(app: Flask, endpoint: str) -> str | None:
    return getattr(app.view_functions[endpoint], _MARK, None)


def register(app: Flask) -> None:
    app.before_request(deny_unmarked)

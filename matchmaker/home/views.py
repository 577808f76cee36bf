"""Pages that anybody may read."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from matchmaker.web.access import public

bp = Blueprint("home", __name__)


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    return render_template("home/index.html")


@bp.get("/help")
@public
def help() -> ResponseReturnValue:
    return render_template("home/help.html")

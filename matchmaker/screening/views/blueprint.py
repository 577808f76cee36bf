"""The room's blueprint, apart from the views that hang themselves on it."""

from flask import Blueprint

bp = Blueprint("screening", __name__, url_prefix="/desk")

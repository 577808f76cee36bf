"""The blueprint all pages of this room hang on."""

from flask import Blueprint

bp = Blueprint("accounts", __name__)

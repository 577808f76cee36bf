"""The Flask extensions of the app, made once here and bound to it in `create_app`."""

from __future__ import annotations

from flask_babel import Babel
from flask_compress import Compress
from flask_htmx import HTMX
from flask_mailman import Mail
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect

from matchmaker.extensions import changes
from matchmaker.extensions.catalogue import KeptDomain
from matchmaker.extensions.database import Base

__all__ = [
    "babel",
    "changes",
    "compress",
    "csrf",
    "db",
    "htmx",
    "mail",
    "migrate",
]

# Rows stay readable after the one commit of a request: nothing is read again to render the answer.
db: SQLAlchemy = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
migrate = Migrate(render_as_batch=True, compare_type=True)
csrf = CSRFProtect()
babel = Babel()
babel.domain_instance = KeptDomain()
compress = Compress()
htmx = HTMX()
mail = Mail()

"""matchmaker: links small firms with funders and digital-service providers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.middleware.proxy_fix import ProxyFix

from matchmaker import (
    accounts,
    audit,
    cli,
    config,
    contacts,
    demo,
    home,
    jobs,
    logs,
    notifications,
    organisations,
    programme,
    screening,
    suggestions,
    tasks,
    web,
)
from matchmaker.accounts.services import has_demo_accounts
from matchmaker.errors import CommandError
from matchmaker.extensions import babel, compress, csrf, db, htmx, mail, migrate, transactions
from matchmaker.web import security, static_files
from matchmaker.web.locale import select_locale, select_timezone

ROOMS = (
    web,
    audit,
    jobs,
    notifications,
    tasks,
    accounts,
    organisations,
    suggestions,
    contacts,
    screening,
    programme,
    demo,
    home,
    cli,
)
HERE = Path(__file__).parent


def create_app(config_overrides: Mapping[str, Any] | None = None) -> Flask:
    """The whole application; raises CommandError when the settings cannot be used."""
    app = Flask(__name__, template_folder=_folder("templates"), static_folder=None)
    app.config.update(config.load(config_overrides))
    logs.configure(app)
    Path(app.config["DATA"]).mkdir(parents=True, exist_ok=True)
    _extensions(app)
    for room in ROOMS:
        room.register(app)
    _middleware(app)
    _refuse_demo_accounts(app)
    return app


def _refuse_demo_accounts(app: Flask) -> None:
    """Their passwords are printed: a start in production with one of them would be an open door."""
    if app.config["MODE"] != "production":
        return
    with app.app_context(), transactions.reading():
        try:
            found = has_demo_accounts(db.session())
        except SQLAlchemyError:
            # Away, or not migrated yet: /readyz says so, and nobody can sign in.
            return
        finally:
            db.session.remove()
    if found:
        raise CommandError("The database holds demo accounts; start production on one without.")


def _folder(name: str) -> str:
    """Inside the package when installed from a wheel, beside it in a checkout."""
    inside = HERE / name
    return str(inside if inside.is_dir() else HERE.parent / name)


def _extensions(app: Flask) -> None:
    db.init_app(app)
    migrate.init_app(app, db, directory=_folder("migrations"))
    csrf.init_app(app)
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = _folder("translations")
    babel.init_app(app, locale_selector=select_locale, timezone_selector=select_timezone)
    compress.init_app(app)
    htmx.init_app(app)
    mail.init_app(app)
    with app.app_context():
        transactions.listen(db.engine)


def _middleware(app: Flask) -> None:
    static = _folder("static")
    app.static_folder = static
    app.add_url_rule("/static/<path:filename>", endpoint="static", view_func=static_files.send)
    robots = {"filename": "robots.txt"}
    app.add_url_rule("/robots.txt", "static", static_files.send, defaults=robots)
    fonts = static_files.Fonts(
        app.wsgi_app,
        root=static,
        prefix="static/",
        max_age=static_files.YEAR,
        immutable_file_test=_versioned,
        add_headers_function=security.add_static_headers,
    )
    app.wsgi_app = fonts  # type: ignore[method-assign]
    if app.config["PROXIES"]:
        hops = app.config["PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def _versioned(path: str, url: str) -> bool:
    """Every static address that we write carries ?v=, so what it names never changes."""
    return True

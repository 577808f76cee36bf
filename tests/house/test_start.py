"""The app starts only with settings that can be trusted, from a checkout and from a wheel."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from matchmaker import config, create_app
from matchmaker.errors import CommandError
from matchmaker.extensions import db
from tests.factories import AccountFactory
from tests.page import PageClient

pytestmark = [pytest.mark.slow, pytest.mark.both]

ROOT = Path(__file__).parents[2]
GOOD = {
    "MODE": "production",
    "SECRET_KEY": "0123456789abcdef0123456789abcdef",
    "SECURITY_PASSWORD_SALT": "0123456789abcdef",
    "SECURITY_TOTP_SECRETS": {"1": "0123456789abcdef0123456789abcdef"},
}


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith(("MATCHMAKER_", "SECRET_", "SECURITY_", "DATABASE_", "FLASK_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("MATCHMAKER_DATA", str(tmp_path))


@pytest.mark.parametrize(
    "broken",
    [
        {"SECRET_KEY": ""},
        {"SECRET_KEY": "short"},
        {"SECRET_KEY": "changeme"},
        {"SECURITY_PASSWORD_SALT": ""},
        {"SECURITY_TOTP_SECRETS": {}},
        {"MODE": "testing"},
        {"DEBUG": True},
    ],
)
def test_production_refuses_to_start(broken: dict[str, Any]) -> None:
    with pytest.raises(CommandError):
        config.load(GOOD | broken)


def test_a_postgresql_address_or_https_means_production(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (
        ("DATABASE_URL", "postgres://localhost/x"),
        ("MATCHMAKER_BASE_URL", "https://match.example.org"),
    ):
        with monkeypatch.context() as patch:
            patch.setenv(name, value)
            with pytest.raises(CommandError):
                config.load()


def test_old_and_bare_postgresql_addresses_name_the_driver() -> None:
    for url in ("postgres://h/x", "postgresql://h/x", "postgresql+psycopg://h/x"):
        loaded = config.load(GOOD | {"DATABASE_URL": url})
        assert loaded["SQLALCHEMY_DATABASE_URI"] == "postgresql+psycopg://h/x"


def test_https_makes_host_cookies_that_are_secure() -> None:
    loaded = config.load(GOOD | {"BASE_URL": "https://match.example.org"})
    assert loaded["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert loaded["SESSION_COOKIE_SECURE"] is True
    assert loaded["MAIL_FROM"] == "matchmaker@match.example.org"


def test_a_demo_makes_its_secrets_once_and_keeps_them_closed(tmp_path: Path) -> None:
    first, second = config.load(), config.load()
    assert first["SECRET_KEY"] == second["SECRET_KEY"]
    assert len(first["SECRET_KEY"]) >= 32
    mode = stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode)
    assert mode == 0o600


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "abc"),
        ("MATCHMAKER_UPLOAD_LIMIT_MB", "large"),
        ("SECURITY_TOTP_SECRETS", "{not json"),
    ],
)
def test_a_setting_that_cannot_be_read_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(CommandError, match=name) as caught:
        config.load()
    assert "\n" not in str(caught.value)


def test_mails_link_to_the_port_of_the_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "8231")
    assert config.load()["BASE_URL"] == "http://localhost:8231"


def test_a_wrong_setting_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    environment = os.environ | {"MATCHMAKER_MODE": "wrong"}
    done = subprocess.run(
        [sys.executable, "-c", "import wsgi"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1


def test_errors_show_no_stack_and_no_version() -> None:
    app = create_app({"TESTING": False, "PROPAGATE_EXCEPTIONS": False})
    app.view_functions["home.legal"] = _broken
    response = app.test_client().get("/privacy")
    body = response.get_data(as_text=True)
    assert response.status_code == 500
    assert "Traceback" not in body
    assert "a private thing" not in body
    assert "Server" not in response.headers


def _broken() -> str:
    raise RuntimeError("a private thing")


_broken._access = "public"  # type: ignore[attr-defined]


def test_a_view_that_nobody_decided_about_is_closed() -> None:
    app = create_app({"TESTING": True})
    app.add_url_rule("/forgotten", endpoint="forgotten", view_func=lambda: "open")
    assert app.test_client().get("/forgotten").status_code == 403


@pytest.mark.slow
def test_the_wheel_serves_a_page_from_an_empty_folder(tmp_path: Path) -> None:
    """Installed without our checkout: templates, static files and migrations came along."""
    subprocess.run(
        [sys.executable, "-m", "uv", "build", "-q", "--wheel", "-o", str(tmp_path / "dist")],
        cwd=ROOT, check=True,
    )  # fmt: skip
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    script = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "import matchmaker; assert matchmaker.__file__.startswith(sys.argv[1])\n"
        "from flask_migrate import upgrade\n"
        "app = matchmaker.create_app()\n"
        "with app.app_context(): upgrade()\n"
        "client = app.test_client()\n"
        "page = client.get('/'); assert page.status_code == 200, page.status\n"
        "assert b'<h1>' in page.data\n"
        "assert client.get('/readyz').status_code == 200\n"
        "from werkzeug.test import Client\n"
        "sheet = Client(app.wsgi_app).get('/static/css/tokens.css')\n"
        "assert sheet.status_code == 200\n"
        "print('served')\n"
    )
    empty = tmp_path / "empty"
    empty.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "site")],
        cwd=empty, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.strip() == "served", done.stderr


def test_a_database_that_is_away_gives_a_page_and_not_a_stack(
    page: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.sign_in(AccountFactory())

    def away(*arguments: Any) -> None:
        raise OperationalError("BEGIN", (), Exception("database is locked"))

    monkeypatch.setattr(db.engine.dialect, "do_begin", away)
    got = page.get("/my-business", status=503)
    assert got.response.headers["Retry-After"] == "5"


def _flask(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *words],
        cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_first_command_of_a_demo_makes_its_tables(tmp_path: Path) -> None:
    done = _flask("accounts", "list")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "matchmaker.db").stat().st_size > 0


def test_a_database_that_is_away_is_one_line() -> None:
    done = _flask(
        "accounts", "list",
        MATCHMAKER_MODE="demo", DATABASE_URL="postgresql://127.0.0.1:1/nobody",
    )  # fmt: skip
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert "cannot be used" in done.stderr

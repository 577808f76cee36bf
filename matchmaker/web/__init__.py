"""The HTTP tool box: what every room's views use, and what every answer carries."""

from flask import Flask

from matchmaker.web import access, error_pages, filters, health, locale, security, static_files


def register(app: Flask) -> None:
    security.register(app)
    access.register(app)
    locale.register(app)
    static_files.register(app)
    filters.register_filters(app)
    error_pages.register(app)
    health.register(app)

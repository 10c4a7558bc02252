"""The web service put together: registers, decides nothing."""

import importlib.util
import pkgutil
from pathlib import Path

from flask import Flask
from jinja2 import StrictUndefined
from sqlalchemy import MetaData
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

import sipas
from sipas import clock, i18n
from sipas.account import staff_views as account_staff
from sipas.calendar import staff_views as calendar_staff
from sipas.catalogue import staff_views as catalogue_staff
from sipas.database import Base, Database
from sipas.delegation import staff_views as delegation_staff
from sipas.desk import staff_views as desk_staff
from sipas.door.queries import be_ready_for_nobody
from sipas.door.rules import hash_cost
from sipas.first_day import staff_views as first_day_staff
from sipas.office import api_views as health
from sipas.office import citizen_views as office_citizen
from sipas.office import staff_views as office_staff
from sipas.people import staff_views as people_staff
from sipas.settings import Settings
from sipas.survey import citizen_views as survey_citizen
from sipas.survey import staff_views as survey_staff
from sipas.units import staff_views as units_staff
from sipas.web import converters, error_pages, headers, language, logs, metrics, request_db, words
from sipas.web.whole_body import WholeBody

ROOT = Path(__file__).resolve().parent.parent
LARGEST_FORM = 12 * 1024 * 1024  # with files; without them web/headers.py allows far less

PUBLIC = (office_citizen.bp, survey_citizen.bp)
STAFF = (
    account_staff.bp,
    office_staff.bp,
    first_day_staff.bp,
    calendar_staff.bp,
    catalogue_staff.bp,
    desk_staff.bp,
    survey_staff.bp,
    units_staff.bp,
    people_staff.bp,
    delegation_staff.bp,
)


def create_app(settings: Settings, database: Database | None = None) -> Flask:
    clock.believe(settings.clock)
    app = Flask("sipas", root_path=str(ROOT), static_folder=None)
    _configure(app, settings)
    request_db.init_app(app, database or Database(settings.database_url), settings)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # the extension adds it
        i18n.gettext, i18n.ngettext, newstyle=True
    )
    for part in (converters, logs, metrics, headers, language, words, error_pages):
        part.init_app(app)
    app.context_processor(office_citizen.frame)
    app.context_processor(office_staff.frame)
    app.register_blueprint(health.bp)
    for name, blueprints in (("public", PUBLIC), ("staff", STAFF)):
        if name in settings.shown_surfaces:
            for blueprint in blueprints:
                app.register_blueprint(blueprint)
    if "staff" in settings.shown_surfaces:
        be_ready_for_nobody(hash_cost(settings.env))
    return app


def all_tables() -> MetaData:
    """Every table of every wing, for migrations and for the test that compares the two."""
    for found in pkgutil.iter_modules(sipas.__path__, "sipas."):
        if found.ispkg and importlib.util.find_spec(f"{found.name}.models"):
            importlib.import_module(f"{found.name}.models")
    return Base.metadata


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.key("cookie"),
        SECRET_KEY_FALLBACKS=settings.keys("cookie")[1:],
        SESSION_COOKIE_NAME="__Host-sipas" if settings.is_https else "sipas",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        MAX_FORM_MEMORY_SIZE=headers.LARGEST_TEXT,
        TRUSTED_HOSTS=settings.trusted_hosts,
        WTF_CSRF_TIME_LIMIT=None,
        SERVER_NAME=None,
    )
    app.wsgi_app = WholeBody(app.wsgi_app)  # type: ignore[method-assign]  # Flask's documented way
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]  # Flask's documented way
        app.wsgi_app, root=str(ROOT / "static"), prefix="static/", autorefresh=False
    )
    app.add_url_rule("/static/<path:filename>", endpoint="static", build_only=True)
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # Flask's documented way
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=0
        )

"""create_app(): the one place where the parts meet."""

from functools import cache
from hashlib import sha256
from typing import Any

from flask import Flask, g, request
from flask_login import current_user
from markupsafe import Markup

from wesentra import features, unfinished
from wesentra.accounts import login_manager, purposes, sessions
from wesentra.assets import asset_root
from wesentra.audit import engine, hooks, keys, writer
from wesentra.audit.copies import Copies
from wesentra.audit.targets import targets_of
from wesentra.erasure import pledges
from wesentra.models.base import db, prepare_engine
from wesentra.settings import Settings, load
from wesentra.web import (
    bodies,
    closed,
    csrf,
    errors,
    formats,
    guard,
    here,
    language,
    narrowing,
    notices,
    proxies,
    purpose,
    security_headers,
    sizes,
)
from wesentra.web.unit_of_work import Register


def create_app(settings: Settings | None = None) -> Flask:
    """Put the application together; without `settings` they are read from the environment."""
    settings = settings or load()
    unfinished.demand_none(settings.instance)
    root = asset_root()
    app = Register(
        "wesentra",
        instance_path=str(settings.instance.resolve()),
        template_folder=str(root / "templates"),
        static_folder=str(root / "static"),
    )
    app.secret_key = settings.secret_key
    app.config.update(
        DEBUG=False,  # whatever the environment says: it would tell the words of errors
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(settings.database_url),
        MAX_CONTENT_LENGTH=sizes.FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=sizes.FORM_BYTES,
    )
    app.extensions["wesentra_settings"] = settings
    _database(app, settings)
    _shell(app, settings)
    features.install(app)
    return app


def _engine_options(url: str) -> dict[str, Any]:
    quiet = {"hide_parameters": True}  # an error in the server's log holds nobody's values
    if url.startswith("sqlite"):
        return {**quiet, "pool_size": 16}
    return {**quiet, "pool_pre_ping": True, "pool_size": 10}


def _database(app: Flask, settings: Settings) -> None:
    db.init_app(app)
    hooks.listen()
    with app.app_context():
        prepare_engine(db.engine)
        engine.watch(db.engine)
        copies = Copies(targets_of(settings))
        writer.listen(db.engine, keys.signing_key(settings.instance), copies)
        pledges.listen(db.engine, settings)


def _shell(app: Flask, settings: Settings) -> None:
    in_turn = bodies.Bodies(app.wsgi_app)
    gate: Any = closed.ClosedWhile(proxies.Proxies(in_turn, settings), settings)
    app.wsgi_app = gate  # type: ignore[method-assign]
    language.install(app, settings.language)
    guard.install(app, sessions.who)
    login_manager.install(app)
    errors.install(app)
    narrowing.install(app)
    app.after_request(notices.forget)
    security_headers.install(app, settings.assets)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        asset=asset_of(app),
        csrf_token=csrf.token,
        csrf_field=_csrf_field,
        may=guard.may,
        purpose_name=purposes.name_of,
        htmx_cdn=_htmx(settings.assets),
    )
    app.jinja_env.filters.update(
        moment=formats.moment,
        instant=formats.instant,
        day=formats.day,
        short_day=formats.short_day,
        month=formats.month,
        ago=formats.ago,
        number=formats.number,
        size=formats.size,
    )
    app.context_processor(_page_values)
    app.extensions["wesentra_purpose_choices"] = lambda: [
        (choice.key, choice.name) for choice in purposes.choices()
    ]


def _htmx(assets: str) -> dict[str, str] | None:
    if assets != "cdn":
        return None
    return {"url": security_headers.HTMX_URL, "integrity": security_headers.HTMX_INTEGRITY}


def _csrf_field() -> Markup:
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(csrf.token())


def asset_of(app: Flask) -> Any:
    """A function from a static file's name to its address, which changes with its content."""
    folder = asset_root() / "static"

    @cache
    def address(name: str) -> str:
        path = folder / name
        version = sha256(path.read_bytes()).hexdigest()[:10] if path.is_file() else "none"
        return f"{app.static_url_path}/{name}?v={version}"

    return address


def _page_values() -> dict[str, Any]:
    signed_in = g.get("signed_in")
    user = signed_in.user if signed_in else None
    return {
        "lang": language.of_page(),
        "current_user": current_user,
        "path": request.path,
        "here": here.here(),
        "notices": notices.notices(),
        "purposes": purposes.choices() if purpose.is_chosen() else [],
        "purpose": purpose.of_work() or (signed_in.purpose if signed_in else ""),
        "purpose_of_work": purpose.of_work(),
        "theme": user.theme if user else "auto",
        "keys_on": user.keys_on if user else True,
    }

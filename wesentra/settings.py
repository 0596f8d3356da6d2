"""The settings: one frozen object, read once at the start.

The environment (`WESENTRA_LANGUAGE`) stands over `settings.toml` in the instance folder
(`language`). What is not known, cannot be read or is left empty stops the start with a sentence.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, get_type_hints

from phonenumbers import SUPPORTED_REGIONS
from sqlalchemy.engine import URL

from wesentra import instance as instances
from wesentra.database_url import checked
from wesentra.limits import RANGES as RANGES_OF_LIMITS
from wesentra.limits import Limits, check_limits
from wesentra.reach import Reach, check_reach
from wesentra.receivers import Receivers, check_receivers
from wesentra.refusal import Refused
from wesentra.safekeeping import FOLDERS, Safekeeping
from wesentra.sign_on import SignOn, check_sign_on
from wesentra.texts import LANGUAGES, mark
from wesentra.way_out import WAITING, WayOut, check_way_out

PREFIX = "WESENTRA_"
CHOICES = {
    "language": LANGUAGES,
    "assets": ("cdn", "local"),
    "smtp_security": ("starttls", "tls", "none"),
}
LISTS = "server_names trusted_proxies log_mail_to sso_scopes sso_roles sso_second_factor".split()
WORDS = "server_names trusted_proxies smtp_host sso_issuer sso_scopes sso_name_domain".split()
"""Names and addresses of machines and the like: one word each."""
SECRETS = ("smtp_password", "sso_client_secret")
TRUE, FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off")
MOST = 100_000
"""The largest whole number a setting takes: days, hours and minutes that a calendar still has."""
RANGES = WAITING | {
    "log_months": (12, 60),
    "smtp_port": (1, 65_535),
    **RANGES_OF_LIMITS,
}
FOUND_NOT_SET = ("instance", "secret_key")


@dataclass(frozen=True, kw_only=True)
class Settings(Reach, Limits, Receivers, SignOn, WayOut, Safekeeping):
    """What this installation is told from outside. Addresses and the secret stay out of `repr`."""

    instance: Path
    secret_key: str = field(repr=False)
    database_url: str = field(repr=False)
    database_owner_url: str = field(repr=False)
    """For migrations: the application's own role owns nothing."""
    language: Literal["fi", "sv", "en"] = "fi"
    assets: Literal["cdn", "local"] = "cdn"
    controller_name: str = "Esimerkki Oy"
    region: str = "FI"
    """Country (ISO 3166, two letters) of telephone numbers written without one."""
    prompt_days: int = 90
    """A field checked within so many days is not asked about again."""
    session_idle_minutes: int = 60
    session_hours: int = 12
    log_months: int = 24
    """Entries of the log older than so many months go, unless a hold keeps them."""
    jobs: bool = True
    """Whether the server does by itself what is due; else `wesentra jobs run` has to be called."""


KEYS = tuple(each.name for each in fields(Settings) if each.name not in FOUND_NOT_SET)


def load(
    instance: str | os.PathLike[str] | None = None, environ: Mapping[str, str] = os.environ
) -> Settings:
    """Read the settings of `instance`; raises Refused with one sentence for what is wrong."""
    folder = instances.choose(instance, environ)
    given = _from_file(folder / instances.SETTINGS) | _from_environment(environ)
    values = {key: _read(key, raw) for key, raw in given.items()}
    for check in (check_receivers, check_reach, check_limits, check_sign_on, check_way_out):
        check(values)
    url = values.get("database_url") or _own_database(folder)
    for key in ("database_url", "database_owner_url"):
        values[key] = checked(key, values.get(key) or url, environ)
    return Settings(instance=folder, secret_key=_secret(folder), **values)


def _own_database(folder: Path) -> str:
    url = URL.create("sqlite", database=str(folder / instances.DATABASE))
    return url.render_as_string(hide_password=False)


def _secret(folder: Path) -> str:
    try:
        secret = instances.secret_of(folder)
    except OSError as error:
        raise Refused(
            mark("The instance folder %(folder)s cannot be used: %(reason)s."),
            folder=folder,
            reason=error.strerror,
        ) from error
    if not secret:
        raise Refused(mark("The file %(file)s is empty."), file=folder / instances.SECRET)
    return secret


def _from_file(path: Path) -> dict[str, Any]:
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise Refused(
            mark("The settings in %(file)s cannot be read: %(reason)s."), file=path, reason=error
        ) from error
    for key in given:
        if key not in KEYS:
            raise Refused(mark("%(file)s has an unknown setting: %(key)s."), file=path, key=key)
    return given


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    given = {}
    for name, value in environ.items():
        if not name.startswith(PREFIX) or name == "WESENTRA_INSTANCE":
            continue
        key = name.removeprefix(PREFIX).lower()
        if key not in KEYS:
            raise Refused(mark("The environment has an unknown setting: %(key)s."), key=name)
        given[key] = value
    return given


def _read(key: str, raw: Any) -> Any:
    """The value of `key` in its own type; the environment gives text, the file may give more."""
    if raw in ("", []) or (isinstance(raw, str) and not raw.strip(" ,")):
        raise Refused(mark("The setting %(key)s has no value."), key=key)
    kind = get_type_hints(Settings)[key]
    if key in FOLDERS:
        return _folder(key, raw)
    try:
        if kind is int:
            return _number(raw, *RANGES.get(key, (1, MOST)))
        return _truth(raw) if kind is bool else _text(key, raw)
    except (TypeError, ValueError) as error:
        raise Refused(
            mark("The setting %(key)s cannot be %(value)s."),
            key=key,
            value="…" if key in SECRETS else repr(raw),
        ) from error


def _folder(key: str, raw: Any) -> Path:
    """A folder; one with its whole path may be away for now, as a share is that is not mounted."""
    named = Path(raw) if isinstance(raw, str) else None
    if named is None or not (named.is_dir() or (named.is_absolute() and not named.exists())):
        raise Refused(mark("The setting %(key)s names no folder: %(value)s."), key=key, value=raw)
    return Path(raw).absolute()


def _number(raw: Any, least: int, most: int) -> int:
    """A whole number from `least` to `most`."""
    if isinstance(raw, bool) or not isinstance(raw, int | str) or not least <= int(raw) <= most:
        raise ValueError(raw)
    return int(raw)


def _truth(raw: Any) -> bool:
    """A yes or a no in one of the usual spellings."""
    word = str(raw).lower()
    if word not in TRUE + FALSE:
        raise ValueError(raw)
    return word in TRUE


def _text(key: str, raw: Any) -> str | tuple[str, ...]:
    """A text; one of the choices; a country with telephones, by two letters; a list of names."""
    if key in LISTS:
        names = raw.split(",") if isinstance(raw, str) else raw
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise ValueError(raw)
        return tuple(_line(key, name.strip()) for name in names)
    if not isinstance(raw, str) or raw not in CHOICES.get(key, (raw,)):
        raise ValueError(raw)
    _line(key, raw)
    if key == "region" and raw not in SUPPORTED_REGIONS:
        raise ValueError(raw)
    return raw


def _line(key: str, text: str) -> str:
    """A text on one line; the name of a machine is one word."""
    if not text or not text.isprintable() or (key in WORDS and " " in text):
        raise ValueError(text)
    return text

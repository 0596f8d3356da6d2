"""Keys and settings of a backup are laid beside its database; what is there is kept."""

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

from wesentra import instance as instances
from wesentra.erasure import ledger, suppression
from wesentra.operations.backups import contents
from wesentra.settings import Settings
from wesentra.unfinished import Unfinished

OF_DATABASE = (instances.SECRET, suppression.FILE)
"""Keys that nothing but this one database is read with: second factors, and objections."""


def with_its_ledger(settings: Settings, staged: Path, *, lost: bool) -> Settings:
    """The settings, with the ledger that a backup's own name where none are here: it is the one
    that knows who was erased since. `lost`: its folder need not be there, and is not made."""
    named = staged / instances.SETTINGS
    if settings.erasure_ledger or (settings.instance / instances.SETTINGS).exists():
        return settings
    try:
        path = _given(named).get("erasure_ledger") if named.is_file() else None
    except ValueError:  # nobody can have been served with them
        path = None
    if not isinstance(path, str) or not Path(path).is_absolute():
        return settings
    away = lost and not Path(path).parent.is_dir()
    return settings if away else replace(settings, erasure_ledger=Path(path))


def lay_keys(settings: Settings, begun: Unfinished, staged: Path) -> None:
    """The keys that the database was written with take the place of today's, which are kept; of
    everything else what is there stays."""
    for key in OF_DATABASE:
        _lay_of_database(settings, begun, staged / key)
    for path in sorted(staged.rglob("*")):
        name = path.relative_to(staged)
        target = settings.instance / name
        if str(name) == contents.LEDGER:
            target = ledger.path_of(settings)
        if str(name) == instances.SETTINGS and _names_a_database(path):
            target = target.with_name(f"{instances.SETTINGS}.restored")
        if path.is_file() and path.name not in contents.DATABASES.values():
            _lay(path, target)


def _lay_of_database(settings: Settings, begun: Unfinished, restored: Path) -> None:
    today = settings.instance / restored.name
    if not today.exists() or not restored.exists() or today.read_bytes() == restored.read_bytes():
        return
    if not begun.empty:  # else it was made a moment ago, and nothing was written with it
        instances.make_folder(settings.instance / begun.aside)
        _lay(today, _kept(settings, begun, restored.name))
    instances.write_private(today, restored.read_bytes())


def _names_a_database(file: Path) -> bool:
    """Whether settings lead to a database, which would not be the one that is restored."""
    try:
        return any(key.startswith("database_") for key in _given(file))
    except ValueError:
        return True


def _given(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _lay(path: Path, target: Path) -> None:
    if not target.exists():
        instances.make_folder(target.parent)
        instances.write_private(target, path.read_bytes())


def _kept(settings: Settings, begun: Unfinished, name: str) -> Path:
    return settings.instance / begun.aside / name


def take_back(settings: Settings, begun: Unfinished) -> None:
    """The keys of today are back: the database of the backup did not come into its place."""
    for name in OF_DATABASE:
        if (kept := _kept(settings, begun, name)).exists():
            kept.replace(settings.instance / name)

"""Keys and settings of a backup are laid beside its database; what is there is kept."""

import tomllib
from pathlib import Path

from wesentra import instance as instances
from wesentra.erasure import ledger
from wesentra.operations.backups import contents
from wesentra.settings import Settings
from wesentra.unfinished import Unfinished


def lay_keys(settings: Settings, begun: Unfinished, staged: Path) -> None:
    """The secret that the database is sealed under takes the place of today's, which is kept; of
    everything else what is there stays."""
    today, restored = settings.instance / instances.SECRET, staged / instances.SECRET
    if today.exists() and today.read_bytes() != restored.read_bytes():
        if not begun.empty:  # else it was made a moment ago, and nothing is sealed under it
            instances.make_folder(settings.instance / begun.aside)
            _lay(today, _kept_secret(settings, begun))
        instances.write_private(today, restored.read_bytes())
    for path in sorted(staged.rglob("*")):
        name = path.relative_to(staged)
        target = settings.instance / name
        if str(name) == contents.LEDGER:
            target = ledger.path_of(settings)
        if str(name) == instances.SETTINGS and _names_a_database(path):
            target = target.with_name(f"{instances.SETTINGS}.restored")
        if path.is_file() and path.name not in contents.DATABASES.values():
            _lay(path, target)


def _names_a_database(file: Path) -> bool:
    """Whether settings lead to a database, which would not be the one that is restored."""
    try:
        given = tomllib.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        return True
    return any(key.startswith("database_") for key in given)


def _lay(path: Path, target: Path) -> None:
    if not target.exists():
        instances.make_folder(target.parent)
        instances.write_private(target, path.read_bytes())


def _kept_secret(settings: Settings, begun: Unfinished) -> Path:
    return settings.instance / begun.aside / instances.SECRET


def take_back(settings: Settings, begun: Unfinished) -> None:
    """The secret of today is back: the database of the backup did not come into its place."""
    kept = _kept_secret(settings, begun)
    if kept.exists():
        kept.replace(settings.instance / instances.SECRET)

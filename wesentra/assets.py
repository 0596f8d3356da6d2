"""Where the files that are not Python lie: templates, static files, translations."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def asset_root() -> Path:
    """The folder that holds `templates/` and `static/`.

    A wheel carries them inside the package; in a checkout they stand beside it.
    """
    return PACKAGE if (PACKAGE / "templates").is_dir() else PACKAGE.parent


def translations() -> Path:
    """The folder of the compiled catalogues."""
    return PACKAGE / "translations"


def checkout() -> Path | None:
    """The root of the source tree that this package runs from, or None for an installed one."""
    root = PACKAGE.parent
    return root if (root / "pyproject.toml").is_file() and (root / "templates").is_dir() else None

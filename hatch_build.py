"""Build hook: brings htmx into static/vendor/ and compiles the translations.

htmx is not kept in git. A build-time package carries it; the copy is refused unless its bytes are
exactly those that the page's integrity attribute names, so the local file and the file of the
content delivery network cannot differ.
"""

from __future__ import annotations

import base64
import hashlib
from importlib import resources
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HTMX_SHA384 = "H5SrcfygHmAuTDZphMHqBJLc3FhssKjG7w/CeCpFReSfwBWDTKpkzPP8c+cLsK+V"


class Hook(BuildHookInterface[Any]):
    """Runs before every wheel, editable install and source archive."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        place_htmx(root / "static" / "vendor" / "htmx.min.js")
        compile_translations(root / "wesentra" / "translations")


def digest(content: bytes) -> str:
    """The SHA-384 of `content` as an integrity attribute writes it."""
    return base64.b64encode(hashlib.sha384(content).digest()).decode()


def place_htmx(target: Path) -> None:
    """Copy htmx 2.0.10 to `target`; raises RuntimeError when the bytes are not the known ones."""
    if target.is_file() and digest(target.read_bytes()) == HTMX_SHA384:
        return
    carried = resources.files("django_htmx") / "static" / "django_htmx" / "htmx-2.min.js"
    content = carried.read_bytes()
    if digest(content) != HTMX_SHA384:
        raise RuntimeError("htmx-2.min.js is not the file whose hash stands in hatch_build.py")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


def compile_translations(folder: Path) -> None:
    """Write a .mo beside every .po below `folder`, which need not exist."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        with source.open("rb") as po:
            catalog = read_po(po, locale=source.parent.parent.name)
        with source.with_suffix(".mo").open("wb") as mo:
            write_mo(mo, catalog)

"""What is kept beside the register: its backups, and copies of the log's checkpoints."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Safekeeping:
    """Folders, best on another machine, and how long what lies there is kept."""

    backup_folder: Path | None = None
    """Where a backup goes every night; None: none is made by itself."""
    backup_keep_days: int = 30
    """Backups there that are older go, but for the newest. Whoever was erased has left the last
    one at the latest then."""
    log_copies: Path | None = None
    """A folder, best on another machine, where the log's checkpoints are copied to."""


FOLDERS = ("backup_folder", "log_copies")
"""The settings that name a folder."""

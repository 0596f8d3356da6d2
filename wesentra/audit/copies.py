"""Checkpoints are copied to another place: only there a cut tail and a stolen key show.

The place is a folder that the administrator names, best one that this machine may add to and not
change. A copy that fails is made up for with the next checkpoint.
"""

import json
import logging
import threading
from pathlib import Path

from sqlalchemy import Engine

from wesentra.audit import stored
from wesentra.audit.seal import Checkpoint
from wesentra.refusal import Refused
from wesentra.texts import mark

FILE = "wesentra-checkpoints.jsonl"
log = logging.getLogger(__name__)


class Copies:
    """The copies of one register's checkpoints; `folder` None: nobody asked for any."""

    def __init__(self, folder: Path | None) -> None:
        self.file = folder / FILE if folder is not None else None
        self.lock = threading.Lock()

    def bring(self, engine: Engine) -> None:
        """Add the checkpoints that lack. Raises Refused when the place cannot be written.

        Two processes may add the same one; that does no harm.
        """
        if self.file is None:
            return
        with self.lock, engine.connect() as connection:
            try:
                last = max((one.number for one in kept(self.file)), default=0)
                lines = [
                    json.dumps(stored.checkpoint_line(one), separators=(",", ":")) + "\n"
                    for one in stored.checkpoints(connection, after=last)
                ]
                with self.file.open("a", encoding="utf-8") as file:
                    file.writelines(lines)
            except OSError as error:
                raise _refused(self.file.parent, error.strerror or str(error)) from error
            except ValueError as error:
                raise _refused(self.file.parent, f"{self.file.name} ?") from error

    def bring_soon(self, engine: Engine) -> None:
        """Do so beside the request that made a checkpoint: a share that hangs delays nobody."""
        if self.file is not None:
            threading.Thread(target=self._bring, args=(engine,), daemon=True).start()

    def _bring(self, engine: Engine) -> None:
        try:
            self.bring(engine)
        except Refused as refused:
            log.error("the log's checkpoints were not copied: %s", refused.values["reason"])


def kept(file: Path) -> list[Checkpoint]:
    """The checkpoints in a file of copies, none where there is no file yet. Raises ValueError."""
    try:
        return stored.copied(file)
    except FileNotFoundError:
        return []


def _refused(folder: Path, reason: str) -> Refused:
    sentence = mark("The checkpoints of the log could not be copied to %(folder)s: %(reason)s.")
    return Refused(sentence, folder=folder, reason=reason)

"""Checkpoints are copied to another place: only there a cut tail and a stolen key show.

The place is a folder that the administrator names, best one that this machine may add to and not
change. A copy that fails is made up for with the next checkpoint.
"""

import json
import logging
import threading
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from wesentra.audit import exported, stored
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
        with self.lock:
            try:
                there = exported.copied(self.file) if self.file.exists() else []
                last = max((one.number for one in there), default=0)
                with engine.connect() as connection:  # given back before a slow share is written
                    lacking = stored.checkpoints(connection, after=last)
                with self.file.open("a", encoding="utf-8") as file:
                    for one in lacking:
                        line = json.dumps(exported.checkpoint_line(one), separators=(",", ":"))
                        file.write(line + "\n")
            except OSError as error:
                raise _refused(self.file.parent, error.strerror or str(error)) from error
            except ValueError as error:
                raise exported.unreadable(self.file) from error

    def bring_soon(self, engine: Engine) -> None:
        """Do so beside the request that made a checkpoint: a share that hangs delays nobody."""
        if self.file is not None:
            threading.Thread(target=self._bring, args=(engine,), daemon=True).start()

    def _bring(self, engine: Engine) -> None:
        try:
            self.bring(engine)
        except (Refused, SQLAlchemyError) as error:
            log.error("the log's checkpoints were not copied: %s", type(error).__name__)


def file_in(folder: Path | None) -> Path | None:
    """The file of copies in the folder for them; None where there is none (yet)."""
    file = folder / FILE if folder is not None else None
    return file if file is not None and file.exists() else None


def _refused(folder: Path, reason: str) -> Refused:
    sentence = mark("The checkpoints of the log could not be copied to %(folder)s: %(reason)s.")
    return Refused(sentence, folder=folder, reason=reason)

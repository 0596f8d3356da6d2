"""A file as the browser sends it, kept without a name on this machine until it is read."""

import shutil
import tempfile
import weakref
from typing import IO, NamedTuple

from wesentra.crm.imports import reading
from wesentra.crm.imports.raw import Table
from wesentra.refusal import Refused
from wesentra.texts import mark


class Incoming(NamedTuple):
    """A recognised file and its SHA-256."""

    table: Table
    sha256: str


def receive(stream: IO[bytes] | None) -> Incoming:
    """Take a file over from the request, which will close its own, and recognise it.

    The copy has no name in any folder: it is gone with the last reader, also after a crash.
    """
    if stream is None or not stream.read(1):
        raise Refused(mark("Choose the file to bring in."), field="file")
    stream.seek(0)
    copy = tempfile.TemporaryFile()  # noqa: SIM115 - its rows are read after this function
    shutil.copyfileobj(stream, copy)
    try:
        table = reading.open_table(copy)
        sha256 = reading.fingerprint(copy)
    except Refused as no:
        copy.close()
        raise Refused(no.sentence, field="file", **no.values) from no
    weakref.finalize(table, copy.close)
    return Incoming(table, sha256)

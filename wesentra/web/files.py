"""Files as answers: built whole before the entry is committed, sent after it."""

from collections.abc import Callable
from contextlib import ExitStack
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO

from flask import Response, make_response, send_file

IN_MEMORY = 4 * 1024 * 1024


def built(write: Callable[[IO[bytes]], object]) -> IO[bytes]:
    """The file that `write` fills: a small one in memory, a large one on disk without a name."""
    with ExitStack() as stack:
        spool = stack.enter_context(SpooledTemporaryFile(max_size=IN_MEMORY))
        write(spool)
        if spool.tell() > IN_MEMORY:
            stack.pop_all()  # closed with the answer
            return spool
        spool.seek(0)
        return BytesIO(spool.read())


def download(file: IO[bytes], name: str, kind: str) -> Response:
    """Send a file that is finished; its `name` holds no person's name."""
    file.seek(0)
    response = make_response(
        send_file(
            file,
            mimetype=kind,
            as_attachment=True,
            download_name=name,
            etag=False,
            conditional=False,  # whole or not at all: no part of it, no “not modified”
        )
    )
    response.built_before = True  # type: ignore[attr-defined]
    return response

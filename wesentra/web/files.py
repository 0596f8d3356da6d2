"""Files as answers: built whole before the entry is committed, sent after it."""

from typing import IO

from flask import Response, make_response, send_file


def download(file: IO[bytes], name: str, kind: str) -> Response:
    """Send a file that is finished; its `name` holds no person's name."""
    file.seek(0)
    response = make_response(
        send_file(file, mimetype=kind, as_attachment=True, download_name=name, etag=False)
    )
    response.built_before = True  # type: ignore[attr-defined]
    return response

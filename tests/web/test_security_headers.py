"""The headers of every answer."""

import pytest
from flask import Flask

from tests import factories
from tests.databases import sqlite_only

FOR_EVER = "public, max-age=31536000, immutable"


@sqlite_only
def test_a_static_file_is_kept_by_browsers_but_its_absence_is_not(app: Flask) -> None:
    client = factories.browser(app)
    with client.get("/static/css/tokens.css") as found:
        assert found.headers["Cache-Control"] == FOR_EVER
        known = {"If-None-Match": found.headers["ETag"]}
    with client.get("/static/css/tokens.css", headers=known) as again:
        assert (again.status_code, again.headers["Cache-Control"]) == (304, FOR_EVER)
    with client.get("/static/css/none.css") as missing:
        assert (missing.status_code, missing.headers["Cache-Control"]) == (404, "no-store")


@sqlite_only
@pytest.mark.parametrize(
    "address", ["/login", "/", "/nowhere", "/static/css/tokens.css", "/trust/"]
)
def test_no_answer_stands_in_a_frame(app: Flask, address: str) -> None:
    with factories.browser(app).get(address) as answer:
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]

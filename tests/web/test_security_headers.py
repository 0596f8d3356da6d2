"""The headers of every answer."""

from flask import Flask

from tests import factories
from tests.databases import sqlite_only


@sqlite_only
def test_a_static_file_is_kept_by_browsers_but_its_absence_is_not(app: Flask) -> None:
    client = factories.browser(app)
    found = client.get("/static/css/tokens.css")
    assert "immutable" in found.headers["Cache-Control"]
    again = client.get("/static/css/tokens.css", headers={"If-None-Match": found.headers["ETag"]})
    assert again.status_code == 304
    assert "immutable" in again.headers["Cache-Control"]
    missing = client.get("/static/css/none.css")
    assert missing.status_code == 404
    assert missing.headers["Cache-Control"] == "no-store"

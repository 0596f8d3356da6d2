"""A page of another site lets nobody look at people unasked: the log would say that they did."""

import pytest
from flask import Flask

from tests import factories
from tests.databases import sqlite_only

pytestmark = sqlite_only


def fetched(site: str, mode: str, dest: str) -> dict[str, str]:
    """What a browser says of how a request came about (W3C Fetch Metadata)."""
    return {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest}


@pytest.mark.parametrize("site", ["same-site", "cross-site"])
@pytest.mark.parametrize(
    ("mode", "dest"),
    [
        ("no-cors", "image"),
        ("no-cors", "script"),
        ("cors", "empty"),
        ("navigate", "iframe"),
        ("navigate", "embed"),
    ],
)
def test_what_another_page_embeds_looks_at_nobody(
    app: Flask, site: str, mode: str, dest: str
) -> None:
    """From a neighbour in the intranet (`same-site`) the session's cookie comes along."""
    client = factories.signed_in(app, "staff")
    address = f"/contacts/{factories.person(app)}"
    answer = client.get(address, headers=fetched(site, mode, dest))
    assert answer.status_code == 403
    assert factories.entries_of(app, answer) == []


@pytest.mark.parametrize("site", ["same-site", "cross-site", "none", "same-origin"])
def test_a_link_of_another_page_leads_here(app: Flask, site: str) -> None:
    """In a mail, in the calendar, in the telephone system."""
    client = factories.signed_in(app, "staff")
    address = f"/contacts/{factories.person(app)}"
    answer = client.get(address, headers=fetched(site, "navigate", "document"))
    assert answer.status_code == 200


def test_our_own_pages_fetch_what_they_like(app: Flask) -> None:
    client = factories.signed_in(app, "staff")
    address = f"/contacts/{factories.person(app)}"
    headers = {"HX-Request": "true", **fetched("same-origin", "cors", "empty")}
    assert client.get(address, headers=headers).status_code == 200

"""What cannot be had is a page of its own; to htmx it is one sentence, and the page stays."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from tests import factories, pages
from tests.databases import sqlite_only
from wesentra.crm.contacts import queries

pytestmark = sqlite_only
HTMX = {"HX-Request": "true"}


@pytest.fixture
def staff(app: Flask) -> FlaskClient:
    """Somebody of the staff; errors are answered as in the house."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return factories.signed_in(app, "staff")


@pytest.mark.parametrize(
    ("address", "status", "says"),
    [
        ("/contacts/4711/edit/title", 404, "There is nothing here"),
        ("/settings/users/", 403, "You may not open this"),
        ("/nowhere", 404, "There is nothing here"),
    ],
)
def test_htmx_gets_one_sentence_for_the_place_of_notices(
    staff: FlaskClient, address: str, status: int, says: str
) -> None:
    answer = staff.get(address, headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (status, "#flash")
    assert answer.headers["HX-Reswap"] == "innerHTML"
    assert says in answer.text
    assert "<main" not in answer.text
    assert pages.read(staff, answer).ids == ["errors-error"]
    whole = staff.get(address)
    assert "<main" in whole.text
    assert "HX-Retarget" not in whole.headers


def test_a_refused_step_leaves_its_form_where_it_is(staff: FlaskClient) -> None:
    form = pages.visit(staff, "/account/").form("/account/purpose")
    answer = form.send(purpose="nothing", headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (422, "#flash")
    assert "There is no such purpose." in answer.text


def test_a_log_that_cannot_be_written_is_one_sentence_too(
    app: Flask, staff: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"/contacts/{factories.person(app)}"

    def locked(*_: object) -> None:
        raise OperationalError("select", {}, Exception("database is locked"))

    monkeypatch.setattr(queries, "last_checks", locked)
    answer = staff.get(address, headers=HTMX)
    assert answer.status_code == 503
    assert "The access log could not be written" in answer.text
    assert "<html" not in answer.text
    assert "<html" in staff.get(address).text

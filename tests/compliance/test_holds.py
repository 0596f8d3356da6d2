"""The page of the holds: the privacy contact places and lifts them, auditors see them."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories, pages
from wesentra import clock
from wesentra.audit.life import LogHold
from wesentra.models import db

PAGE = "/log/holds"


def held(app: Flask) -> list[LogHold]:
    with app.app_context():
        found = list(db.session.scalars(select(LogHold).order_by(LogHold.id)))
        db.session.remove()
    return found


def place(client: FlaskClient, **values: str) -> pages.Page:
    given = {"reason": "breach", "reference": "2026-7", "first": str(clock.today()), **values}
    return pages.read(client, pages.visit(client, PAGE).form(PAGE).send(**given))


def test_a_hold_is_placed_and_lifted_and_both_are_entries(app: Flask) -> None:
    privacy = factories.signed_in(app, "privacy", name="minna")
    assert "Nothing is held." in pages.visit(privacy, PAGE).text
    assert place(privacy).response.status_code == 303
    (hold,) = held(app)
    assert (hold.reason, hold.reference, hold.last, hold.lifted_at) == (
        *("breach", "2026-7"),
        *(None, None),
    )
    page = pages.visit(privacy, PAGE)
    assert "2026-7 personal data breach" in page.text
    assert "Tester minna" in page.text
    answer = page.form(f"{PAGE}/{hold.id}/lift").send()
    assert answer.status_code == 303
    assert held(app)[0].lifted_at is not None
    told = [entry for entry in factories.entries(app) if entry.operation == "log_hold"]
    assert [(entry.ids, entry.fields) for entry in told] == [
        ((hold.id,), ("breach", "placed")),
        ((hold.id,), ("breach", "lifted")),
    ]
    assert "lifted" in pages.visit(privacy, PAGE).text


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"first": ""}, "Choose the day."),
        ({"first": str(clock.today() + timedelta(2))}, "The first day is still to come."),
        ({"last": str(clock.today() - timedelta(2))}, "The last day is before the first."),
        ({"reference": ""}, "Write the number of the matter."),
        ({"reference": "Aino Virtanen"}, "without spaces"),
        ({"reason": "whim"}, "Not a valid choice"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_was_typed(
    app: Flask, values: dict[str, str], sentence: str
) -> None:
    privacy = factories.signed_in(app, "privacy")
    page = place(privacy, **values)
    assert page.response.status_code == 422
    assert sentence in page.text
    assert page.form(PAGE).fields["reference"] == values.get("reference", "2026-7")
    assert held(app) == []


def test_sent_twice_it_is_one_hold(app: Flask) -> None:
    privacy = factories.signed_in(app, "privacy")
    form = pages.visit(privacy, PAGE).form(PAGE)
    for _ in range(2):
        answer = form.send(reason="request", reference="T-1", first=str(clock.today()))
        assert answer.status_code == 303
    assert len(held(app)) == 1
    lifting = pages.visit(privacy, PAGE).form(f"{PAGE}/1/lift")
    lifting.send()
    first = held(app)[0].lifted_at
    lifting.send()
    assert held(app)[0].lifted_at == first


def test_an_auditor_sees_holds_and_changes_none(app: Flask) -> None:
    place(factories.signed_in(app, "privacy"))
    auditor = factories.signed_in(app, "auditor")
    page = pages.visit(auditor, PAGE)
    assert "2026-7" in page.text
    assert "New hold" not in page.text
    assert not any(form.action.endswith("/lift") for form in page.forms)
    token = page.forms[0].fields["csrf_token"]
    answer = auditor.post(f"{PAGE}/1/lift", data={"csrf_token": token})
    assert answer.status_code == 403
    assert held(app)[0].lifted_at is None
    assert factories.signed_in(app, "staff").get(PAGE).status_code == 403


def test_a_hold_that_is_not_there_is_not_found(app: Flask) -> None:
    privacy = factories.signed_in(app, "privacy")
    token = pages.visit(privacy, PAGE).form(PAGE).fields["csrf_token"]
    assert privacy.post(f"{PAGE}/77/lift", data={"csrf_token": token}).status_code == 404

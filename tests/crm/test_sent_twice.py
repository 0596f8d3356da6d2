"""A form that is sent twice makes one record; both answers lead to it."""

from datetime import timedelta

import pytest
from flask import Flask

from tests import factories, pages
from wesentra import clock
from wesentra.models import Company, Contact, FormToken, Task, db
from wesentra.models.attribution import seen_by_program

FORMS = {
    "contact": ("/contacts/new", Contact, {"given_name": "Timo", "source": "YTJ"}),
    "company": ("/companies/new", Company, {"name": "Auto Oy", "source": "YTJ"}),
    "task": ("/tasks/new", Task, {"text": "Call"}),
}


def ids(app: Flask, model: type) -> list[int]:
    """The ids of all rows, looked at by a test."""
    with factories.register(app, "test"):
        query = db.select(model.id)  # type: ignore[attr-defined]
        return list(db.session.scalars(query, execution_options=seen_by_program("test")))


@pytest.mark.parametrize("kind", FORMS)
def test_the_second_sending_stores_nothing_and_leads_to_the_first(app: Flask, kind: str) -> None:
    action, model, given = FORMS[kind]
    person = factories.person(app)
    staff = factories.signed_in(app, "staff")
    before = ids(app, model)
    form = pages.visit(staff, f"{action}?contact={person}").form(action)
    wrong = form.send(**dict.fromkeys(given, ""))
    assert wrong.status_code == 422
    first = form.send(**given)
    assert first.status_code == 303
    second = form.send(**given)
    assert second.status_code == 303
    assert second.headers["Location"] == first.headers["Location"]
    assert len(ids(app, model)) == len(before) + 1


@pytest.mark.parametrize("token", [None, ""])
def test_a_form_without_a_token_is_always_the_first(app: Flask, token: str | None) -> None:
    action, model, given = FORMS["company"]
    form = pages.visit(factories.signed_in(app, "staff"), action).form(action)
    for _ in range(2):
        assert form.send(**given, token=token).status_code == 303
    assert len(ids(app, model)) == 2


def test_what_is_refused_by_the_register_may_be_sent_again(app: Flask) -> None:
    action, model, given = FORMS["contact"]
    factories.person(app, email="timo@auto.example.fi")
    form = pages.visit(factories.signed_in(app, "staff"), action).form(action)
    assert form.send(**given, email="timo@auto.example.fi").status_code == 422
    assert form.send(**given).status_code == 303
    assert len(ids(app, model)) == 2


def test_tokens_are_forgotten_after_a_day(app: Flask) -> None:
    with factories.register(app):
        db.session.add(FormToken(token="old", at=clock.now() - timedelta(hours=25)))
        db.session.add(FormToken(token="young", at=clock.now() - timedelta(hours=23)))
    action, _model, given = FORMS["company"]
    form = pages.visit(factories.signed_in(app, "staff"), action).form(action)
    assert form.send(**given).status_code == 303
    with factories.register(app):
        kept = set(db.session.scalars(db.select(FormToken.token)))
    assert kept == {"young", form.fields["token"]}

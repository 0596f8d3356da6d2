"""A register through the years: its clock is turned, and the night's job counts."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories
from wesentra import clock
from wesentra.actor import Acting, acting_as
from wesentra.models import Contact, FieldUse, db
from wesentra.models.base import writing
from wesentra.operations import minimisation

BEGAN, TODAY = date(2023, 1, 10), date(2026, 1, 10)
PHONE, MAIL = "+358401234567", "aino@auto.example.fi"


@contextmanager
def on(day: date) -> Iterator[None]:
    """It is noon of that day in Finland."""
    with clock.turned_to(datetime.combine(day, time(12), clock.HELSINKI)):
        yield


def night(app: Flask) -> None:
    """What the server does by itself."""
    acting = Acting(None, "system", "maintenance", "night", channel="job")
    token = writing.set(False)
    try:
        with app.app_context(), acting_as(acting):
            minimisation.run(app.extensions["wesentra_settings"])
            db.session.remove()
    finally:
        writing.reset(token)


def somebody(app: Flask, given_name: str = "Aino", **values: str) -> int:
    """A contact with every field that can be removed."""
    made = {"phone": PHONE, "email": MAIL, "title": "Johtaja", "note": "Soittaa aamulla", **values}
    return factories.person(app, given_name, **made)


def uses(app: Flask, contact_id: int) -> dict[str, date]:
    """The last use of each field of a contact, as it is stored."""
    with factories.register(app, "test"):
        query = select(FieldUse.field, FieldUse.last_on).where(FieldUse.contact_id == contact_id)
        return dict(db.session.execute(query).all())


def opened(app: Flask, contact_id: int, role: str = "staff") -> FlaskClient:
    """Somebody opens a contact's page; their browser."""
    client = factories.signed_in(app, role)
    assert client.get(f"/contacts/{contact_id}").status_code == 200
    return client


def of(app: Flask, contact_id: int) -> Contact:
    """A contact as it stands."""
    with factories.register(app, "test"):
        found = db.session.get_one(Contact, contact_id)
        db.session.expunge(found)
        return found

"""A month of work that was logged in its time, and its review."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories, pages
from wesentra import clock
from wesentra.models import LogReviewItem, db

MONTH = date(2026, 3, 1)
NOON = datetime(2026, 3, 17, 12, 0, tzinfo=clock.HELSINKI)
"""A Tuesday in the month."""
AFTER = datetime(2026, 4, 20, 10, 0, tzinfo=clock.HELSINKI)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let it be a moment of the month."""
    with clock.turned_to(moment):
        yield


def colleague(app: Flask, name: str, *roles: str, at_: datetime = NOON) -> FlaskClient:
    """Somebody who signs in at a moment of the month."""
    with at(at_ - timedelta(minutes=5)):
        return factories.signed_in(app, *roles, name=name)


def opened(client: FlaskClient, number: int, moment: datetime = NOON) -> None:
    """Somebody opens a person."""
    with at(moment):
        assert client.get(f"/contacts/{number}").status_code == 200


def drawn(client: FlaskClient, month: date = MONTH) -> str:
    """Draw the review of a month; returns its address."""
    form = pages.visit(client, "/log-review/").form("/log-review/draw")
    answer = form.send(month=str(month))
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def items(app: Flask, rule: str = "", user: str = "") -> list[LogReviewItem]:
    """The items of all reviews: of one rule, of one user."""
    query = select(LogReviewItem).order_by(LogReviewItem.id)
    if rule:
        query = query.where(LogReviewItem.rule == rule)
    if user:
        query = query.where(LogReviewItem.actor_id == factories.user_id(app, user))
    with app.app_context():
        found = list(db.session.scalars(query))
        db.session.remove()
    return found

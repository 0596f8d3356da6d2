"""Doing one thing as one actor, and the entries that it left."""

import secrets
from collections.abc import Callable
from typing import Any, NamedTuple

from flask import Flask

from tests import factories
from tests.factories import Entry
from wesentra.actor import Acting, acting_as
from wesentra.models import db
from wesentra.models.base import writing


class Held(NamedTuple):
    """The ids of one contact with a company and one row of everything else."""

    contact: int
    company: int


def hold(app: Flask) -> Held:
    """Put one contact with a company, a call and a task into the register."""
    with factories.register(app):
        company = factories.company("Auto Oy")
        contact = factories.contact(company_id=company.id, email="aino@auto.example.fi")
        factories.interaction(contact)
        factories.task(contact)
        return Held(contact.id, company.id)


def do(app: Flask, action: Callable[[], Any]) -> list[Entry]:
    """Let a member of staff do something and commit; the entries of exactly that."""
    request_id = secrets.token_hex(8)
    acting = Acting(7, "staff", "customer_service", request_id)
    token = writing.set(True)
    try:
        with app.app_context(), acting_as(acting):
            try:
                action()
                db.session.commit()
            finally:
                db.session.remove()
    finally:
        writing.reset(token)
    return factories.entries(app, request_id)


def told(entries: list[Entry]) -> list[tuple[str, str, tuple[int, ...]]]:
    """Entries by operation, type of subject and ids."""
    return [(entry.operation, entry.subject_type, entry.ids) for entry in entries]

"""Makes what tests stand on: users who sign in through the real form, and rows through the ORM.

Everything works on both databases. Rows are made by the system itself, in an acting context, so
that making them is logged like anything else; tests look at the entries of single requests.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import cache
from json import dumps, loads
from typing import Any, NamedTuple

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import pages
from wesentra import clock
from wesentra.accounts import actions as account_actions
from wesentra.accounts import log_notice, passwords
from wesentra.actor import Acting, acting_as
from wesentra.audit.entry import LogEntry
from wesentra.crm.companies import words as company_words
from wesentra.crm.contacts import words as contact_words
from wesentra.crm.values import fold
from wesentra.models import (
    Breach,
    Company,
    Contact,
    Disclosure,
    FieldChange,
    FieldCheck,
    Interaction,
    LogReview,
    LogReviewItem,
    Notice,
    Objection,
    Opening,
    Restriction,
    RetentionHold,
    Task,
    User,
    db,
)
from wesentra.models.base import writing
from wesentra.models.codes import Role
from wesentra.web import csrf

PASSWORD = "correct horse battery staple"
BASE = "https://localhost"
HOST = {"wsgi.url_scheme": "https", "HTTP_HOST": "localhost"}


@cache
def password_hash() -> str:
    """The hash of PASSWORD, made once (it takes long on purpose)."""
    return passwords.hashed(PASSWORD)


@contextmanager
def register(app: Flask, request_id: str = "factory") -> Iterator[Acting]:
    """The register in the system's own hands: rows made inside are committed at the end."""
    acting = Acting(None, "system", "maintenance", request_id, channel="cli")
    token = writing.set(True)
    try:
        with app.app_context(), acting_as(acting):
            yield acting
            db.session.commit()
            db.session.remove()
    finally:
        writing.reset(token)


# --- people who use the register ------------------------------------------------------------


def user(
    app: Flask, *roles: str, name: str = "", language: str = "en", informed: bool = True
) -> str:
    """The sign-in name of a new user with these roles, who has read the notice about logging (or
    not: `informed`); the password is PASSWORD."""
    name = name or f"user-{secrets.token_hex(4)}"
    with register(app):
        made = account_actions.add(name, f"Tester {name}", password_hash(), language)
        for role in roles:
            account_actions.grant(made, Role(role))
        if informed:
            log_notice.acknowledge(made.id, log_notice.of_today())
    return name


def browser(app: Flask) -> FlaskClient:
    """A browser without a network and without a session; it speaks https, as everybody does."""
    client = app.test_client()
    client.environ_base.update(HOST)
    return client


def sign_in(client: FlaskClient, name: str, password: str = PASSWORD) -> None:
    """Come in through the real form."""
    form = pages.visit(client, "/login").form("/login")
    answer = form.send(username=name, password=password)
    assert answer.status_code == 303, answer.text


def signed_in(app: Flask, *roles: str, name: str = "") -> FlaskClient:
    """A browser in which a new user with these roles has signed in (no role at all: none)."""
    client = browser(app)
    _send_sign_in(app, client, user(app, *roles, name=name))
    return client


def _send_sign_in(app: Flask, client: FlaskClient, name: str) -> None:
    """Send what the form of signing in sends, without opening its page before: a visitor's cookie
    and the token that belongs to it. Everything that lets somebody in is asked as ever."""
    visitor = {"domain": "localhost", "secure": True, "httponly": True, "samesite": "Lax"}
    cookie = secrets.token_urlsafe(24)
    client.set_cookie(csrf.VISITOR_COOKIE, cookie, **visitor)
    with app.app_context():
        token = csrf._token_of(cookie)
    typed = {"csrf_token": token, "next": "", "username": name, "password": PASSWORD}
    answer = client.post("/login", data=typed)
    assert answer.status_code == 303, answer.text


def user_id(app: Flask, name: str) -> int:
    """The id of a user."""
    with app.app_context():
        return int(db.session.scalars(select(User.id).where(User.name == name)).one())


# --- what the register holds (inside `register`) ---------------------------------------------


def company(name: str = "Auto Oy", **values: Any) -> Company:
    """A company with its search words."""
    now = clock.now()
    made = Company(
        name=name,
        sort_key=fold.sort_key(name)[:160],
        **{"group": "prospect", "source": "YTJ", "created_at": now, "updated_at": now, **values},
    )
    db.session.add(made)
    db.session.flush()
    company_words.write(made)
    return made


def contact(given_name: str = "Aino", family_name: str = "Virtanen", **values: Any) -> Contact:
    """A contact with its search words."""
    now = clock.now()
    made = Contact(
        given_name=given_name,
        family_name=family_name,
        sort_key=fold.sort_key(f"{family_name} {given_name}")[:160],
        **{
            "group": "prospect",
            "source": "from the person",
            "language": "fi",
            "email": "",
            "phone": "",
            "created_at": now,
            "updated_at": now,
            **values,
        },
    )
    db.session.add(made)
    db.session.flush()
    contact_words.write(made)
    return made


def _add(row: Any) -> Any:
    db.session.add(row)
    db.session.flush()
    return row


def interaction(of: Contact, summary: str = "Talked.", **values: Any) -> Interaction:
    """A call with a contact, an hour ago."""
    given = {
        "at": clock.now() - timedelta(hours=1),
        "channel": "call",
        "direction": "out",
        "purpose": "customer_service",
        **values,
    }
    return _add(Interaction(contact_id=of.id, summary=summary, **given))


def check(of: Contact, field: str = "email", outcome: str = "confirmed", **values: Any) -> Any:
    """A check of one field."""
    given = {"at": clock.now() - timedelta(hours=1), **values}
    return _add(FieldCheck(contact_id=of.id, field=field, outcome=outcome, **given))


def change(of: Contact, field: str = "title", old: str = "", new: str = "", **values: Any) -> Any:
    """A row of the history of changes."""
    given = {"at": clock.now() - timedelta(hours=2), **values}
    return _add(FieldChange(contact_id=of.id, field=field, old=old, new=new, **given))


def task(of: Contact, text: str = "Call again", **values: Any) -> Task:
    """A follow-up due today."""
    given = {"due_on": clock.today(), "created_at": clock.now(), **values}
    return _add(Task(contact_id=of.id, text=text, **given))


def notice(of: Contact, how: str = "call", **values: Any) -> Notice:
    """One time the contact was told where the data came from."""
    return _add(Notice(contact_id=of.id, how=how, **{"at": clock.now(), **values}))


def review(month: date = date(2026, 3, 1), **values: Any) -> LogReview:
    """A review of a month that nobody worked in."""
    given = {"seed": "0" * 32, "first_entry": 1, "last_entry": 2, "population": 2, "sampled": 0}
    limits = dumps({"review_sample": 30, "review_sample_each": 3})
    given |= {"gaps": 0, "limits": limits, "drawn_at": clock.now(), **values}
    return _add(LogReview(month=month, **given))


def review_item(of: LogReview, rule: str = "sample", **values: Any) -> LogReviewItem:
    """One thing to judge, that nobody did."""
    given = {"request_id": "marked", "at": clock.now(), "count": 1, "facts": "{}", **values}
    return _add(LogReviewItem(review_id=of.id, rule=rule, **given))


def breach(**values: Any) -> Breach:
    """A breach that became known now."""
    now = clock.now()
    given = {"status": "open", "aware_at": now, "detected_by": "staff", "created_at": now, **values}
    return _add(Breach(**given))


def objection(of: Contact, **values: Any) -> Objection:
    """An objection to marketing, said today on the telephone."""
    given = {"kind": "marketing", "channel": "call", "said_on": clock.today(), **values}
    return _add(Objection(contact_id=of.id, **{"noted_at": clock.now(), **given}))


def restriction(of: Contact, **values: Any) -> Restriction:
    """A restriction of processing that stands."""
    given = {"since": clock.now(), "ground": "a", **values}
    return _add(Restriction(contact_id=of.id, **given))


def disclosure(of: Contact, recipient: str = "Perintä Oy", **values: Any) -> Disclosure:
    """Name and address went to a recipient thirty days ago; nobody was told of anything since."""
    at = clock.now() - timedelta(days=30)
    given = {"basis": "contract", "categories": ["contact_details", "identity"], **values}
    given = {"disclosed_on": clock.day_of(at), "created_at": at, **given}
    return _add(Disclosure(contact_id=of.id, recipient=recipient, **given))


def told(of: str = "erasure") -> dict[str, Any]:
    """What a disclosure has whose recipient was told now."""
    return {"told_of": of, "told_at": clock.now()}


def hold(of: Contact, kind: str = "keep", reason: str = "still needed", **values: Any) -> Any:
    """One hold that keeps somebody despite the rule."""
    now = {"review_on": clock.today() + timedelta(days=30), "placed_at": clock.now()}
    return _add(RetentionHold(contact_id=of.id, kind=kind, reason=reason, **{**now, **values}))


def opening(of: Contact, reason: str = "a legal claim", **values: Any) -> Opening:
    """One time somebody restricted was opened."""
    return _add(Opening(contact_id=of.id, reason=reason, **{"at": clock.now(), **values}))


def person(
    app: Flask, given_name: str = "Aino", family_name: str = "Virtanen", **values: Any
) -> int:
    """The id of a new contact, committed."""
    with register(app):
        return contact(given_name, family_name, **values).id


# --- what the log says -----------------------------------------------------------------------


class Entry(NamedTuple):
    """One row of the access log, unpacked."""

    operation: str
    subject_type: str
    ids: tuple[int, ...]
    fields: tuple[str, ...]
    row: LogEntry


def entries(app: Flask, request_id: str = "") -> list[Entry]:
    """The entries of one request, or all of them, oldest first."""
    query = select(LogEntry).order_by(LogEntry.id)
    if request_id:
        query = query.where(LogEntry.request_id == request_id)
    with app.app_context():
        rows = db.session.scalars(query).all()
        db.session.remove()
    return [
        Entry(
            row.operation,
            row.subject_type,
            tuple(loads(row.subject_ids)),
            tuple(loads(row.fields)),
            row,
        )
        for row in rows
    ]


def entries_of(app: Flask, response: Any) -> list[Entry]:
    """The entries that belong to one answer."""
    return entries(app, response.headers["X-Request-ID"])


def subjects(found: list[Entry], kind: str = "contact", *operations: str) -> set[int]:
    """The ids of one type in entries (of these operations, or of any)."""
    return {
        id_
        for entry in found
        if entry.subject_type == kind and (not operations or entry.operation in operations)
        for id_ in entry.ids
    }

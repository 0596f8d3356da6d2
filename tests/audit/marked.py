"""A register in which every value carries the number of the person or company it belongs to.

`Etu000123` is the given name of contact 123, `Yritys000045` the name of company 45, and so on, so
that whoever reads any bytes can say whom they are about. Only such values count: a number in an
address (`/contacts/123`) tells nothing about a person to somebody who may not open it.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Flask
from sqlalchemy import update

from tests import factories
from wesentra import clock
from wesentra.audit import holds
from wesentra.audit.restorations import LogRestoration
from wesentra.crm.companies import words as company_words
from wesentra.crm.contacts import words as contact_words
from wesentra.crm.values import fold
from wesentra.models import (
    Company,
    Contact,
    Departure,
    FieldChange,
    FieldCheck,
    FieldUseState,
    ImportJob,
    ImportRow,
    Interaction,
    Notice,
    Objection,
    Opening,
    Restriction,
    RetentionDue,
    RetentionHold,
    RetentionRun,
    Task,
    Tombstone,
    db,
)
from wesentra.models.attribution import seen_by_program

CONTACTS, COMPANIES = 300, 60
TRADERS = {7: 21, 14: 42}
"""Companies of sole traders, and their person: what is said of the one is said of the other."""
OBJECTING, RESTRICTED = 50, 60
"""Who objects to marketing, and whose processing is restricted; somebody opened them once."""
WAITING = 70
"""Who was deleted by hand and can still be brought back: nobody sees them."""
UNUSED = (OBJECTING, 200, 201)
"""Who came years ago; nobody has used a field of theirs since."""
SUPPLIERS = range(100, 110)
"""Those who are no prospects as all the others."""
STRANGER = 999_999
"""The number in values that somebody types: nobody in the register has it."""

CONTACT_VALUE = re.compile(
    r"\b(?:etu|suku|titteli|lahde|muistio|puhelu|tehtava|vanha|uusi|perustelu|saaja)(\d{6})\b"
    r"|\bs(\d{6})@|(?:\+35840|\+358 ?40 ?|\b040 ?)1(\d{6})\b",
    re.IGNORECASE,
)
COMPANY_VALUE = re.compile(
    r"\b(?:yritys|katu|lasku|kunta|operaattori|ylahde|yvanha|ymuistio)(\d{6})\b"
    r"|\b1(\d{6})-0\b|\b00371(\d{6})0\b|(?:\+3589|\+358 ?9 ?|\b09 ?)2(\d{6})\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Found:
    """Whom some bytes are about."""

    contacts: frozenset[int]
    companies: frozenset[int]


def _numbers(pattern: re.Pattern[str], text: str, last: int) -> frozenset[int]:
    numbers = {int(next(filter(None, match.groups()))) for match in pattern.finditer(text)}
    return frozenset(number for number in numbers if 1 <= number <= last)


def found_in(text: str) -> Found:
    """The contacts and companies whose values stand in `text`; a sole trader is both."""
    companies = _numbers(COMPANY_VALUE, text, COMPANIES)
    traders = {TRADERS[number] for number in companies if number in TRADERS}
    return Found(_numbers(CONTACT_VALUE, text, CONTACTS) | traders, companies)


def fill(app: Flask, owner_id: int) -> None:
    """Put the marked contacts, companies and all that hangs on them into an empty register."""
    with clock.turned_to(clock.now() - timedelta(days=70)), factories.register(app) as acting:
        acting.event("purpose")  # the log knows a month that has ended
    with factories.register(app, "marked"):
        _companies()
        _contacts(owner_id)
        for number in range(1, CONTACTS + 1):
            _history(number, owner_id)
        _imports(owner_id)
        holds.place("breach", "2026-7", clock.today())
        _reviewed(owner_id)
        _rights(owner_id)
        with db.session.no_autoflush:
            for company, person in TRADERS.items():
                db.session.get_one(Company, company).person_id = person
    with factories.register(app, "marked"):
        _leaving(owner_id)


def _companies() -> None:
    now = clock.now()
    for number in range(1, COMPANIES + 1):
        name = f"Yritys{number:06}"
        made = Company(
            name=name,
            sort_key=fold.sort_key(name),
            business_id=f"1{number:06}-0",
            einvoice_address=f"00371{number:06}0",
            street=f"Katu{number:06}",
            post_office=f"Kunta{number:06}",
            billing_address=f"Lasku{number:06}",
            einvoice_operator=f"Operaattori{number:06}",
            switchboard=f"+35892{number:06}",
            source=f"Ylahde{number:06}",
            note=f"Ymuistio{number:06}",
            group="prospect",
            created_at=now,
            updated_at=now,
        )
        db.session.add(made)
        db.session.flush()
        assert made.id == number
        company_words.write(made)


def _contacts(owner_id: int) -> None:
    now = clock.now()
    for number in range(1, CONTACTS + 1):
        given, family = f"Etu{number:06}", f"Suku{number:06}"
        made = Contact(
            given_name=given,
            family_name=family,
            sort_key=fold.sort_key(f"{family} {given}"),
            title=f"Titteli{number:06}",
            phone=f"+358401{number:06}",
            email=f"s{number:06}@example.com",
            group="supplier" if number in SUPPLIERS else "prospect",
            source=f"Lahde{number:06}",
            language="fi",
            note=f"Muistio{number:06}",
            company_id=1 + number % (COMPANIES - 1),  # nobody works in the last one
            owner_id=owner_id,
            created_at=now,
            updated_at=now,
        )
        db.session.add(made)
        db.session.flush()
        assert made.id == number
        contact_words.write(made)


def _history(number: int, user_id: int) -> None:
    at = clock.now() - timedelta(days=200, minutes=number)
    whose = {"contact_id": number, "user_id": user_id, "at": at}
    call = Interaction(
        **whose,
        channel="call",
        direction="out",
        purpose="customer_service",
        summary=f"Puhelu{number:06}",
    )
    text = f"Tehtava{number:06}"
    db.session.add_all(
        [
            call,
            FieldCheck(**whose, field="title", outcome="confirmed"),
            FieldChange(**whose, field="title", old=f"Vanha{number:06}", new=f"Uusi{number:06}"),
            Task(
                contact_id=number,
                owner_id=user_id,
                text=text,
                due_on=clock.today(),
                created_at=clock.now(),
            ),
        ]
    )
    if number % 2:
        db.session.add(Notice(**whose, how="call"))


def _rights(user_id: int) -> None:
    now = clock.now()
    said = {"kind": "marketing", "said_on": clock.today(), "channel": "call", "noted_at": now}
    reason, long_ago = f"Perustelu{RESTRICTED:06}", now - timedelta(days=2)
    db.session.add(Objection(contact_id=OBJECTING, noted_by=user_id, **said))
    db.session.add(Restriction(contact_id=RESTRICTED, since=long_ago, ground="a"))
    db.session.add(Opening(contact_id=RESTRICTED, user_id=user_id, reason=reason, at=long_ago))
    for number in (OBJECTING, RESTRICTED, WAITING, 42, *LEAVING):
        one, known = db.session.get_one(Contact, number), number == HELD  # who can be erased
        told = factories.told() if known else {}
        factories.disclosure(one, f"Saaja{number:06}", disclosed_on=clock.today(), **told)
    waits = {"since": now, "until": now + timedelta(days=7), "sent_by": user_id}
    db.session.add(Departure(kind="contact", number=WAITING, **waits))
    db.session.add(_tombstone(user_id))
    db.session.add(FieldUseState(id=1, counted=0, counted_at=now, known_since=date(2015, 1, 1)))
    lost = {"at": now, "backup_at": now, "last": 1, "hash": b"0" * 32, "lost": 2, "key": "k"}
    db.session.add(LogRestoration(number=1, **lost, signature=b"0" * 64))
    for number in UNUSED:
        db.session.get_one(Contact, number).created_at = now - timedelta(days=1200)


def _tombstone(user_id: int) -> Tombstone:
    """Somebody was erased who is in no table any more."""
    gone = {"kind": "contact", "number": STRANGER, "rows": 12, "tables": 5, "rule": ""}
    gone |= {"reason": "request", "erased_by": user_id, "erasure": "e" * 32}
    return Tombstone(**gone, erased_at=clock.now(), cleared_at=clock.now())


HELD, LEAVING = 123, range(121, 126)
"""Who is held with a reason, and whose owner is asked, since their day comes soon."""


def _leaving(user_id: int) -> None:
    """A hold on a contact and one on a company, days that come soon, and a run that was stopped."""
    now, today = clock.now(), clock.today()
    said = {"kind": "claim", "owner_id": user_id, "review_on": today, "placed_at": now}
    held = {"contact_id": HELD, "reason": f"Perustelu{HELD:06}"}
    firm = {"company_id": 45, "reason": f"Ymuistio{45:06}"}
    stopped = {"state": "stopped", "begun_at": now, "rules": [], "counts": STOPPED}
    db.session.add_all([RetentionHold(**said, **held), RetentionHold(**said, **firm)])
    db.session.add(RetentionRun(day=today, **stopped))
    db.session.get_one(Company, 46).owner_id = user_id
    for column, ids in ((RetentionDue.contact_id, LEAVING), (RetentionDue.company_id, [45, 46])):
        soon = update(RetentionDue).where(column.in_(ids)).values(due_on=today)
        db.session.execute(soon, execution_options=seen_by_program("retention"))


STOPPED = {"everybody": 360, "due": 30, "undated": 0, "held": {"claim": 1}}
JOBS = {"done": 1, "mapping": 2, "checked": 3, "applying": 4}
"""Imports by state; the last one has stopped in its middle."""
CELLS = [f"Etu{STRANGER}", f"Suku{STRANGER}"]


def _imports(user_id: int) -> None:
    """One import in each state that a page shows; the done one brought every tenth contact."""
    columns = [["given_name", True], ["family_name", True]]
    read = {"kind": "csv", "encoding": "utf-8", "separator": ";", "columns": columns}
    now, long_ago = clock.now(), clock.now() - timedelta(hours=1)
    for state, number in JOBS.items():
        job = ImportJob(
            state=state,
            file_sha256=str(number) * 64,
            mapping=read,
            group="prospect",
            source="fair",
            user_id=user_id,
            created_at=long_ago,
            touched_at=long_ago,
            finished_at=now if state == "done" else None,
        )
        db.session.add(job)
        db.session.flush()
        assert job.id == number
        _row(number, 0, "headings", {"cells": ["Etunimi", "Sukunimi"]})
        _row(number, 2, "raw" if state == "mapping" else "rejected", {"cells": CELLS, "fault": ""})
    for number in range(1, CONTACTS + 1, 10):
        _row(JOBS["done"], number + 2, "created", {}, number)


def _reviewed(user_id: int) -> None:
    """An open review: the user is asked about two looks, others are to be judged; a breach."""
    review = factories.review()
    asked = {"actor_id": user_id, "verdict": "asked", "asked_at": clock.now()}
    for number in (123, 124):
        facts = '{"days": 14}'
        factories.review_item(review, "R1", contact_number=number, facts=facts, **asked)
    for number in (125, 126, 127):
        factories.review_item(review, contact_number=number)
    factories.breach(not_notified_reason="No risk.", facts="Seen.", effects="None.")


def _row(
    job: int, line: int, outcome: str, record: dict[str, object], contact: int | None = None
) -> None:
    row = ImportRow(job_id=job, line=line, outcome=outcome, reasons=[], record=record)
    row.contact_id = contact
    db.session.add(row)

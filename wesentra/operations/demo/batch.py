"""Many invented people at once, for benches: bulk statements that name whom they concern."""

from typing import Any

from sqlalchemy import insert

from wesentra import clock
from wesentra.actor import current
from wesentra.crm.companies import words as company_words
from wesentra.crm.contacts import words as contact_words
from wesentra.crm.values import fold
from wesentra.models import (
    Company,
    CompanyWord,
    Contact,
    ContactWord,
    FieldCheck,
    Interaction,
    Notice,
    db,
)
from wesentra.models.attribution import bulk_write
from wesentra.models.base import Base
from wesentra.models.codes import Outcome
from wesentra.operations.demo import words
from wesentra.operations.demo.invention import Inventor

PEOPLE_PER_FIRM = 60 / 25
TALKED_TO = 0.6
"""The share of people with an interaction."""
CHECKED = ("phone", "email")
Rows = list[dict[str, Any]]


def add(inventor: Inventor, people: int, owners: list[int]) -> None:
    """Add so many people in companies of their own, most of them called once; commits nothing."""
    now = clock.now()
    firms = inventor.firms(max(1, round(people / PEOPLE_PER_FIRM)))
    stamp = {"version": 1, "created_at": now, "updated_at": now}
    firm_rows = [
        {**firm.typed, "sort_key": fold.sort_key(firm.typed["name"])[:160], **stamp}
        for firm in firms
    ]
    firm_ids = _created(Company, "company", firm_rows)
    invented = inventor.people(firms, people)
    called = [inventor.rng.random() < TALKED_TO for _ in invented]
    rows = [
        {
            **one.typed,
            **stamp,
            "sort_key": _person_key(one.typed),
            "company_id": None if one.firm is None else firm_ids[one.firm],
            "owner_id": owners[number % len(owners)],
            "checked_at": now if called[number] else None,
        }
        for number, one in enumerate(invented)
    ]
    ids = _created(Contact, "contact", rows)
    _write_words(firm_ids, firm_rows, ids, rows)
    _talk_to([id_ for id_, yes in zip(ids, called, strict=True) if yes], inventor, owners[0])


def _person_key(typed: dict[str, str]) -> str:
    return fold.sort_key(f"{typed['family_name']} {typed['given_name']}")[:160]


def _created(class_: type[Base], kind: str, rows: Rows) -> list[int]:
    """Insert rows with the same columns; the ids, in their order, are noted as created."""
    columns = {name: "" for row in rows for name in row}
    statement = insert(class_).returning(class_.__table__.c.id, sort_by_parameter_order=True)
    options = bulk_write("create", kind, [], [])
    full = [columns | row for row in rows]
    ids = list(db.session.scalars(statement, full, execution_options=options))
    for id_ in ids:
        current().notes.written["create", kind, id_] = set(columns) - {"sort_key"}
    return ids


def _write_words(firm_ids: list[int], firms: Rows, ids: list[int], people: Rows) -> None:
    of_firms: Rows = []
    for id_, row in zip(firm_ids, firms, strict=True):
        found = company_words.of_values(row["name"], row["business_id"], row["switchboard"])
        of_firms += company_words.rows(id_, found)
    of_people: Rows = []
    for id_, row in zip(ids, people, strict=True):
        found = contact_words.of_values(
            row["given_name"], row["family_name"], row["email"], row["phone"]
        )
        of_people += contact_words.rows(id_, found)
    _insert(CompanyWord, "company", firm_ids, of_firms)
    _insert(ContactWord, "contact", ids, of_people)


def _talk_to(ids: list[int], inventor: Inventor, user_id: int) -> None:
    """One call with each: told where the data come from, number and address confirmed."""
    now = clock.now()
    by = {"user_id": user_id, "at": now}
    calls: Rows = [
        {
            **by,
            "contact_id": id_,
            "channel": "call",
            "direction": "out",
            "purpose": "data_check",
            "summary": inventor.rng.choice(words.SUMMARIES),
        }
        for id_ in ids
    ]
    if not calls:
        return
    statement = insert(Interaction).returning(Interaction.id, sort_by_parameter_order=True)
    options = bulk_write("update", "contact", ids, [])
    call_ids = list(db.session.scalars(statement, calls, execution_options=options))
    of = [{**by, "contact_id": c, "interaction_id": i} for c, i in zip(ids, call_ids, strict=True)]
    _insert(Notice, "contact", ids, [{**one, "how": "call"} for one in of])
    confirmed = {"outcome": Outcome.CONFIRMED.value, "reason": ""}
    checks = [{**one, **confirmed, "field": name} for one in of for name in CHECKED]
    _insert(FieldCheck, "contact", ids, checks)


def _insert(class_: type[Base], kind: str, ids: list[int], rows: Rows) -> None:
    options = bulk_write("update", kind, ids, [])
    db.session.execute(insert(class_), rows, execution_options=options)

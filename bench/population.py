"""A register full of invented people, written in bulk: the same seed gives the same people.

Rows go straight into the tables, without entries: this is how a bench gets its data, and no way
that the product has.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select

from wesentra.accounts import passwords
from wesentra.audit import entry  # noqa: F401 - the log's tables belong to the metadata
from wesentra.crm.companies import words as company_words
from wesentra.crm.contacts import words as contact_words
from wesentra.crm.values import fold
from wesentra.models import db
from wesentra.models.codes import Group
from wesentra.models.notice_acknowledgement import LOG_NOTICE
from wesentra.operations import schema
from wesentra.settings import Settings

PASSWORD = "long enough to be measured"  # noqa: S105 - opens a throw-away instance
BATCH = 5_000
ORDER = ("company", "company_word", "contact", "contact_word", "interaction", "field_check")
START = datetime(2025, 1, 1, 8, tzinfo=UTC)
ONSETS = "b d h j k l m n p r s t v kr pr st tr".split()
VOWELS = "a e i o u y ä ö aa ii uu ei ai uo ie".split()
ENDS = "nen la lä ri la sto mäki salo ranta koski niemi lahti".split()
TRADES = "Huolto Rakennus Konsultointi Kuljetus Kauppa Siivous Sähkö Metalli Puu Ohjelmisto".split()
TITLES = ("toimitusjohtaja", "ostaja", "kirjanpitäjä", "myyntipäällikkö", "asiantuntija", "")

Row = dict[str, Any]


def fill(settings: Settings, contacts: int, companies: int, users: int) -> None:
    """Make the schema, `users` with the role of staff, and people in companies; once."""
    schema.upgrade(settings)
    dice = random.Random(20261122)
    with schema.opened(settings.database_owner_url) as connection:
        if connection.scalar(select(func.count()).select_from(_table("contact"))):
            return
        _users(connection, users, settings.log_months)
        _put(connection, _companies(dice, companies))
        _put(connection, _contacts(dice, contacts, companies, users))
        connection.execute(delete(_table("row_change")))  # nobody is to tell of these
        connection.exec_driver_sql("ANALYZE")


def grant(settings: Settings, user: int, role: str) -> None:
    """Give a user one more role."""
    with schema.opened(settings.database_owner_url) as connection:
        row = {"user_id": user, "role": role, "valid_from": START}
        connection.execute(insert(_table("role_grant")), row)


def user_name(number: int) -> str:
    """The sign-in name of the number-th user, from 1."""
    return f"bench{number}"


def word(dice: random.Random) -> str:
    """An invented name that looks Finnish."""
    start = "".join(dice.choice(ONSETS) + dice.choice(VOWELS) for _ in range(dice.randint(1, 2)))
    return (start + dice.choice(ENDS)).capitalize()


def _table(name: str) -> Table:
    return db.metadata.tables[name]


def _put(connection: Connection, rows: Iterator[tuple[str, Row]]) -> None:
    """Insert rows in batches, each table's together, parents first."""
    while batch := list(islice(rows, BATCH)):
        for table in ORDER:
            if its := [row for name, row in batch if name == table]:
                connection.execute(insert(_table(table)), its)


def _users(connection: Connection, users: int, months: int) -> None:
    password_hash = passwords.hashed(PASSWORD)
    for number in range(1, users + 1):
        user = {"id": number, "name": user_name(number), "full_name": f"Bench {number}"}
        user |= {"password_hash": password_hash, "created_at": START}
        connection.execute(insert(_table("user_account")), user)
        grant = {"user_id": number, "role": "staff", "valid_from": START}
        connection.execute(insert(_table("role_grant")), grant)
        read = {"user_id": number, "version": LOG_NOTICE, "months": months, "at": START}
        connection.execute(insert(_table("notice_acknowledgement")), read)


def _companies(dice: random.Random, companies: int) -> Iterator[tuple[str, Row]]:
    for id_ in range(1, companies + 1):
        name = f"{word(dice)}n {dice.choice(TRADES)} Oy"
        row: Row = {"id": id_, "name": name, "sort_key": fold.sort_key(name)[:160]}
        row |= {"business_id": f"{id_:07d}-0", "switchboard": f"+3589{id_:07d}"}
        yield "company", row | _origin(dice)
        found = company_words.of_values(name, row["business_id"], row["switchboard"])
        yield from (("company_word", one) for one in company_words.rows(id_, found))


def _contacts(
    dice: random.Random, contacts: int, companies: int, users: int
) -> Iterator[tuple[str, Row]]:
    for id_ in range(1, contacts + 1):
        given, family = word(dice), word(dice)
        row: Row = {"id": id_, "given_name": given, "family_name": family}
        row |= {"sort_key": fold.sort_key(f"{family} {given}")[:160]}
        row |= {"company_id": dice.randint(1, companies), "owner_id": dice.randint(1, users)}
        row |= {"phone": f"+35840{id_:07d}", "email": f"{fold.fold(given)}.{id_}@example.fi"}
        row |= {"title": dice.choice(TITLES), "language": "fi", "note": ""}
        row |= {"checked_at": START + timedelta(hours=dice.randint(0, 15_000))}
        yield "contact", row | _origin(dice)
        found = contact_words.of_values(given, family, row["email"], row["phone"])
        yield from (("contact_word", one) for one in contact_words.rows(id_, found))
        yield from _talks(dice, id_, row["owner_id"], row["checked_at"])


def _origin(dice: random.Random) -> Row:
    made = {"created_at": START, "updated_at": START, "version": 1}
    return {"group": dice.choice(list(Group)).value, "source": "bench", **made}


def _talks(
    dice: random.Random, contact_id: int, user_id: int, at: datetime
) -> Iterator[tuple[str, Row]]:
    """Two calls with each person, with two checks after the later one."""
    own = {"contact_id": contact_id, "user_id": user_id}
    for number in (2 * contact_id - 1, 2 * contact_id):
        talk = own | {"id": number, "at": at - timedelta(days=2 * contact_id - number)}
        talk |= {"channel": "call", "direction": dice.choice(("in", "out"))}
        talk |= {"purpose": "customer_service", "summary": f"Puhuttiin: {word(dice)}."}
        yield "interaction", talk
    for field in ("phone", "email"):
        check = own | {"interaction_id": 2 * contact_id, "field": field, "at": at}
        yield "field_check", check | {"outcome": "confirmed", "reason": ""}

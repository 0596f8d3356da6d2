"""A log of years, written in bulk: entries, seals, checkpoints and figures as the product makes.

Rows go straight into the tables, in one file that nobody else has open; the indexes come last.
Whether it is the product's log is asked of the product: `log verify` walks it afterwards.
"""

import random
import sqlite3
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bench.log_mix import Kind, kinds
from wesentra import clock
from wesentra.audit import day, seal
from wesentra.audit.chain import CHECKPOINT_AGE, CHECKPOINT_ENTRIES

DAYS, USERS, PEOPLE = 730, 20, 100_000
PURPOSES = (
    *("customer_service", "sales", "billing", "contract"),
    *("marketing", "data_check", "subject_request", "log_review"),
)
PAGES = 5_000
"""So many different lists there are; one is shown again and again, the first ones more often."""
BATCH = 20_000
Row = dict[str, Any]


@dataclass
class Book:
    """Who stands in which entries: single people by their number, pages of them by their place."""

    dice: random.Random
    pages: dict[int, list[tuple[str, list[int]]]] = field(default_factory=dict)
    on_page: dict[tuple[int, int], list[int]] = field(default_factory=dict)
    single: dict[int, list[int]] = field(default_factory=dict)

    def some(self, size: int, number: int, about: str) -> str:
        """The packed ids of so many, for entry `number`; contacts are remembered."""
        if size == 1:
            one = 1 + int(self.dice.random() ** 3 * PEOPLE)
            if about == "contact":
                self.single.setdefault(one, []).append(number)
            return f"[{one}]"
        if size not in self.pages:
            made = (self.dice.sample(range(1, PEOPLE + 1), size) for _ in range(PAGES))
            self.pages[size] = [(seal.packed(ids), ids) for ids in made]
        place = int(self.dice.random() ** 2 * PAGES)
        if about == "contact":
            self.on_page.setdefault((size, place), []).append(number)
        return self.pages[size][place][0]

    def subjects(self) -> Iterator[tuple[int, int]]:
        """Every contact with each of its entries, in the order of the table's key."""
        lists: dict[int, list[list[int]]] = {}
        for (size, place), numbers in self.on_page.items():
            for contact in self.pages[size][place][1]:
                lists.setdefault(contact, []).append(numbers)
        for contact in range(1, PEOPLE + 1):
            found = set(self.single.get(contact, ())).union(*lists.get(contact, ()))
            for number in sorted(found):
                yield contact, number


@dataclass
class Log:
    """The log while it is written: the end of its chain and its last checkpoint."""

    connection: sqlite3.Connection
    key: Ed25519PrivateKey
    begin: datetime
    last: int = 0
    link: bytes = seal.START
    signed: seal.Checkpoint | None = None
    rows: list[Row] = field(default_factory=list)

    def add(self, entry: Row, at: datetime) -> None:
        """Seal one entry and take it into the batch."""
        self.last += 1
        salt = seal.new_salt()
        self.link = seal.link(self.link, self.last, seal.sealed(salt, entry))
        entry.update(id=self.last, salt=salt, hash=self.link, written=entry["at"], at=at)
        self.rows.append(entry)
        signed = self.signed
        if (
            not signed
            or self.last - signed.last >= CHECKPOINT_ENTRIES
            or at - signed.at >= CHECKPOINT_AGE
        ):
            self.sign(at)
        if len(self.rows) == BATCH:
            self.flush()

    def sign(self, at: datetime) -> None:
        """A checkpoint of the chain as it is."""
        self.signed = one = seal.sign(self.key, self.signed, self.last, self.link, at)
        put(self.connection, "log_checkpoint", [vars(one) | {"at": seal.moment(at)}])

    def flush(self) -> None:
        """Write the batch and what it adds to the days."""
        figures = day.figures(self.rows)
        for row in self.rows:
            row["at"] = row.pop("written")
            row.pop(day.FIRST)
        put(self.connection, "log_entry", self.rows)
        added = ", ".join(f"{name} = {name} + excluded.{name}" for name in day.FIGURES)
        for one in figures:
            one["day"] = one["day"].isoformat()
        then = f"ON CONFLICT DO UPDATE SET {added}"
        put(self.connection, "log_day", figures, then)
        put(self.connection, "log_total", day.totals(figures), then)
        self.rows.clear()


def put(connection: sqlite3.Connection, table: str, rows: list[Row], then: str = "") -> None:
    """Insert rows that have the same columns."""
    if rows:
        values = ", ".join(f":{name}" for name in rows[0])
        columns = ", ".join(f'"{name}"' for name in rows[0])
        connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({values}) {then}", rows)  # noqa: S608


def fill(file: Path, key: Ed25519PrivateKey, entries: int, people: int, days: int = DAYS) -> None:
    """Write about so many entries and shown people of the last `days` into a log, once."""
    connection = sqlite3.connect(file, isolation_level=None)
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000"):
        connection.execute(f"PRAGMA {pragma}")
    later = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'log_entry'"
    ).fetchall()
    for name, _ in later:
        connection.execute(f"DROP INDEX {name}")
    connection.execute("BEGIN")
    log = Log(connection, key, clock.now() - timedelta(days=days))
    book = _written(log, entries, people, days)
    connection.executemany("INSERT INTO log_subject VALUES (?, ?)", book.subjects())
    end = (log.last, log.link, log.signed.last, seal.moment(log.signed.at))
    connection.execute("UPDATE log_head SET last = ?, hash = ?, signed = ?, signed_at = ?", end)
    connection.execute("COMMIT")
    for _, sql in later:
        connection.execute(sql)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()


def _written(log: Log, entries: int, people: int, days: int) -> Book:
    dice = random.Random(20261122)
    book, mix = Book(dice), kinds(people / entries)
    weights = list(accumulate(kind.weight for kind in mix))
    begin = log.begin.astimezone(UTC).replace(hour=5, minute=0, second=0, microsecond=0)
    mornings = [begin + timedelta(days=number) for number in range(days)]
    working = [morning for morning in mornings if morning.weekday() < 5]
    while log.last < entries:
        place, within = divmod(log.last / entries * len(working), 1)
        at = working[int(place)] + timedelta(hours=within * 10)
        (kind,) = dice.choices(mix, cum_weights=weights)
        _request(log, book, kind, at)
    log.flush()
    log.sign(at)
    return book


def _request(log: Log, book: Book, kind: Kind, at: datetime) -> None:
    user = 1 + int(book.dice.random() ** 2 * USERS)
    shared = dict.fromkeys(seal.FIELDS) | {
        "at": seal.moment(at),
        "request_id": str(uuid.UUID(int=book.dice.getrandbits(128), version=4)),
        "actor_id": user,
        "role": "staff" if user > 2 else "privacy",
        "purpose": PURPOSES[(user + int(book.dice.random() ** 4 * 3)) % len(PURPOSES)],
        "outcome": kind.outcome,
        "channel": "web",
        "source": f"192.168.1.{user}",
        "endpoint": kind.endpoint,
    }
    for operation, about, size, fields, first in kind.parts:
        ids = book.some(size, log.last + 1, about) if size else "[]"
        said = {"subject_ids": ids, "shown": size or 1, "fields": fields, day.FIRST: first}
        log.add(shared | {"operation": operation, "subject_type": about} | said, at)

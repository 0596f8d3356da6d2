"""Whoever opens the database with another program and changes the log is found out.

The forger is the database's owner: they may do everything there, and know how seals are made.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError

from tests import factories
from tests.databases import Database, postgresql_only, sqlite_only
from wesentra import clock
from wesentra.actor import Acting, acting_as
from wesentra.audit import chain, evidence, keys, seal, stored, vouching
from wesentra.audit.material import Evidence
from wesentra.audit.seal import Checkpoint, fingerprint
from wesentra.audit.verdict import Fault, Finding, Verdict
from wesentra.audit.verification import verify
from wesentra.models.base import db
from wesentra.operations import log_walk

COLUMNS = ("id", *seal.FIELDS, "salt", "veil", "hash")
TABLES = (
    *("log_entry", "log_subject", "log_head", "log_checkpoint"),
    *("log_day", "log_total", "log_anchor", "log_hold"),
)
MANY = 12


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkpoint every five entries, and a process for as many."""
    monkeypatch.setattr(log_walk, "WORTH", 5)
    monkeypatch.setattr(chain, "CHECKPOINT_ENTRIES", 5)
    monkeypatch.setattr(stored, "CHECKPOINT_ENTRIES", 5)


@pytest.fixture
def looked(app: Flask) -> Flask:
    """A register with a dozen looks in its log."""
    for number in range(1, MANY + 1):
        look(app, number)
    return app


def look(app: Flask, number: int) -> None:
    acting = Acting(1, "staff", "sales", f"look {number}", source="127.0.0.1")
    with app.app_context(), acting_as(acting):
        acting.notes.shown["contact", number] = {"email", "phone"}
        db.session.commit()
        db.session.remove()


def found(
    app: Flask, copies: list[Checkpoint] | None = None, folder_key: bool = True
) -> Finding | None:
    """What the verification names first."""
    key = keys.signing_key(app.extensions["wesentra_settings"].instance).public_key()
    known = {fingerprint(key): key} if folder_key else {}
    with app.app_context(), stored.evidence(db.engine, known, copies or ()) as evidence:
        verdict = verify(evidence)
        if verdict.entries:
            assert by_pieces(evidence) == (verdict if verdict.finding is None else None)
        return verdict.finding


def by_pieces(evidence: Evidence) -> Verdict | None:
    """What several processes say together."""
    parts = log_walk.pieces(evidence, 4)
    if vouching.anchors(evidence) is not None:
        return None
    with stored.snapshot(db.engine) as connection:
        found = [log_walk.walked(connection, part) for part in parts]
    return log_walk.joined(evidence, parts, found, evidence.beside()) if parts else None


def copied(app: Flask) -> list[Checkpoint]:
    """The checkpoints as they would have been copied to another place by now."""
    with app.app_context(), db.engine.connect() as connection:
        return stored.checkpoints(connection)


def take_tripwires_away(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        for table in TABLES:
            connection.execute(text(f"alter table {table} disable trigger user"))
        return
    names = connection.execute(text("select name from sqlite_master where type = 'trigger'"))
    for (name,) in names.all():
        connection.execute(text(f"drop trigger {name}"))


def forge(database: Database, *work: Callable[[Connection], None] | str) -> None:
    """Do something as the owner of the database, once the triggers are out of the way."""
    engine = create_engine(database.owner_url)
    with engine.begin() as connection:
        take_tripwires_away(connection)
        for step in work:
            if isinstance(step, str):
                connection.execute(text(step))
            else:
                step(connection)
    engine.dispose()


def read(connection: Connection, number: int) -> dict[str, object]:
    row = connection.execute(
        text(f"select {', '.join(COLUMNS)} from log_entry where id = :id"),  # noqa: S608 - names
        {"id": number},
    ).one()
    return dict(row._mapping)


def write(connection: Connection, row: dict[str, object]) -> None:
    values = ", ".join(f":{name}" for name in COLUMNS)
    connection.execute(
        text(f"insert into log_entry ({', '.join(COLUMNS)}) values ({values})"),  # noqa: S608
        row,
    )


def own_leaf(row: dict[str, object]) -> bytes:
    """The leaf of an entry as it stands: PostgreSQL gives moments, SQLite their text."""
    at = row["at"].replace(tzinfo=UTC) if isinstance(row["at"], datetime) else row["at"]
    return seal.sealed(bytes(row["salt"]), {**row, "at": at})  # type: ignore[call-overload]


def resealed(connection: Connection, first: int) -> bytes:
    """Make every link from `first` on anew, as one can who knows how; the last link."""
    link = seal.START if first == 1 else bytes(read(connection, first - 1)["hash"])  # type: ignore[call-overload]
    numbers = connection.execute(
        text("select id from log_entry where id >= :id order by id"), {"id": first}
    )
    for (number,) in numbers.all():
        row = read(connection, number)
        link = seal.link(link, number, seal.sealed(bytes(row["salt"]), row))  # type: ignore[call-overload]
        connection.execute(
            text("update log_entry set hash = :hash where id = :id"), {"hash": link, "id": number}
        )
    connection.execute(text("update log_head set hash = :hash"), {"hash": link})
    return link


@pytest.mark.parametrize(
    "statement",
    [
        "update log_entry set role = 'admin' where id = 4",
        "update log_entry set hash = hash where id = 4",
        "update log_entry set salt = null where id = 4",
        "update log_entry set salt = null, veil = hash, id = 99 where id = 4",
        "delete from log_entry where id = 12",
        "update log_checkpoint set last = 99",
        "delete from log_checkpoint",
        "update log_head set last = 3",
        "delete from log_head",
        "delete from log_subject",
        "update log_subject set contact_id = 99 where entry_id = 4",
    ],
)
def test_the_tripwire_refuses(looked: Flask, database: Database, statement: str) -> None:
    engine = create_engine(database.owner_url)
    with engine.connect() as connection:
        with pytest.raises(DBAPIError, match="append-only"):
            connection.execute(text(statement))
        connection.rollback()
    engine.dispose()
    assert found(looked) is None


@postgresql_only
@pytest.mark.parametrize(
    "table", [table for table in TABLES if table not in ("log_day", "log_total")]
)
def test_the_tripwire_refuses_to_empty_a_table(
    looked: Flask, database: Database, table: str
) -> None:
    test_the_tripwire_refuses(looked, database, f"truncate {table} cascade")


def test_a_log_that_nobody_touched_is_whole(looked: Flask) -> None:
    assert found(looked) is None
    assert [one.last for one in copied(looked)] == [1, 6, 11]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "2020-01-01 00:00:00.000000"),
        ("request_id", "another"),
        ("actor_id", 2),
        ("actor_id", None),
        ("role", "admin"),
        ("purpose", "billing"),
        ("operation", "list"),
        ("subject_type", "company"),
        ("subject_ids", "[99]"),
        ("shown", 2),
        ("fields", "[]"),
        ("outcome", "denied"),
        ("channel", "cli"),
        ("source", "10.0.0.1"),
        ("endpoint", "day.index"),
        ("salt", b"0" * 16),
        ("salt", None),
        ("veil", b"0" * 32),
        ("hash", b"0" * 32),
        ("role", "staff\nsales"),
    ],
)
def test_a_changed_column_is_named(
    looked: Flask, database: Database, column: str, value: object
) -> None:
    def change(connection: Connection) -> None:
        given = datetime.fromisoformat(value) if column == "at" else value  # type: ignore[arg-type]
        statement = f"update log_entry set {column} = :value where id = 4"  # noqa: S608 - a name
        connection.execute(text(statement), {"value": given})

    forge(database, change)
    if column == "veil":  # says nothing beside a salt
        assert found(looked) is None
    else:
        assert found(looked) == Finding(Fault.CHANGED, 4)


KINDS = {
    "actor_id": "X'31'",
    "actor_id ": "1.0",
    "subject_type": "CAST('contact' AS BLOB)",
    "operation": "CAST('view' AS BLOB)",
    "request_id": "CAST(request_id AS BLOB)",
    "at": "CAST(at AS BLOB)",
    "shown": "X'31'",
    "salt": "CAST(salt AS TEXT)",
}


@sqlite_only
@pytest.mark.parametrize("column", KINDS)
def test_a_value_of_another_kind_is_a_change(
    looked: Flask, database: Database, column: str
) -> None:
    """It reads as it is sealed, but no question for the word finds it."""
    forge(database, f"update log_entry set {column} = {KINDS[column]} where id = 4")  # noqa: S608
    if column == "actor_id ":  # a whole number is kept as one
        assert found(looked) is None
    else:
        assert found(looked) == Finding(Fault.CHANGED, 4)


@sqlite_only
@pytest.mark.parametrize(
    "statement",
    [
        "insert into log_day select day, actor_id, role, purpose, operation, about, 2, entries,"
        " shown, requests from log_day",
        "update log_day set actor_id = X'31'",
        "update log_total set operation = CAST(operation AS BLOB)",
        "update log_total set done = -1",
    ],
)
def test_figures_of_another_kind_are_named(
    looked: Flask, database: Database, statement: str
) -> None:
    forge(database, statement)
    finding = found(looked)
    assert finding is not None
    assert finding.fault == Fault.FIGURES


def test_a_value_moved_into_the_next_column_is_a_change(looked: Flask, database: Database) -> None:
    forge(
        database,
        "update log_entry set role = 'staff' || '\n' || 'sales', purpose = '' where id = 4",
    )
    assert found(looked) == Finding(Fault.CHANGED, 4)


@sqlite_only
def test_a_part_of_a_moment_moved_into_the_salt_is_a_change(
    looked: Flask, database: Database
) -> None:
    """The hash stays; only SQLite keeps a moment as a text that can be cut."""
    forge(
        database,
        "update log_entry set salt = salt || '20', at = substr(at, 3) where id = 4",
    )
    assert found(looked) == Finding(Fault.CHANGED, 4)


@sqlite_only
@pytest.mark.parametrize("column", ["salt", "hash"])
def test_a_text_in_the_place_of_bytes_is_a_change(
    looked: Flask, database: Database, column: str
) -> None:
    """Only SQLite keeps a value of another type than the column's."""
    forge(database, f"update log_entry set {column} = 'sixteen letters!' where id = 4")  # noqa: S608
    assert found(looked) == Finding(Fault.CHANGED, 4)


def test_a_removed_entry_is_missing(looked: Flask, database: Database) -> None:
    forge(
        database, "delete from log_subject where entry_id = 7", "delete from log_entry where id = 7"
    )
    assert found(looked) == Finding(Fault.MISSING, 7)


def test_a_removed_entry_is_missing_also_when_those_after_it_move_up(
    looked: Flask, database: Database
) -> None:
    forge(
        database,
        "delete from log_subject",
        "delete from log_entry where id = 7",
        "update log_entry set id = -id where id > 7",
        "update log_entry set id = -id - 1 where id < 0",
    )
    assert found(looked) == Finding(Fault.MISSING, 7)


def test_an_inserted_entry_is_named(looked: Flask, database: Database) -> None:
    def insert(connection: Connection) -> None:
        row = read(connection, 5)
        connection.execute(text("delete from log_subject"))
        connection.execute(text("update log_entry set id = -id where id > 5"))
        connection.execute(text("update log_entry set id = -id + 1 where id < 0"))
        write(connection, {**row, "id": 6, "subject_ids": "[99]"})

    forge(database, insert)
    assert found(looked) == Finding(Fault.INSERTED, 6)


@pytest.mark.parametrize(("one", "other"), [(4, 9), (4, 5), (1, 12)])
def test_swapped_entries_are_named(looked: Flask, database: Database, one: int, other: int) -> None:
    def swap(connection: Connection) -> None:
        first, second = read(connection, one), read(connection, other)
        connection.execute(text("delete from log_subject"))
        connection.execute(
            text("delete from log_entry where id in (:a, :b)"), {"a": one, "b": other}
        )
        write(connection, {**first, "id": other})
        write(connection, {**second, "id": one})

    forge(database, swap)
    assert found(looked) == Finding(Fault.MOVED, one, other)


def test_a_cut_tail_is_named(looked: Flask, database: Database) -> None:
    cut = ("delete from log_subject where entry_id > 9", "delete from log_entry where id > 9")
    forge(database, *cut)
    assert found(looked) == Finding(Fault.CUT, 10, 12)


def test_a_cut_tail_with_a_head_to_fit_shows_against_the_checkpoints(
    looked: Flask, database: Database
) -> None:
    def cut(connection: Connection) -> None:
        connection.execute(text("delete from log_subject where entry_id > 9"))
        connection.execute(text("delete from log_entry where id > 9"))
        hash_ = read(connection, 9)["hash"]
        connection.execute(text("update log_head set last = 9, hash = :hash"), {"hash": hash_})

    forge(database, cut)
    assert found(looked) == Finding(Fault.CUT, 10, 11)


def test_a_cut_tail_with_everything_to_fit_shows_against_a_copy_only(
    looked: Flask, database: Database
) -> None:
    copies = copied(looked)

    def cut(connection: Connection) -> None:
        connection.execute(text("delete from log_subject where entry_id > 9"))
        connection.execute(text("delete from log_entry where id > 9"))
        connection.execute(text("delete from log_checkpoint where last > 9"))
        for table in ("log_day", "log_total"):
            new = "entries = 9, shown = 9, requests = 9"
            connection.execute(text(f"update {table} set {new}"))  # noqa: S608
        hash_ = read(connection, 9)["hash"]
        connection.execute(text("update log_head set last = 9, hash = :hash"), {"hash": hash_})

    forge(database, cut)
    assert found(looked) is None
    assert found(looked, copies) == Finding(Fault.CUT, 10, 11)


def test_an_emptied_log_is_named(looked: Flask, database: Database) -> None:
    forge(database, "delete from log_subject", "delete from log_entry")
    assert found(looked) == Finding(Fault.CUT, 1, 12)


def test_an_entry_added_past_the_head_is_named(looked: Flask, database: Database) -> None:
    def add(connection: Connection) -> None:
        row = read(connection, 12)
        own = own_leaf(row)
        link = seal.link(bytes(row["hash"]), 13, own)  # type: ignore[call-overload]
        write(connection, {**read(connection, 12), "id": 13, "hash": link})

    forge(database, add)
    assert found(looked) == Finding(Fault.INSERTED, 13)


def test_a_chain_made_anew_without_the_key_shows_at_the_next_checkpoint(
    looked: Flask, database: Database
) -> None:
    forge(
        database,
        "update log_entry set subject_ids = '[99]' where id = 8",
        lambda connection: resealed(connection, 8),
    )
    assert found(looked) == Finding(Fault.REWRITTEN, 7, 11)


def test_checkpoints_taken_away_leave_entries_that_nobody_signed_in_time(
    app: Flask, database: Database
) -> None:
    """Without the key: everything from an entry on is made anew, and the next look signs it."""
    for number in range(1, 11):
        with clock.turned_to(clock.now() - timedelta(days=20 - number)):
            look(app, number)
    assert found(app) is None

    def anew(connection: Connection) -> None:
        connection.execute(text("update log_entry set subject_ids = '[99]' where id = 8"))
        connection.execute(text("update log_subject set contact_id = 99 where entry_id = 8"))
        resealed(connection, 8)
        connection.execute(text("delete from log_checkpoint where last >= 8"))
        connection.execute(text("update log_head set signed = 7"))

    forge(database, anew)
    assert found(app) == Finding(Fault.LATE, 8, 10)
    look(app, 11)
    assert [one.last for one in copied(app)] == [*range(1, 8), 11]
    assert found(app) == Finding(Fault.LATE, 8, 11)


def test_a_log_that_is_used_now_and_then_is_signed_in_time(app: Flask) -> None:
    """After nights and years, with clocks that are set, and by the daily job."""
    now = clock.now()
    hours = (0, 0.2, 0.3, 9, 9.2, 9.3, 9.4, 30, 9000, 9000.1, 24, 24.1, 24.4, 9000.5)
    for number, hour in enumerate(hours, 1):
        with clock.turned_to(now + timedelta(hours=hour - 20_000)):
            look(app, number)
            if number % 5 == 0:
                with app.app_context():
                    evidence.checkpoint(db.engine, app.extensions["wesentra_settings"])
            assert found(app) is None, hour


def with_new_checkpoints(key: Ed25519PrivateKey) -> Callable[[Connection], None]:
    """Change an entry, make the chain anew and sign it with `key`."""

    def work(connection: Connection) -> None:
        connection.execute(text("update log_entry set subject_ids = '[99]' where id = 2"))
        connection.execute(text("update log_subject set contact_id = 99 where entry_id = 2"))
        resealed(connection, 2)
        old = stored.checkpoints(connection)
        connection.execute(text("delete from log_checkpoint"))
        before: Checkpoint | None = None
        for one in old:
            hash_ = bytes(read(connection, one.last)["hash"])  # type: ignore[call-overload]
            before = seal.sign(key, before, one.last, hash_, one.at)
            connection.execute(
                text(
                    "insert into log_checkpoint (number, last, hash, at, previous, key, signature)"
                    " values (:number, :last, :hash, :at, :previous, :key, :signature)"
                ),
                {**vars(before), "at": seal.moment(before.at)},
            )

    return work


def test_a_chain_made_anew_and_signed_by_another_key_is_named(
    looked: Flask, database: Database
) -> None:
    forge(database, with_new_checkpoints(Ed25519PrivateKey.generate()))
    assert found(looked) == Finding(Fault.OTHER_KEY, 1)


def test_a_chain_made_anew_with_the_stolen_key_shows_against_a_copy_only(
    looked: Flask, database: Database
) -> None:
    copies = copied(looked)
    stolen = keys.signing_key(looked.extensions["wesentra_settings"].instance)
    forge(database, with_new_checkpoints(stolen))
    assert found(looked) is None
    assert found(looked, copies) == Finding(Fault.REWRITTEN, 2, 6)


def test_an_old_database_put_back_shows_against_a_copy_only(
    looked: Flask, database: Database
) -> None:
    """As if a backup had been played back over the file: everything in it fits."""
    for number in range(20, 26):
        look(looked, number)
    copies = copied(looked)
    forge(
        database,
        "delete from log_subject where entry_id > 12",
        "delete from log_entry where id > 12",
        "delete from log_checkpoint where last > 12",
        "update log_day set entries = 12, shown = 12, requests = 12",
        "update log_total set entries = 12, shown = 12, requests = 12",
        lambda c: (
            c.execute(
                text("update log_head set last = 12, hash = :hash, signed = 11"),
                {"hash": read(c, 12)["hash"]},
            )
            and None
        ),
    )
    assert found(looked) is None
    assert found(looked, copies) == Finding(Fault.CUT, 13, 16)


def test_a_removed_checkpoint_is_named(looked: Flask, database: Database) -> None:
    forge(database, "delete from log_checkpoint where number = 2")
    assert found(looked) == Finding(Fault.CHECKPOINT, 11)


def test_removed_checkpoints_at_the_end_leave_too_much_unsigned(
    looked: Flask, database: Database
) -> None:
    forge(database, "delete from log_checkpoint where number > 1")
    assert found(looked) == Finding(Fault.UNSIGNED, 2, 12)


def test_a_checkpoint_of_another_state_is_named(looked: Flask, database: Database) -> None:
    forge(database, "update log_checkpoint set last = 5 where number = 2")
    assert found(looked) == Finding(Fault.REWRITTEN, 2, 5)


def test_without_the_right_key_nothing_counts_as_signed(looked: Flask) -> None:
    assert found(looked, folder_key=False) == Finding(Fault.OTHER_KEY, 1)


def test_what_was_redacted_keeps_its_place_but_somebody_has_to_vouch_for_it(
    looked: Flask, database: Database
) -> None:
    def redact(connection: Connection) -> None:
        row = read(connection, 4)
        cleared = "subject_ids = '[]', fields = '[]', source = '', endpoint = ''"
        connection.execute(
            text(f"update log_entry set salt = null, veil = :veil, {cleared} where id = 4"),  # noqa: S608
            {"veil": seal.veil(bytes(row["salt"]), seal.told(row, seal.GOES))},  # type: ignore[call-overload]
        )

    forge(database, redact)
    assert found(looked) == Finding(Fault.REDACTED, 4)


def test_the_packed_lists_of_an_entry_are_those_of_its_seal(looked: Flask) -> None:
    row = factories.entries(looked)[0].row
    assert row.subject_ids == seal.packed(json.loads(row.subject_ids))

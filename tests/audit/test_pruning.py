"""Old entries go by whole segments and leave an anchor; what is left verifies, what is cut not.

The forger of `test_forgery` is at work here as well.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from sqlalchemy import Connection, create_engine, insert, select, text
from sqlalchemy.exc import DBAPIError

from tests import factories
from tests.audit.test_forgery import copied, forge, found, look, often
from tests.databases import Database, postgresql_only, sqlite_only
from wesentra import clock
from wesentra.actor import Acting, acting_as
from wesentra.audit import anchor, forgetting, holds, keys, ledger, pruning, results, stored
from wesentra.audit.anchor import Anchor
from wesentra.audit.day import finnish
from wesentra.audit.entry import LogSubject
from wesentra.audit.life import LogAnchor
from wesentra.audit.pruning import Pruned
from wesentra.audit.verdict import Fault, Finding, Verdict
from wesentra.deadlines import months_after
from wesentra.models.base import Base, db, writing
from wesentra.refusal import Refused

__all__ = ["often"]
OLD = clock.now() - timedelta(days=900)
ANCHORS = Base.metadata.tables[LogAnchor.__tablename__]


@pytest.fixture
def aged(app: Flask) -> Flask:
    """Twenty looks of ten old days, each with a checkpoint since they are rare; six of today."""
    for number in range(1, 21):
        with clock.turned_to(OLD + timedelta(hours=12 * number)):
            look(app, number)
    for number in range(21, 27):
        look(app, number)
    return app


@contextmanager
def keeping(app: Flask) -> Iterator[None]:
    """Whoever looks after the log: the daily job, for example."""
    acting = Acting(None, "system", "log_review", "keeper", channel="job")
    token = writing.set(True)
    try:
        with app.app_context(), acting_as(acting):
            yield
            db.session.commit()
            db.session.remove()
    finally:
        writing.reset(token)


def prune(app: Flask, months: int = 24, **options: bool) -> Pruned:
    with keeping(app):
        folder = app.extensions["wesentra_settings"].instance
        return pruning.prune(folder, months, **options)


def rows(app: Flask) -> list[int]:
    return [entry.row.id for entry in factories.entries(app)]


def anchors(app: Flask) -> list[Anchor]:
    with app.app_context(), db.engine.connect() as connection:
        return stored.anchors(connection)


def test_old_segments_go_and_what_is_left_is_whole(aged: Flask) -> None:
    before = rows(aged)
    last = max(one.last for one in copied(aged) if one.last <= 20)
    assert prune(aged) == Pruned(1, last)
    assert found(aged) is None
    assert rows(aged) == [*range(last + 1, len(before) + 1), len(before) + 1]
    told = factories.entries(aged)[-1]
    assert (told.operation, told.subject_type, told.ids) == ("log_prune", "entry", (1, last))
    with aged.app_context():
        assert db.session.scalars(select(LogSubject.entry_id)).all() == [*range(last + 1, 27)]
        db.session.remove()
    assert copied(aged)[0].last == last
    assert [(one.last, one.gone) for one in anchors(aged)] == [(last, last)]


def test_it_goes_on_where_it_stopped(aged: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "GROUP", 2)
    monkeypatch.setattr(forgetting, "PORTION", 3)
    assert prune(aged).last >= 16
    assert len(anchors(aged)) > 1
    assert found(aged) is None
    assert prune(aged) == Pruned()
    look(aged, 40)
    assert found(aged) is None


def test_only_looking_changes_nothing(aged: Flask) -> None:
    before = rows(aged)
    said = prune(aged, only_look=True)
    assert said.last >= 16
    assert rows(aged) == before
    assert anchors(aged) == []
    assert prune(aged) == said


def test_what_is_not_old_enough_stays(aged: Flask) -> None:
    assert prune(aged, 60) == Pruned()
    assert anchors(aged) == []


# --- holds ----------------------------------------------------------------------------------


def hold(app: Flask, first: date, last: date | None = None) -> int:
    with keeping(app):
        return holds.place("breach", "2026-7", first, last).id


def test_a_hold_keeps_its_days_and_what_follows_until_it_is_lifted(aged: Flask) -> None:
    middle = finnish(OLD + timedelta(hours=12 * 10))
    number = hold(aged, middle, middle)
    pruned = prune(aged)
    assert 0 < pruned.last < 10
    assert pruned.hold == number
    assert finnish(factories.entries(aged)[0].row.at) <= middle
    assert prune(aged) == Pruned(hold=number)
    with keeping(aged):
        holds.lift(holds.get(number), "It is over.")
    assert prune(aged).last >= 16
    assert found(aged) is None
    told = [entry for entry in factories.entries(aged) if entry.operation == "log_hold"]
    assert [entry.fields for entry in told] == [
        ("breach", "placed"),
        ("breach", "lifted", "reason_given"),
    ]


@pytest.mark.parametrize(("first", "last", "stops"), [(-1, None, True), (-9, -3, False)])
def test_an_open_hold_keeps_everything_and_one_of_days_before_the_log_nothing(
    aged: Flask, first: int, last: int | None, stops: bool
) -> None:
    day = finnish(OLD)
    hold(aged, day + timedelta(first), None if last is None else day + timedelta(last))
    assert (prune(aged).last == 0) is stops


def test_a_hold_placed_in_between_is_seen(aged: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    planned = pruning._planned

    def slowly(months: int, most: int | None) -> pruning.Plan:
        plan = planned(months, most)
        with aged.app_context(), acting_as(Acting(None, "system", "log_review", "other")):
            holds.place("request", "T/1", finnish(OLD))
            db.session.commit()
        monkeypatch.setattr(pruning, "_planned", planned)
        return plan

    monkeypatch.setattr(pruning, "_planned", slowly)
    assert prune(aged).last == 0
    assert anchors(aged) == []


# --- cut short --------------------------------------------------------------------------------


def test_a_crash_between_anchor_and_removal_harms_nothing(
    aged: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read_of(aged, 1) == (1, 1, 1, 1)
    monkeypatch.setattr(forgetting, "forget", crash)
    with pytest.raises(KeyboardInterrupt):
        prune(aged)
    assert rows(aged)[0] == 1
    assert found(aged) is None
    with aged.app_context():
        assert next(ledger.each(ledger.Wanted())).id == anchors(aged)[0].last + 1
        db.session.remove()
    assert read_of(aged, 1) == (0, 0, 0, 0)
    with aged.app_context():
        gone = anchors(aged)[0].last
        found_all = ledger.page(ledger.Wanted(), size=1000).entries
        assert min(entry.id for entry in found_all) == gone + 1
        assert ledger.extent().entries == len(found_all)
        assert ledger.coverage().first == found_all[-1].at
        db.session.remove()
    monkeypatch.undo()
    assert prune(aged) == Pruned()
    assert rows(aged)[0] == anchors(aged)[0].last + 1
    assert found(aged) is None


def read_of(app: Flask, person: int) -> tuple[int, int, int, int]:
    """How often the log's pages, answers, figures and requests tell of a person."""
    wanted = ledger.Wanted(contact=person)
    with app.app_context():
        told = (
            len(ledger.page(wanted).entries),
            len(list(ledger.handlings(person))),
            ledger.by_contact(wanted).get(person, 0),
            len(ledger.of_request(f"look {person}")),
        )
        db.session.remove()
    return told


def crash(*_: object) -> None:
    raise KeyboardInterrupt


# --- nothing goes while something is wrong ----------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "update log_entry set role = 'admin' where id = 4",
        "update log_day set entries = entries + 1 where entries > 0",
        "update log_subject set contact_id = 99 where entry_id = 4",
    ],
)
def test_of_a_forged_log_nothing_goes(aged: Flask, database: Database, statement: str) -> None:
    """It would be gone as evidence, and what was forged would be signed."""
    forge(database, statement)
    wrong, before = found(aged), rows(aged)
    with pytest.raises(Refused):
        prune(aged)
    assert wrong is not None
    assert (found(aged), rows(aged), anchors(aged)) == (wrong, before, [])


def test_forged_figures_of_days_that_went_are_not_signed(aged: Flask, database: Database) -> None:
    prune(aged, months=29)
    first = finnish(OLD + timedelta(hours=12))
    for table in ("log_day", "log_total"):
        forge(database, f"update {table} set shown = shown + 5 where day = '{first}'")  # noqa: S608
    wrong = found(aged)
    assert wrong is not None
    assert wrong.fault == Fault.OLD_FIGURES
    with pytest.raises(Refused):
        prune(aged)
    assert found(aged) == wrong


def test_what_was_found_before_keeps_everything(aged: Flask) -> None:
    """Against copies, for example, that are not here now."""
    with aged.app_context():
        results.keep(db.engine, Verdict(26, 9, Finding(Fault.CUT, 27, 40), last=26), "hand", 0.1)
    with pytest.raises(Refused, match="27"):
        prune(aged)
    assert anchors(aged) == []


def test_a_hold_that_was_taken_away_is_named_and_nothing_goes(
    aged: Flask, database: Database
) -> None:
    with keeping(aged):
        held = holds.place("breach", "B-1", finnish(OLD)).id
        other = holds.place("request", "R-1", finnish(OLD)).id
    with keeping(aged):
        holds.lift(holds.get(other), "It is over.")
    assert found(aged) is None
    forge(database, "delete from log_hold")
    assert found(aged) == Finding(Fault.HOLD, held)
    with pytest.raises(Refused):
        prune(aged)
    assert anchors(aged) == []


@postgresql_only
def test_how_a_database_writes_dates_does_not_matter(aged: Flask, database: Database) -> None:
    engine = create_engine(database.owner_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        name = connection.scalar(text("select current_database()"))
        connection.execute(text(f"alter database {name} set datestyle = 'SQL, DMY'"))
    engine.dispose()
    with aged.app_context():
        db.engine.dispose()
        assert db.session.scalar(text("show datestyle")) == "SQL, DMY"
        wanted = ledger.Wanted(user=1, request="look 3")
        assert len(ledger.by_day(wanted)) == 1
        db.session.remove()
    assert found(aged) is None


# --- the figures outlive it -------------------------------------------------------------------


def test_the_figures_are_those_of_before(aged: Flask) -> None:
    def figures() -> object:
        with aged.app_context():
            wanted = ledger.Wanted(operation="view")
            said = ledger.by_day_and_purpose(wanted), ledger.by_day(wanted), ledger.count(wanted)
            db.session.remove()
            return said

    before = figures()
    prune(aged)
    assert figures() == before


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("update log_day set entries = entries + 1 where day = '{first}'", Fault.OLD_FIGURES),
        ("update log_day set shown = shown - 1 where day = '{today}'", Fault.FIGURES),
        ("update log_day set requests = 99 where day = '{today}'", Fault.FIGURES),
        ("delete from log_day where day = '{today}'", Fault.FIGURES),
        ("delete from log_day where day = '{first}'", Fault.OLD_FIGURES),
        ("update log_day set purpose = 'billing' where day = '{today}'", Fault.FIGURES),
        ("update log_total set entries = entries + 1 where day = '{today}'", Fault.FIGURES),
        ("update log_total set requests = 0 where day = '{today}'", Fault.FIGURES),
        ("delete from log_total where day = '{today}'", Fault.FIGURES),
        ("update log_total set purpose = 'billing' where day = '{today}'", Fault.FIGURES),
    ],
)
def test_changed_figures_are_named(
    aged: Flask, database: Database, statement: str, fault: Fault
) -> None:
    prune(aged)
    days = {"first": finnish(OLD + timedelta(hours=12)), "today": clock.today()}
    forge(database, statement.format(**days) + " and operation = 'view'")
    finding = found(aged)
    assert finding is not None
    assert finding.fault == fault
    assert finding.day == (anchors(aged)[0].until if fault == Fault.OLD_FIGURES else days["today"])


def test_changed_totals_of_a_day_that_went_are_named(aged: Flask, database: Database) -> None:
    prune(aged)
    first = finnish(OLD + timedelta(hours=12))
    forge(database, f"update log_total set shown = shown + 1 where day = '{first}'")  # noqa: S608
    assert found(aged) == Finding(Fault.FIGURES, 0, day=first)


# --- the front is attacked --------------------------------------------------------------------


def test_a_cut_front_without_an_anchor_is_missing(aged: Flask, database: Database) -> None:
    forge(
        database, "delete from log_subject where entry_id < 5", "delete from log_entry where id < 5"
    )
    assert found(aged) == Finding(Fault.MISSING, 1)


def test_a_front_cut_further_than_the_anchor_is_missing(aged: Flask, database: Database) -> None:
    last = prune(aged).last
    forge(
        database,
        lambda connection: (
            connection.execute(text("delete from log_entry where id = :id"), {"id": last + 1})
            and None
        ),
    )
    assert found(aged) == Finding(Fault.MISSING, last + 1)


def test_a_removed_anchor_leaves_the_front_missing(aged: Flask, database: Database) -> None:
    prune(aged)
    forge(database, "delete from log_anchor")
    assert found(aged) == Finding(Fault.MISSING, 1)


Change = Callable[[Anchor, list[Anchor]], Anchor]


def another_key(one: Anchor, _: list[Anchor]) -> Anchor:
    key = Ed25519PrivateKey.generate()
    return replace(one, signature=key.sign(one.message()))


CHANGES: dict[str, Change] = {
    "moved on": lambda one, _: replace(one, last=one.last + 1),
    "another link": lambda one, _: replace(one, hash=b"0" * 32),
    "other figures": lambda one, _: replace(one, days=b"0" * 32),
    "a later day": lambda one, _: replace(one, until=one.until + timedelta(1)),
    "replayed": lambda one, known: replace(known[0], number=one.number),
    "signed by another key": another_key,
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_forged_anchor_is_named(
    aged: Flask, database: Database, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(pruning, "GROUP", 2)
    prune(aged)
    known = anchors(aged)
    forged = CHANGES[name](known[-1], known)

    def put(connection: Connection) -> None:
        connection.execute(ANCHORS.delete().where(ANCHORS.c.number == known[-1].number))
        connection.execute(insert(ANCHORS), vars(forged))

    forge(database, put)
    assert found(aged) == Finding(Fault.ANCHOR_KEY, forged.last)


def test_a_removed_anchor_between_others_is_named(
    aged: Flask, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "GROUP", 2)
    prune(aged)
    forge(database, "delete from log_anchor where number = 1")
    assert found(aged) == Finding(Fault.ANCHOR, anchors(aged)[0].last)


def test_an_anchor_signed_with_the_stolen_key_over_another_front_shows_against_a_copy(
    aged: Flask, database: Database
) -> None:
    copies = copied(aged)
    prune(aged)
    stolen = keys.signing_key(aged.extensions["wesentra_settings"].instance)
    one = replace(anchors(aged)[0], hash=b"0" * 32)
    forged = replace(one, signature=stolen.sign(one.message()))

    def put(connection: Connection) -> None:
        connection.execute(ANCHORS.delete())
        connection.execute(insert(ANCHORS), vars(forged))

    forge(database, put)
    assert found(aged, copies) == Finding(Fault.REWRITTEN, 1, forged.last)


# --- the tripwire -----------------------------------------------------------------------------


def refused(database: Database, *statements: str) -> None:
    """The last statement is refused, also to the owner."""
    engine = create_engine(database.owner_url)
    with engine.connect() as connection:
        for statement in statements[:-1]:
            connection.execute(text(statement))
        with pytest.raises(DBAPIError, match="append-only"):
            connection.execute(text(statements[-1]))
    engine.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        "delete from log_entry where id = {next}",
        "delete from log_entry",
        "delete from log_subject where entry_id = {next}",
        "delete from log_checkpoint where last = {last}",
        "delete from log_anchor",
        "update log_anchor set last = last + 1",
        "update log_hold set last = null where id = 1",
        "update log_hold set lifted_at = placed_at, reference = '8' where id = 1",
        "update log_hold set lifted_at = placed_at, breach_id = 7 where id = 1",
        "update log_hold set lift_reason = 'none' where id = 1",
        "delete from log_hold",
    ],
)
def test_nothing_goes_past_the_anchor(aged: Flask, database: Database, statement: str) -> None:
    last = prune(aged).last
    hold(aged, clock.today(), clock.today())
    refused(database, statement.format(last=last, next=last + 1))
    assert found(aged) is None


COPIED = (
    "insert into log_anchor select coalesce((select max(number) from log_anchor), 0) + 1, last, "
    "hash, at, previous, hash, last, '2024-01-01', '2024-01-02', hash, key, signature "
    "from log_checkpoint where last = (select max(last) from log_checkpoint where last {which})"
)


def test_no_anchor_stands_above_what_is_young(aged: Flask, database: Database) -> None:
    refused(database, COPIED.format(which="> 20"))


def test_an_anchor_without_a_signature_lets_go_but_is_found(
    aged: Flask, database: Database
) -> None:
    """Whoever is the owner can put one in; what is younger than a year stays all the same."""
    forge(database, COPIED.format(which="< 15"))
    finding = found(aged)
    assert finding is not None
    assert finding.fault == Fault.ANCHOR_KEY


@postgresql_only
@pytest.mark.parametrize(
    "statement",
    [
        "delete from log_entry where id = 1",
        "update log_entry set salt = null where id = 1",
        "delete from log_anchor",
        "update log_anchor set last = 1",
        "delete from log_day",
        "delete from log_total",
        "delete from log_hold",
    ],
)
def test_the_applications_own_role_may_not_touch_the_log(
    aged: Flask, database: Database, statement: str
) -> None:
    engine = create_engine(database.url)
    with engine.connect() as connection, pytest.raises(DBAPIError, match="permission denied"):
        connection.execute(text(statement))
    engine.dispose()


@postgresql_only
def test_the_owners_functions_forget_nothing_without_an_anchor(
    aged: Flask, database: Database
) -> None:
    """Not even where a table of the caller's own stands in the anchors' way."""
    engine = create_engine(database.url)
    with engine.connect() as connection:
        connection.execute(text("create temp table log_anchor (number int, last int)"))
        connection.execute(text("insert into log_anchor values (1, 20)"))
        with pytest.raises(DBAPIError, match="append-only"):
            connection.execute(text("select log_forget(10)"))
    engine.dispose()
    assert found(aged) is None


@sqlite_only
def test_the_database_finds_who_goes_by_an_index(aged: Flask) -> None:
    statement = text(f"explain query plan {forgetting._SUBJECTS_GO.text}")
    with aged.app_context(), db.engine.connect() as connection:
        plan = connection.execute(statement, {"last": 5, "about": "contact"})
        lines = [row.detail for row in plan]
    assert any("PRIMARY KEY" in line and "contact_id" in line for line in lines), lines
    assert not any("SCAN log_subject" in line for line in lines), lines


@pytest.mark.parametrize(
    ("moment", "months", "before"),
    [
        ("2028-02-29", 24, "2026-02-28"),
        ("2026-01-31", 12, "2025-01-31"),
        ("2026-12-01", 12, "2025-12-01"),
        ("2026-03-31", 13, "2025-02-28"),
    ],
)
def test_the_months_of_a_calendar(moment: str, months: int, before: str) -> None:
    assert months_after(datetime.fromisoformat(f"{moment}T12:00+00:00"), -months) == (
        datetime.fromisoformat(f"{before}T12:00+00:00")
    )


def test_an_anchor_of_another_log_does_not_fit(aged: Flask) -> None:
    prune(aged)
    assert anchor.unfit(anchors(aged), {}) == anchors(aged)[0]

"""Who takes away the way from a person to an entry hides a look: the verification names it."""

import pytest
from flask import Flask
from sqlalchemy import Connection, text

from tests.audit.test_forgery import forge, found, look, looked, often
from tests.databases import Database, sqlite_only
from wesentra.audit.verdict import Fault, Finding

__all__ = ["looked", "often"]
LIES = {
    "a look is hidden": ("delete from log_subject where entry_id = 7", 7),
    "the last look is hidden": ("delete from log_subject where entry_id = 12", 12),
    "all looks at one person are hidden": ("delete from log_subject where contact_id = 3", 3),
    "a look is put on somebody else": (
        "update log_subject set contact_id = 99 where entry_id = 5",
        5,
    ),
    "somebody is added": ("insert into log_subject (contact_id, entry_id) values (77, 9)", 9),
    "an entry is led to that is not there": (
        "insert into log_subject (contact_id, entry_id) values (77, 40)",
        40,
    ),
    "another number that is the same under a modulus": (
        "update log_subject set contact_id = contact_id - 2147483647 where entry_id = 5",
        5,
    ),
    "two looks change places": (
        "update log_subject set contact_id = 12 - contact_id where contact_id in (4, 8)",
        4,
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_way_that_is_not_as_the_entry_says_is_named(
    looked: Flask, database: Database, lie: str
) -> None:
    statement, entry = LIES[lie]
    forge(database, statement)
    assert found(looked) == Finding(Fault.WAYS, entry)


def test_rows_that_make_up_for_each_other_in_sum_are_named(
    looked: Flask, database: Database
) -> None:
    """As many, and with the same sums of people and entries as before."""

    def cross(connection: Connection) -> None:
        for entry in (2, 6, 10):
            connection.execute(
                text("update log_subject set contact_id = :new where entry_id = :entry"),
                {"entry": entry, "new": {2: 6, 6: 10, 10: 2}[entry]},
            )

    forge(database, cross)
    assert found(looked) == Finding(Fault.WAYS, 2)


def test_ways_as_they_are_written_agree(looked: Flask) -> None:
    look(looked, 2**31 - 1)
    assert found(looked) is None


ODD = {
    "more under a modulus": "update log_subject set contact_id = contact_id + 2147483647"
    " where entry_id = 4",
    "an entry under a modulus": "update log_subject set entry_id = entry_id + 2147483647"
    " where entry_id = 4",
    "as bytes": "update log_subject set contact_id = CAST(contact_id AS BLOB) where entry_id = 4",
    "with a fraction": "update log_subject set contact_id = contact_id + 0.5 where entry_id = 4",
}


@sqlite_only
@pytest.mark.parametrize("name", ODD)
def test_a_way_that_no_question_finds_is_named(
    looked: Flask, database: Database, name: str
) -> None:
    forge(database, ODD[name])
    finding = found(looked)
    assert finding is not None
    assert finding.fault == Fault.WAYS


def test_people_with_the_same_sums_and_powers_do_not_stand_for_each_other(
    app: Flask, database: Database
) -> None:
    """The numbers are alike in their sums, squares, third and fourth powers."""
    for number in (100, 104, 108, 116, 117):
        look(app, number)
    for turn in range(20):
        before, after = ((100, 104, 108, 116, 117), (101, 102, 110, 114, 118))
        before, after = (after, before) if turn % 2 else (before, after)
        moves = zip(before, after, strict=True)
        forge(
            database,
            *(f"update log_subject set contact_id = {-b} where contact_id = {a}" for a, b in moves),  # noqa: S608
            "update log_subject set contact_id = -contact_id",
        )
        finding = found(app)
        assert (finding is None) == bool(turn % 2)

"""Who takes away the way from a person to an entry hides a look: the verification names it."""

import pytest
from flask import Flask
from sqlalchemy import Connection, text

from tests.audit.test_forgery import forge, found, look, looked, often
from tests.databases import Database
from wesentra.audit.verification import Fault, Finding

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

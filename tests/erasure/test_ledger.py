"""The ledger of erasures: whole lines, apart from the database, and in step with the tombstones."""

import multiprocessing
import os
import resource
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from tests import factories
from tests.databases import sqlite_only
from wesentra import clock
from wesentra.erasure import door, ledger
from wesentra.operations import erasing
from wesentra.refusal import Refused
from wesentra.settings import Settings, load

pytestmark = sqlite_only
ONE, OTHER = "a" * 32, "b" * 32


def numbers(settings: Settings) -> list[int]:
    return [one.number for one in ledger.erased(settings)]


def states(settings: Settings) -> dict[str, str]:
    return {name: kept.state for name, kept in ledger.states(settings).items()}


def test_what_was_not_taken_back_counts(settings: Settings) -> None:
    assert numbers(settings) == []
    ledger.write(settings, ONE, ledger.INTENT, [3, 1], [2])
    assert [(one.kind, one.number) for one in ledger.erased(settings)] == [
        ("contact", 1),
        ("contact", 3),
        ("company", 2),
    ]
    ledger.write(settings, OTHER, ledger.INTENT, [4])
    ledger.write(settings, OTHER, ledger.VOID)
    assert numbers(settings) == [1, 3, 2]
    ledger.write(settings, OTHER, ledger.DONE)
    assert numbers(settings) == [1, 3, 2, 4]


def test_another_file_can_be_named_and_has_to_be_whole(settings: Settings, tmp_path: Path) -> None:
    named = tmp_path / "elsewhere" / "erasures.jsonl"
    settings = load(settings.instance, {"WESENTRA_ERASURE_LEDGER": str(named)})
    with pytest.raises(Refused, match="cannot be written"):
        ledger.write(settings, ONE, ledger.INTENT, [1])  # a share that is not mounted is not made
    named.parent.mkdir()
    ledger.write(settings, ONE, ledger.INTENT, [1])
    assert named.exists()
    assert numbers(settings) == [1]
    for wrong in ("erasures.jsonl", str(tmp_path)):
        with pytest.raises(Refused, match="erasure_ledger"):
            load(settings.instance, {"WESENTRA_ERASURE_LEDGER": wrong})


def test_a_line_that_was_cut_off_is_nobody_s_and_spoils_none_after_it(settings: Settings) -> None:
    ledger.write(settings, ONE, ledger.INTENT, [1])
    with ledger.path_of(settings).open("a") as file:
        file.write('{"erasure":"cccc","state":"int')
    ledger.write(settings, OTHER, ledger.INTENT, [2])
    assert numbers(settings) == [1, 2]


@pytest.mark.parametrize("line", ["{}", '{"erasure":1}', "{nonsense}"])
def test_a_line_that_was_changed_is_named(settings: Settings, line: str) -> None:
    ledger.write(settings, ONE, ledger.INTENT, [1])
    with ledger.path_of(settings).open("a") as file:
        file.write(line + "\n")
    with pytest.raises(Refused, match="Line 2 of the ledger"):
        numbers(settings)


def _on_a_full_disk(settings: Settings, size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    with suppress(Refused):
        ledger.write(settings, OTHER, ledger.INTENT, list(range(1000)))
        os._exit(1)
    os._exit(7)


@pytest.mark.parametrize("room", [0, 1, 40])
def test_a_full_disk_leaves_the_ledger_as_it_was(settings: Settings, room: int) -> None:
    ledger.write(settings, ONE, ledger.INTENT, [1])
    before = ledger.path_of(settings).read_bytes()
    process = multiprocessing.get_context("fork").Process(
        target=_on_a_full_disk, args=(settings, len(before) + room)
    )
    process.start()
    process.join()
    assert process.exitcode == 7, "refused in a sentence"
    assert ledger.path_of(settings).read_bytes() == before


def _many(settings: Settings, first: int) -> None:
    for number in range(first, first + 50):
        ledger.write(settings, f"{number:032}", ledger.INTENT, [number])


def test_several_processes_write_whole_lines(settings: Settings) -> None:
    processes = [
        multiprocessing.get_context("fork").Process(target=_many, args=(settings, 1000 * part))
        for part in range(4)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    expected = {1000 * part + number for part in range(4) for number in range(50)}
    assert set(numbers(settings)) == expected


def reconciled(app: Flask, settings: Settings) -> None:
    with app.app_context():
        erasing.reconcile(settings)


def test_a_tombstone_without_a_line_gets_one(app: Flask, settings: Settings) -> None:
    number = factories.person(app)
    with factories.register(app):
        door.erase([number], [], "request")
    when = [one.at for one in ledger.erased(settings)]
    ledger.path_of(settings).unlink()
    reconciled(app, settings)
    assert numbers(settings) == [number]
    assert list(states(settings).values()) == ["done"]
    assert [one.at for one in ledger.erased(settings)] == when


def test_an_erasure_of_which_the_ledger_has_lost_whom_it_took_gets_them_again(
    app: Flask, settings: Settings
) -> None:
    """Half a ledger knows that it was done, and would bring them back."""
    number = factories.person(app)
    with factories.register(app):
        door.erase([number], [], "request")
    kept = ledger.path_of(settings).read_text().splitlines(keepends=True)
    ledger.path_of(settings).write_text(kept[-1])
    assert numbers(settings) == []
    reconciled(app, settings)
    assert numbers(settings) == [number]
    assert list(states(settings).values()) == ["done"]


def test_a_tombstone_stands_over_a_line_that_was_taken_back(app: Flask, settings: Settings) -> None:
    number = factories.person(app)
    with factories.register(app):
        door.erase([number], [], "request")
    (name,) = states(settings)
    ledger.write(settings, name, ledger.VOID)
    reconciled(app, settings)
    assert states(settings) == {name: "done"}


def test_what_was_begun_and_broken_off_is_taken_back_after_an_hour(
    app: Flask, settings: Settings
) -> None:
    ledger.write(settings, ONE, ledger.INTENT, [1])
    reconciled(app, settings)
    assert states(settings) == {ONE: "intent"}, "somebody may be at it"
    with clock.turned_to(clock.now() + timedelta(hours=2)):
        reconciled(app, settings)
        before = ledger.path_of(settings).read_bytes()
        reconciled(app, settings)
    assert states(settings) == {ONE: "void"}
    assert ledger.path_of(settings).read_bytes() == before, "once is enough"


def test_a_ledger_that_is_away_keeps_nobody_from_starting(
    app: Flask, settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    number = factories.person(app)
    with factories.register(app):
        door.erase([number], [], "request")
    away = replace(settings, erasure_ledger=tmp_path / "not mounted" / "erasures.jsonl")
    erasing.at_start(away)
    assert "cannot be written" in caplog.text
    with app.app_context(), pytest.raises(Refused):
        erasing.reconcile(away)


def test_a_ledger_elsewhere_is_reconciled_by_the_settings(
    app: Flask, settings: Settings, tmp_path: Path
) -> None:
    number = factories.person(app)
    with factories.register(app):
        door.erase([number], [], "request")
    other = replace(settings, erasure_ledger=tmp_path / "share.jsonl")
    reconciled(app, other)
    assert numbers(other) == [number]

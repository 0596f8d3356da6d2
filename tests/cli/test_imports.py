"""`wesentra import`: files by the command line."""

import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from tests import factories
from tests.crm.imports.bringing import companies, people
from tests.crm.imports.files import FAULTY, HEADINGS, person, separated
from tests.databases import Database, sqlite_only
from tests.servers import clean_environ
from wesentra.models import Contact
from wesentra.settings import Settings

Run = Callable[..., Result]
ENGLISH = ("first_name", "last_name", "company_name", "postal", "phone1", "phone2", "email", "web")
BRITON = ("Aleshia", "Tomkiewicz", "Alan Cpa Pc", "CT2 7PP", "01835-703597", "", "a@b.co.uk", "x")
MANY = 3000
FOR_ALL = ("--group", "prospect", "--source", "UK sample")


@pytest.fixture
def run(run: Run) -> Run:
    """Runs `wesentra import …`."""
    return partial(run, "import")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with three right rows, one of them twice, and one of each fault."""
    rows = [person(), person("Åke Örn", "", "ake@ornin.example.fi"), person(), *FAULTY.values()]
    target = tmp_path / "asiakkaat.csv"
    target.write_bytes(separated([HEADINGS, *rows]).encode("cp1252"))
    return target


def figures(result: Result) -> dict[str, int]:
    """The figures that were printed, by their words."""
    lines = (line.split() for line in result.stdout.splitlines() if line.startswith("   "))
    return {word: int(count) for count, word in lines}


def test_a_file_is_brought_in_and_the_figures_printed(run: Run, app: Flask, file: Path) -> None:
    result = run("contacts", file)
    assert result.exit_code == 0, result.output
    assert figures(result) == {"created": 2, "updated": 0, "skipped": 1, "rejected": len(FAULTY)}
    assert people(app) == [("Märta", "Laitinen"), ("Åke", "Örn")]
    created = [e for e in factories.entries(app) if e.operation == "create" and e.ids == (1, 2)]
    assert [(e.row.role, e.row.channel, e.row.purpose) for e in created] == [
        ("system", "cli", "customer_service")
    ]


def test_rejected_rows_lie_beside_the_file_for_their_owner_only(run: Run, file: Path) -> None:
    run("contacts", file)
    target = file.with_name("asiakkaat.csv.rejected.csv")
    assert target.stat().st_mode & 0o777 == 0o600
    lines = target.read_text("utf-8-sig").splitlines()
    assert len(lines) == 1 + len(FAULTY)
    assert lines[1].startswith('"5";"The e-mail address timo.makinen(at)ornin.example.fi has no @')
    assert [path.name for path in file.parent.glob(".rejected-*")] == []


def test_a_place_where_rejected_rows_cannot_lie_is_refused_before_anything_comes_in(
    run: Run, app: Flask, file: Path
) -> None:
    file.with_name("asiakkaat.csv.rejected.csv").mkdir()
    result = run("contacts", file)
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "asiakkaat.csv.rejected.csv cannot be written" in result.stderr
    assert people(app) == []


@sqlite_only
def test_rejected_rows_whose_entry_cannot_be_written_leave_no_file(
    run: Run, app: Flask, file: Path, database: Database
) -> None:
    with closing(sqlite3.connect(database.url.removeprefix("sqlite:///"))) as connection:
        connection.execute(
            "CREATE TRIGGER full BEFORE INSERT ON log_entry WHEN NEW.operation = 'export' "
            "BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    result = run("contacts", file)
    assert result.exit_code == 1
    assert [path.name for path in file.parent.glob("*rejected*")] == []


def test_nothing_rejected_leaves_no_file(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "right.csv"
    target.write_text(separated([HEADINGS, person()]))
    assert run("contacts", target).exit_code == 0
    assert [path.name for path in tmp_path.glob("*rejected*")] == []


def test_a_pipe_is_a_file_too(
    run: Run, app: Flask, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`wesentra import contacts <(…)`: what can be read once and not from its start again."""
    monkeypatch.chdir(file.parent)
    pipe = file.parent / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(file.read_bytes(),))
    writer.start()
    result = run("contacts", pipe)
    writer.join()
    assert result.exit_code == 0, result.output
    assert len(people(app)) == 2
    assert (file.parent / "import.rejected.csv").exists()


def test_the_same_file_twice_makes_nothing_twice(run: Run, app: Flask, file: Path) -> None:
    run("contacts", file)
    again = figures(run("contacts", file))
    assert (again["created"], again["updated"], again["skipped"]) == (0, 0, 3)
    assert len(people(app)) == 2


def test_a_dry_run_says_what_would_be_and_stores_nothing(run: Run, app: Flask, file: Path) -> None:
    result = run("contacts", file, "--dry-run")
    assert result.stdout.startswith("Dry run, nothing was stored.")
    assert figures(result)["created"] == 2
    assert people(app) == companies(app) == []
    assert figures(run("contacts", file))["created"] == 2


def test_a_dry_run_is_told_from_an_import_that_was_undone(run: Run, app: Flask, file: Path) -> None:
    run("contacts", file, "--dry-run")
    run("contacts", file)
    run("undo", 2)
    reader = factories.signed_in(app, "staff")
    told = [row.split("</td>")[0] for row in reader.get("/imports/").text.split('"State">')[1:]]
    assert told == ["Undone", "Dry run"]
    assert "This was a dry run: nothing was stored." in reader.get("/imports/1").text
    assert "dry run" not in reader.get("/imports/2").text


@pytest.mark.parametrize("words", [("--dry-run",), ()])
def test_columns_that_go_nowhere_are_named(
    run: Run, app: Flask, tmp_path: Path, words: tuple[str, ...]
) -> None:
    target = tmp_path / "odd.csv"
    rows = [(*HEADINGS, "Kengän nro", ""), (*person(), "43", "x")]
    target.write_text(separated([(*rows[0], "131052-308T"), (*rows[1], "")]), encoding="utf-8")
    result = run("contacts", target, *words)
    assert "Columns left out: Kengän nro, column 16, " in result.stdout
    assert "308T" not in result.output
    assert not [e for e in factories.entries(app) if e.operation == "export"]


def test_what_goes_somewhere_is_not_named(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "right.csv"
    target.write_text(separated([HEADINGS, person()]), encoding="utf-8")
    assert "left out" not in run("contacts", target).stdout


def test_standard_input_is_a_file_too(
    run: Run, app: Flask, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(file.parent)
    result = run("contacts", "-", typed=file.read_bytes())
    assert result.exit_code == 0, result.output
    assert len(people(app)) == 2
    assert (file.parent / "import.rejected.csv").exists()


def test_group_source_and_region_hold_for_all_rows(run: Run, app: Flask, tmp_path: Path) -> None:
    target = tmp_path / "uk.csv"
    target.write_text(separated([ENGLISH, BRITON], ","))
    result = run("contacts", target, *FOR_ALL, "--region", "gb")
    assert figures(result)["created"] == 1, result.output
    assert people(app, Contact.phone, Contact.group, Contact.source) == [
        ("+441835703597", "prospect", "UK sample")
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--source", "x"), "Choose the group"),
        (("--group", "prospect"), "Write where the data come from"),
        (("--group", "kaverit", "--source", "x"), "Choose the group"),
        ((*FOR_ALL, "--region", "Suomi"), "two letters"),
    ],
)
def test_what_is_missing_is_said_in_one_line(
    run: Run, app: Flask, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    target = tmp_path / "uk.csv"
    target.write_text(separated([ENGLISH, BRITON], ","))
    result = run("contacts", target, *words)
    assert result.exit_code == 1
    assert said in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert people(app) == []


def test_the_groups_there_are_stand_in_the_installations_language(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WESENTRA_LANGUAGE", "fi")
    target = tmp_path / "uk.csv"
    target.write_text(separated([ENGLISH, BRITON], ","))
    result = run("contacts", target, "--source", "x")
    assert ": sopimusasiakas, mahdollinen asiakas, sidosryhmä, " in result.stderr


def test_a_mapping_file_says_what_headings_do_not(run: Run, app: Flask, tmp_path: Path) -> None:
    target, map_file = tmp_path / "odd.csv", tmp_path / "map.toml"
    target.write_text("Kuka;Missä\nAino Saari;Auto Oy\n")
    map_file.write_text(
        '[columns]\nKuka = "name"\n"Missä" = "yritys"\n'
        '[defaults]\ngroup = "toimittaja"\nsource = "messut"\n',
        encoding="utf-8",
    )
    result = run("contacts", target, "--map", map_file)
    assert result.exit_code == 0, result.output
    assert people(app, Contact.given_name, Contact.group) == [("Aino", "supplier")]
    assert companies(app) == [("Auto Oy",)]


def test_what_is_no_table_is_said_in_one_line(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "kuva.csv"
    target.write_bytes(b"\x89PNG\r\n" + bytes(300))
    result = run("contacts", target)
    assert (result.exit_code, "not a table" in result.stderr) == (1, True)
    assert run("contacts", tmp_path / "none.csv").exit_code == 2


def test_somebody_s_own_permissions_apply(run: Run, app: Flask, file: Path) -> None:
    factories.user(app, "staff", name="bertta")
    factories.user(app, "auditor", name="audi")
    assert run("contacts", file, "--as", "audi").exit_code == 1
    assert (
        run("contacts", file, "--as", "bertta", "--purpose", "myynti ja tarjoukset").exit_code == 0
    )
    created = next(e for e in factories.entries(app) if e.operation == "create" and e.ids == (1, 2))
    assert (created.row.role, created.row.purpose) == ("staff", "sales")


def test_an_import_is_taken_back_by_its_number(run: Run, app: Flask, file: Path) -> None:
    run("contacts", file)
    result = run("undo", 1)
    assert result.stdout == "Import 1 was undone.\n"
    assert people(app) == companies(app) == []
    assert run("undo", 1).exit_code == 1
    assert run("undo", 4711).exit_code == 1


@sqlite_only
def test_killed_in_the_middle_it_goes_on_with_the_next_call(
    run: Run, app: Flask, database: Database, settings: Settings, tmp_path: Path
) -> None:
    """kill -9 while rows come in; once on SQLite, for what is stored is the steps' own affair."""
    target = tmp_path / "many.csv"
    rows = [person(f"Aino Saari{n}", "", f"aino{n}@example.fi") for n in range(MANY)]
    target.write_text(separated([HEADINGS, *rows]), encoding="utf-8")
    command = [sys.executable, "-m", "wesentra", "--instance", str(settings.instance)]
    with subprocess.Popen(
        [*command, "import", "contacts", str(target)],
        env=clean_environ() | database.environ(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        while process.poll() is None and not _begun(database):
            time.sleep(0.01)
        process.kill()
    assert people(app) == []
    result = run("contacts", target)
    assert "Going on with import 1." in result.stderr
    assert figures(result)["created"] == MANY
    assert len(people(app)) == MANY


def _begun(database: Database) -> bool:
    """Whether some rows have come in, seen from outside."""
    path = database.url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as connection:
        return bool(connection.execute("SELECT 1 FROM contact LIMIT 1").fetchone())

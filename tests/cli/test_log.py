"""`wesentra log verify` and `log checkpoint`: the log put to the test, here and elsewhere."""

import json
import random
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import create_engine, text

from tests import factories, pages
from tests.databases import Database, sqlite_only
from wesentra.app import create_app
from wesentra.audit import chain, seal
from wesentra.settings import Settings

Run = Callable[..., Result]


@pytest.fixture
def exported(run: Run, app: Flask, settings: Settings, tmp_path: Path) -> Path:
    """A log with a few people in it, signed and exported; the register is not needed any more."""
    for name in ("Aino", "Bertta", "Cecilia"):
        factories.person(app, name, "Virtanen", note="Käy – “yö” ☃")
    assert run("log", "checkpoint").exit_code == 0
    target = tmp_path / "log.jsonl"
    assert run("log", "export", "-o", target).exit_code == 0
    return target


def offline(run: Run, file: Path, settings: Settings, *more: object) -> Result:
    return run("log", "verify", "--offline", file, "--key", settings.instance / "log.pub", *more)


def test_the_registers_own_log_is_verified_and_that_is_logged(run: Run, app: Flask) -> None:
    factories.person(app)
    result = run("log", "verify")
    assert result.exit_code == 0, result.output
    assert "The log is whole" in result.output
    assert factories.entries(app)[-1].operation == "log_read"
    assert run("log", "verify").exit_code == 0


def test_what_happened_is_said_in_one_line(run: Run, app: Flask, database: Database) -> None:
    factories.person(app)
    engine = create_engine(database.owner_url)
    with engine.begin() as connection:
        if database.kind == "sqlite":
            connection.execute(text("drop trigger log_entry_no_update"))
        else:
            connection.execute(text("alter table log_entry disable trigger user"))
        connection.execute(text("update log_entry set purpose = 'sales' where id = 1"))
    engine.dispose()
    result = run("log", "verify")
    assert result.exit_code == 1
    assert result.stderr == "wesentra: Entry 1 of the log was changed.\n"


def test_a_checkpoint_is_made_where_something_came_since_the_last(run: Run, app: Flask) -> None:
    factories.person(app)
    factories.person(app, "Bertta")
    first, second = run("log", "checkpoint"), run("log", "checkpoint")
    told = factories.entries(app)[-1]
    assert (told.operation, told.fields) == ("log_read", ("checkpoint",))
    assert f"covers the entries up to {told.row.id - 1}." in first.output  # its own included
    assert f"covers the entries up to {told.row.id}." in second.output


@sqlite_only
def test_a_checkpoint_that_the_entry_about_it_has_brought_is_enough(
    run: Run, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "CHECKPOINT_ENTRIES", 1)
    assert "The last checkpoint covers every entry." in run("log", "checkpoint").output


def test_an_export_is_verified_with_the_public_key_alone(
    run: Run, exported: Path, settings: Settings
) -> None:
    lines = [json.loads(line) for line in exported.read_text().splitlines()]
    entries = [line for line in lines if "type" not in line]
    assert {"seq", "salt", "prev", "hash"} <= entries[0].keys()
    assert lines[-1]["type"] == "checkpoint"
    result = offline(run, exported, settings)
    assert result.exit_code == 0, result.output
    assert f"{len(entries)} entries" in result.output


def test_a_part_of_the_log_is_verified_from_where_it_starts(
    run: Run, exported: Path, settings: Settings
) -> None:
    first, *rest = exported.read_text().splitlines(keepends=True)
    assert json.loads(first)["seq"] == 1
    exported.write_text("".join(rest))
    assert offline(run, exported, settings).exit_code == 0


@sqlite_only
def test_any_byte_of_an_export_that_says_something_else_is_found(
    run: Run, exported: Path, settings: Settings
) -> None:
    """Every value of every line, each changed in one place; what is not sealed says so."""
    dice = random.Random(5)  # noqa: S311 - no secret
    lines = exported.read_text().splitlines()
    wrong = []
    for number, line in enumerate(lines):
        record = json.loads(line)
        for name in record.keys() - {"unsealed"}:
            changed = json.dumps({**record, name: another(record[name], dice)})
            exported.write_text("\n".join([*lines[:number], changed, *lines[number + 1 :]]) + "\n")
            if offline(run, exported, settings).exit_code == 0:
                wrong.append((number, name, record[name]))
    assert not wrong


def another(value: object, dice: random.Random) -> object:
    """Another value of the same kind."""
    if isinstance(value, list):
        return [*value, 99 if not value or isinstance(value[0], int) else "zz"]
    if isinstance(value, int) or value is None:
        return (value or 0) + 1
    text = str(value)
    if not text:
        return "x"
    place = dice.randrange(len(text))
    digit = "1" if text[place] != "1" else "2"
    return text[:place] + digit + text[place + 1 :]


def sealed(lines: list[dict[str, Any]]) -> str:
    """Entries made up by somebody who knows how a chain is made, as an export."""
    link = seal.START
    for number, line in enumerate(lines, 1):
        salt = seal.new_salt()
        packed = {name: seal.packed(line[name]) for name in ("subject_ids", "fields")}
        said = {**line, **packed, "shown": line["count"], "at": datetime.fromisoformat(line["at"])}
        new = seal.link(link, number, seal.sealed(salt, said))
        line |= {"seq": number, "id": number, "salt": salt.hex()}
        line |= {"prev": link.hex(), "hash": new.hex()}
        link = new
    return "".join(json.dumps(line) + "\n" for line in lines)


@sqlite_only
def test_entries_that_no_checkpoint_covers_are_nobodys(
    run: Run, exported: Path, settings: Settings
) -> None:
    one = json.loads(exported.read_text().splitlines()[0])
    exported.write_text(sealed([{**one, "actor_id": 66} for _ in range(5)]))
    result = offline(run, exported, settings)
    assert result.exit_code == 1
    assert "No checkpoint in the file covers the entries 1 to 5" in result.stderr


@sqlite_only
def test_what_comes_after_the_last_checkpoint_of_an_export_is_named(
    run: Run, app: Flask, exported: Path, settings: Settings
) -> None:
    assert "not signed" not in offline(run, exported, settings).output
    factories.person(app, "Daniela")
    exported.unlink()
    assert run("log", "export", "-o", exported).exit_code == 0
    result = offline(run, exported, settings)
    assert result.exit_code == 0
    last = max(json.loads(line).get("seq", 0) for line in exported.read_text().splitlines())
    assert f" to {last} come after its last checkpoint: not signed." in result.output


CHANGES: dict[str, Callable[[dict[str, Any]], object]] = {
    "another number": lambda line: line.update(id=77),
    "a key of one's own": lambda line: line.update(actor="Somebody Else"),
    "more that is not sealed": lambda line: line["unsealed"].update(role="admin"),
    "no name": lambda line: line.update(unsealed={"actor": None}),
    "a list as an object": lambda line: line.update(fields=dict.fromkeys(line["fields"], "x")),
    "nobody as an empty word": lambda line: line.update(actor_id=""),
    "a second seal": lambda line: line.update(leaf="00" * 32),
    "a list in another order": lambda line: line["fields"].reverse(),
}


@sqlite_only
@pytest.mark.parametrize("name", CHANGES)
def test_a_line_says_what_its_seal_covers_and_no_more(
    run: Run, exported: Path, settings: Settings, name: str
) -> None:
    lines = [json.loads(line) for line in exported.read_text().splitlines()]
    place = next(n for n, line in enumerate(lines) if len(line.get("fields", ())) > 1)
    CHANGES[name](lines[place])
    exported.write_text("".join(json.dumps(line) + "\n" for line in lines))
    result = offline(run, exported, settings)
    assert result.exit_code == 1
    assert f"Entry {place + 1} of the log was changed." in result.stderr


@sqlite_only
def test_a_key_that_stands_twice_makes_a_file_no_export(
    run: Run, exported: Path, settings: Settings
) -> None:
    whole = exported.read_text()
    exported.write_text(whole.replace('{"id":1,', '{"purpose":"a lie","id":1,', 1))
    assert "is no export" in offline(run, exported, settings).stderr


@sqlite_only
@pytest.mark.parametrize(
    "said", [{"subject_ids": [5]}, {"fields": ["email"]}, {"source": "x"}, {"endpoint": "x"}]
)
def test_a_redacted_line_of_an_export_names_nobody(
    run: Run, app: Flask, exported: Path, settings: Settings, said: dict[str, object]
) -> None:
    assert run("log", "redact", 2, "--reason", "order").exit_code == 0
    assert run("log", "checkpoint").exit_code == 0
    exported.unlink()
    assert run("log", "export", "-o", exported).exit_code == 0
    assert offline(run, exported, settings).exit_code == 0
    lines = [json.loads(line) for line in exported.read_text().splitlines()]
    assert lines[1]["salt"] is None
    lines[1] |= said
    exported.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert "Entry 2 of the log was changed." in offline(run, exported, settings).stderr


@sqlite_only
@pytest.mark.parametrize("number", ["Infinity", "1e400", "-5", "1" + "0" * 40])
def test_a_number_that_no_entry_has_is_no_bare_error(
    run: Run, exported: Path, settings: Settings, number: str
) -> None:
    exported.write_text(exported.read_text().replace('"seq":1,', f'"seq":{number},', 1))
    result = offline(run, exported, settings)
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)


@sqlite_only
def test_a_log_that_was_cut_shows_against_checkpoints_that_were_kept_elsewhere(
    run: Run, exported: Path, settings: Settings, tmp_path: Path
) -> None:
    copies = tmp_path / "kept.jsonl"
    lines = exported.read_text().splitlines(keepends=True)
    copies.write_text("".join(line for line in lines if '"type":"checkpoint"' in line))
    first = next(line for line in lines if '"type":"checkpoint"' in line)
    exported.write_text("".join([*lines[: json.loads(first)["last"]], first]))
    assert offline(run, exported, settings).exit_code == 0
    result = offline(run, exported, settings, "--copies", copies)
    assert result.exit_code == 1
    assert "The log ends too early" in result.stderr


@sqlite_only
@pytest.mark.parametrize("content", ["", "[]\n", "x\n", '{"seq": 1}\n', '{"type": "checkpoint"}\n'])
def test_what_is_no_export_is_said(
    run: Run, app: Flask, settings: Settings, tmp_path: Path, content: str
) -> None:
    file = tmp_path / "none.jsonl"
    file.write_text(content)
    result = offline(run, file, settings)
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert run("log", "verify", "--offline", file).exit_code == 2
    assert run("log", "verify", "--offline", file, "--key", file).exit_code == 1


# --- copies in another place ------------------------------------------------------------------


@pytest.fixture
def share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the administrator has named."""
    folder = tmp_path / "share"
    folder.mkdir()
    monkeypatch.setenv("WESENTRA_LOG_COPIES", str(folder))
    return folder


def numbers(share: Path) -> list[int]:
    lines = (share / "wesentra-checkpoints.jsonl").read_text().splitlines()
    return [json.loads(line)["number"] for line in lines]


def test_checkpoints_are_copied_and_compared_by_themselves(
    run: Run, app: Flask, database: Database, share: Path
) -> None:
    factories.person(app)
    assert run("log", "checkpoint").exit_code == 0
    factories.person(app, "Bertta")
    assert run("log", "checkpoint").exit_code == 0
    assert numbers(share) == [1, 2, 3]
    assert run("log", "verify").exit_code == 0
    last = json.loads((share / "wesentra-checkpoints.jsonl").read_text().splitlines()[-1])
    with (share / "wesentra-checkpoints.jsonl").open("a") as file:
        file.write(json.dumps({**last, "number": 4, "last": last["last"] + 50}) + "\n")
    result = run("log", "verify")
    assert result.exit_code == 1
    assert "was not signed by the log's key" in result.stderr


@sqlite_only
def test_a_checkpoint_made_beside_a_look_is_copied_too(
    app: Flask, settings: Settings, tmp_path: Path
) -> None:
    own = create_app(replace(settings, log_copies=tmp_path))
    factories.person(own)
    file = tmp_path / "wesentra-checkpoints.jsonl"
    for _ in range(200):
        if file.exists() and file.read_text():
            break
        time.sleep(0.02)
    assert numbers(tmp_path) == [1]


@sqlite_only
def test_a_place_that_cannot_be_written_is_said_and_made_up_for(
    run: Run, app: Flask, share: Path
) -> None:
    factories.person(app)
    (share / "wesentra-checkpoints.jsonl").mkdir()
    result = run("log", "checkpoint")
    assert result.exit_code == 1
    assert "could not be copied to" in result.stderr
    (share / "wesentra-checkpoints.jsonl").rmdir()
    assert run("log", "checkpoint").exit_code == 0
    assert numbers(share) == [1, 2, 3]


@sqlite_only
@pytest.mark.parametrize("place", ["a file", "nowhere"])
def test_a_place_that_is_no_folder_is_refused(
    run: Run, app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, place: str
) -> None:
    (tmp_path / "a file").write_text("")
    named = str(tmp_path / place) if place == "a file" else place
    monkeypatch.setenv("WESENTRA_LOG_COPIES", named)
    result = run("log", "verify")
    assert result.exit_code == 1
    assert "names no folder" in result.stderr


@sqlite_only
def test_a_share_that_is_away_stops_nobody_but_is_told(
    run: Run, app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    share = tmp_path / "share"
    monkeypatch.setenv("WESENTRA_LOG_COPIES", str(share))
    factories.person(app)
    assert run("user", "list").exit_code == 0
    result = run("log", "checkpoint")
    assert result.exit_code == 1
    assert "could not be copied to" in result.stderr
    assert "not copied since" in pages.visit(factories.signed_in(app, "auditor"), "/").text
    share.mkdir()
    assert run("log", "checkpoint").exit_code == 0
    assert numbers(share) == [1, 2, 3]

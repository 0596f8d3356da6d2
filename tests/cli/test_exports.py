"""`wesentra export` and `wesentra log export`: files that appear after their entries, or never."""

import csv
import io
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from tests import factories, pages
from tests.databases import Database, sqlite_only
from wesentra.cli.acting import SYSTEM
from wesentra.models import Contact, db
from wesentra.web.permissions import PERMISSIONS

Run = Callable[..., Result]


@pytest.fixture
def sylvi(app: Flask) -> int:
    """A contact, and the privacy contact `priva` and the member of staff `bertta` beside her."""
    factories.user(app, "privacy", name="priva")
    factories.user(app, "staff", name="bertta")
    return factories.person(app, "Sylvi", "Salainen", email="sylvi@salainen.example", language="en")


def last(app: Flask, *operations: str) -> list[factories.Entry]:
    """The entries of these operations that came by the command line and not from a factory."""
    return [
        entry
        for entry in factories.entries(app)
        if entry.operation in operations and entry.row.request_id != "factory"
    ]


# --- one person -------------------------------------------------------------------------------


def test_a_person_is_exported_by_somebody_and_logged_like_a_click(
    run: Run, app: Flask, sylvi: int, tmp_path: Path
) -> None:
    target = tmp_path / "copy.csv"
    result = run("export", "subject", sylvi, "-o", target, "--as", "priva")
    assert (result.exit_code, result.output) == (0, "")
    assert "sylvi@salainen.example" in target.read_text("utf-8-sig")
    assert target.stat().st_mode & 0o777 == 0o600
    entry = next(entry for entry in last(app, "export") if entry.subject_type == "contact")
    row = entry.row
    assert entry.ids == (sylvi,)
    assert (row.role, row.purpose, row.channel) == ("privacy", "subject_request", "cli")
    assert row.actor_id == factories.user_id(app, "priva")
    assert row.source, "the operating-system user stands in the entry"
    assert row.endpoint.endswith("export subject")


def test_of_several_roles_the_entry_names_that_of_whom_the_work_is(
    run: Run, app: Flask, sylvi: int
) -> None:
    both = factories.signed_in(app, "staff", "privacy", name="minna")
    form = pages.visit(both, f"/contacts/{sylvi}").form(f"/requests/export/{sylvi}")
    both.post(form.action, data={**form.fields, "format": "csv"})
    assert run("export", "subject", sylvi, "--as", "minna").exit_code == 0
    assert run("export", "subject", sylvi, "--as", "bertta").exit_code == 0
    told = [(e.operation, e.row.channel, e.row.role) for e in last(app, "export", "view")]
    assert list(dict.fromkeys(told)) == [
        ("view", "web", "staff"),
        ("export", "web", "privacy"),
        ("export", "cli", "privacy"),
        ("export", "cli", "staff"),
    ]


@pytest.mark.parametrize("role", ["admin", "auditor"])
def test_who_may_not_answer_a_person_is_refused_and_logged(
    run: Run, app: Flask, sylvi: int, tmp_path: Path, role: str
) -> None:
    factories.user(app, role, name="oona")
    target = tmp_path / "copy.csv"
    assert run("export", "subject", sylvi, "-o", target, "--as", "oona").exit_code == 1
    assert not target.exists()
    (denied,) = last(app, "denied")
    assert (denied.row.role, denied.row.outcome) == (role, "denied")


@pytest.mark.parametrize("format_", ["csv", "json", "zip"])
def test_standard_output_gets_the_file_whole(run: Run, sylvi: int, format_: str) -> None:
    result = run("export", "subject", sylvi, "--format", format_, "--as", "bertta")
    assert result.exit_code == 0
    assert (
        result.stdout_bytes[:3]
        == {"csv": b"\xef\xbb\xbf", "json": b"{\n ", "zip": b"PK\x03"}[format_]
    )


def test_pdf_is_refused_in_one_sentence(run: Run, app: Flask, sylvi: int) -> None:
    result = run("export", "subject", sylvi, "--format", "pdf", "--as", "priva")
    assert result.exit_code == 1
    assert result.stderr == "wesentra: PDF is not made yet. Choose csv, json or zip.\n"
    assert last(app, "export") == []


def test_a_purpose_can_be_named_in_any_language(run: Run, app: Flask, sylvi: int) -> None:
    run("export", "subject", sylvi, "--as", "priva", "--purpose", "Asiakaspalvelu")
    assert {entry.row.purpose for entry in last(app, "export")} == {"customer_service"}


def test_a_purpose_that_is_not_for_hands_is_refused(run: Run, app: Flask, sylvi: int) -> None:
    result = run("export", "subject", sylvi, "--as", "priva", "--purpose", "sign_in")
    assert result.exit_code == 1
    assert result.stderr.startswith("wesentra: Say with --purpose why, one of: customer service, ")
    assert last(app, "export") == []


def test_the_environment_says_nothing_of_who_runs_a_command(
    run: Run, app: Flask, sylvi: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody else")
    assert run("export", "subject", sylvi, "--as", "priva").exit_code == 0
    assert "somebody else" not in {entry.row.source for entry in last(app, "export")}


# --- everybody --------------------------------------------------------------------------------


def test_contacts_are_exported_as_a_table(run: Run, app: Flask, sylvi: int, tmp_path: Path) -> None:
    factories.person(app, "=cmd", "Meikäläinen", phone="+358401234567")
    target = tmp_path / "contacts.csv"
    result = run("export", "contacts", "-o", target, "--as", "priva", "--purpose", "sales")
    assert result.exit_code == 0, result.output
    table = csv.DictReader(io.StringIO(target.read_text("utf-8-sig")), delimiter=";")
    found = list(table)
    assert found[0]["E-mail"] == "sylvi@salainen.example"
    assert found[0]["Group"] == "prospect"
    assert found[1]["Given name"] == "'=cmd"
    assert factories.subjects(last(app, "export")) == {sylvi, sylvi + 1}


def test_an_export_in_batches_names_everybody_under_one_request(
    run: Run, app: Flask, sylvi: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wesentra.crm.contacts.export.BATCH", 2)
    numbers = {sylvi, *(factories.person(app, "A", f"B{n}") for n in range(4))}
    assert run("export", "contacts", "--as", "priva", "--purpose", "sales").exit_code == 0
    found = last(app, "export")
    assert factories.subjects(found) == numbers
    assert len({entry.row.request_id for entry in found}) == 1
    assert len(found) == 3


def test_without_a_purpose_nobody_is_exported(run: Run, app: Flask, sylvi: int) -> None:
    result = run("export", "contacts", "--as", "priva")
    assert result.exit_code == 1
    assert result.stderr.startswith("wesentra: Say with --purpose why, one of: customer service, ")
    assert last(app, "export") == []


# --- who may not ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [("subject", "1"), ("contacts", "--purpose", "sales")],
    ids=["subject", "contacts"],
)
def test_the_system_may_not_export_people(
    run: Run, app: Flask, sylvi: int, tmp_path: Path, words: tuple[str, ...]
) -> None:
    target = tmp_path / "copy.csv"
    result = run("export", *words, "-o", target)
    assert result.exit_code == 1
    assert result.stderr == (
        "wesentra: Say with --as who you are: the system may not do this by itself.\n"
    )
    assert list(tmp_path.glob("*.csv")) == []
    assert factories.subjects(last(app, "export", "view", "list")) == set()
    (denied,) = last(app, "denied")
    assert (denied.row.role, denied.row.actor_id, denied.row.outcome) == (SYSTEM, None, "denied")


def test_roles_that_do_not_include_it_are_refused_and_logged(
    run: Run, app: Flask, sylvi: int
) -> None:
    result = run("export", "contacts", "--as", "bertta", "--purpose", "sales")
    assert result.exit_code == 1
    assert result.stderr == "wesentra: The roles of bertta do not include this.\n"
    (denied,) = last(app, "denied")
    assert denied.row.actor_id == factories.user_id(app, "bertta")


def test_somebody_unknown_or_gone_exports_nothing(run: Run, app: Flask, sylvi: int) -> None:
    assert run("export", "subject", sylvi, "--as", "eero").exit_code == 1
    assert run("user", "disable", "priva").exit_code == 0
    assert run("export", "subject", sylvi, "--as", "priva").exit_code == 1
    assert factories.subjects(last(app, "export")) == set()


def test_what_the_system_may_do_leaves_people_alone() -> None:
    held = {name for name, roles in PERMISSIONS.items() if SYSTEM in roles}
    assert held & {"contacts.read", "contacts.export", "subject_requests.export"} == set()
    assert {"imports.write", "log.read", "log.export"} <= held


# --- nothing appears before its entry ---------------------------------------------------------


@sqlite_only
@pytest.mark.parametrize("target", ["copy.csv", "-"])
def test_a_log_that_cannot_be_written_leaves_no_file(
    run: Run, app: Flask, sylvi: int, database: Database, tmp_path: Path, target: str
) -> None:
    connection = sqlite3.connect(database.url.removeprefix("sqlite:///"))
    connection.execute(
        "CREATE TRIGGER full BEFORE INSERT ON log_entry BEGIN SELECT RAISE(ABORT, 'full'); END"
    )
    connection.close()
    folder = tmp_path / "out"
    folder.mkdir()
    named = target if target == "-" else folder / target
    result = run("export", "subject", sylvi, "-o", named, "--as", "priva")
    assert result.exit_code == 1
    assert result.stdout_bytes == b""
    assert result.stderr.startswith("wesentra: The register could not be used")
    assert list(folder.iterdir()) == []


def test_a_place_that_cannot_be_written_is_refused_before_anybody_is_looked_at(
    run: Run, app: Flask, sylvi: int, tmp_path: Path
) -> None:
    result = run("export", "subject", sylvi, "-o", tmp_path / "no" / "copy.csv", "--as", "priva")
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr
    assert last(app, "export") == []


# --- the log ----------------------------------------------------------------------------------

KEYS = {
    "id",
    "at",
    "request_id",
    "unsealed",
    "role",
    "purpose",
    "operation",
    "subject_type",
    "subject_ids",
    "fields",
    "outcome",
}


def test_the_log_is_exported_one_object_a_line(run: Run, app: Flask, sylvi: int) -> None:
    factories.signed_in(app, "staff").get(f"/contacts/{sylvi}")
    result = run("log", "export")
    assert result.exit_code == 0, result.output
    everything = [json.loads(line) for line in result.stdout.splitlines()]
    lines = [line for line in everything if line.get("type") != "checkpoint"]
    assert all(set(line) >= KEYS for line in lines)
    opened = next(line for line in lines if line["operation"] == "view")
    assert opened["subject_ids"] == [sylvi]
    assert isinstance(opened["fields"], list)
    assert "Salainen" not in result.stdout
    (entry,) = last(app, "log_export")
    assert (entry.row.role, entry.row.purpose, entry.row.channel) == (
        SYSTEM,
        "log_review",
        "cli",
    )


def test_the_log_of_a_period_is_exported_as_a_table(
    run: Run, app: Flask, sylvi: int, tmp_path: Path
) -> None:
    target = tmp_path / "log.csv"
    assert (
        run("log", "export", "--to", "2001-01-01", "--format", "csv", "-o", target).exit_code == 0
    )
    assert len(target.read_bytes().splitlines()) == 1
    assert run("log", "export", "--from", "2001-01-01", "--format", "csv").stdout.count("\n") > 1
    assert run("log", "export", "--from", "yesterday").exit_code == 2


def test_a_period_that_ends_before_it_begins_is_refused_and_nothing_is_written(
    run: Run, app: Flask, tmp_path: Path
) -> None:
    target = tmp_path / "log.jsonl"
    result = run("log", "export", "--from", "2026-02-01", "--to", "2026-01-01", "-o", target)
    assert (result.exit_code, target.exists()) == (1, False)
    assert result.stderr == (
        "wesentra: The period ends before it begins: 2026-02-01 – 2026-01-01.\n"
    )


@pytest.mark.parametrize("format_", ["jsonl", "csv"])
def test_a_period_without_entries_says_so(run: Run, app: Flask, sylvi: int, format_: str) -> None:
    result = run("log", "export", "--to", "2001-01-01", "--format", format_)
    assert result.exit_code == 0
    assert result.stderr == "There are no entries in the period … – 2001-01-01.\n"
    assert run("log", "export", "--from", "2001-01-01", "--format", format_).stderr == ""


def test_staff_may_not_take_the_log_out(run: Run, app: Flask, sylvi: int) -> None:
    assert run("log", "export", "--as", "bertta").exit_code == 1
    assert last(app, "log_export") == []


def test_a_table_of_contacts_obeys_the_purpose_and_leaves_out_the_restricted(
    run: Run, app: Flask, sylvi: int, tmp_path: Path
) -> None:
    with factories.register(app):
        factories.contact("Eero", "Toimittaja", group="supplier")
        factories.objection(factories.contact("Olli", "Kieltävä"))
        factories.restriction(factories.contact("Riitta", "Rajoitettu"))
        factories.contact("Nelli", "Nähtävä", note="Secretnote")
    told = {}
    for purpose in ("marketing", "customer_service"):
        target = tmp_path / f"{purpose}.csv"
        assert run("export", "contacts", "-o", target, "--as", "priva", "--purpose", purpose)
        told[purpose] = target.read_text("utf-8-sig")
    heading, *rest = told["marketing"].replace('"', "").splitlines()
    assert "Note" not in heading.split(";")
    assert "Language" not in heading.split(";")
    assert [line.split(";")[0] for line in rest] == ["Sylvi", "Nelli"]
    assert "Secretnote" not in told["marketing"]
    assert "Secretnote" in told["customer_service"]
    assert "Toimittaja" in told["customer_service"]
    assert "Rajoitettu" not in told["customer_service"]
    listed = [e for e in last(app, "export") if e.row.purpose == "marketing"]
    assert not {field for e in listed for field in e.fields} & {"note", "language"}


def test_the_copy_for_the_person_has_everything_though_they_are_restricted(
    run: Run, app: Flask, sylvi: int, tmp_path: Path
) -> None:
    with factories.register(app):
        one = factories.contact("Riitta", "Rajoitettu", note="Herownnote")
        factories.restriction(one)
        factories.opening(one, "because of her claim")
        number = one.id
    target = tmp_path / "copy.csv"
    assert run("export", "subject", number, "-o", target, "--as", "priva").exit_code == 0
    text = target.read_text("utf-8-sig")
    assert "Herownnote" in text
    assert "because of her claim" in text
    target.unlink()
    refused = run("export", "subject", number, "-o", target, "--as", "bertta")
    assert refused.exit_code == 1
    assert "restricted" in refused.stderr
    assert not target.exists()


def test_the_copy_is_not_made_for_a_purpose_that_excludes_the_person(
    run: Run, app: Flask, sylvi: int, tmp_path: Path
) -> None:
    with factories.register(app):
        factories.objection(db.session.get_one(Contact, sylvi))
    target = tmp_path / "copy.csv"
    words = ("export", "subject", sylvi, "-o", target, "--as", "priva", "--purpose", "marketing")
    refused = run(*words)
    assert refused.exit_code == 1
    assert "your purpose does not include them" in refused.stderr
    assert not target.exists()

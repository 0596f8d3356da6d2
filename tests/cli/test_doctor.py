"""`wesentra doctor` on installations that are each made weak in one way."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import create_engine, make_url, text

from tests import factories
from tests.audit.test_forgery import forge
from tests.databases import Database, postgresql_only, sqlite_only
from tests.operations.pairs import Bringer
from wesentra import clock
from wesentra.accounts import required_factors
from wesentra.operations import tls
from wesentra.settings import Settings

Run = Callable[..., Result]


@pytest.fixture
def sound(
    run: Run, app: Flask, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """An installation with nothing wrong in it."""
    monkeypatch.setenv("WESENTRA_CONTROLLER_NAME", "Auto Oy")
    for role in ("admin", "admin", "privacy", "privacy"):
        factories.user(app, role)
    with factories.register(app):
        required_factors.demand_of(["admin", "privacy"])
    tls.ensure(settings.instance)
    assert run("jobs", "run").exit_code == 0
    return settings


def said(run: Run, what: str, *words: str) -> str:
    """What the doctor says of one thing, with how it stands; lines that mend it belong to it."""
    lines = run("doctor", *words).stdout.splitlines()
    own = [n for n, line in enumerate(lines) if line.split("  ", 1)[-1].strip().startswith(what)]
    assert own, lines
    told = []
    for n in own:
        told.append(lines[n])
        if n + 1 < len(lines) and lines[n + 1].startswith("  "):
            told.append(lines[n + 1])
    return "\n".join(told)


def test_a_sound_installation_is_good_but_for_copies_and_backups_elsewhere(
    run: Run, sound: Settings
) -> None:
    result = run("doctor")
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    weak = [line for line in result.stdout.splitlines() if not line.startswith("good")]
    assert len(weak) == 8, result.output
    assert weak[0].startswith("weak   Backups: there is no key for them")
    assert weak[2].startswith("weak   Erasures: the ledger lies beside the database")
    assert "erasure_ledger" in weak[3]
    assert weak[4].startswith("weak   Copies of the checkpoints: none are made.")
    assert "log_copies (a share), log_syslog or log_mail_to" in weak[5]
    assert weak[6].startswith("weak   Test of a backup: no backup was ever tried out.")


def test_looking_changes_nothing_but_its_own_trace(
    run: Run, app: Flask, sound: Settings, database: Database
) -> None:
    before = {file: file.read_bytes() for file in sound.instance.rglob("*") if file.is_file()}
    entries = len(factories.entries(app))
    assert run("doctor").exit_code == 0
    after = {file: file.read_bytes() for file in sound.instance.rglob("*") if file.is_file()}
    assert before == after
    assert [one.operation for one in factories.entries(app)[entries:]] == []


# --- files -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["secret.key", "log.key", "tls/server.key", "tls/authority.key"])
def test_a_secret_that_others_can_read_is_wrong(run: Run, sound: Settings, name: str) -> None:
    (sound.instance / name).chmod(0o640)
    result = run("doctor")
    assert result.exit_code == 1
    assert result.stderr == "wesentra: Wrong in this installation: 1.\n"
    assert f"other accounts can read or change {sound.instance / name}." in result.stdout
    assert f"chmod 600 {sound.instance / name}" in result.stdout


@sqlite_only
def test_a_register_that_others_can_read_is_told_before_it_is_opened(
    run: Run, sound: Settings, database: Database
) -> None:
    """Opening it makes its file private again: what was open until then is told all the same."""
    file = Path(str(make_url(database.url).database))
    file.chmod(0o644)
    assert f"WRONG  Files: other accounts can read or change {file}." in said(run, "Files")


@sqlite_only
def test_settings_are_a_secret_when_a_password_stands_in_them(run: Run, sound: Settings) -> None:
    file = sound.instance / "settings.toml"
    file.write_text('region = "FI"\n', encoding="utf-8")
    file.chmod(0o644)
    assert said(run, "Files").startswith("good")
    file.write_text('smtp_user = "a"\nsmtp_password = "b"\n', encoding="utf-8")
    assert f"chmod 600 {file}" in said(run, "Files")


@sqlite_only
def test_a_folder_that_others_can_look_into_is_weak_and_one_they_can_write_to_is_wrong(
    run: Run, sound: Settings
) -> None:
    sound.instance.chmod(0o755)
    assert said(run, "Files").startswith("weak ")
    sound.instance.chmod(0o777)
    assert said(run, "Files").startswith("WRONG")


@sqlite_only
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives away")
def test_a_file_of_another_account_is_wrong(run: Run, sound: Settings) -> None:
    os.chown(sound.instance / "log.pub", 12345, -1)
    assert said(run, "Files").startswith("good"), "what is public is nobody's secret"
    os.chown(sound.instance / "log.key", 12345, -1)
    assert "belongs to another account than its folder" in said(run, "Files")


# --- certificate -----------------------------------------------------------------------------


@sqlite_only
def test_a_certificate_is_wrong_when_it_ended_and_weak_before(run: Run, sound: Settings) -> None:
    with clock.turned_to(clock.now() + timedelta(days=tls.LEAF_DAYS - 20)):
        assert said(run, "Certificate").startswith("weak   Certificate: it ends on ")
    with clock.turned_to(clock.now() + timedelta(days=tls.LEAF_DAYS + 1)):
        assert said(run, "Certificate").startswith("WRONG  Certificate: it ended on ")
    with clock.turned_to(clock.now() - timedelta(days=3)):
        assert "it is good only from" in said(run, "Certificate")


@sqlite_only
def test_a_name_that_the_certificate_lacks_is_named(
    run: Run, sound: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WESENTRA_SERVER_NAMES", "register.example.fi,localhost")
    assert "it does not name register.example.fi." in said(run, "Certificate")
    file = sound.instance / "tls" / "server.pem"
    assert said(run, "Certificate", "--cert", str(file)).startswith("good")


@sqlite_only
def test_a_certificate_that_is_missing_or_none_is_told(
    run: Run, sound: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.pem"
    other.write_text("nothing", encoding="utf-8")
    assert said(run, "Certificate", "--cert", str(other)).startswith("WRONG")
    (sound.instance / "tls" / "server.pem").unlink()
    assert "Start the server once" in said(run, "Certificate")
    monkeypatch.setenv("WESENTRA_BEHIND_PROXY", "yes")
    assert said(run, "Certificate").startswith("good")


@sqlite_only
def test_a_pair_of_one_s_own_is_good_when_the_server_can_use_it_and_others_cannot(
    run: Run, sound: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought, other = Bringer(tmp_path / "brought"), Bringer(tmp_path / "other")
    brought.lay()
    other.lay()
    monkeypatch.setenv("WESENTRA_TLS_CERTIFICATE", str(brought.certificate))
    monkeypatch.setenv("WESENTRA_TLS_KEY", str(brought.key))
    assert said(run, "Certificate").startswith("good")
    brought.key.chmod(0o640)
    assert said(run, "Certificate").startswith("good"), "of a group that is there for keys"
    brought.key.chmod(0o644)
    assert f"chmod o-rwx {brought.key}" in said(run, "Certificate")
    monkeypatch.setenv("WESENTRA_TLS_KEY", str(other.key))
    assert "WRONG  Certificate: The key" in said(run, "Certificate")
    assert "does not belong to the certificate" in said(run, "Certificate")
    missing = tmp_path / "missing.key"
    monkeypatch.setenv("WESENTRA_TLS_KEY", str(missing))
    assert f"WRONG  Certificate: The key {missing} cannot be used:" in said(run, "Certificate")


# --- settings --------------------------------------------------------------------------------


@sqlite_only
@pytest.mark.parametrize(
    ("name", "value", "mends"),
    [
        ("SESSION_HOURS", "72", "Set session_hours to 24 or less"),
        ("SESSION_IDLE_MINUTES", "600", "Set session_idle_minutes to 240 or less"),
        ("LOG_MONTHS", "12", "Set log_months to 24"),
        ("LOG_MONTHS", "60", "Set log_months to 24, or write down why"),
        ("CONTROLLER_NAME", "Esimerkki Oy", "Set controller_name"),
    ],
)
def test_a_weak_setting_is_told_with_what_mends_it(
    run: Run,
    sound: Settings,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
    mends: str,
) -> None:
    assert said(run, "Settings").startswith("good")
    monkeypatch.setenv(f"WESENTRA_{name}", value)
    assert said(run, "Settings").startswith("weak")
    assert mends in said(run, "Settings")
    assert run("doctor").exit_code == 0, "weak is not wrong"


# --- database --------------------------------------------------------------------------------


@sqlite_only
def test_a_register_that_is_not_there_yet_is_told_and_not_made(
    run: Run, sound: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = tmp_path / "new.db"
    monkeypatch.setenv("WESENTRA_DATABASE_URL", f"sqlite:///{new}")
    monkeypatch.setenv("WESENTRA_DATABASE_OWNER_URL", f"sqlite:///{new}")
    assert "there is no database yet" in said(run, "Schema")
    assert not new.exists()
    new.touch(0o600)
    assert "the database is empty" in said(run, "Schema")
    new.write_bytes(b"nothing of a database" * 100)
    assert "is no database" in said(run, "Database")


def test_a_schema_of_another_version_is_told(run: Run, sound: Settings, database: Database) -> None:
    forge(database, "update alembic_version set version_num = '0001'")
    assert "schema of an older version. Start the server once" in said(run, "Schema")
    forge(database, "update alembic_version set version_num = '9999'")
    assert "schema of another version, newer" in said(run, "Schema")
    assert "People in charge" not in run("doctor").stdout


def test_a_lost_key_of_the_log_is_told_and_none_is_made(run: Run, sound: Settings) -> None:
    (sound.instance / "log.key").unlink()
    assert "which signed this register's log" in said(run, "Schema")
    assert not (sound.instance / "log.key").exists()


@postgresql_only
def test_a_role_that_may_more_than_its_work_is_told(
    run: Run, sound: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "good   Database: PostgreSQL; the application’s role owns nothing." in said(
        run, "Database"
    )
    role = make_url(database.url).username
    owner = create_engine(database.owner_url)
    with owner.begin() as connection:
        connection.execute(text(f"ALTER TABLE task OWNER TO {role}"))
    assert "weak   Database: the application’s role owns 1 tables." in said(run, "Database")
    with owner.begin() as connection:
        connection.execute(text(f"GRANT UPDATE ON log_entry TO {role}"))
    assert "WRONG  Database: the application’s role may change the log." in said(run, "Database")
    owner.dispose()
    monkeypatch.setenv("WESENTRA_DATABASE_URL", database.owner_url)
    assert "role may everything" in said(run, "Database")


@postgresql_only
def test_a_server_that_does_not_answer_is_told(
    run: Run, sound: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        monkeypatch.setenv(f"WESENTRA_{name}", f"postgresql://nobody@/nothing?host={tmp_path}")
    assert "does not answer" in said(run, "Database")


# --- log, jobs, copies -----------------------------------------------------------------------


def test_a_log_with_a_fault_is_wrong_until_it_is_whole(
    run: Run, sound: Settings, database: Database
) -> None:
    assert said(run, "Log").startswith("good   Log: whole, verified on ")
    forge(database, "update log_entry set role = 'other' where id = 2")
    assert run("log", "verify").exit_code == 1
    assert said(run, "Log") == "WRONG  Log: Entry 2 of the log was changed."


@sqlite_only
def test_a_log_that_nobody_verified_is_weak(run: Run, sound: Settings, database: Database) -> None:
    with clock.turned_to(clock.now() + timedelta(days=2)):
        assert "it was verified last on" in said(run, "Log")
    forge(database, "delete from log_verification")
    assert said(run, "Log").startswith("weak   Log: it was never verified.")


@sqlite_only
def test_jobs_that_do_not_run_are_told(run: Run, sound: Settings, database: Database) -> None:
    assert said(run, "Jobs").startswith("good")
    with clock.turned_to(clock.now() + timedelta(days=3)):
        assert "WRONG  Jobs: Verification of the log: has not run since" in said(run, "Jobs")
    forge(database, "update job set outcome = 'refused' where name = 'log_prune'")
    assert "Removal of old entries of the log: failed the last time." in said(run, "Jobs")
    forge(database, "delete from job where name = 'log_prune'")
    assert "weak   Jobs: Removal of old entries of the log: has never run." in said(run, "Jobs")
    forge(database, "delete from job")
    assert "since jobs is false" in said(run, "Jobs")


@sqlite_only
def test_copies_that_stay_on_this_machine_are_weak_and_failing_ones_wrong(
    run: Run, sound: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    share = tmp_path / "share"
    share.mkdir()
    monkeypatch.setenv("WESENTRA_LOG_COPIES", str(share))
    assert run("jobs", "run").exit_code == 0
    assert "all of them stay on this machine" in said(run, "Copies of the checkpoints")
    share.rename(tmp_path / "away")
    factories_changed = run("log", "checkpoint")
    assert factories_changed.exit_code == 1
    assert "folder has taken none since" in said(run, "Copies of the checkpoints")


@sqlite_only
@pytest.mark.parametrize(
    ("address", "level"), [("udp://127.0.0.1:514", "weak"), ("udp://log.example.fi:514", "good")]
)
def test_a_syslog_elsewhere_is_a_copy_elsewhere(
    run: Run, sound: Settings, monkeypatch: pytest.MonkeyPatch, address: str, level: str
) -> None:
    monkeypatch.setenv("WESENTRA_LOG_SYSLOG", address)
    assert said(run, "Copies of the checkpoints").startswith(level)


# --- people and clock ------------------------------------------------------------------------


@sqlite_only
def test_whoever_is_alone_or_missing_is_told(run: Run, app: Flask, settings: Settings) -> None:
    first = factories.user(app, "staff")
    assert "WRONG  People in charge: nobody is administrator." in said(run, "People in charge")
    assert run("user", "grant", first, "admin").exit_code == 0
    told = said(run, "People in charge")
    assert "weak   People in charge: only one person is administrator." in told
    assert "WRONG  People in charge: nobody is privacy contact." in told
    for _ in range(2):
        factories.user(app, "admin", "privacy")
    assert "good   People in charge: 3 administrators, 2 privacy contacts." in said(
        run, "People in charge"
    )


@sqlite_only
@pytest.mark.parametrize("required", [[], ["admin"], ["privacy", "staff"]])
def test_whoever_is_in_charge_by_a_password_alone_is_told(
    run: Run, app: Flask, sound: Settings, required: list[str]
) -> None:
    assert said(run, "Second factor").startswith("good")
    with factories.register(app):
        required_factors.demand_of(required)
    assert said(run, "Second factor").startswith("weak")
    assert run("doctor").exit_code == 0


def test_a_clock_that_disagrees_is_told(run: Run, sound: Settings, database: Database) -> None:
    assert said(run, "Clock").startswith("good")
    with clock.turned_to(clock.now() - timedelta(hours=2)):
        assert "the log’s last entry is of" in said(run, "Clock")
    if database.kind == "postgresql":
        with clock.turned_to(clock.now() + timedelta(hours=2)):
            assert "differ by 7" in said(run, "Clock")


@sqlite_only
def test_it_speaks_the_installation_s_language(
    run: Run, sound: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WESENTRA_LANGUAGE", "fi")
    told = run("doctor").stdout
    assert "kunnossa" in told
    assert "Varmenne" in told
    assert "%(" not in told


@pytest.mark.parametrize("roles", [[], ["admin"], ["privacy", "staff"]])
def test_a_role_that_opens_everything_to_a_password_alone_is_weak(
    run: Run, app: Flask, sound: Settings, roles: list[str]
) -> None:
    assert said(run, "Second factors").startswith("good")
    with factories.register(app):
        required_factors.demand_of(roles)
    told = said(run, "Second factors")
    assert told.startswith("weak")
    assert "comes in by a password alone" in told


def test_a_network_of_proxies_is_weak(
    run: Run, sound: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WESENTRA_TRUSTED_PROXIES", "127.0.0.1,10.0.0.0/8")
    told = said(run, "Settings")
    assert told.startswith("weak")
    assert "every machine in 10.0.0.0/8 can say" in told

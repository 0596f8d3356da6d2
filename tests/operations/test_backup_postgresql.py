"""PostgreSQL's own programs: as the owner, with no password where others could read it."""

import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from tests import cluster
from tests.databases import postgresql_only
from tests.operations.backing import Keeper, refused

PASSWORD = "a pass:word/with @ signs"

PROGRAM = """#!/bin/sh
printf '%s\\n' "$@" > "{0}/arguments"
printf '%s' "$PGPASSWORD" > "{0}/password"
exit 1
"""


@pytest.fixture
def owner(keeper: Keeper, postgresql: cluster.Cluster) -> Iterator[str]:
    """A role that owns the register and is no superuser."""
    name = f"wes_owner_{make_url(keeper.database.url).database}"
    database = make_url(keeper.database.url).database
    postgresql.run(f"CREATE ROLE {name} LOGIN", f"ALTER DATABASE {database} OWNER TO {name}")
    own = cluster.Cluster(postgresql.admin.set(database=database), postgresql.app, "")
    own.run(
        "DO $$ DECLARE one record; BEGIN "  # noqa: S608 - a name of ours
        "FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP EXECUTE "
        f"format('ALTER TABLE public.%I OWNER TO {name}', one.tablename); "
        "END LOOP; END $$"
    )
    yield name
    own.run(f"REASSIGN OWNED BY {name} TO {postgresql.admin.username}")
    postgresql.run(f"ALTER DATABASE {database} OWNER TO {postgresql.admin.username}")
    postgresql.run(f"DROP ROLE {name}")


def as_owner(keeper: Keeper, name: str) -> None:
    url = make_url(keeper.database.owner_url).set(username=name)
    address = url.render_as_string(hide_password=False)
    object.__setattr__(keeper.database, "owner_url", address)


@postgresql_only
def test_an_owner_from_whom_rows_are_hidden_is_told_what_lacks(
    keeper: Keeper, owner: str, postgresql: cluster.Cluster
) -> None:
    """No backup is better than one with empty tables."""
    as_owner(keeper, owner)
    refused(keeper.run("backup", keeper.folder / "one.age"), "BYPASSRLS")
    assert list(keeper.folder.iterdir()) == []
    postgresql.run(f"ALTER ROLE {owner} BYPASSRLS")
    assert keeper.run("backup", keeper.folder / "two.age").exit_code == 0


@postgresql_only
def test_a_password_stands_on_no_command_line(
    keeper: Keeper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper.backup()
    program = tmp_path / "bin" / "pg_dump"
    program.parent.mkdir()
    program.write_text(PROGRAM.format(tmp_path))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    url = make_url(keeper.database.owner_url).set(password=PASSWORD)
    address = url.render_as_string(hide_password=False)
    object.__setattr__(keeper.database, "owner_url", address)
    refused(keeper.run("backup", keeper.folder / "two.age"), "pg_dump failed")
    said = (tmp_path / "arguments").read_text()
    assert (tmp_path / "password").read_text() == PASSWORD
    for part in ("pass:word", "pass%3A", "a+pass", "a%20pass"):
        assert part not in said
    assert f"/{url.database}" in said


@postgresql_only
def test_without_pg_dump_it_is_said(
    keeper: Keeper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper.backup()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shutil.which("pg_dump") is None
    refused(keeper.run("backup", keeper.folder / "two.age"), "pg_dump is missing")


@postgresql_only
def test_the_role_of_the_application_is_let_in_last(
    keeper: Keeper, postgresql: cluster.Cluster
) -> None:
    file = keeper.backup()
    assert keeper.restore(file).exit_code == 0
    told = keeper.run("doctor").stdout
    assert "PostgreSQL; the application’s role owns nothing" in told
    assert "has a whole register in it" in told
    assert keeper.run("user", "list").exit_code == 0

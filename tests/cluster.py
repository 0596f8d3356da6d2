"""A PostgreSQL for the tests: TEST_PG_URL, else a throw-away cluster from installed binaries.

One cluster serves all workers of a run. The first that needs it starts it under a lock, in the
folder of the run (`tests.folder`).
"""

import fcntl
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.engine import URL, make_url

from wesentra.operations import schema
from wesentra.settings import load

APP_PASSWORD = "app"
UNSAFE_BUT_FAST = (
    "-c listen_addresses='' -c fsync=off -c full_page_writes=off -c synchronous_commit=off "
    "-c max_connections=200 -c shared_buffers=64MB"
)


@dataclass(frozen=True)
class Cluster:
    """A running server: `admin` may make databases, the role `app` owns nothing."""

    admin: URL
    app: str
    template: str

    def run(self, *statements: str) -> None:
        """Run statements that cannot stand in a transaction."""
        address = self.admin.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def owner_url(self, database: str) -> str:
        """The address of `database` for the role that owns it."""
        return self.admin.set(database=database).render_as_string(hide_password=False)

    def app_url(self, database: str) -> str:
        """The address of `database` for the role that the application has."""
        url = self.admin.set(database=database, username=self.app, password=APP_PASSWORD)
        return url.render_as_string(hide_password=False)

    @contextmanager
    def database(self) -> Iterator[str]:
        """The name of a fresh database with the newest schema, dropped afterwards."""
        name = f"wes_{secrets.token_hex(6)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {self.template} STRATEGY FILE_COPY")
        try:
            yield name
        finally:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")


def stop(folder: Path) -> None:
    """Stop what was started in this run."""
    if (folder / "ready").exists():
        _remove(*(folder / "ready").read_text().splitlines())
    if (folder / "data" / "postmaster.pid").exists():
        _as_server_user(folder, "pg_ctl", "stop", "-m", "immediate")


def cluster(folder: Path) -> Cluster | None:
    """The cluster of this run, started by whoever asks first; None when there is none to have."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ready = folder / "ready"
        if not ready.exists():
            admin = os.environ.get("TEST_PG_URL") or _start(folder)
            if admin is None:
                return None
            ready.write_text("\n".join((admin, *_prepare(make_url(admin)))))
        admin, app, template = ready.read_text().splitlines()
        return Cluster(_with_driver(make_url(admin)), app, template)


def _with_driver(url: URL) -> URL:
    return url.set(drivername="postgresql+psycopg", database=url.database or "postgres")


def _binaries() -> Path | None:
    """The folder of initdb and postgres: the newest of Debian's, else the one on the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    on_path = shutil.which("initdb")
    first = found[-1] if found else Path(on_path).resolve() if on_path else None
    return first.parent if first and (first.parent / "postgres").exists() else None


def _version(initdb: Path) -> float:
    return float(initdb.parts[-3])


def _as_server_user(folder: Path, program: str, *arguments: str) -> None:
    """Run a program of PostgreSQL, which refuses to be run by root."""
    binaries = _binaries()
    assert binaries
    options: dict[str, Any] = {}
    if os.geteuid() == 0:
        options = {"user": _server_user(), "group": _group(), "extra_groups": []}
    command = [str(binaries / program), "-D", str(folder / "data"), *arguments]
    with (folder / "output").open("ab") as output:
        subprocess.run(command, check=True, stdout=output, stderr=output, cwd="/", **options)


def _server_user() -> str:
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _group() -> int:
    return pwd.getpwnam(_server_user()).pw_gid


def _start(folder: Path) -> str | None:
    """Start a cluster that listens on a socket in `folder` only; the administrator's address."""
    if _binaries() is None:
        return None
    if os.geteuid() == 0:
        shutil.chown(folder, _server_user(), _group())
    _as_server_user(folder, "initdb", "-U", "owner", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"{UNSAFE_BUT_FAST} -k {folder}"
    _as_server_user(folder, "pg_ctl", "start", "-w", "-o", options, "-l", str(folder / "log"))
    return f"postgresql://owner@/postgres?host={folder}"


def _prepare(admin: URL) -> tuple[str, str]:
    """Make the application's role and the template with the newest schema; their names."""
    suffix = secrets.token_hex(4)
    role, template = f"wes_app_{suffix}", f"wes_template_{suffix}"
    made = Cluster(_with_driver(admin), role, template)
    made.run(
        f"CREATE ROLE {role} LOGIN PASSWORD '{APP_PASSWORD}'",
        f"CREATE DATABASE {template} TEMPLATE template0 ENCODING 'UTF8'",
    )
    with tempfile.TemporaryDirectory() as instance:
        environ = {
            "WESENTRA_DATABASE_URL": made.app_url(template),
            "WESENTRA_DATABASE_OWNER_URL": made.owner_url(template),
        }
        schema.upgrade(load(instance, environ))
    return role, template


def _remove(admin: str, role: str, template: str) -> None:
    """Leave a server that is not ours as it was found."""
    if os.environ.get("TEST_PG_URL"):
        made = Cluster(_with_driver(make_url(admin)), role, template)
        made.run(f"DROP DATABASE {template} WITH (FORCE)", f"DROP ROLE {role}")

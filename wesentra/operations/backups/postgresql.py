"""PostgreSQL's own programs, by which its databases are copied: `pg_dump` and `pg_restore`.

They are run as the owner (`database_owner_url`). The tables hide every row from whoever does not
say whom it concerns, from their owner as well; so the owner has to be one who is not asked: a
superuser, or a role with BYPASSRLS. A password goes by the environment, never on a command line,
where everybody on the machine could read it.
"""

import os
import shutil
import subprocess
from collections.abc import Sequence
from typing import IO

from sqlalchemy import URL, make_url

from wesentra.refusal import Refused
from wesentra.texts import mark

ASIDE = "wesentra_before_"
"""How the schema begins that a restore has moved aside."""
SECRET_WORDS = ("password", "passfile", "sslpassword")
FORBIDDEN = b"row-level security"
WORDS = 300
DUMP = (
    "--format=custom",
    "--compress=0",
    "--no-owner",
    "--no-privileges",
    "--lock-wait-timeout=10s",
)
"""The backup is encrypted, not packed: what is packed tells by its length what it holds."""
RESTORE = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")


def dump(address: str, target: IO[bytes]) -> None:
    """Write the database as it is at one moment. Raises Refused, with no value of a row in it."""
    aside = f"--exclude-schema={ASIDE}*"
    _run("pg_dump", [*DUMP, aside], address, stdout=target)


def restore(address: str, source: IO[bytes]) -> None:
    """Put what was dumped into an empty schema `public`, all of it or nothing."""
    _run("pg_restore", [*RESTORE, "--schema=public"], address, stdin=source)


def listed(source: IO[bytes]) -> bool:
    """Whether `pg_restore` can read what was dumped."""
    _run("pg_restore", ["--list"], None, stdin=source)
    return True


def create(address: str, name: str) -> None:
    """Make an empty database, beside the one at `address`."""
    _run("createdb", ["--template=template0", name], address, how="--maintenance-db")


def drop(address: str, name: str) -> None:
    """Remove a database that nobody is in."""
    _run("dropdb", ["--if-exists", name], address, how="--maintenance-db")


def _run(
    program: str,
    options: Sequence[str],
    address: str | None,
    stdin: IO[bytes] | None = None,
    stdout: IO[bytes] | None = None,
    how: str = "--dbname",
) -> None:
    command, environ = [_found(program), *options], dict(os.environ)
    if address is not None:
        url = make_url(address)
        command += ["--no-password", f"{how}={_plain(url)}"]
        environ |= _secrets(url)
    done = subprocess.run(  # noqa: S603 - no shell, and nothing that a stranger typed
        command,
        stdin=stdin or subprocess.DEVNULL,
        stdout=stdout or subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environ,
        check=False,
    )
    if done.returncode:
        raise _failed(program, done.stderr)


def _found(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        raise Refused(
            mark("%(program)s is missing: install the client programs of PostgreSQL."),
            program=program,
        )
    return found


def _plain(url: URL) -> str:
    """The address without anything secret, as libpq reads it."""
    plain = url.set(drivername="postgresql").difference_update_query(SECRET_WORDS)
    return URL.create(
        "postgresql", plain.username, None, plain.host, plain.port, plain.database, plain.query
    ).render_as_string(hide_password=False)


def _secrets(url: URL) -> dict[str, str]:
    """What libpq reads from the environment instead."""
    given = {"PGPASSWORD": url.password or url.query.get("password")}
    given["PGPASSFILE"] = url.query.get("passfile")
    given["PGSSLPASSWORD"] = url.query.get("sslpassword")
    return {name: str(value) for name, value in given.items() if value}


def _failed(program: str, said: bytes) -> Refused:
    if FORBIDDEN in said:
        return Refused(
            mark(
                "The owner of the database may not copy it: its rows are hidden from whoever asks. "
                "ALTER ROLE … BYPASSRLS for the role of database_owner_url."
            )
        )
    lines = said.decode(errors="replace").splitlines()
    first = next((line for line in lines if "error:" in line), "")
    reason = first.partition("error:")[2].strip() if "COPY" not in first else ""
    return Refused(
        mark("%(program)s failed: %(reason)s."),
        program=program,
        reason=(reason or "?").rstrip(".")[:WORDS],
    )

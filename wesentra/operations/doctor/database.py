"""Which schema the database has, and what the application may do in it."""

from dataclasses import dataclass
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, make_url, text

from wesentra.operations import schema
from wesentra.operations.doctor.checked import Checked, Level, good, refused, weak, wrong
from wesentra.refusal import Refused
from wesentra.settings import Settings
from wesentra.texts import mark

WHAT = mark("Database")
SCHEMA = mark("Schema")
BEGIN = mark("Start the server once: wesentra serve.")
OWNER = mark(
    "Make a role of its own for database_url that owns nothing, and name the owner in "
    "database_owner_url; wesentra serve then gives it what it needs."
)
_ASKED = text(
    "SELECT rolsuper OR rolbypassrls, "
    "(SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = rolname), "
    "has_table_privilege('log_entry', 'UPDATE') OR has_table_privilege('log_entry', 'DELETE') "
    "FROM pg_roles WHERE rolname = current_user"
)


@dataclass(frozen=True)
class Role:
    """What the application's role on PostgreSQL may: everything; how many tables are its own;
    whether it may change or remove entries of the log."""

    everything: bool
    owns: int
    changes_log: bool


def of_register(settings: Settings) -> list[Checked]:
    """The checks of schema and role. The database is only read, and not made where none is."""
    url = make_url(settings.database_url)
    is_file = url.get_backend_name() == "sqlite"
    if is_file and not Path(str(url.database)).exists():
        return [wrong(SCHEMA, mark("there is no database yet."), BEGIN)]
    with schema.opened(settings.database_url, to_write=False) as connection:
        known = MigrationContext.configure(connection).get_current_revision()
        role = None if is_file or known is None else _role(connection)
    if known is None:
        return [wrong(SCHEMA, mark("the database is empty."), BEGIN)]
    try:
        schema.demand(settings)
    except Refused as no:
        return [refused(SCHEMA, no)]
    return [good(SCHEMA, mark("it is this version’s.")), *check(role)]


def is_usable(found: list[Checked]) -> bool:
    """Whether the register can be asked anything."""
    return all(one.level is not Level.WRONG for one in found if one.what == SCHEMA)


def _role(connection: Connection) -> Role:
    return Role(*connection.execute(_ASKED).one())


def check(role: Role | None) -> list[Checked]:
    """What the application's role may beyond its work; None: a file of this installation."""
    if role is None:
        return [good(WHAT, mark("a file of this installation."))]
    if role.everything:
        said = mark("the application’s role may everything, also past the rules of the tables.")
        return [wrong(WHAT, said, OWNER)]
    if role.changes_log:
        said = mark("the application’s role may change the log.")
        return [wrong(WHAT, said, OWNER)]
    if role.owns:
        said = mark("the application’s role owns %(tables)s tables.")
        return [weak(WHAT, said, OWNER, tables=role.owns)]
    return [good(WHAT, mark("PostgreSQL; the application’s role owns nothing."))]

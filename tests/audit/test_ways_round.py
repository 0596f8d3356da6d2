"""Ways round the three nets that look like ordinary statements, each refused before it reads.

Other classes over the same tables, columns that are fed from elsewhere, what a flush takes along,
text that the database puts together itself, and what drivers do without a statement.
"""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from flask import Flask
from sqlalchemy import (
    Column,
    Engine,
    Integer,
    String,
    event,
    func,
    literal,
    select,
    text,
    true,
    union_all,
    update,
)
from sqlalchemy.orm import (
    aliased,
    column_property,
    contains_eager,
    declarative_base,
    joinedload,
    load_only,
    query_expression,
    registry,
    relationship,
    with_expression,
)

from tests import factories
from tests.audit.looking import Held, do, hold, told
from tests.databases import postgresql_only, sqlite_only
from wesentra.audit.passing import Unwatched
from wesentra.models import Company, Contact, User, db
from wesentra.models.attribution import seen_by_program, shown_as

S = db.session
T = Contact.__table__
MAIL = "aino@auto.example.fi"
Action = Callable[[], Any]
MAILS = func.query_to_xml("select email from contact", True, True, "")
REFUSED = (Unwatched, psycopg.errors.InsufficientPrivilege)


@pytest.fixture
def held(app: Flask) -> Held:
    found = hold(app)
    factories.user(app, "staff")
    return found


def rows(statement: Any, **options: Any) -> Any:
    return S.execute(statement, execution_options=options).all()


def refused(app: Flask, action: Action) -> None:
    with pytest.raises(Unwatched):
        do(app, action)


def a_user() -> User:
    found: User = S.scalars(select(User)).one()
    return found


# --- entities that are not ---------------------------------------------------------------------


def mail_as_user() -> Any:
    """A select of mail addresses in the form of users."""
    own = {"id": Contact.id, "full_name": Contact.email}
    columns = User.__table__.c
    return select(
        *(own.get(c.name, literal(None, type_=c.type)).label(c.name) for c in columns)  # type: ignore[attr-defined]
    )


def mail_as_name() -> Any:
    return select(Contact.id, Contact.email.label("full_name")).subquery()


def of_others(made: Any) -> Action:
    """The mail of a class that was made past the register."""
    return lambda: [row.email for row in S.scalars(select(made()))]


def imperatively(source: Callable[[], Any], to: Callable[[], registry]) -> Callable[[], Any]:
    def made() -> Any:
        other = new_class()
        to().map_imperatively(other, source())
        return other

    return made


def declared() -> Any:
    class Other(declarative_base()):  # type: ignore[misc]
        __tablename__ = "contact"
        id = Column(Integer, primary_key=True)
        email = Column(String)

    return Other


def of_another_row() -> Any:
    """Contacts whose columns come from a row of somebody else."""
    own = aliased(Contact)
    names = [c.name for c in T.c if c.name != "id"]  # type: ignore[attr-defined]
    source = select(literal(99).label("id"), *(getattr(own, n) for n in names if hasattr(own, n)))
    other = aliased(Contact, source.subquery(), adapt_on_names=True)
    return S.scalars(select(other)).all()


def by_name() -> Any:
    other = aliased(User, mail_as_name(), adapt_on_names=True)
    return S.scalars(select(other).options(load_only(other.full_name))).all()


def by_option() -> Any:
    source = select(Contact.id, Contact.email.label("name"), literal(None).label("person_id"))
    other = aliased(Company, source.subquery(), adapt_on_names=True)
    eager = contains_eager(Contact.company.of_type(other)).load_only(other.name, other.person_id)
    return S.scalars(select(Contact).join(other, true()).options(eager)).all()


ENTITIES: dict[str, Action] = {
    "from_statement": lambda: S.scalars(select(User).from_statement(mail_as_user())).all(),
    "from a union": lambda: S.scalars(
        select(User).from_statement(union_all(mail_as_user(), mail_as_user()))
    ).all(),
    "two from_statement": lambda: rows(select(User, Contact).from_statement(select(Contact))),
    "adapted": by_name,
    "another row": of_another_row,
    "contains_eager": by_option,
    "mapped table": of_others(imperatively(lambda: T, registry)),
    "mapped in our registry": of_others(imperatively(lambda: T, lambda: Contact.registry)),
    "mapped subquery": of_others(
        imperatively(lambda: select(T.c.id, T.c.email).subquery(), registry)
    ),
    "declared": of_others(declared),
    "get": lambda: S.get(declared(), 1),
}


@pytest.fixture
def own_classes_only() -> Iterator[None]:
    """Classes that a test adds to the register's are gone after it."""
    ours = Contact.registry
    before = set(ours.mappers)
    yield
    for mapper in set(ours.mappers) - before:
        del ours._managers[mapper.class_manager]


def new_class() -> Any:
    return type(f"Other{uuid4().hex}", (), {})


@pytest.mark.usefixtures("own_classes_only")
@pytest.mark.parametrize("way", ENTITIES)
def test_entities_have_to_be_the_registers_own(app: Flask, held: Held, way: str) -> None:
    refused(app, ENTITIES[way])


def a_mail() -> Any:
    return select(T.c.email).limit(1).scalar_subquery()


def with_leak(leak: Any) -> Any:
    """A class over users that is the register's own and has one attribute more."""
    other = new_class()
    Contact.registry.map_imperatively(other, User.__table__, properties={"leak": leak})
    return other


FILTER = select(Contact.id).exists()


@pytest.mark.usefixtures("own_classes_only")
def test_further_columns_of_a_class_are_refused(app: Flask, held: Held) -> None:
    """A deferred one when it is loaded, any other where people are filtered by."""
    late = with_leak(column_property(a_mail(), deferred=True))
    refused(app, lambda: S.scalars(select(late)).one().leak)
    at_once = with_leak(column_property(a_mail()))
    refused(app, lambda: S.scalars(select(at_once)).all())
    refused(app, lambda: S.scalars(select(at_once).where(FILTER)).all())
    asked = with_leak(query_expression())
    found = select(asked).options(with_expression(asked.leak, a_mail()))
    refused(app, lambda: S.scalars(found).all())
    refused(app, lambda: S.scalars(found.where(FILTER)).all())
    plain = select(User).where(FILTER)
    assert told(do(app, lambda: S.scalars(plain).all())) == [("program", "filter", ())]


@pytest.mark.usefixtures("own_classes_only")
def test_relationships_lead_to_watched_classes_only(app: Flask, held: Held) -> None:
    stranger = new_class()
    Contact.registry.map_imperatively(stranger, T)
    users = User.__table__.c
    leads = relationship(
        stranger, primaryjoin=users.id == T.c.id, foreign_keys=[T.c.id], viewonly=True
    )  # type: ignore[attr-defined]
    leading = with_leak(leads)
    refused(app, lambda: S.scalars(select(leading)).one().leak)
    joined = select(leading).options(joinedload(leading.leak)).where(FILTER)
    refused(app, lambda: S.scalars(joined).all())


def test_a_count_is_a_count(app: Flask, held: Held) -> None:
    def named(name: str) -> Any:
        counting = func.count(Contact.email)
        counting.name = name
        return counting

    refused(app, lambda: rows(select(named("max"))))
    assert told(do(app, lambda: rows(select(named("count"))))) == [("program", "filter", ())]


def test_a_function_beside_people_says_nothing(app: Flask, held: Held) -> None:
    """What it reads does not stand in its name: `query_to_xml` reads whatever its text says."""
    refused(app, lambda: rows(select(Contact, MAILS)))
    refused(app, lambda: rows(select(func.count(Contact.id), MAILS)))


def test_a_row_that_is_shown_has_its_id(app: Flask, held: Held) -> None:
    nobody = select(literal(None).label("id"), Contact.email)
    refused(app, lambda: rows(nobody, **shown_as("contact", "id", "email")))


# --- what a flush takes along --------------------------------------------------------------------


def set_to(value: Callable[[], Any]) -> Action:
    def changed() -> None:
        a_user().full_name = value()
        S.flush()

    return changed


def new_user() -> None:
    values = {"name": "z", "password_hash": "x", "language": "en"}
    S.add(User(full_name=select(Contact.email).limit(1).scalar_subquery(), **values))
    S.flush()


def somebody_elses_mail() -> None:
    S.scalars(select(Contact)).one().title = select(T.c.email).limit(1).scalar_subquery()
    S.flush()


def copied_by_function() -> None:
    S.scalars(select(Contact)).one().title = MAILS
    S.flush()


def in_a_flush(class_or_session: Any, name: str, send: Callable[[Any], Any]) -> Action:
    """SQL that a listener sends while an object is written."""

    def changed() -> None:
        target = class_or_session()
        found: list[Any] = []

        def listener(*given: Any) -> None:
            found.append(send(given[1] if name == "before_update" else S.connection()))

        event.listen(target, name, listener)
        try:
            a_user().full_name = "zz"
            S.flush()
        finally:
            event.remove(target, name, listener)

    return changed


FLUSHED: dict[str, Action] = {
    "subquery": set_to(lambda: select(Contact.email).limit(1).scalar_subquery()),
    "text": set_to(lambda: text("(select email from contact)")),
    "new": new_user,
    "of another person": somebody_elses_mail,
    "by a function": copied_by_function,
    "text, before_update": in_a_flush(
        lambda: User, "before_update", lambda c: c.execute(text("select email from contact")).all()
    ),
    "driver, before_update": in_a_flush(
        lambda: User, "before_update", lambda c: c.exec_driver_sql("select email from contact")
    ),
    "select, after_flush": in_a_flush(S, "after_flush", lambda c: c.execute(select(T.c.email))),
    "copy, after_flush": in_a_flush(
        S, "after_flush", lambda c: c.execute(update(User).values(full_name=a_mail()))
    ),
}


@pytest.mark.parametrize("way", FLUSHED)
def test_a_flush_writes_values_only(app: Flask, held: Held, way: str) -> None:
    refused(app, FLUSHED[way])


# --- past every listener -------------------------------------------------------------------------


def driver() -> Any:
    return S.connection().connection.dbapi_connection


def sent_again() -> Any:
    """The very text of a statement that was attributed a moment ago."""
    sent: list[tuple[str, Any]] = []

    def keep(_c: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        sent.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", keep)
    try:
        rows(select(Contact.id, Contact.email), **seen_by_program("matching"))
    finally:
        event.remove(db.engine, "before_cursor_execute", keep)
    return S.connection().connection.cursor().execute(*sent[-1]).fetchall()


def test_what_was_sent_before_is_refused_on_a_raw_cursor(app: Flask, held: Held) -> None:
    refused(app, sent_again)


ON_SQLITE: dict[str, Action] = {
    "blobopen": lambda: driver().blobopen("contact", "note", 1),
    "blobopen of the log": lambda: driver().blobopen("log_entry", "subject_ids", 1),
    "serialize": lambda: driver().serialize(),
    "iterdump": lambda: list(driver().iterdump()),
    "backup": lambda: driver().backup(driver()),
    "authorizer": lambda: driver().set_authorizer(None),
    "script": lambda: driver().executescript("create table copied as select * from contact"),
    "many": lambda: driver().executemany("update contact set title = ?", [("x",)]),
    "query_only": lambda: S.execute(text("PRAGMA query_only=0")),
    "query_only in capitals": lambda: S.execute(text('PRAGMA main."QUERY_ONLY"(0)')),
}


@sqlite_only
@pytest.mark.parametrize("way", ON_SQLITE)
def test_sqlite_gives_no_file_past_its_statements(app: Flask, held: Held, way: str) -> None:
    refused(app, ON_SQLITE[way])
    with app.app_context(), pytest.raises(Unwatched):  # nobody acts
        ON_SQLITE[way]()
    with app.app_context():
        S.remove()


HIDDEN = "'select email from con'||'tact'"
INTO = "DO $$ BEGIN EXECUTE 'create temp table found as select email from con'||'tact'; END $$"
TOLD = f"DO $$ DECLARE x text; BEGIN EXECUTE {HIDDEN} INTO x; RAISE EXCEPTION 'found %', x; END $$"


def copied() -> Any:
    cursor = S.connection().connection.cursor()
    with cursor.copy(f"COPY (SELECT query_to_xml({HIDDEN}, true, true, '')) TO STDOUT") as found:
        return b"".join(found)


def by_protocol() -> Any:
    answer = driver().pgconn.exec_(b"select email from contact")
    if answer.error_message:
        raise psycopg.errors.InsufficientPrivilege(answer.error_message.decode())


def prepared() -> Any:
    """By the name under which the driver keeps an attributed statement on the server."""
    for _ in range(8):
        S.expunge_all()
        S.scalars(select(Contact)).all()
    named = text(
        "SELECT name, cardinality(parameter_types) FROM pg_prepared_statements "
        "WHERE strpos(statement, :table) > 0"
    )
    found = S.execute(named, {"table": "FROM contact"}).first()
    assert found is not None
    given = ", ".join(["'contact'"] * found[1])
    return driver().execute(f"EXECUTE {found[0]}{f'({given})' if given else ''}").fetchall()


ON_POSTGRESQL: dict[str, Action] = {
    "query_to_xml": lambda: rows(text(f"select query_to_xml({HIDDEN}, true, true, '')")),
    "schema_to_xml": lambda: rows(text("select schema_to_xml('public', true, true, '')")),
    "DO": lambda: S.execute(text(INTO)),
    "DO that raises": lambda: S.execute(text(TOLD)),
    "DO that changes": lambda: S.execute(text(INTO.replace("create", "delete from contact; --"))),
    "COPY": copied,
    "named cursor": lambda: S.connection().connection.cursor(name="x").execute(MAIL),
    "client cursor": lambda: psycopg.ClientCursor(driver()).execute("select email from contact"),
    "protocol": by_protocol,
    "EXECUTE": prepared,
    "setting": lambda: S.execute(text("select set_config('wesentra.audit', 'x', true)")),
    "SET": lambda: S.execute(text("SET LOCAL wesentra.audit = 'x'")),
}


@postgresql_only
@pytest.mark.parametrize("way", ON_POSTGRESQL)
def test_postgresql_opens_the_attributed_statement_only(app: Flask, held: Held, way: str) -> None:
    with pytest.raises(REFUSED) as error:
        do(app, ON_POSTGRESQL[way])
    assert MAIL not in str(error.value)


@postgresql_only
def test_a_key_is_of_one_connection(app: Flask, held: Held) -> None:
    """What one connection was let through with opens nothing on another."""
    seen: list[str] = []

    def keys(engine: Engine) -> set[str]:
        with engine.connect() as one, engine.connect() as other:
            return {one.info["wesentra_key_hash"], other.info["wesentra_key_hash"]}

    do(app, lambda: seen.extend(keys(db.engine)))
    assert len(seen) == 2


def test_a_long_result_comes_in_portions(app: Flask, held: Held) -> None:
    ids = select(User.id).execution_options(yield_per=1, stream_results=True)
    people = select(Contact).execution_options(yield_per=1, stream_results=True)
    do(app, lambda: list(S.execute(ids)))
    entries = do(app, lambda: list(S.scalars(people)))
    assert told(entries) == [("view", "contact", (held.contact,))]

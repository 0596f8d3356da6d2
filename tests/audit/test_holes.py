"""Every way to a person's data through SQLAlchemy is logged or refused.

The rows of the tables in the documentation, one by one, on both databases. What stays open is a
raw cursor of the database driver and an engine of one's own: nothing in the program makes them.
"""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import (
    Column,
    MetaData,
    String,
    Table,
    cast,
    column,
    delete,
    exists,
    func,
    insert,
    literal_column,
    select,
    table,
    text,
    union,
    union_all,
    update,
)
from sqlalchemy.orm import (
    Bundle,
    aliased,
    defer,
    joinedload,
    lazyload,
    load_only,
    selectinload,
    subqueryload,
)

from tests import factories
from tests.audit.looking import Held, do, hold, told
from tests.databases import sqlite_only
from wesentra import clock
from wesentra.actor import Acting, NobodyActing, acting_as, current
from wesentra.audit.passing import Unwatched
from wesentra.models import Company, Contact, ContactWord, Interaction, Purpose, Task, User, db
from wesentra.models.attribution import bulk_write, seen_by_program, shown_as
from wesentra.models.base import writing

S = db.session
T = Contact.__table__
Action = Callable[[], Any]
LOOSE = {"synchronize_session": False}


@pytest.fixture
def held(app: Flask) -> Held:
    return hold(app)


def rows(statement: Any, **options: Any) -> Any:
    return S.execute(statement, execution_options=options).all()


def in_text(sql: str) -> Any:
    return rows(text(sql))


def run(actions: dict[str, Action], app: Flask) -> dict[str, list[Any]]:
    return {name: told(do(app, action)) for name, action in actions.items()}


def refused(actions: dict[str, Action], app: Flask) -> None:
    """Each action is refused by name, and nothing of it stays."""
    passed = []
    for name, action in actions.items():
        try:
            entries = do(app, action)
        except Unwatched:
            continue
        passed.append((name, told(entries)))
    assert not passed
    with factories.register(app):
        assert S.scalars(
            select(Contact.title), execution_options=seen_by_program("test")
        ).all() == [""]


# --- reads that show whom they concern --------------------------------------------------------


def test_loads_of_a_contact_are_logged(app: Flask, held: Held) -> None:
    """get, select, query, aliased, union, from_statement, yield_per, merge, freeze."""
    other = aliased(Contact)
    both = union(select(Contact), select(Contact))
    actions: dict[str, Action] = {
        "get": lambda: S.get(Contact, held.contact),
        "select": lambda: S.scalars(select(Contact)).all(),
        "query": lambda: S.query(Contact).all(),
        "aliased": lambda: S.scalars(select(other)).all(),
        "of a subquery": lambda: S.scalars(
            select(aliased(Contact, select(Contact).subquery()))
        ).all(),
        "of a union": lambda: S.scalars(select(Contact).from_statement(both)).all(),
        "yield_per": lambda: list(S.scalars(select(Contact).execution_options(yield_per=1))),
        "freeze": lambda: S.execute(select(Contact)).freeze()().all(),
        "for update": lambda: S.scalars(select(Contact).with_for_update()).all(),
        "with a user": lambda: rows(
            select(Contact, User).outerjoin(User, User.id == Contact.owner_id)
        ),
    }
    assert run(actions, app) == {name: [("view", "contact", (held.contact,))] for name in actions}


def test_loads_along_relationships_are_logged(app: Flask, held: Held) -> None:
    """Lazy, selectinload and joinedload: from a call to its contact, on to the company."""

    def lazily() -> None:
        call = S.scalars(select(Interaction).options(defer(Interaction.summary))).one()
        S.refresh(call, ["summary"])

    def by(way: Any) -> Action:
        return lambda: (
            S.scalars(
                select(Interaction).options(
                    way(Interaction.contact).options(
                        way(Contact.company).load_only(Company.name, Company.person_id)
                    )
                )
            )
            .one()
            .contact.company.name
        )

    seen = [("view", "contact", (held.contact,))]
    company = ("view", "company", (held.company,))
    assert told(do(app, lazily)) == seen
    for way in (lazyload, joinedload, selectinload, subqueryload):
        assert sorted(told(do(app, by(way)))) == sorted([*seen, company])


def test_child_rows_count_as_their_contact(app: Flask, held: Held) -> None:
    for child in (Interaction, Task, ContactWord):
        entries = do(app, lambda child=child: S.scalars(select(child)).all())
        assert told(entries) == [("view", "contact", (held.contact,))]


def test_a_row_that_does_not_say_whose_it_is_is_refused(app: Flask, held: Held) -> None:
    summaries = select(Interaction).options(load_only(Interaction.summary))
    refused({"without contact_id": lambda: S.scalars(summaries).all()}, app)


def test_what_is_read_again_is_logged_again(app: Flask, held: Held) -> None:
    """refresh, an expired attribute, a deferred attribute, populate_existing."""
    brief = select(Contact).options(load_only(Contact.group))

    def with_first(then: Callable[[Contact], Any]) -> Action:
        return lambda: then(S.scalars(brief).one())

    def expired(contact: Contact) -> str:
        S.expire(contact)
        return contact.email

    again = select(Contact).execution_options(populate_existing=True)
    ways: dict[str, Action] = {
        "refresh": with_first(lambda contact: S.refresh(contact, ["email"])),
        "expired": with_first(expired),
        "deferred": with_first(lambda contact: contact.email),
        "populate_existing": with_first(lambda _: S.scalars(again).all()),
        "unloaded rest": with_first(lambda _: S.scalars(select(Contact)).all()),
    }
    for name, way in ways.items():
        (entry,) = do(app, way)
        assert entry[:3] == ("view", "contact", (held.contact,)), name
        assert {"email", "group"} <= set(entry.fields), name


def test_the_same_object_while_it_is_held_is_one_entry(app: Flask, held: Held) -> None:
    def twice() -> None:
        first = S.get(Contact, held.contact)
        assert S.get(Contact, held.contact) is first
        assert S.scalars(select(Contact)).one() is first

    assert told(do(app, twice)) == [("view", "contact", (held.contact,))]


def test_fields_of_an_entry_are_those_that_were_loaded(app: Flask, held: Held) -> None:
    brief = select(Contact).options(load_only(Contact.phone, Contact.title))
    (entry,) = do(app, lambda: S.scalars(brief).all())
    assert entry.fields == ("phone", "title")


# --- reads that do not ------------------------------------------------------------------------


def test_columns_are_refused(app: Flask, held: Held) -> None:
    """Columns, Bundle, expressions, CTE, union, subqueries, Core selects on the session."""
    mail = select(Contact.email)
    actions: dict[str, Action] = {
        "column": lambda: rows(mail),
        "id": lambda: rows(select(Contact.id)),
        "query": lambda: S.query(Contact.email).all(),
        "bundle": lambda: rows(select(Bundle("b", Contact.email))),
        "alias": lambda: rows(select(aliased(Contact).email)),
        "label": lambda: rows(select(Contact.email.label("x"))),
        "cast": lambda: rows(select(cast(Contact.email, String))),
        "expression": lambda: rows(select(Contact.given_name + "x")),
        "function": lambda: rows(select(func.max(Contact.email))),
        "cte": lambda: rows(select(mail.cte("c").c.email)),
        "whole cte": lambda: rows(select(mail.cte("c"))),
        "subquery": lambda: rows(select(mail.subquery().c.email)),
        "union": lambda: rows(union(mail, select(Company.name))),
        "union with users": lambda: rows(union_all(select(User.name), mail)),
        "scalar subquery": lambda: rows(select(User.id, mail.limit(1).scalar_subquery())),
        "beside an entity": lambda: rows(select(Contact, Company.name).join(Contact.company)),
        "core": lambda: rows(select(T)),
        "core column": lambda: rows(select(T.c.email)),
        "exists": lambda: rows(select(exists().where(Contact.email == "aino@auto.example.fi"))),
    }
    refused(actions, app)


def test_tables_by_name_are_refused(app: Flask, held: Held) -> None:
    """Lightweight table() and column(), tables of another MetaData, names in capitals."""
    actions: dict[str, Action] = {
        "column() from table()": lambda: rows(
            select(column("email")).select_from(table("contact"))
        ),
        "table()": lambda: rows(select(table("contact", column("email")).c.email)),
        "in capitals": lambda: rows(select(table("CONTACT", column("email")).c.email)),
        "with a schema": lambda: rows(
            select(table("contact", column("email"), schema="main").c.email)
        ),
        "another Table": lambda: rows(
            select(Table("Contact", MetaData(), Column("email", String)).c.email)
        ),
    }
    refused(actions, app)


def test_plain_sql_is_refused(app: Flask, held: Held) -> None:
    """text() and every place where plain SQL can hide in a statement."""
    mail = "(select email from contact limit 1)"
    whole = text("select id, email as name from contact")
    actions: dict[str, Action] = {
        "text": lambda: in_text("select email from contact"),
        "with schema": lambda: in_text("select email from main.contact"),
        "quoted": lambda: in_text('select email from "contact"'),
        "qualified": lambda: in_text("select contact.email from contact where contact.id=1"),
        "escaped": lambda: in_text('select email from U&"\\0063ontact"'),
        "count": lambda: in_text("select count(*) from contact"),
        "columns": lambda: rows(text("select email from contact").columns(column("email"))),
        "in a subquery": lambda: rows(
            select(text("select email from contact").columns(column("email")).subquery())
        ),
        "selected text": lambda: rows(select(text("email from contact"))),
        "literal column": lambda: rows(select(literal_column("email")).select_from(Contact)),
        "literal from text": lambda: rows(
            select(literal_column("email")).select_from(text("contact"))
        ),
        "literal subquery": lambda: rows(select(User.id, literal_column(mail))),
        "in a function": lambda: rows(select(func.lower(text(mail)))),
        "in where": lambda: rows(
            select(User.id).where(text("exists (select 1 from contact where title = ''))"))
        ),
        "in where of people": lambda: S.scalars(
            select(Company).where(text(f"name <> {mail}"))
        ).all(),
        "as an operator": lambda: rows(select(User.name.op(f"|| {mail} ||")(User.name))),
        "as a suffix": lambda: rows(select(User.id).suffix_with("union select email from contact")),
        "as a hint": lambda: rows(
            select(Company).with_statement_hint("union select * from contact")
        ),
        "entity": lambda: S.scalars(
            select(Contact).from_statement(text("select * from contact"))
        ).all(),
        "other entity": lambda: S.scalars(select(User).from_statement(whole)).all(),
        "other columns": lambda: rows(select(User.id, User.name).from_statement(whole)),
    }
    refused(actions, app)


def test_past_the_session_is_refused(app: Flask, held: Held) -> None:
    """The session's connection, an engine's connection, SQL handed to the driver."""

    def by_engine() -> None:
        with db.engine.connect() as connection:
            connection.execute(select(T.c.email)).all()

    actions: dict[str, Action] = {
        "core": lambda: S.connection().execute(select(T.c.email)).all(),
        "entity": lambda: S.connection().execute(select(Contact)).all(),
        "count": lambda: S.connection().execute(select(func.count()).select_from(T)).all(),
        "text": lambda: S.connection().execute(text("select email from contact")).all(),
        "driver": lambda: S.connection().exec_driver_sql("select email from contact").all(),
        "driver, schema": lambda: S.connection().exec_driver_sql("select 1 from main.contact"),
        "engine": by_engine,
        "update": lambda: S.connection().execute(update(T).values(title="x")),
    }
    refused(actions, app)


@sqlite_only
def test_the_quotes_of_sqlite_hide_nothing(app: Flask, held: Held) -> None:
    actions: dict[str, Action] = {
        quoted: lambda quoted=quoted: in_text(f"select email from {quoted}")  # noqa: S608 - a test
        for quoted in ("[contact]", "`contact`", "main.[contact]", "CONTACT")
    }
    refused(actions, app)


def test_a_cached_statement_is_no_way_round(app: Flask, held: Held) -> None:
    """What was allowed in the session is refused on a bare connection, in the same moment."""
    counting = select(func.count()).select_from(Contact)
    refused({"twice": lambda: (rows(counting), S.connection().execute(counting))}, app)


def test_counts_and_filters_are_counted(app: Flask, held: Held) -> None:
    """They give out no row: logged as what the program did, not as a look at anybody."""
    some = Contact.email == "aino@auto.example.fi"
    actions: dict[str, Action] = {
        "count": lambda: rows(select(func.count()).select_from(Contact)),
        "count where": lambda: rows(select(func.count()).where(some)),
        "query.count": lambda: S.query(Contact).count(),
        "filter": lambda: rows(select(User.id).where(exists().where(some))),
        "order": lambda: rows(
            select(User.id).order_by(select(Contact.id).limit(1).scalar_subquery())
        ),
    }
    assert run(actions, app) == {name: [("program", "filter", ())] for name in actions}


def test_columns_with_their_subject_are_logged(app: Flask, held: Held) -> None:
    mail = select(Contact.id, Contact.email)
    (shown,) = do(app, lambda: rows(mail, **shown_as("contact", "id", "email")))
    assert shown[:4] == ("view", "contact", (held.contact,), ("email",))
    (counted,) = do(app, lambda: rows(mail, **seen_by_program("matching")))
    assert counted[:3] == ("program", "matching", ())


# --- changes ----------------------------------------------------------------------------------


def changed(title: str, flush: bool) -> None:
    S.scalars(select(Contact)).one().title = title
    if flush:
        S.flush()


@pytest.mark.parametrize("flush", [False, True], ids=["commit", "flush, commit"])
def test_a_change_is_logged_however_it_is_flushed(app: Flask, held: Held, flush: bool) -> None:
    (entry,) = do(app, lambda: changed("Boss", flush))
    assert entry[:4] == ("update", "contact", (held.contact,), ("title",))


def test_a_change_flushed_by_a_query_is_logged(app: Flask, held: Held) -> None:
    def autoflushed() -> None:
        changed("Boss", flush=False)
        assert rows(select(User.id)) == []

    assert told(do(app, autoflushed)) == [("update", "contact", (held.contact,))]


def test_new_and_deleted_people_are_logged(app: Flask, held: Held) -> None:
    made: list[int] = []
    create = do(app, lambda: made.append(factories.contact("Timo", "Salo").id))
    assert told(create) == [("create", "contact", (made[0],))]
    remove = do(app, lambda: S.delete(S.get(Contact, made[0])))
    assert told(remove) == [("delete", "contact", (made[0],))]


def test_a_change_of_something_of_a_person_is_a_change_of_the_person(
    app: Flask, held: Held
) -> None:
    def add() -> None:
        factories.task(S.get(Contact, held.contact), "Send the offer")

    (entry,) = do(app, add)
    assert entry[:3] == ("update", "contact", (held.contact,))
    assert "task.text" in entry.fields


def test_a_change_of_what_is_no_word_about_the_person_is_named_too(app: Flask, held: Held) -> None:
    """Who owns the person, which company they belong to, whether a task is done."""

    owner = factories.user_id(app, factories.user(app, "staff"))

    def hand_over() -> None:
        person = S.get(Contact, held.contact)
        person.company_id, person.owner_id = None, owner
        S.scalars(select(Task)).one().done_at = clock.now()

    (entry,) = do(app, hand_over)
    assert entry[:3] == ("update", "contact", (held.contact,))
    assert set(entry.fields) == {"company_id", "owner_id", "task.done_at"}


def test_what_moves_to_another_person_is_a_change_of_both(app: Flask, held: Held) -> None:
    made: list[int] = []
    do(app, lambda: made.append(factories.contact("Timo", "Salo").id))

    def move() -> None:
        S.scalars(select(Task)).one().contact_id = made[0]

    found = do(app, move)
    assert factories.subjects(found, "contact", "update") == {held.contact, made[0]}


def test_statements_that_change_are_refused(app: Flask, held: Held) -> None:
    """ORM update, delete, insert; with returning; from a select; the bulk methods."""
    word = {"word": "zz", "contact_id": held.contact, "category": "identity"}
    mail = select(Contact.email).limit(1)
    text_mail = text("(select email from contact limit 1)")
    actions: dict[str, Action] = {
        "update": lambda: S.execute(update(Contact).values(title="x")),
        "update returning": lambda: rows(update(Contact).values(title="x").returning(Contact)),
        "delete": lambda: S.execute(delete(Interaction)),
        "insert": lambda: S.execute(insert(ContactWord), [word]),
        "insert returning": lambda: rows(insert(ContactWord).returning(ContactWord.word), word=1),
        "query.update": lambda: S.query(Contact).update({"title": "x"}),
        "query.delete": lambda: S.query(Task).delete(),
        "bulk_save_objects": lambda: S.bulk_save_objects([ContactWord(**word)]),
        "bulk_insert_mappings": lambda: S.bulk_insert_mappings(ContactWord, [word]),
        "bulk_update_mappings": lambda: S.bulk_update_mappings(
            Contact, [{"id": held.contact, "title": "x", "version": 1}]
        ),
        "copied to another table": lambda: S.execute(
            insert(Purpose).from_select(["key", "name_fi"], select(Contact.email, Contact.title))
        ),
        "copied to users": lambda: S.execute(
            update(User).values(full_name=mail.scalar_subquery()), execution_options=LOOSE
        ),
        "copied by plain SQL": lambda: S.execute(
            update(User).values(full_name=text_mail), execution_options=LOOSE
        ),
        "in plain SQL": lambda: S.execute(text("update contact set title = 'x'")),
    }
    refused(actions, app)


def test_a_bulk_change_that_names_its_people_is_logged(app: Flask, held: Held) -> None:
    options = bulk_write("update", "contact", [held.contact], ["title"])
    boss = update(Contact).values(title="Boss", version=Contact.version + 1)
    (entry,) = do(app, lambda: S.execute(boss, execution_options={**options, **LOOSE}))
    assert entry[:4] == ("update", "contact", (held.contact,), ("title",))


def test_what_is_rolled_back_leaves_no_entry_of_a_change(app: Flask, held: Held) -> None:
    def undone() -> None:
        changed("Boss", flush=True)
        S.rollback()

    assert told(do(app, undone)) == [("view", "contact", (held.contact,))]


def test_a_deed_is_gone_with_its_rollback_and_a_denial_is_not(app: Flask) -> None:
    def undone() -> None:
        rows(select(User.id))
        current().deed("account", "user", [1], ["created"])
        current().event("denied", outcome="denied")
        S.rollback()
        current().deed("account", "user", [2], ["created"])
        inner = S.begin_nested()
        current().deed("account", "user", [3], ["created"])
        inner.rollback()

    told = [(entry.operation, entry.ids) for entry in do(app, undone)]
    assert told == [("account", (2,)), ("denied", ())]


def test_what_a_savepoint_takes_back_leaves_no_entry(app: Flask, held: Held) -> None:
    def partly() -> None:
        changed("Boss", flush=True)
        inner = S.begin_nested()
        S.scalars(select(Contact)).one().note = "typed by mistake"
        S.flush()
        inner.rollback()

    (entry,) = do(app, partly)
    assert entry[:4] == ("update", "contact", (held.contact,), ("title",))


# --- nobody -----------------------------------------------------------------------------------


def test_where_nobody_acts_nothing_is_read_or_written(app: Flask, held: Held) -> None:
    with app.app_context():
        for action in (
            lambda: S.get(Contact, held.contact),
            lambda: S.scalars(select(Contact)).all(),
            lambda: rows(select(Contact.email), **seen_by_program("test")),
            lambda: in_text("select email from contact"),
            lambda: S.connection().execute(select(T)),
            lambda: factories.contact("Timo", "Salo"),
        ):
            with pytest.raises(NobodyActing):
                action()
            S.rollback()
        S.remove()


def test_a_look_and_its_entry_are_committed_together_or_not_at_all(app: Flask, held: Held) -> None:
    """When the entry fails, the commit fails, and the change with it."""
    too_long = Acting(7, "staff", "customer_service", "r" * 36, source="s" * 10, endpoint="e")
    too_long.role = None  # type: ignore[assignment]
    token = writing.set(True)
    with app.app_context(), acting_as(too_long):
        changed("Boss", flush=True)
        with pytest.raises(Exception, match="role"):
            S.commit()
        S.remove()
    writing.reset(token)
    refused({}, app)

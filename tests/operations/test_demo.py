"""The demo: an invented company in an instance of its own, the same from the same seed."""

import stat
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import phonenumbers
import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select

from tests import factories
from tests.databases import sqlite_only
from wesentra import clock
from wesentra import instance as instances
from wesentra.accounts import queries
from wesentra.app import create_app
from wesentra.audit.entry import LogEntry
from wesentra.cli import main
from wesentra.crm.values import business_id, email_address, phone
from wesentra.models import Company, Contact, Disclosure, FieldCheck, Task, db
from wesentra.models.attribution import seen_by_program
from wesentra.models.codes import GROUP_NAMES
from wesentra.operations.demo import instance
from wesentra.operations.demo.invention import Inventor, Person
from wesentra.operations.demo.story import COLLEAGUES, Deed, Storyteller
from wesentra.refusal import Refused
from wesentra.settings import Settings, load
from wesentra.web.permissions import processing_roles

PROGRAM = seen_by_program("test")


def silent(_done: int, _all: int) -> None:
    """Nobody looks at the progress."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A filled demo of the usual size."""
    settings = load(tmp_path_factory.mktemp("demo") / "instance", {"WESENTRA_LANGUAGE": "en"})
    instance.fill(settings, 60, 1, silent)
    app = create_app(settings)
    yield app
    with app.app_context():
        db.engine.dispose()


def column(app: Flask, *columns: object) -> list[tuple[object, ...]]:
    """What the program sees of some columns."""
    with factories.register(app):
        return [
            tuple(row) for row in db.session.execute(select(*columns), execution_options=PROGRAM)
        ]


def test_every_group_and_every_kind_of_company_is_there(demo: Flask) -> None:
    companies = column(demo, Company.group, Company.person_id, Company.business_id)
    assert len(companies) == 25
    assert {group for group, _, _ in companies} == set(GROUP_NAMES)
    assert sum(person is not None for _, person, _ in companies) == 3
    own_ids = [str(own_id) for _, _, own_id in companies if own_id]
    assert own_ids == [business_id.parse(own_id) for own_id in own_ids]


def test_sixty_people_are_there_whom_nobody_can_reach(demo: Flask) -> None:
    people = column(demo, Contact.phone, Contact.email)
    assert len(people) == 60
    for number, address in people:
        assert phone.parse(str(number)) == number
        assert not phonenumbers.is_valid_number(phonenumbers.parse(str(number)))
        assert email_address.parse(str(address)).endswith("example.fi")


def test_something_is_due_something_is_late_and_something_is_done(demo: Flask) -> None:
    today = clock.today()
    tasks = column(demo, Task.due_on, Task.done_at)
    still = [due for due, done in tasks if done is None]
    assert any(due < today for due in still)  # type: ignore[operator]
    assert today in still
    assert any(due > today for due in still)  # type: ignore[operator]
    assert any(done for _, done in tasks)


def test_checks_came_out_in_every_way(demo: Flask) -> None:
    outcomes = Counter(outcome for (outcome,) in column(demo, FieldCheck.outcome))
    assert set(outcomes) == {"confirmed", "corrected", "removed", "skipped"}
    assert outcomes["confirmed"] > outcomes["skipped"]


def test_some_recipients_are_to_be_told_before_somebody_leaves(demo: Flask) -> None:
    found = column(demo, Disclosure.recipient, Disclosure.told_of)
    assert len(found) == 15
    assert {told for _, told in found} == {"", "correction"}
    page = factories.browser(demo)
    factories.sign_in(page, "paula.niemi", instance.password_of(_settings(demo)) or "")
    assert "ilmoitettava poistosta" in page.get("/disclosures/").text


def _settings(demo: Flask) -> Settings:
    settings: Settings = demo.extensions["wesentra_settings"]
    return settings


def test_the_log_tells_two_years_in_their_order(demo: Flask) -> None:
    with factories.register(demo):
        moments = list(db.session.scalars(select(LogEntry.at).order_by(LogEntry.id)))
    told = [moment for moment in moments if moment < clock.now() - timedelta(hours=12)]
    assert told == sorted(told)
    assert told[-1] - told[0] > timedelta(days=700)


def test_every_person_was_brought_in_by_somebody_in_the_log(demo: Flask) -> None:
    created = factories.subjects(factories.entries(demo), "contact", "create")
    assert created == {id_ for (id_,) in column(demo, Contact.id)}


def test_the_right_to_process_of_a_past_day_is_known(demo: Flask) -> None:
    roles = processing_roles()
    with factories.register(demo):
        now = clock.now()
        assert queries.holders_on(roles, now) == 3
        assert queries.holders_on(roles, now - timedelta(days=400)) == 4
        assert queries.holders_on(roles, now - timedelta(days=800)) == 0


def test_everybody_but_who_has_left_can_sign_in(demo: Flask) -> None:
    settings = demo.extensions["wesentra_settings"]
    password = instance.password_of(settings)
    assert password
    for one in COLLEAGUES[:2]:
        factories.sign_in(factories.browser(demo), one.name, password)
    with pytest.raises(AssertionError):
        factories.sign_in(factories.browser(demo), "sami.ranta", password)


def test_the_same_seed_tells_the_same_story() -> None:
    assert story(5, 700) == story(5, 700)
    assert story(5, 700) != story(6, 700)


def story(seed: int, more: int = 0) -> tuple[list[Person], list[Deed]]:
    """The people of a seed, and what happens with them."""
    inventor = Inventor(seed)
    firms = inventor.firms(25)
    people = inventor.people(firms, 60)
    chance = Random(seed)  # noqa: S311 - a story, not a secret
    return people, Storyteller(chance, clock.today()).tell(firms, people, more)


def test_nothing_happens_before_what_it_stands_on() -> None:
    for seed in range(20):
        people, deeds = story(seed)
        there: set[tuple[str, int | None]] = set()
        for deed in deeds:
            if deed.kind == "person" and people[deed.number].firm is not None:
                assert ("firm", people[deed.number].firm) in there
            if deed.kind in ("talk", "search", "look", "finish"):
                assert ("person", deed.number) in there
            there.add((deed.kind, deed.number))
        assert deeds[-1].at < datetime.now(UTC)


def test_a_large_demo_comes_in_batches_that_are_logged(app: Flask, settings: Settings) -> None:
    instance.fill(settings, 700, 2, silent)
    with factories.register(app):
        count = select(func.count(Contact.id))
        assert db.session.scalar(count, execution_options=PROGRAM) == 700
    created = factories.subjects(factories.entries(app), "contact", "create")
    assert len(created) == 700
    client = factories.browser(app)
    factories.sign_in(client, "aino.virtanen", instance.password_of(settings) or "")
    assert client.get("/contacts/").status_code == 200


def test_one_colleague_has_not_read_the_notice_about_logging_yet(demo: Flask) -> None:
    password = instance.password_of(demo.extensions["wesentra_settings"]) or ""
    for name, first in (("auditor.ek", "/account/log-notice/"), ("paula.niemi", "")):
        client = factories.browser(demo)
        factories.sign_in(client, name, password)
        assert client.get("/").headers.get("Location", "") == first


@sqlite_only
def test_a_register_that_is_not_the_demos_stays_as_it_is(app: Flask, settings: Settings) -> None:
    factories.user(app, "staff")
    with pytest.raises(Refused, match="is not the demo's"):
        instance.fill(settings, 5, 1, silent)
    assert not (settings.instance / instance.FILE).exists()


@sqlite_only
def test_a_demo_that_was_left_half_filled_says_so(settings: Settings) -> None:
    def interrupt(done: int, _all: int) -> None:
        if done == 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        instance.fill(settings, 5, 1, interrupt)
    assert instance.password_of(settings) is None
    with pytest.raises(Refused, match="not filled to its end"):
        instance.fill(settings, 5, 1, silent)


def test_the_demo_lies_apart_from_the_companys_own_register(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instances, "checkout", lambda: tmp_path)
    monkeypatch.delenv("WESENTRA_INSTANCE", raising=False)
    monkeypatch.setenv("WESENTRA_LANGUAGE", "en")
    few = ["demo", "--contacts", "3", "--no-serve"]
    assert CliRunner().invoke(main, few).exit_code == 0
    assert (tmp_path / "instance" / "demo" / instance.FILE).exists()
    words = ["user", "add", "minna", "--full-name", "Minna", "--role", "admin"]
    assert CliRunner().invoke(main, words).exit_code == 0
    own = CliRunner().invoke(main, ["user", "list"]).stdout
    assert own == "minna\tMinna\tadministrator\n"


def test_a_named_instance_is_the_demos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WESENTRA_INSTANCE", str(tmp_path / "named"))
    monkeypatch.setenv("WESENTRA_LANGUAGE", "en")
    assert CliRunner().invoke(main, ["demo", "--contacts", "3", "--no-serve"]).exit_code == 0
    assert (tmp_path / "named" / instance.FILE).exists()


def test_the_second_start_does_nothing_but_tell(tmp_path: Path) -> None:
    arguments = ["--instance", str(tmp_path / "new"), "demo", "--contacts", "3", "--no-serve"]
    first = CliRunner().invoke(main, arguments, env={"WESENTRA_LANGUAGE": "en"})
    file = tmp_path / "new" / "demo.txt"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_text(encoding="utf-8")
    again = CliRunner().invoke(main, arguments, env={"WESENTRA_LANGUAGE": "en"})
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert "Inventing a company" in first.stdout
    assert "Inventing a company" not in again.stdout
    for output in (first.stdout, again.stdout):
        assert "aino.virtanen" in output
        assert "sami.ranta" not in output
    assert file.read_text(encoding="utf-8") == before

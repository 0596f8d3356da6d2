"""`wesentra erase`: at once, for a reason that is a code."""

import json
from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.erasure.test_door import stones
from wesentra.erasure import ledger
from wesentra.models import Contact, Departure, Disclosure, db
from wesentra.models.attribution import seen_by_program
from wesentra.settings import Settings

Run = Callable[..., Result]


def stored(app: Flask) -> set[int]:
    with factories.register(app):
        seen = seen_by_program("figure")
        return set(db.session.scalars(select(Contact.id), execution_options=seen))


@pytest.mark.parametrize(
    "reason", ["request", "Request of the person", "henkilön pyyntö", "personens begäran"]
)
def test_a_reason_is_taken_by_key_and_by_name_in_each_language(
    run: Run, app: Flask, reason: str
) -> None:
    number = factories.person(app)
    said = run("erase", number, "--reason", reason)
    assert said.exit_code == 0, said.output
    assert stored(app) == set()
    (stone,) = stones(app)
    assert (stone.number, stone.reason) == (number, "request")


def test_a_reason_in_words_is_refused_with_the_list_and_kept_nowhere(
    run: Run, app: Flask, settings: Settings
) -> None:
    number = factories.person(app)
    said = run("erase", number, "--reason", "Aino asked on the phone")
    assert said.exit_code == 1
    for key in ("request", "objection", "unlawful", "mistake", "hand"):
        assert key in said.output
    assert "retention" not in said.output
    assert stored(app) == {number}
    assert stones(app) == []


def test_the_system_may_and_staff_may_not(run: Run, app: Flask) -> None:
    number = factories.person(app)
    factories.user(app, "staff", name="bo")
    assert run("erase", number, "--reason", "request", "--as", "bo").exit_code == 1
    assert stored(app) == {number}
    factories.user(app, "privacy", name="eva")
    assert run("erase", number, "--reason", "request", "--as", "eva").exit_code == 0
    assert stones(app)[0].erased_by == factories.user_id(app, "eva")


def test_a_number_that_nobody_has_is_refused(run: Run, app: Flask) -> None:
    said = run("erase", 5000, "--reason", "request")
    assert said.exit_code == 1
    assert "not in the register" in said.output


def test_who_waits_is_erased_at_once(run: Run, app: Flask) -> None:
    number = factories.person(app)
    with factories.register(app):
        now = factories.clock.now()
        db.session.add(Departure(kind="contact", number=number, since=now, until=now))
    assert run("erase", number, "--reason", "request").exit_code == 0
    assert stored(app) == set()
    with factories.register(app):
        assert db.session.scalars(select(Departure)).all() == []


@pytest.mark.parametrize("reason", ["request", "hand"])
def test_nobody_is_erased_at_once_while_a_recipient_is_to_be_told(
    run: Run, app: Flask, reason: str
) -> None:
    number = factories.person(app)
    with factories.register(app):
        one = factories.disclosure(db.session.get_one(Contact, number), "Perintätoimisto Qvist").id
    said = run("erase", number, "--reason", reason)
    assert said.exit_code == 1
    assert "still to be told: 1." in said.output
    assert "Qvist" not in said.output
    assert stored(app) == {number}
    with factories.register(app):
        db.session.get_one(Disclosure, one).told_of = "erasure"
    assert run("erase", number, "--reason", reason).exit_code == 0
    assert stored(app) == set()


def test_a_company_goes_by_its_own_number(run: Run, app: Flask, settings: Settings) -> None:
    with factories.register(app):
        company = factories.company("Auto Oy")
        factories.contact(company_id=company.id)
    assert run("erase", company.id, "--company", "--reason", "mistake").exit_code == 0
    assert [(one.kind, one.number) for one in ledger.erased(settings)] == [("company", company.id)]
    assert len(stored(app)) == 1


def test_the_ledger_has_numbers_and_no_value(run: Run, app: Flask, settings: Settings) -> None:
    number = factories.person(app, "Aino", "Virtanen", email="aino@auto.example.fi")
    run("erase", number, "--reason", "request")
    lines = [json.loads(line) for line in ledger.path_of(settings).read_text().splitlines()]
    assert [line["state"] for line in lines] == ["intent", "done"]
    assert lines[0]["contacts"] == [number]
    assert {key for line in lines for key in line} == {"erasure", "state", "at", "contacts"}
    assert ledger.path_of(settings).stat().st_mode & 0o077 == 0

"""The owner is asked, answers once, and the answer stands for as long as the date does."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories, pages
from tests.browser.houses import held
from tests.compliance.retention.test_run import BEGAN, due_of, names, on, run_on
from wesentra import clock
from wesentra.compliance.retention import answering, holds, queries
from wesentra.models import Contact, RetentionDue, RetentionHold, db
from wesentra.models.retention_hold import HoldKind

DAY = date(2029, 1, 15)


@pytest.fixture
def owner(app: Flask) -> int:
    return factories.user_id(app, factories.user(app, "staff"))


@pytest.fixture
def customer(app: Flask, owner: int) -> int:
    """Of whom the rule only asks, on DAY."""
    with on(BEGAN):
        return factories.person(app, "Liisa", group="contract-customer", owner_id=owner)


def standing(app: Flask) -> list[str]:
    return [one.kind for one in held(app, RetentionHold, lifted_at=None)]


def test_a_call_is_an_answer(app: Flask, customer: int) -> None:
    run_on(app, DAY)
    assert standing(app) == ["asked"]
    with on(DAY + timedelta(days=3)), factories.register(app):
        factories.interaction(db.session.get_one(Contact, customer), channel="call")
    assert standing(app) == []
    run_on(app, date(2032, 1, 18))
    assert standing(app) == ["asked"], "three years later they are asked anew"


def test_a_question_outlives_a_rule_that_is_put_right_to_the_same_day(
    app: Flask, customer: int
) -> None:
    run_on(app, DAY)
    with on(DAY), factories.register(app):  # another fact, and the day has still come
        db.session.get_one(Contact, customer).company_id = factories.company().id
    assert standing(app) == ["asked"]


def test_who_is_kept_after_all_is_not_let_go_any_more(
    app: Flask, customer: int, owner: int
) -> None:
    with on(DAY), factories.register(app):
        holds.let_go("contact", customer)
        holds.place("contact", customer, HoldKind.KEEP, "sopimus jatkuu", owner, date(2029, 3, 1))
    found = due_of(app, customer)
    assert found is not None
    assert (found.let_go_at, found.let_go_by) == (None, None)
    with on(date(2029, 3, 1)), factories.register(app):
        for hold in db.session.scalars(select(RetentionHold)):
            holds.lift(hold)
    run_on(app, date(2029, 3, 1))
    assert names(app) == {"Liisa"}
    assert standing(app) == ["asked"]


def test_whom_the_purpose_does_not_show_no_hold_is_lifted_of(app: Flask, customer: int) -> None:
    with factories.register(app):
        number = factories.hold(db.session.get_one(Contact, customer), "claim").id
        factories.objection(db.session.get_one(Contact, customer))
    client = factories.signed_in(app, "staff")
    home = f"/retention/contacts/{customer}"
    lifts = pages.visit(client, home).form(f"/retention/holds/{number}/lift")
    pages.visit(client, "/").form("/account/purpose").send(purpose="marketing")
    assert client.get(home).status_code == 404
    assert lifts.send().status_code == 404
    assert standing(app) == ["claim"]


def test_the_company_that_somebody_left_counts_without_them(app: Flask) -> None:
    with on(BEGAN), factories.register(app):
        company = factories.company("Auto Oy", group="prospect").id
        person = factories.contact("Liisa", company_id=company).id
    with on(date(2026, 6, 1)), factories.register(app):
        factories.interaction(db.session.get_one(Contact, person), channel="call")
    assert held(app, RetentionDue, company_id=company)[0].due_on == date(2027, 6, 1)
    with on(date(2026, 7, 1)), factories.register(app):
        db.session.get_one(Contact, person).company_id = None
    assert held(app, RetentionDue, company_id=company)[0].due_on == date(2027, 1, 15)


def test_who_answers_for_a_hold_is_told_when_to_look_at_it_again(
    app: Flask, customer: int, owner: int
) -> None:
    with on(DAY), factories.register(app):
        holds.place("contact", customer, HoldKind.KEEP, "sopimus jatkuu", owner, date(2029, 3, 1))
    with on(date(2029, 2, 28)), factories.register(app):
        assert answering.to_look_at("contact", owner) == []
    with on(date(2029, 3, 1)), factories.register(app):
        assert [one.name for one in answering.to_look_at("contact", owner)] == ["Liisa Virtanen"]
        assert answering.to_look_at("contact", owner + 1) == []
        assert clock.today() == date(2029, 3, 1)


def test_holds_that_the_page_has_no_room_for_are_counted(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST", 2)
    with factories.register(app):
        for number in range(5):
            person = factories.contact(f"P{number}")
            factories.hold(person, review_on=date(2029, 1, 1 + number))
            factories.hold(person, lifted_at=clock.now())
    with factories.register(app):
        some, more = queries.held()
        assert ([one.review_on.day for one in some], more) == ([1, 2], 3)
    page = pages.visit(factories.signed_in(app, "privacy"), "/retention/")
    assert "3 more stand" in page.text

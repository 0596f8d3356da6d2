"""A sole trader is one with the company: what keeps one keeps both, and both go on one day."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.browser.houses import held
from tests.compliance.retention.test_run import BEGAN, names, on, run_on
from wesentra.compliance.retention import answering, dates, holds, queries
from wesentra.models import Company, Contact, RetentionDue, RetentionHold, db
from wesentra.models.retention_hold import HoldKind
from wesentra.models.retention_run import RunState

DAY = date(2027, 1, 15)


@pytest.fixture
def trader(app: Flask) -> tuple[int, int]:
    """A person and the company that they are; nobody is in contact after it was made."""
    with on(BEGAN), factories.register(app):
        person = factories.contact("Liisa", group="prospect")
        company = factories.company("Tmi Liisa", group="prospect", person_id=person.id)
        person.company_id = company.id
        return person.id, company.id


def keep(app: Flask, kind: str, number: int, why: str) -> None:
    user = factories.user_id(app, factories.user(app, "privacy"))
    with on(DAY), factories.register(app):
        holds.place(kind, number, why, "velkomus", user, DAY + timedelta(days=9))


@pytest.mark.parametrize("why", [HoldKind.KEEP, HoldKind.CLAIM])
def test_a_hold_on_the_company_keeps_the_person(
    app: Flask, trader: tuple[int, int], why: str
) -> None:
    with on(BEGAN):
        factories.person(app, "Matti", group="prospect")
    keep(app, "company", trader[1], why)
    certificate = run_on(app, DAY)
    assert names(app) == {"Liisa"}, "others go all the same"
    assert [one.name for one in held(app, Company)] == ["Tmi Liisa"]
    assert (certificate.state, certificate.counts["held"]) == (RunState.DONE, {why: 1})
    with on(DAY), factories.register(app):
        for hold in db.session.scalars(select(RetentionHold)):
            holds.lift(hold)
    run_on(app, DAY + timedelta(days=1))
    assert names(app) == set()
    assert held(app, Company) == []


def test_what_keeps_the_one_is_told_on_the_page_of_the_other(
    app: Flask, trader: tuple[int, int]
) -> None:
    person, company = trader
    keep(app, "company", company, HoldKind.CLAIM)
    with on(DAY), factories.register(app):
        assert queries.held_by("contact", person) == ["claim"]
        assert queries.held_elsewhere("contact", person) == ["claim"]
        assert queries.held_elsewhere("company", company) == []
        factories.restriction(db.session.get_one(Contact, person))
    with on(DAY), factories.register(app):
        assert queries.held_elsewhere("company", company) == ["restriction"]


def test_the_date_of_the_company_is_the_day_on_which_it_goes(
    app: Flask, trader: tuple[int, int]
) -> None:
    person, company = trader
    with on(date(2026, 3, 1)), factories.register(app):
        db.session.get_one(Contact, person).group = "stakeholder"
    stored = held(app, RetentionDue, company_id=company)[0].due_on
    assert stored == held(app, RetentionDue, contact_id=person)[0].due_on == date(2028, 1, 15)
    with on(DAY), factories.register(app):
        found = dates.dues("company", [company])[company]
        assert found is not None
        assert found.on == stored
    run_on(app, DAY)
    assert [one.name for one in held(app, Company)] == ["Tmi Liisa"]
    run_on(app, stored)
    assert held(app, Company) == []


def test_their_owner_is_asked_once(app: Flask, trader: tuple[int, int]) -> None:
    owner = factories.user_id(app, factories.user(app, "staff"))
    with on(BEGAN), factories.register(app):
        db.session.get_one(Contact, trader[0]).owner_id = owner
        db.session.get_one(Company, trader[1]).owner_id = owner
    with on(DAY), factories.register(app):
        assert [one.name for one in answering.to_answer("contact", owner)] == ["Liisa Virtanen"]
        assert answering.to_answer("company", owner) == []
        assert [number for _rule, number in queries.leaving()] == [1]


def test_each_company_of_a_person_is_kept_as_long_as_its_bookkeeping_asks(app: Flask) -> None:
    with on(BEGAN), factories.register(app):
        person = factories.contact("Liisa", group="prospect").id
        for name, invoiced in (("Tmi A", date(2026, 1, 3)), ("Tmi B", None)):
            factories.company(
                name, group="contract-customer", person_id=person, invoiced_on=invoiced,
                contract_ended_on=date(2020, 1, 3),
            )  # fmt: skip
    days = {one.due_on.year for one in held(app, RetentionDue)}
    assert days == {2033}, "no company goes before the last voucher of the person's other one"


def test_who_is_held_is_not_counted_among_those_who_go(app: Flask, trader: tuple[int, int]) -> None:
    with on(BEGAN):
        other = factories.person(app, "Matti", group="prospect")
    keep(app, "contact", trader[0], HoldKind.KEEP)
    with on(DAY), factories.register(app):
        assert [number for _rule, number in queries.leaving()] == [1]
        factories.restriction(db.session.get_one(Contact, other))
    with on(DAY), factories.register(app):
        assert queries.leaving() == []

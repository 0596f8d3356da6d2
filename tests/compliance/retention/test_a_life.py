"""One contact's whole life, with the clock turned by years: found, won, kept, left and gone."""

from datetime import date

from flask import Flask

from tests import factories
from tests.browser.houses import held
from tests.compliance.retention.test_run import due_of, on, run_on
from wesentra import clock
from wesentra.compliance.retention import holds
from wesentra.models import (
    Company,
    Contact,
    Interaction,
    InteractionMonth,
    RetentionDue,
    RetentionHold,
    Tombstone,
    db,
)
from wesentra.models.retention_hold import HoldKind


def test_from_the_fair_to_the_last_voucher(app: Flask) -> None:
    owner = factories.user_id(app, factories.user(app, "staff"))
    with on(date(2020, 2, 29)), factories.register(app):
        firm = factories.company("Auto Oy", group="prospect", owner_id=owner).id
        person = factories.contact("Liisa", group="prospect", company_id=firm, owner_id=owner).id
    assert _goes(app, person) == date(2021, 2, 28)

    with on(date(2020, 11, 5)), factories.register(app):  # they call, and become a customer
        factories.interaction(db.session.get_one(Contact, person), at=clock.now())
        db.session.get_one(Contact, person).group = "contract-customer"
        db.session.get_one(Company, firm).group = "contract-customer"
    assert _goes(app, person) == date(2023, 11, 5)
    run_on(app, date(2021, 2, 28))
    assert held(app, Contact) != []

    run_on(app, date(2022, 11, 6))  # two years later the call is a number, and the date stays
    assert [one.summary for one in held(app, Interaction)] == [""]
    assert held(app, InteractionMonth) == []
    assert _goes(app, person) == date(2023, 11, 5)

    run_on(app, date(2023, 11, 5))  # nobody spoke for three years: the owner is asked
    assert [one.kind for one in held(app, RetentionHold, lifted_at=None)] == ["asked"]
    with on(date(2023, 11, 20)), factories.register(app):
        holds.place("contact", person, HoldKind.KEEP, "sopimus jatkuu", owner, date(2024, 5, 20))
        factories.interaction(db.session.get_one(Contact, person), at=clock.now())
    assert _goes(app, person) == date(2026, 11, 20)

    with on(date(2024, 6, 30)), factories.register(app):  # the contract ends, the last invoice
        company = db.session.get_one(Company, firm)
        company.contract_ended_on, company.invoiced_on = date(2024, 6, 30), date(2024, 7, 15)
    assert _goes(app, person) == date(2025, 6, 30)
    assert _company_goes(app, firm) == date(2031, 1, 1)

    run_on(app, date(2025, 6, 30))  # a hold that nobody lifted still keeps
    assert held(app, Contact) != []
    with on(date(2025, 7, 1)), factories.register(app):
        for one in db.session.scalars(db.select(RetentionHold)):
            holds.lift(one)
    run_on(app, date(2025, 7, 1))
    assert held(app, Contact) == []
    assert [one.name for one in held(app, Company)] == ["Auto Oy"]

    run_on(app, date(2030, 12, 31))
    assert held(app, Company) != []
    run_on(app, date(2031, 1, 1))
    assert held(app, Company) == []
    stones = [(one.kind, one.reason, one.rule.split("@")[0]) for one in held(app, Tombstone)]
    assert stones == [
        ("contact", "retention", "contact.contract-customer.contract_end"),
        ("company", "retention", "company.contract-customer.last_invoice"),
    ]


def _goes(app: Flask, person: int) -> date | None:
    found = due_of(app, person)
    return found.due_on if found else None


def _company_goes(app: Flask, firm: int) -> date:
    found: date = held(app, RetentionDue, company_id=firm)[0].due_on
    return found

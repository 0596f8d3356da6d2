"""A rule is changed: what it does is shown first, and nobody goes whom nobody was asked about."""

from datetime import timedelta

from flask import Flask

from tests import factories, pages
from tests.browser.houses import held
from tests.compliance.retention.test_run import due_of, names, on, run_on
from wesentra import clock
from wesentra.compliance.retention import rules
from wesentra.deadlines import months_after
from wesentra.models import Contact, RetentionRule


def the_rule(app: Flask) -> int:
    with factories.register(app):
        found = [
            one.id
            for one in rules.versions()
            if (one.kind, one.group, one.trigger) == ("contact", "prospect", "last_contact")
        ]
    return found[0]


def prospects(app: Flask) -> None:
    """One of eight months ago and one of today."""
    with on(months_after(clock.today(), -8)), factories.register(app):
        factories.contact("Aino", "Virtanen", group="prospect")
    with factories.register(app):
        factories.contact("Bertta", "Nieminen", group="prospect")


def test_what_a_shorter_rule_does_is_shown_before_it_is_in_force(app: Flask) -> None:
    prospects(app)
    privacy, rule = factories.signed_in(app, "privacy"), the_rule(app)
    address = f"/retention/rules/{rule}"
    answer = pages.visit(privacy, address).form(address).send(months="6")
    assert answer.status_code == 422
    page = pages.read(privacy, answer)
    assert "2 of those in the register go earlier" in page.text
    assert "Of them 1 go on" in page.text
    assert the_rule(app) == rule
    assert page.form(address).send(months="5").status_code == 422, "its effect was not shown"
    assert page.form(address).send(months="6").status_code == 303
    assert the_rule(app) != rule


def test_a_longer_rule_asks_nothing(app: Flask) -> None:
    prospects(app)
    privacy, rule = factories.signed_in(app, "privacy"), the_rule(app)
    address = f"/retention/rules/{rule}"
    form = pages.visit(privacy, address).form(address)
    assert form.send(months="13").status_code == 303
    assert len(held(app, RetentionRule, kind="contact", group="prospect")) == 2


def test_nobody_goes_before_their_owner_was_asked_for_thirty_days(app: Flask) -> None:
    prospects(app)
    today = clock.today()
    number = the_rule(app)
    with factories.register(app):
        rules.change(rules.get(number), 6, "delete", "")
    run_on(app, today)
    (aino,) = (one.id for one in held(app, Contact) if one.given_name == "Aino")
    due = due_of(app, aino)
    assert due is not None
    assert due.due_on == today + timedelta(days=30)
    run_on(app, today + timedelta(days=29))
    assert names(app) == {"Aino", "Bertta"}
    run_on(app, today + timedelta(days=30))
    assert names(app) == {"Bertta"}

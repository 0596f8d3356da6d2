"""The nightly run: whoever's day has come goes, nobody else does, and a certificate stays."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from tests import factories
from tests.browser.houses import held
from wesentra import clock
from wesentra.compliance.retention import actions, dates, events, holds, plan, rules, run, state
from wesentra.models import (
    Company,
    Contact,
    Interaction,
    InteractionMonth,
    RetentionDue,
    RetentionHold,
    RetentionRule,
    RetentionRun,
    Task,
    db,
)
from wesentra.models.attribution import seen_by_program
from wesentra.models.retention_hold import HoldKind
from wesentra.models.retention_run import RunState
from wesentra.refusal import Refused

BEGAN = date(2026, 1, 15)
BESIDE = seen_by_program("retention")


@contextmanager
def on(day: date) -> Iterator[None]:
    """It is noon of that day in Finland."""
    with clock.turned_to(datetime.combine(day, time(12), clock.HELSINKI)):
        yield


def run_on(app: Flask, day: date) -> RetentionRun:
    """Run and give back the certificate, whether it stopped or not."""
    with on(day), factories.register(app, f"run {day}"):
        try:
            run.carry_out(day)
        except Refused:
            db.session.rollback()
        found = db.session.scalar(select(RetentionRun).where(RetentionRun.day == day))
        assert found is not None
        db.session.expunge(found)
        return found


def names(app: Flask) -> set[str]:
    return {one.given_name for one in held(app, Contact)}


def due_of(app: Flask, contact_id: int) -> RetentionDue | None:
    found = held(app, RetentionDue, contact_id=contact_id)
    return found[0] if found else None


@pytest.fixture
def prospect(app: Flask) -> int:
    with on(BEGAN):
        return factories.person(app, "Liisa", group="prospect")


def test_whose_day_has_come_goes(app: Flask, prospect: int) -> None:
    day = date(2027, 1, 15)
    run_on(app, day - timedelta(days=1))
    assert names(app) == {"Liisa"}
    certificate = run_on(app, day)
    assert names(app) == set()
    assert certificate.state == RunState.DONE
    assert certificate.counts["gone.contact"] == 1
    assert [rule["months"] for rule in certificate.rules if rule["group"] == "prospect"] == [12, 12]


def test_a_certificate_names_nobody(app: Flask, prospect: int) -> None:
    certificate = run_on(app, date(2027, 1, 15))
    told = f"{certificate.rules} {certificate.counts}"
    assert "Liisa" not in told
    assert "Virtanen" not in told


def test_the_date_is_written_with_the_person(app: Flask, prospect: int) -> None:
    found = due_of(app, prospect)
    assert found is not None
    assert (found.due_on, found.counted_from) == (date(2027, 1, 15), BEGAN)


def test_an_interaction_moves_the_date(app: Flask, prospect: int) -> None:
    spoken = date(2026, 6, 30)
    with on(spoken), factories.register(app):
        factories.interaction(db.session.get_one(Contact, prospect), channel="call")
    found = due_of(app, prospect)
    assert found is not None
    assert found.due_on == date(2027, 6, 30)
    run_on(app, date(2027, 1, 15))
    assert names(app) == {"Liisa"}


def test_a_mail_that_nobody_answered_moves_nothing(app: Flask, prospect: int) -> None:
    with on(date(2026, 6, 30)), factories.register(app):
        person = db.session.get_one(Contact, prospect)
        factories.interaction(person, channel="email", direction="out")
    found = due_of(app, prospect)
    assert found is not None
    assert found.due_on == date(2027, 1, 15)


def test_another_group_has_another_date(app: Flask, prospect: int) -> None:
    with on(BEGAN), factories.register(app):
        db.session.get_one(Contact, prospect).group = "stakeholder"
    found = due_of(app, prospect)
    assert found is not None
    assert found.due_on == date(2028, 1, 15)


def test_the_end_of_a_contract_moves_everybody_who_works_there(app: Flask) -> None:
    with on(BEGAN), factories.register(app):
        company = factories.company("Auto Oy", group="contract-customer")
        person = factories.contact("Liisa", company_id=company.id, group="contract-customer").id
        number = company.id
    with on(date(2026, 3, 1)), factories.register(app):
        db.session.get_one(Company, number).contract_ended_on = date(2026, 2, 28)
    found = due_of(app, person)
    assert found is not None
    assert found.due_on == date(2027, 2, 28)
    company_due = held(app, RetentionDue, company_id=number)[0]
    assert company_due.due_on == date(2033, 1, 1)


def test_a_hold_keeps_and_its_end_lets_go(app: Flask, prospect: int) -> None:
    user = factories.user_id(app, factories.user(app, "privacy"))
    day = date(2027, 1, 15)
    with on(day), factories.register(app):
        holds.place("contact", prospect, HoldKind.CLAIM, "velkomus", user, day + timedelta(days=9))
    certificate = run_on(app, day)
    assert certificate.counts["held"] == {"claim": 1}
    assert names(app) == {"Liisa"}
    with on(day), factories.register(app):
        for hold in db.session.scalars(select(RetentionHold)):
            holds.lift(hold)
    run_on(app, day)
    assert names(app) == set()


def test_a_restriction_keeps(app: Flask, prospect: int) -> None:
    with on(BEGAN), factories.register(app):
        factories.restriction(db.session.get_one(Contact, prospect))
    certificate = run_on(app, date(2027, 1, 15))
    assert certificate.counts["held"] == {"restriction": 1}
    assert names(app) == {"Liisa"}


def test_a_company_stays_as_long_as_somebody_works_there(app: Flask) -> None:
    with on(BEGAN), factories.register(app):
        company = factories.company("Auto Oy", group="prospect")
        person = factories.contact("Liisa", company_id=company.id, group="stakeholder")
        assert person.id
    certificate = run_on(app, date(2027, 2, 1))
    assert certificate.counts["held"] == {"people": 1}
    run_on(app, date(2028, 1, 15))
    assert held(app, Company) == []
    assert names(app) == set()


def test_a_rule_that_asks_waits_for_the_owner(app: Flask) -> None:
    owner = factories.user_id(app, factories.user(app, "staff"))
    with on(BEGAN):
        person = factories.person(app, "Liisa", group="contract-customer", owner_id=owner)
    day = date(2029, 1, 15)
    run_on(app, day)
    asked = held(app, RetentionHold)
    assert [(one.kind, one.owner_id, one.contact_id) for one in asked] == [("asked", owner, person)]
    run_on(app, day + timedelta(days=1))
    assert len(held(app, RetentionHold)) == 1
    with on(day), factories.register(app):
        holds.let_go("contact", person)
    run_on(app, day + timedelta(days=2))
    assert names(app) == set()


def test_who_was_let_go_and_calls_again_stays(app: Flask, prospect: int) -> None:
    with on(date(2027, 1, 1)), factories.register(app):
        holds.let_go("contact", prospect)
    with on(date(2027, 1, 10)), factories.register(app):
        factories.interaction(db.session.get_one(Contact, prospect))
    found = due_of(app, prospect)
    assert found is not None
    assert (found.due_on, found.let_go_at) == (date(2028, 1, 10), None)


def crowd(app: Flask, size: int) -> None:
    with on(BEGAN), factories.register(app):
        for number in range(size):
            factories.contact(f"P{number}", group="prospect")


def test_a_run_that_would_take_too_many_stops_and_asks(app: Flask) -> None:
    crowd(app, 25)
    day = date(2027, 1, 15)
    certificate = run_on(app, day)
    assert certificate.state == RunState.STOPPED
    assert len(names(app)) == 25
    privacy = factories.user_id(app, factories.user(app, "privacy"))
    with on(day), factories.register(app) as acting:
        acting.user_id = privacy
        actions.approve(state.get(certificate.id))
    with on(day), factories.register(app):
        assert state.waits(day)
    certificate = run_on(app, day)
    assert certificate.state == RunState.DONE
    assert certificate.counts["gone.contact"] == 25
    assert names(app) == set()


def test_a_word_for_25_is_none_for_26(app: Flask) -> None:
    crowd(app, 25)
    day = date(2027, 1, 15)
    number = run_on(app, day).id
    with on(day), factories.register(app):
        found = state.get(number)
        found.approved_at = clock.now()
    crowd(app, 26)
    for _ in range(2):  # by itself it tries again, and that is nobody's word either
        assert run_on(app, day).state == RunState.STOPPED
        assert len(names(app)) == 26


def test_a_run_that_was_cut_off_goes_on(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    crowd(app, 12)
    monkeypatch.setattr(run, "TOGETHER", 5)
    day, erased = date(2027, 1, 15), []

    def breaks(*args: Any) -> None:
        erased.append(args)
        if len(erased) == 2:
            raise OSError("no space left")
        real(*args)

    real = run.door.erase
    monkeypatch.setattr(run.door, "erase", breaks)
    with on(day), factories.register(app):
        with pytest.raises(OSError, match="no space"):
            run.carry_out(day)
        db.session.rollback()
    assert len(names(app)) == 7
    monkeypatch.setattr(run.door, "erase", real)
    with on(day), factories.register(app):
        assert state.waits(day)
    certificate = run_on(app, day)
    assert (certificate.state, certificate.counts["gone.contact"]) == (RunState.DONE, 12)
    assert names(app) == set()


def test_a_wrong_date_is_put_right_and_told(app: Flask, prospect: int) -> None:
    with factories.register(app):
        db.session.execute(
            update(RetentionDue).values(due_on=date(2020, 1, 1)), execution_options=BESIDE
        )
    certificate = run_on(app, date(2026, 6, 1))
    assert names(app) == {"Liisa"}, "the facts decide, and not the stored date"
    assert certificate.counts["put_right"] == 1
    with factories.register(app):
        db.session.execute(delete(RetentionDue), execution_options=BESIDE)
    assert run_on(app, date(2026, 6, 2)).counts["put_right"] == 1


def test_a_changed_rule_moves_everybody(app: Flask, prospect: int) -> None:
    run_on(app, BEGAN)
    with on(BEGAN), factories.register(app):
        rule = next(
            one for one in rules.versions() if (one.kind, one.group) == ("contact", "prospect")
        )
        rules.change(rule, 6, "delete", "")
    with on(BEGAN), factories.register(app):
        assert state.waits(BEGAN)
    run_on(app, BEGAN)
    found = due_of(app, prospect)
    assert found is not None
    assert found.due_on == date(2026, 7, 15)
    with on(BEGAN), factories.register(app):
        assert not state.waits(BEGAN)


def test_bookkeeping_is_kept_no_shorter_than_the_law_says(app: Flask) -> None:
    with factories.register(app):
        rule = next(one for one in rules.versions() if one.trigger == "last_invoice")
        with pytest.raises(Refused):
            rules.change(rule, 71, "delete", "")


def test_old_interactions_leave_a_number(app: Flask) -> None:
    with on(BEGAN), factories.register(app):
        person = factories.contact("Liisa", group="contract-customer")
        for summary in ("first", "second"):
            factories.interaction(person, summary, channel="call", at=clock.now())
        factories.interaction(person, "mail", channel="email", direction="out", at=clock.now())
        factories.task(person, "done", done_at=clock.now())
        factories.task(person, "open")
    run_on(app, date(2028, 1, 15))
    assert len(held(app, Interaction)) == 3
    run_on(app, date(2028, 1, 16))
    left = held(app, Interaction)
    assert [(one.channel, one.summary) for one in left] == [("call", "")]
    numbers = {one.channel: one.number for one in held(app, InteractionMonth)}
    assert numbers == {"call": 1, "email": 1}
    assert [one.text for one in held(app, Task)] == ["open"]
    found = due_of(app, left[0].contact_id)
    assert found is not None
    assert found.due_on == date(2029, 1, 15)


def test_many_old_interactions_go_in_portions(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "TOGETHER", 2)
    with on(BEGAN), factories.register(app):
        person = factories.contact("Liisa", group="contract-customer")
        for number in range(7):
            factories.interaction(person, f"{number}", channel="call", at=clock.now())
    certificate = run_on(app, date(2028, 1, 16))
    assert certificate.counts["events"] == 6 + 1, "six go, the text of the last goes"
    assert [(one.channel, one.summary) for one in held(app, Interaction)] == [("call", "")]
    assert [one.number for one in held(app, InteractionMonth)] == [6]
    assert "events" not in run_on(app, date(2028, 1, 17)).counts


def test_what_is_held_in_the_middle_of_a_run_is_not_thinned_out(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with on(BEGAN), factories.register(app):
        person = factories.contact("Liisa", group="contract-customer")
        for summary in ("first", "second"):
            factories.interaction(person, summary, at=clock.now())
        number = person.id
    with on(date(2028, 1, 16)), factories.register(app):
        steps = list(events.portions(date(2028, 1, 16)))
        factories.hold(db.session.get_one(Contact, number), "claim")
        assert [step() for step in steps] == [0, 0]
    assert {one.summary for one in held(app, Interaction)} == {"first", "second"}


def test_nothing_of_somebody_held_is_thinned_out(app: Flask) -> None:
    with on(BEGAN), factories.register(app):
        person = factories.contact("Liisa", group="contract-customer")
        factories.interaction(person, "first", at=clock.now())
        factories.interaction(person, "second", at=clock.now())
        factories.restriction(person)
    run_on(app, date(2028, 2, 1))
    assert {one.summary for one in held(app, Interaction)} == {"first", "second"}


def test_the_preview_changes_nothing(app: Flask, prospect: int) -> None:
    day = date(2027, 1, 15)
    with on(day), factories.register(app):
        made = plan.of(day)
    assert made.number("contact") == 1
    assert names(app) == {"Liisa"}
    assert held(app, RetentionRun) == []
    assert dates.PORTION > 1
    assert {one.action for one in held(app, RetentionRule)} == {"delete", "ask", "anonymise"}

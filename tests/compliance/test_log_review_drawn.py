"""What a drawn review knows from beside its month: the register, the time before, and checks."""

import json
from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from tests import factories, pages
from tests.audit.test_forgery import forge, often
from tests.audit.test_ledger import look
from tests.audit.test_pruning import aged, prune
from tests.compliance import reviewing
from tests.compliance.reviewing import AFTER, NOON, at, items
from tests.databases import Database
from wesentra import clock
from wesentra.audit import results, spans
from wesentra.audit.verdict import Fault, Finding, Verdict
from wesentra.erasure import door
from wesentra.models import LogReview, Restriction, User, db

__all__ = ["aged", "often"]
APRIL, FEBRUARY = date(2026, 4, 1), date(2026, 2, 1)


def moment(month: int, day: int) -> datetime:
    """Noon of a day of the year of the reviews."""
    return datetime(2026, month, day, 12, tzinfo=clock.HELSINKI)


def drawn(app: Flask, month: date = reviewing.MONTH, on: datetime = AFTER) -> str:
    """Draw the review of a month by somebody new; returns its page."""
    with at(on):
        privacy = factories.signed_in(app, "privacy")
        return privacy.get(reviewing.drawn(privacy, month)).text


# --- R1 -----------------------------------------------------------------------------------


def company(app: Flask, people: int = 3) -> tuple[int, list[int]]:
    """The number of a company, and those of who works there."""
    with factories.register(app):
        own = factories.company("Auto Oy")
        return own.id, [
            factories.contact("A", f"V{n}", company_id=own.id).id for n in range(people)
        ]


@pytest.mark.parametrize("called", [True, False])
def test_r1_a_company_s_page_without_a_contact_with_any_of_them(app: Flask, called: bool) -> None:
    client = reviewing.colleague(app, "bertta", "staff")
    me = factories.user_id(app, "bertta")
    with at(NOON):
        number, people = company(app)
        if called:
            with factories.register(app):
                factories.interaction(db.session.get_one(factories.Contact, people[1]), user_id=me)
        assert client.get(f"/companies/{number}").status_code == 200
    page = drawn(app)
    found = [json.loads(item.facts) for item in items(app, "R1", "bertta")]
    assert found == ([] if called else [{"days": 14, "people": 3}])
    assert ("No contact and no task" in page) is not called


def test_r1_says_of_somebody_erased_that_nothing_was_measured(app: Flask) -> None:
    """One line for a user, whether there was a call or a deletion to hide that there was none."""
    client = reviewing.colleague(app, "bertta", "staff")
    me = factories.user_id(app, "bertta")
    with at(NOON):
        number, other = factories.person(app), factories.person(app)
        with factories.register(app):
            factories.interaction(db.session.get_one(factories.Contact, number), user_id=me)
    reviewing.opened(client, number)
    reviewing.opened(client, other)
    with at(NOON + timedelta(days=2)):
        client = factories.browser(app)
        factories.sign_in(client, "bertta")
        form = pages.visit(client, f"/contacts/{number}/delete").form(f"/contacts/{number}/delete")
        assert form.send().status_code == 303
        with factories.register(app):
            door.erase([number], [], "hand")
    drawn(app)
    told = {item.contact_number: json.loads(item.facts) for item in items(app, "R1", "bertta")}
    assert told == {other: {"days": 14}, None: {"erased": 1}}
    (erased,) = [item for item in items(app, "R1", "bertta") if item.contact_number is None]
    assert erased.count == 2, "the look, and the form that asks before the deletion"
    with at(AFTER):
        page = pages.visit(factories.signed_in(app, "privacy"), f"/log-review/items/{erased.id}")
    assert "Not measured: you opened the data of somebody who has been erased since." in page.text


# --- R5, by the figures of days before the month --------------------------------------------


def test_r5_compares_with_the_ninety_days_before_the_month(app: Flask) -> None:
    """Days of 45 stand out for somebody who opens two a day, and not for who opens twenty."""
    for name, usual in (("anna", 2), ("bertta", 20), ("cilla", 0)):
        user = factories.user_id(app, factories.user(app, "staff", name=name))
        for day in range(10, 20):
            look(app, *range(1, usual + 1), user=user, at=moment(2, day))
        for day in (16, 17, 18):
            for number in range(100, 190, 2):
                look(app, number, user=user, at=moment(3, day))
    drawn(app)
    found = {name: items(app, "R5", name) for name in ("anna", "bertta", "cilla")}
    assert {name: len(hits) for name, hits in found.items()} == {"anna": 3, "bertta": 0, "cilla": 3}
    facts = {hit.facts for hits in found.values() for hit in hits}
    assert facts == {'{"people": 45, "most": 40}'}


# --- R8 -----------------------------------------------------------------------------------


def test_r8_a_restricted_person_opened_with_a_reason(app: Flask) -> None:
    client = reviewing.colleague(app, "bertta", "staff")
    with at(NOON):
        number = factories.person(app)
        with factories.register(app):
            db.session.add(Restriction(contact_id=number, since=clock.now(), ground="a"))
        page = pages.visit(client, f"/contacts/{number}", follow_redirects=True)
        assert page.form(field="reason").send(reason="A legal claim").status_code == 303
        assert client.get(f"/contacts/{number}").status_code == 200
    drawn(app)
    (hit,) = items(app, "R8")
    assert (hit.actor_id, hit.contact_number) == (factories.user_id(app, "bertta"), number)
    assert json.loads(hit.facts) == {"restricted": 1}
    with at(AFTER):
        page = pages.visit(factories.signed_in(app, "privacy"), f"/log-review/items/{hit.id}")
    assert "You opened the data of somebody whose data are restricted." in page.text


# --- R10 ----------------------------------------------------------------------------------


def test_r10_is_told_once_in_the_month_of_the_closing(app: Flask) -> None:
    """A look on 30 March, an account closed on 5 April; March is drawn before that, or after."""
    client = reviewing.colleague(app, "bertta", "staff", at_=moment(3, 30))
    number = factories.person(app)
    reviewing.opened(client, number, moment(3, 30))
    with at(moment(4, 5)), factories.register(app):
        user = db.session.scalar(db.select(User).where(User.name == "bertta"))
        user.disabled_at = clock.now()
    drawn(app, on=moment(5, 2))
    assert items(app, "R10") == []
    with at(moment(4, 6)):
        factories.signed_in(app, "privacy")
    drawn(app, APRIL, moment(5, 2))
    (hit,) = items(app, "R10", "bertta")
    assert (hit.at.astimezone(clock.HELSINKI).date(), hit.count) == (date(2026, 3, 30), 1)
    assert items(app, "R1", "bertta")[0].review_id != hit.review_id, "March is not judged again"


# --- R14 ----------------------------------------------------------------------------------


def test_r14_entries_that_lack_at_the_turn_of_the_month(app: Flask, database: Database) -> None:
    for number in range(3):
        look(app, number + 1, at=moment(2, 20))
    look(app, 9, at=moment(3, 2))
    first = factories.entries(app)[-1].row.id
    forge(database, "delete from log_entry where id between 2 and 3")
    assert first == 4
    drawn(app)
    (hit,) = items(app, "R14")
    assert (hit.entry_id, json.loads(hit.facts)) == (first, {"entries": 2})
    drawn(app, FEBRUARY)
    assert len(items(app, "R14")) == 1


def test_r14_what_went_by_rule_does_not_lack(aged: Flask) -> None:
    last = prune(aged).last
    with aged.app_context():
        assert last > 1
        assert [spans.before(number) for number in (last + 1, last + 2)] == [last, last + 1]
        db.session.remove()


def test_r14_a_check_of_the_log_that_found_a_fault_in_the_month(app: Flask) -> None:
    look(app, 1, at=NOON)
    fault = Verdict(9, 1, Finding(Fault.CUT, 4, 9), 9)
    for verdict, day in (
        *((fault, moment(2, 28)), (fault, moment(3, 5)), (fault, moment(4, 1))),
        (Verdict(9, 1, None, 9), moment(3, 6)),
    ):
        with at(day), app.app_context():
            results.keep(db.engine, verdict, "job", 0.1)
    drawn(app)
    (hit,) = items(app, "R14")
    assert (hit.at, hit.actor_id, json.loads(hit.facts)) == (moment(3, 5), None, {"fault": 1})
    with at(AFTER):
        page = pages.visit(factories.signed_in(app, "privacy"), f"/log-review/items/{hit.id}")
    assert "A check of the access log found a fault." in page.text


# --- R15 ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("people", "hits"), [(3, 0), (11, 1)])
def test_r15_counts_people_and_not_their_fields(app: Flask, people: int, hits: int) -> None:
    me = factories.user_id(app, factories.user(app, "staff", name="bertta"))
    look(app, 1, at=NOON)
    with at(NOON), factories.register(app):
        for number in range(people):
            one = factories.contact("A", f"V{number}")
            for field in ("email", "phone", "title", "language"):
                factories.check(one, field, user_id=me, at=NOON + timedelta(seconds=number))
    drawn(app)
    found = items(app, "R15", "bertta")
    assert [json.loads(hit.facts) for hit in found] == [{"people": 11, "minutes": 10}] * hits


# --- what was before the month --------------------------------------------------------------


@pytest.mark.parametrize(("begin", "told"), [((2025, 11, 20), False), ((2026, 2, 3), True)])
def test_a_review_says_when_the_log_begins_after_what_its_rules_ask_for(
    app: Flask, begin: tuple[int, int, int], told: bool
) -> None:
    """New addresses are those of 90 days before the month: the log has to know them."""
    first = datetime(*begin, 12, tzinfo=clock.HELSINKI)
    for moment_ in (first, NOON):
        look(app, 1, at=moment_)
    page = drawn(app)
    assert ("The access log begins on 3 Feb 2026." in page) is told
    with app.app_context():
        (kept,) = db.session.scalars(db.select(LogReview.measured_from))
        db.session.remove()
    assert kept == (first if told else None)


def test_an_old_review_s_sentence_of_fields_stands(app: Flask) -> None:
    with factories.register(app):
        review = factories.review()
        factories.review_item(review, "R15", facts='{"checks": 12, "minutes": 10}')
    with at(AFTER):
        page = pages.visit(factories.signed_in(app, "privacy"), "/log-review/items/1")
    assert "You marked 12 fields as confirmed within 10 minutes." in page.text

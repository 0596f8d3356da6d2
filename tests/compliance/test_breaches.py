"""Breaches: 72 hours by the clock of the law, nothing ended that is not written down (Art. 33)."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories, pages
from tests.compliance.reviewing import NOON, at
from wesentra import clock
from wesentra.compliance.breaches import policy
from wesentra.models import Breach, db
from wesentra.refusal import Refused

WHOLE = {
    "facts": "A list was sent to the wrong address.",
    "effects": "Numbers of 12 people were seen.",
    "measures": "The list was deleted.",
    "not_told_reason": "The risk is low.",
}


def helsinki(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.HELSINKI)


@pytest.mark.parametrize(
    ("aware", "due"),
    [
        ("2026-11-20 12:00", "2026-11-23 12:00"),
        ("2026-03-27 12:00", "2026-03-30 13:00"),
        ("2026-10-24 12:00", "2026-10-27 11:00"),
    ],
)
def test_72_hours_are_hours_whatever_the_clocks_and_weekends_do(aware: str, due: str) -> None:
    assert policy.due(helsinki(aware)) == helsinki(due).astimezone(UTC)


def test_late_begins_after_the_last_moment() -> None:
    assert not policy.is_late(NOON, NOON + timedelta(hours=72))
    assert policy.is_late(NOON, NOON + timedelta(hours=72, minutes=1))


@pytest.mark.parametrize("lacking", ["facts", "effects", "measures", "notified_at", "told_at"])
def test_nothing_is_ended_that_is_not_documented(lacking: str) -> None:
    values = dict.fromkeys(("facts", "effects", "measures"), "Written.")
    values |= {
        "notified_at": NOON,
        "told_at": NOON,
        "not_notified_reason": "",
        "not_told_reason": "",
    }
    policy.check_whole(values)
    with pytest.raises(Refused):
        policy.check_whole(values | {lacking: None if lacking.endswith("_at") else ""})


@pytest.fixture
def privacy(app: Flask) -> FlaskClient:
    with at(NOON - timedelta(minutes=1)):
        return factories.signed_in(app, "privacy", name="paula")


def the_breach(app: Flask) -> Breach:
    with app.app_context():
        found = db.session.scalars(db.select(Breach)).one()
        db.session.remove()
    return found


def test_a_breach_is_written_down_once(app: Flask, privacy: FlaskClient) -> None:
    with at(NOON):
        form = pages.visit(privacy, "/breaches/new").form("/breaches/new")
        answers = [form.send(aware_at="2026-03-16T09:30", facts="Seen.") for _ in range(2)]
        assert {answer.location for answer in answers} == {"/breaches/1"}
        page = pages.visit(privacy, "/breaches/1")
    assert "19 Mar 2026, 09:30: 72 hours" in page.text
    assert the_breach(app).aware_at == helsinki("2026-03-16 09:30")
    told = [entry[:4] for entry in factories.entries_of(app, answers[0])]
    assert ("breach", "breach", (1,), ("created",)) in told


def test_a_late_notification_needs_its_reason(app: Flask, privacy: FlaskClient) -> None:
    with at(NOON):
        form = pages.visit(privacy, "/breaches/new").form("/breaches/new")
        late = {"aware_at": "2026-03-10T09:00", "notified_at": "2026-03-13T09:01", "facts": "Kept."}
        refused = form.send(**late)
        page = pages.read(privacy, refused)
        assert refused.status_code == 422
        assert "later than 72 hours" in page.errors[0]
        assert page.form("/breaches/new").fields["facts"].strip() == "Kept."
        assert page.form("/breaches/new").send(late_reason="Holidays.").status_code == 303


LATE = "If later than 72 hours: why"


def test_the_reasons_of_a_delay_are_asked_only_where_there_is_one(
    app: Flask, privacy: FlaskClient
) -> None:
    with at(NOON):
        assert LATE not in pages.visit(privacy, "/breaches/new").text
        with factories.register(app):
            factories.breach(aware_at=NOON - timedelta(hours=71))
            factories.breach(aware_at=NOON - timedelta(hours=73))
            told = {"notified_at": NOON - timedelta(hours=90)}
            factories.breach(aware_at=NOON - timedelta(hours=99), **told)
            late = {"notified_at": NOON, "late_reason": "Holidays."}
            factories.breach(aware_at=NOON - timedelta(hours=99), **late)
        asks = [LATE in pages.visit(privacy, f"/breaches/{n}/edit").text for n in range(1, 5)]
        assert asks == [False, True, False, True]
        form = pages.visit(privacy, "/breaches/4/edit").form("/breaches/4/edit")
        assert form.send(facts="Seen.").status_code == 303
    with factories.register(app):
        assert db.session.get_one(Breach, 4).late_reason == "Holidays."


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"aware_at": "2026-03-18T09:00"}, "This time is still to come."),
        ({"notified_at": "2026-03-18T09:00"}, "This time is still to come."),
        ({"notified_at": "2026-03-16T08:00"}, "before becoming aware"),
        ({"aware_at": ""}, "Write when we became aware of it."),
        ({"aware_at": "yesterday"}, "Not a valid datetime value."),
        ({"people": "-1"}, "Number must be"),
        ({"records": "1" * 400}, "Not a valid integer"),
    ],
)
def test_what_cannot_be_is_refused(
    privacy: FlaskClient, typed: dict[str, str], sentence: str
) -> None:
    with at(NOON):
        form = pages.visit(privacy, "/breaches/new").form("/breaches/new")
        answer = form.send(**{"aware_at": "2026-03-16T09:00", **typed})
    assert answer.status_code == 422
    assert sentence in answer.text


def test_a_breach_is_closed_when_everything_is_there_and_stays(
    app: Flask, privacy: FlaskClient
) -> None:
    with at(NOON):
        with factories.register(app):
            factories.breach(status="draft", aware_at=NOON)
        close = pages.visit(privacy, "/breaches/1").form("/breaches/1/close")
        assert close.send().status_code == 422
        edit = pages.visit(privacy, "/breaches/1/edit").form("/breaches/1/edit")
        assert edit.send(**WHOLE).status_code == 303
        assert the_breach(app).status == "open"
        answer = close.send()
        assert answer.status_code == 422
        assert "when the authority was notified, or why it was not" in answer.text
        edit = pages.visit(privacy, "/breaches/1/edit").form("/breaches/1/edit")
        edit.send(not_notified_reason="A risk is unlikely.")
        assert close.send().status_code == 303
        assert the_breach(app).status == "closed"
        edit = pages.read(privacy, edit.send(facts="Nothing happened."))
        assert "This breach is closed." in edit.text
        assert privacy.get("/breaches/1/edit").status_code == 303
    assert the_breach(app).facts == WHOLE["facts"]


@pytest.mark.parametrize("minutes", [-40, -10, 20, 50])
def test_no_hour_is_lost_in_the_night_in_which_the_clocks_change(app: Flask, minutes: int) -> None:
    noticed = datetime(2026, 10, 25, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    with at(noticed):
        factories.user(app, "privacy", name="paula")
        new = pages.visit(_paula(app), "/breaches/new").form("/breaches/new")
        assert new.send(facts="Seen.").status_code == 303
    assert the_breach(app).aware_at == noticed
    for later in (30, 150):
        with at(noticed + timedelta(minutes=later)):
            edit = pages.visit(_paula(app), "/breaches/1/edit").form("/breaches/1/edit")
            assert edit.send(facts=f"Seen, {later}.").status_code == 303
        assert the_breach(app).aware_at == noticed


def _paula(app: Flask) -> FlaskClient:
    browser = factories.browser(app)
    factories.sign_in(browser, "paula")
    return browser


def test_a_moment_left_alone_keeps_its_seconds(app: Flask, privacy: FlaskClient) -> None:
    known = NOON - timedelta(hours=1, seconds=13)
    with at(NOON):
        with factories.register(app):
            factories.breach(aware_at=known)
        edit = pages.visit(privacy, "/breaches/1/edit").form("/breaches/1/edit")
        assert edit.send(facts="Seen.").status_code == 303
        assert the_breach(app).aware_at == known
        edit = pages.visit(privacy, "/breaches/1/edit").form("/breaches/1/edit")
        assert edit.send(aware_at="2026-03-17T10:00").status_code == 303
    assert the_breach(app).aware_at == helsinki("2026-03-17 10:00")


def test_two_who_edit_at_once_do_not_overwrite_each_other(app: Flask, privacy: FlaskClient) -> None:
    with at(NOON):
        with factories.register(app):
            factories.breach(aware_at=NOON)
        first, second = (pages.visit(privacy, "/breaches/1/edit") for _ in range(2))
        assert first.form("/breaches/1/edit").send(facts="First.").status_code == 303
        answer = second.form("/breaches/1/edit").send(facts="Second.")
    assert answer.status_code == 422
    assert "Somebody else has changed this meanwhile." in answer.text
    assert the_breach(app).facts == "First."


def test_the_dashboard_says_until_when(app: Flask, privacy: FlaskClient) -> None:
    with at(NOON):
        assert "No breach is open." in pages.visit(privacy, "/dashboard/").text
        with factories.register(app):
            factories.breach(aware_at=NOON)
        page = pages.visit(privacy, "/dashboard/")
    assert "to be notified by 20 Mar 2026, 12:00" in page.text
    assert "overdue" not in page.text
    assert page.link("Breach 1").href == "/breaches/1"


def test_the_dashboard_says_what_is_overdue(app: Flask) -> None:
    with factories.register(app):
        factories.breach(aware_at=clock.now() - timedelta(hours=73))
    page = pages.visit(factories.signed_in(app, "privacy"), "/dashboard/")
    assert "overdue" in page.text


def test_an_auditor_reads_and_staff_do_not(app: Flask, privacy: FlaskClient) -> None:
    with factories.register(app):
        factories.breach()
    auditor = factories.signed_in(app, "auditor")
    page = pages.visit(auditor, "/breaches/1")
    assert not [form for form in page.forms if form.method == "post" and "breaches" in form.action]
    assert auditor.get("/breaches/1/edit").status_code == 403
    assert factories.signed_in(app, "staff").get("/breaches/1").status_code == 403

"""The red line: those in charge see at once that the log is broken, and nobody else is bothered."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from tests import factories, pages
from tests.audit.test_forgery import forge
from tests.databases import Database, sqlite_only
from wesentra import clock
from wesentra.audit import deliveries, results
from wesentra.audit.deliveries import Delivery
from wesentra.audit.restorations import LogRestoration
from wesentra.audit.results import Standing
from wesentra.audit.verdict import Fault, Finding, Verdict
from wesentra.compliance.access_log import alarm
from wesentra.models.base import db
from wesentra.operations import jobs
from wesentra.settings import Settings

IN_CHARGE = ("privacy", "admin", "auditor")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
WHOLE = Standing(NOW, 12, "job", None, NOW)


def do_jobs(app: Flask, settings: Settings) -> list[str]:
    """What is due, done; the sentences of what failed."""
    with app.app_context():
        return [str(one.refused) for one in jobs.run_due(settings) if one.refused]


def test_a_forged_log_is_a_red_line_for_those_in_charge_alone(
    app: Flask, database: Database, settings: Settings
) -> None:
    factories.person(app)
    forge(database, "update log_entry set purpose = 'sales' where id = 1")
    assert do_jobs(app, settings) == ["Entry 1 of the log was changed."]
    engine = create_engine(database.owner_url)
    with engine.connect() as connection:
        stored = connection.execute(text("select fault, entry, made_by from log_verification"))
        assert stored.all() == [("changed", 1, "job")]
    engine.dispose()
    for role in IN_CHARGE:
        page = pages.visit(factories.signed_in(app, role), "/")
        assert "Entry 1 of the log was changed." in page.text, role
        assert ("To the access log" in page.text) == (role != "admin"), role
    staff = factories.signed_in(app, "staff")
    for url in ("/", "/contacts/", "/contacts/1"):
        assert "of the log was changed" not in pages.visit(staff, url).text
        assert "log-alarm" not in pages.visit(staff, url).ids
    dashboard = pages.visit(factories.signed_in(app, "auditor"), "/dashboard/")
    assert "Whole since Entry 1 of the log was changed." in dashboard.text
    refused = factories.signed_in(app, "admin").get("/contacts/")
    assert refused.status_code == 403
    assert "Entry 1 of the log was changed." in refused.text


def test_a_restore_is_a_red_line_until_somebody_says_that_they_have_seen_it(app: Flask) -> None:
    row = {"number": 1, "at": NOW, "backup_at": NOW, "last": 3, "hash": b"1" * 32, "lost": 9}
    with factories.register(app):
        db.session.add(LogRestoration(**row, key="k", signature=b"1" * 64))
    with app.app_context():
        found = Finding(Fault.RESTORED, 4, 9)
        results.keep(db.engine, Verdict(12, 3, found, last=12), "job", 0.5)
    for role in ("admin", "auditor"):
        other = factories.signed_in(app, role)
        assert "/log/restore" not in [link.href for link in pages.visit(other, "/").links], role
        assert other.get("/log/restore").status_code == 403
    privacy = factories.signed_in(app, "privacy")
    assert "/log/restore" in [link.href for link in pages.visit(privacy, "/").links]
    form = pages.visit(privacy, "/log/restore").form("/log/restore")
    assert form.send(reason=" ").status_code == 422
    assert "log-alarm" in pages.visit(privacy, "/").ids
    assert form.send(reason="a broken disk").status_code == 303
    assert "log-alarm" not in pages.visit(privacy, "/").ids
    assert form.send(reason="once more").status_code == 422
    (told,) = [one for one in factories.entries(app) if "acknowledged" in one.fields]
    assert (told.operation, told.subject_type, told.ids) == ("restore", "restoration", (1,))


@sqlite_only
@pytest.mark.parametrize("fault", Fault)
def test_every_fault_can_be_said_where_it_is_read(app: Flask, fault: Fault) -> None:
    """A sentence that lacks a value would break each page of those who have to read it."""
    found = Finding(fault, 4, 9, date(2026, 3, 1))
    with app.app_context():
        results.keep(db.engine, Verdict(12, 3, found, last=12), "job", 0.5)
    for language in ("fi", "sv", "en"):
        with factories.register(app):
            name = factories.user(app, "auditor", language=language)
        client = factories.browser(app)
        factories.sign_in(client, name)
        for url in ("/", "/dashboard/"):
            page = pages.visit(client, url)
            assert page.response.status_code == 200
            assert "%(" not in page.text
            assert "log-alarm" in page.ids


def test_all_is_well_after_a_night_and_no_line_is_shown(app: Flask, settings: Settings) -> None:
    factories.person(app)
    auditor = factories.signed_in(app, "auditor")
    assert "Verified last not measured" in pages.visit(auditor, "/dashboard/").text
    assert do_jobs(app, settings) == []
    page = pages.visit(auditor, "/dashboard/")
    assert "log-alarm" not in page.ids
    assert "(by itself)" in page.text
    assert "Whole since not measured" not in page.text


@sqlite_only
def test_a_log_that_nobody_has_verified_for_days_is_a_red_line(app: Flask) -> None:
    with app.app_context():
        results.keep(db.engine, Verdict(3, 1, None, 3), "job", 0.1)
    with clock.turned_to(clock.now() + timedelta(days=3, minutes=5)):
        page = pages.visit(factories.signed_in(app, "privacy"), "/")
        assert "The access log has not been verified since" in page.text


@sqlite_only
def test_that_copies_reach_a_place_no_more_is_a_red_line(app: Flask) -> None:
    with app.app_context():
        deliveries.failed(db.engine, "syslog")
    admin = factories.signed_in(app, "admin")
    assert "were not copied since" in pages.visit(admin, "/").text
    with app.app_context():
        deliveries.served(db.engine, "syslog", 4)
    assert "log-alarm" not in pages.visit(admin, "/").ids


# --- what is decided ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "wrong"), [(0, []), (3, []), (3.1, [alarm.UNVERIFIED]), (40, [alarm.UNVERIFIED])]
)
def test_three_days_without_a_verification_are_too_many(days: float, wrong: list[str]) -> None:
    now = NOW + timedelta(days=days)
    assert [one.sentence for one in alarm.alarms(WHOLE, [], None, now)] == wrong
    never = [alarm.NEVER] if wrong else []
    assert [one.sentence for one in alarm.alarms(None, [], NOW, now)] == never


def test_a_verification_yet_to_come_is_none() -> None:
    """A clock was ahead: nobody would hear for a year that nothing is verified."""

    def said(ahead: timedelta) -> list[str]:
        return [one.sentence for one in alarm.alarms(WHOLE, [], None, NOW - ahead)]

    assert said(timedelta(days=365)) == [alarm.NOT_YET]
    assert said(timedelta(hours=2)) == [alarm.NOT_YET]
    assert said(timedelta(minutes=2)) == []


def test_an_empty_log_needs_no_verification() -> None:
    assert alarm.alarms(None, [], None, NOW) == []


def test_everything_that_is_wrong_is_said() -> None:
    broken = Standing(NOW, 12, "hand", Finding(Fault.CUT, 4, 9), None)
    places = [Delivery("folder", 3, NOW, None), Delivery("mail", 0, None, NOW)]
    found = alarm.alarms(broken, places, None, NOW)
    assert [one.values for one in found] == [
        {"entry": 4, "other": 9, "day": ""},
        {"place": "mail", "since": NOW},
    ]

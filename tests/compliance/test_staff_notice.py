"""The notice about logging as the privacy contact looks after it: who read it, who was heard."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from tests import factories, pages
from wesentra import clock

HOME = "/settings/log-notice/"
FORM = "/settings/log-notice/hearings"


def test_the_privacy_contact_sees_who_has_not_read_it_yet(app: Flask) -> None:
    factories.user(app, "staff", name="uusi", informed=False)
    factories.user(app, "staff", name="vanha")
    page = pages.visit(factories.signed_in(app, "privacy"), HOME)
    waiting, _, having_read = page.text.partition("Tester vanha")
    assert "Tester uusi not yet" in waiting
    assert "not yet" not in having_read.partition("Hearings")[0]


def test_a_longer_time_waits_for_everybody_again(app: Flask) -> None:
    factories.user(app, "staff", name="vanha")
    privacy = factories.signed_in(app, "privacy")
    settings = app.extensions["wesentra_settings"]
    app.extensions["wesentra_settings"] = replace(settings, log_months=60)
    token = pages.visit(privacy, "/account/log-notice/").form("/account/log-notice/")
    assert token.send().status_code == 303
    page = pages.visit(privacy, HOME)
    assert "version 1, 60 months" in page.text
    assert "Tester vanha not yet 1, 24 months" in page.text


def test_a_hearing_of_the_staff_is_noted_once_and_told_by_the_log(app: Flask) -> None:
    privacy = factories.signed_in(app, "privacy", name="petra")
    form = pages.visit(privacy, HOME).form(FORM)
    day = clock.today() - timedelta(days=3)
    first = form.send(held_on=str(day), how="meeting")
    assert (first.status_code, first.location) == (303, HOME)
    (entry,) = factories.entries_of(app, first)
    assert (entry.operation, entry.subject_type, entry.fields) == ("notice", "log", ("hearing",))
    assert form.send(held_on=str(day), how="meeting").status_code == 303
    assert pages.visit(privacy, HOME).text.count("Tester petra,") == 1


@pytest.mark.parametrize("day", ["", "yesterday", str(clock.today() + timedelta(days=1))])
def test_a_day_that_cannot_be_is_refused_at_its_field(app: Flask, day: str) -> None:
    privacy = factories.signed_in(app, "privacy")
    answer = pages.visit(privacy, HOME).form(FORM).send(held_on=day)
    assert answer.status_code == 422
    assert len(pages.read(privacy, answer).errors) == 1
    right = pages.read(privacy, answer).form(FORM).send(held_on=str(clock.today()))
    assert right.status_code == 303


def test_the_auditor_looks_and_notes_nothing_others_do_not_look(app: Flask) -> None:
    auditor = factories.signed_in(app, "auditor")
    page = pages.visit(auditor, HOME)
    assert FORM not in [form.action for form in page.forms]
    token = page.form("/logout").fields["csrf_token"]
    assert auditor.post(FORM, data={"csrf_token": token}).status_code == 403
    for role in ("staff", "admin"):
        assert factories.signed_in(app, role).get(HOME).status_code == 403

"""How many may go in a run: a word for some is no word for others, and none lasts beyond them."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.compliance.retention.test_run import BEGAN, crowd, due_of, names, on, run_on
from wesentra.compliance.retention import actions, rules, run, state
from wesentra.models import RetentionRule
from wesentra.models.retention_run import RunState
from wesentra.operations import retention as job

DAY = date(2027, 1, 15)


def give_word(app: Flask, number: int, day: date = DAY) -> None:
    with on(day), factories.register(app):
        actions.approve(state.get(number))


def prospects(months: int) -> RetentionRule:
    rule = next(one for one in rules.versions() if (one.kind, one.group) == ("contact", "prospect"))
    rules.change(rule, months, "delete", f"{months} kk")
    return rule


def test_a_word_under_these_rules_is_none_under_others(app: Flask) -> None:
    crowd(app, 25)
    give_word(app, run_on(app, DAY).id)
    with on(DAY), factories.register(app):
        prospects(11)
    assert run_on(app, DAY).state == RunState.STOPPED
    assert len(names(app)) == 25


def test_a_word_is_used_up_by_the_run_that_it_lets_go_on(app: Flask) -> None:
    crowd(app, 25)
    give_word(app, run_on(app, DAY).id)
    assert run_on(app, DAY).state == RunState.DONE
    assert names(app) == set()
    crowd(app, 24)
    assert run_on(app, DAY + timedelta(days=1)).state == RunState.STOPPED
    assert len(names(app)) == 24


def test_a_word_of_the_evening_holds_in_the_night(app: Flask) -> None:
    crowd(app, 25)
    give_word(app, run_on(app, DAY).id)
    assert run_on(app, DAY + timedelta(days=1)).state == RunState.DONE
    assert names(app) == set()


def test_one_day_is_one_run_however_often_rules_are_changed(app: Flask) -> None:
    crowd(app, 15)
    assert run_on(app, DAY).state == RunState.DONE
    assert names(app) == set()
    crowd(app, 15)
    certificate = run_on(app, DAY)
    assert certificate.state == RunState.STOPPED, "30 of 30 would have gone on this day"
    assert len(names(app)) == 15


def breaking(monkeypatch: pytest.MonkeyPatch, at: int, does: Any) -> None:
    """Let something happen before the erasure number `at` of a run."""
    real, calls = run.door.erase, []

    def erase(*args: Any) -> None:
        calls.append(args)
        if len(calls) == at:
            does()
        real(*args)

    monkeypatch.setattr(run.door, "erase", erase)


def cut_off(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 12 who are to go on DAY 5 went, and then the disk was full."""
    crowd(app, 12)

    def breaks() -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patched, on(DAY), factories.register(app):
        patched.setattr(run, "TOGETHER", 5)
        breaking(patched, 2, breaks)
        with pytest.raises(OSError, match="no space"):
            run.carry_out(DAY)
        run.db.session.rollback()


def test_what_a_run_has_left_is_the_next_day_s(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    cut_off(app, monkeypatch)
    counts = run_on(app, DAY + timedelta(days=1)).counts
    assert (counts["everybody"], counts["due"], counts["gone.contact"]) == (7, 7, 7)
    with factories.register(app):
        assert [one.state for one in state.runs()] == [RunState.DONE, RunState.CUT_OFF]


def test_the_certificate_of_a_run_that_was_cut_off_counts_from_its_beginning(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_off(app, monkeypatch)
    counts = run_on(app, DAY).counts
    assert (counts["everybody"], counts["due"], counts["gone.contact"]) == (12, 12, 12)


def test_a_rule_that_is_changed_in_the_middle_lets_nobody_go_by_the_old_one(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd(app, 12)
    monkeypatch.setattr(run, "TOGETHER", 5)
    breaking(monkeypatch, 1, lambda: prospects(240))
    certificate = run_on(app, DAY)
    assert (certificate.state, certificate.counts["gone.contact"]) == (RunState.DONE, 5)
    assert len(names(app)) == 7
    with on(DAY), factories.register(app):
        assert state.waits(DAY), "the dates follow by another run"


def test_who_is_held_for_two_reasons_is_one(app: Flask) -> None:
    with on(BEGAN), factories.register(app):
        person = factories.contact("Liisa", group="prospect")
        factories.restriction(person)
        factories.hold(person, "claim")
    counts = run_on(app, DAY).counts
    assert counts["held"] == {"restriction": 1, "claim": 1}
    assert counts["kept"] == 1


def test_a_rule_that_is_changed_in_the_day_lets_nobody_go_before_the_night(app: Flask) -> None:
    settings = app.extensions["wesentra_settings"]
    soon = date(2026, 9, 1)
    with on(BEGAN):
        person = factories.person(app, "Liisa", group="prospect")
    with on(soon), factories.register(app):
        job.run(settings)
        prospects(6)
    with on(soon), factories.register(app):
        assert state.waits(soon)
        run.db.session.rollback()
        job.run(settings)
        assert not state.waits(soon)
    found = due_of(app, person)
    assert found is not None
    assert found.due_on == date(2026, 10, 1), "the lists say it at once"
    assert names(app) == {"Liisa"}
    with on(date(2026, 9, 30)), factories.register(app):
        job.run(settings)
    assert names(app) == {"Liisa"}, "her owner is asked for thirty days"
    with on(date(2026, 10, 1)), factories.register(app):
        job.run(settings)
    assert names(app) == set()

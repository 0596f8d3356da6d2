"""What texts about others say of somebody cannot be known: whoever erases is told where to look."""

from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask

from tests import factories
from tests.factories import entries_of, subjects
from wesentra import clock
from wesentra.erasure import mentions
from wesentra.models import FieldChange, RetentionHold, db

Run = Callable[..., Result]


@pytest.fixture
def named(app: Flask) -> int:
    """Somebody whose name stands in texts about others, among texts that only come near."""
    with factories.register(app):
        one = factories.contact("Väinö", "Öberg", note="Väinö Öberg himself")
        other = factories.contact("Bo", "Berg", note="Married to öberg, VÄINÖ")
        factories.interaction(other, "Talked about VÄINÖ Öberg: invoice")
        factories.interaction(other, "Väinö Öbergson and a Väinö")
        factories.task(other, "Call Väinö Öberg back")
        factories.disclosure(other, "Väinö Öberg, asianajaja")
        factories.company("Auto Oy", note="Ask Väinö Öberg")
        factories.opening(other, "a claim by Vaino Oberg")
        return one.id


def places(app: Flask, number: int) -> list[tuple[str, int, str]]:
    with factories.register(app):
        return [(one.kind, one.number, one.field) for one in mentions.of(number)]


def test_each_text_about_another_that_has_the_whole_name_is_a_place(app: Flask, named: int) -> None:
    other = named + 1
    assert places(app, named) == [
        ("company", 1, "note"),
        ("contact", other, "disclosure.recipient"),
        ("contact", other, "interaction.summary"),
        ("contact", other, "note"),
        ("contact", other, "opening.reason"),
        ("contact", other, "task.text"),
    ]


def test_the_history_of_a_company_and_a_hold_on_it_are_places_too(app: Flask) -> None:
    with factories.register(app):
        one, company = factories.contact("Väinö", "Öberg"), factories.company("Auto Oy")
        about = {"company_id": company.id}
        text = "Ask Väinö Öberg"
        db.session.add(FieldChange(field="note", old=text, new="", at=clock.now(), **about))
        stands = {"review_on": clock.today(), "placed_at": clock.now()}
        db.session.add(RetentionHold(kind="claim", reason=text, **stands, **about))
    assert places(app, one.id) == [
        ("company", company.id, "field_change.old"),
        ("company", company.id, "retention_hold.reason"),
    ]


def test_one_word_alone_names_nobody(app: Flask) -> None:
    with factories.register(app):
        one = factories.contact("", "Öberg")
        factories.contact("Bo", "Berg", note="Öberg")
    assert places(app, one.id) == []


def test_nobody_asks_by_a_made_up_name_what_is_written_of_whom_they_may_not_see(
    app: Flask,
) -> None:
    with factories.register(app):
        closed = factories.contact("Bo", "Berg", note="On Sick Leave since May")
        factories.restriction(closed)
        made_up = factories.contact("Sick", "Leave")
        open_to_all = factories.contact("Cia", "Ek", note="sick leave")
    staff = factories.signed_in(app, "staff")
    answer = staff.get(f"/contacts/{made_up.id}/delete")
    assert f'href="/contacts/{open_to_all.id}"' in answer.text
    assert f'href="/contacts/{closed.id}"' not in answer.text
    assert ("contact", closed.id, "note") in places(app, made_up.id), "the program sees it"


def test_who_deletes_is_led_to_the_places_and_is_shown_nobody(app: Flask, named: int) -> None:
    staff = factories.signed_in(app, "staff")
    answer = staff.get(f"/contacts/{named}/delete")
    assert "The name stands in 6 texts about others" in answer.text
    assert f'href="/contacts/{named + 1}"' in answer.text
    assert "Bo" not in answer.text.partition("<main")[2]
    assert subjects(entries_of(app, answer), "contact", "view") == {named}


def test_the_command_says_the_places_and_names_nobody(run: Run, app: Flask, named: int) -> None:
    said = run("erase", named, "--reason", "request")
    assert said.exit_code == 0, said.output
    assert "The name stands in 6 texts about others" in said.output
    assert f"  Contact {named + 1}: Summary" in said.output
    assert "Bo" not in said.output
    assert "berg" not in said.output.lower()

"""The page of the holds: the privacy contact places and lifts them, auditors see them."""

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories, pages
from wesentra import clock
from wesentra.audit.life import LogHold
from wesentra.models import db

PAGE = "/log/holds"


def format_day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def held(app: Flask) -> list[LogHold]:
    with app.app_context():
        found = list(db.session.scalars(select(LogHold).order_by(LogHold.id)))
        db.session.remove()
    return found


def place(client: FlaskClient, **values: str) -> pages.Page:
    given = {"reason": "breach", "reference": "2026-7", "first": str(clock.today()), **values}
    return pages.read(client, pages.visit(client, PAGE).form(PAGE).send(**given))


def lifting(client: FlaskClient, number: int) -> pages.Form:
    """The form that the way from the list leads to."""
    page = pages.visit(client, pages.visit(client, PAGE).link("Lift").href)
    return page.form(f"{PAGE}/{number}/lift")


def told(app: Flask) -> list[tuple[tuple[int, ...], tuple[str, ...]]]:
    found = [entry for entry in factories.entries(app) if entry.operation == "log_hold"]
    return [(entry.ids, entry.fields) for entry in found]


def breach(client: FlaskClient, **values: str) -> str:
    """The address of a breach that was written down."""
    form = pages.visit(client, "/breaches/new").form("/breaches/new")
    return str(form.send(**values).location)


def test_a_hold_is_placed_and_lifted_and_both_are_entries(app: Flask) -> None:
    privacy = factories.signed_in(app, "privacy", name="minna")
    assert "Nothing is held." in pages.visit(privacy, PAGE).text
    assert place(privacy).response.status_code == 303
    (hold,) = held(app)
    assert (hold.reason, hold.reference, hold.last, hold.lifted_at) == (
        *("breach", "2026-7"),
        *(None, None),
    )
    page = pages.visit(privacy, PAGE)
    assert "2026-7 personal data breach" in page.text
    assert "Tester minna" in page.text
    answer = lifting(privacy, hold.id).send(why="The authority has answered.")
    assert answer.status_code == 303
    assert held(app)[0].lifted_at is not None
    assert told(app) == [
        ((hold.id,), ("breach", "placed")),
        ((hold.id,), ("breach", "lifted", "reason_given")),
    ]
    text = pages.visit(privacy, PAGE).text
    assert "lifted" in text
    assert "The authority has answered." in text


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"first": ""}, "Choose the day."),
        ({"first": str(clock.today() + timedelta(2))}, "The first day is still to come."),
        ({"last": str(clock.today() - timedelta(2))}, "The last day is before the first."),
        ({"reference": ""}, "Write the number of the matter."),
        ({"reference": "Aino Virtanen"}, "without spaces"),
        ({"reference": "Aino Virtanen", "first": ""}, "without spaces"),
        ({"reference": "7" * 41}, "without spaces"),
        ({"reason": "whim"}, "Not a valid choice"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_was_typed(
    app: Flask, values: dict[str, str], sentence: str
) -> None:
    privacy = factories.signed_in(app, "privacy")
    page = place(privacy, **values)
    assert page.response.status_code == 422
    assert sentence in page.text
    assert page.form(PAGE).fields["reference"] == values.get("reference", "2026-7")
    assert held(app) == []


def test_sent_twice_it_is_one_hold(app: Flask) -> None:
    privacy = factories.signed_in(app, "privacy")
    form = pages.visit(privacy, PAGE).form(PAGE)
    for _ in range(2):
        answer = form.send(reason="request", reference="T-1", first=str(clock.today()))
        assert answer.status_code == 303
    assert len(held(app)) == 1
    form = lifting(privacy, 1)
    assert form.send(why="Answered.").status_code == 303
    first = held(app)[0].lifted_at
    assert form.send(why="Answered.").status_code == 303
    assert held(app)[0].lifted_at == first
    assert len(told(app)) == 2


@pytest.mark.parametrize("why", ["", "  ", None, "x" * 401])
def test_no_hold_is_lifted_without_a_reason(app: Flask, why: str | None) -> None:
    privacy = factories.signed_in(app, "privacy")
    place(privacy)
    page = pages.read(privacy, lifting(privacy, 1).send(why=why))
    assert page.response.status_code == 422
    assert page.form(f"{PAGE}/1/lift").fields["why"].strip() == (why or "").strip()
    assert held(app)[0].lifted_at is None


def test_the_reason_of_who_came_first_stays(app: Flask) -> None:
    first, second = (factories.signed_in(app, "privacy") for _ in range(2))
    place(first)
    late = lifting(second, 1)
    assert lifting(first, 1).send(why="Answered.").status_code == 303
    page = pages.read(second, late.send(why="By mistake."))
    assert page.response.status_code == 422
    assert "This hold was lifted already." in page.text
    assert "By mistake." in page.response.text, "what was typed"
    assert held(app)[0].lift_reason == "Answered."
    assert second.get(f"{PAGE}/1/lift").location == PAGE


# --- the hold of a breach -----------------------------------------------------------------


def test_the_hold_of_a_breach_is_called_by_it_and_not_lifted_before_its_end(app: Flask) -> None:
    privacy = factories.signed_in(app, "privacy")
    url = breach(privacy)
    page = pages.visit(privacy, PAGE)
    assert page.link("Breach 1").href == url
    assert f"became aware on {format_day(clock.today())}" in page.text
    assert "until the breach is closed" in page.text
    assert not [link for link in page.links if link.href.endswith("/lift")]
    page = pages.visit(privacy, f"{PAGE}/1/lift")
    assert "ends when the breach is closed" in page.text
    assert page.link("To the breach").href == url
    assert "why" not in [name for form in page.forms for name in form.names]
    token = page.form(field="csrf_token").fields["csrf_token"]
    data = {"csrf_token": token, "why": "I want to."}
    answer = privacy.post(f"{PAGE}/1/lift", data=data)
    assert (answer.status_code, "I want to." in answer.text) == (422, True)
    assert held(app)[0].lifted_at is None


def test_closing_a_breach_says_that_it_lifts_the_hold_and_does(app: Flask) -> None:
    privacy = factories.signed_in(app, "privacy")
    day = format_day(clock.today())
    new = pages.visit(privacy, "/breaches/new").text
    assert f"nothing from {day} on is removed until the breach is closed" in new
    whole = dict.fromkeys(("facts", "effects", "measures"), "Written.")
    url = breach(privacy, **whole, not_notified_reason="No risk.", not_told_reason="No risk.")
    place(privacy, reference="other")
    page = pages.visit(privacy, url)
    assert f"nothing of the log from {day} on is removed until this breach is closed" in page.text
    assert "Closing also lifts its hold on the log" in page.text
    close = page.form(f"{url}/close")
    assert [close.send().status_code for _ in range(2)] == [303, 303], "a double click"
    own, other = held(app)
    assert own.lifted_at is not None
    assert other.lifted_at is None
    assert told(app)[2:] == [((own.id,), ("breach", "breach_closed", "lifted"))]
    assert "It was held from" in pages.visit(privacy, url).text


def test_what_is_not_closed_goes_on_holding(app: Flask) -> None:
    privacy = factories.signed_in(app, "privacy")
    url = breach(privacy)
    assert pages.visit(privacy, url).form(f"{url}/close").send().status_code == 422
    assert held(app)[0].lifted_at is None


def test_a_number_like_that_of_a_breach_is_no_breach(app: Flask) -> None:
    """A matter that was filed elsewhere as number 1 is not lifted with breach 1, nor kept by it."""
    privacy = factories.signed_in(app, "privacy")
    place(privacy, reference="1")
    breach(privacy)
    assert lifting(privacy, 1).send(why="Answered.").status_code == 303
    assert [hold.lifted_at is None for hold in held(app)] == [False, True]


def test_an_auditor_sees_holds_and_changes_none(app: Flask) -> None:
    place(factories.signed_in(app, "privacy"))
    auditor = factories.signed_in(app, "auditor")
    page = pages.visit(auditor, PAGE)
    assert "2026-7" in page.text
    assert "New hold" not in page.text
    assert not any(link.href.endswith("/lift") for link in page.links)
    assert auditor.get(f"{PAGE}/1/lift").status_code == 403
    token = page.forms[0].fields["csrf_token"]
    answer = auditor.post(f"{PAGE}/1/lift", data={"csrf_token": token})
    assert answer.status_code == 403
    assert held(app)[0].lifted_at is None
    assert factories.signed_in(app, "staff").get(PAGE).status_code == 403


def test_a_hold_that_is_not_there_is_not_found(app: Flask) -> None:
    privacy = factories.signed_in(app, "privacy")
    token = pages.visit(privacy, PAGE).form(PAGE).fields["csrf_token"]
    assert privacy.post(f"{PAGE}/77/lift", data={"csrf_token": token}).status_code == 404
    assert privacy.get(f"{PAGE}/77/lift").status_code == 404

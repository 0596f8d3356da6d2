"""Tasks: what was promised, on the pages where one looks for it."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories, pages
from wesentra import clock
from wesentra.models import Contact, Task, db
from wesentra.web import formats

HTMX = {"HX-Request": "true"}


@pytest.fixture
def staff(app: Flask) -> FlaskClient:
    """Somebody of the staff, signed in."""
    return factories.signed_in(app, "staff", name="aino")


def promise(app: Flask, text: str, days: int = 0, owner: str = "aino", **values: object) -> int:
    """The id of a task of a new contact, due in so many days."""
    owner_id = factories.user_id(app, owner) if owner else None
    with factories.register(app):
        contact = factories.contact("Timo", "Mäkinen")
        due_on = clock.today() + timedelta(days=days)
        return factories.task(contact, text, due_on=due_on, owner_id=owner_id, **values).id


def row_form(page: pages.Page, task_id: int, action: str = "done") -> pages.Form:
    return page.form(f"/tasks/{task_id}/{action}")


def test_mine_stand_by_their_day_and_the_overdue_are_marked(app: Flask, staff: FlaskClient) -> None:
    promise(app, "Later", days=5)
    promise(app, "Missed", days=-3)
    promise(app, "Now")
    text = pages.visit(staff, "/tasks/").text
    assert text.index("Missed") < text.index("overdue") < text.index("Now") < text.index("Later")
    assert text.count("overdue") == 1


def test_a_list_of_tasks_shows_the_persons_name_and_says_so(app: Flask, staff: FlaskClient) -> None:
    promise(app, "Call")
    page = pages.visit(staff, "/tasks/")
    (entry,) = factories.entries_of(app, page.response)
    assert (entry.operation, entry.subject_type, entry.ids) == ("list", "contact", (1,))
    assert set(entry.fields) == {"family_name", "given_name", "task.due_on", "task.text"}


def test_one_click_does_it_and_another_undoes_it(app: Flask, staff: FlaskClient) -> None:
    task_id = promise(app, "Call")
    answer = row_form(pages.visit(staff, "/tasks/"), task_id).send()
    assert answer.headers["Location"] == "/tasks/"
    assert "Call" not in pages.visit(staff, "/tasks/").text
    done = pages.visit(staff, "/tasks/?done=1")
    assert "Call" in done.text
    row_form(done, task_id, "reopen").send()
    assert "Call" in pages.visit(staff, "/tasks/").text


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_what_is_done_shows_the_day_on_which_it_was_done(
    app: Flask, staff: FlaskClient, headers: dict[str, str]
) -> None:
    task_id = promise(app, "Call", days=-6)
    answer = row_form(pages.visit(staff, "/tasks/"), task_id).send(headers=headers)
    page = pages.read(staff, answer) if headers else pages.visit(staff, "/tasks/?done=1")
    with app.test_request_context():
        done, due = (formats.day(clock.today() - timedelta(days=ago)) for ago in (0, 6))
    assert f"done {done}" in page.text
    assert due not in page.text


def test_the_form_of_a_task_opens_at_its_text(app: Flask, staff: FlaskClient) -> None:
    page = staff.get(f"/tasks/new?contact={factories.person(app)}").text
    (control,) = re.findall("<input[^>]*autofocus[^>]*>", page)
    assert 'name="text"' in control


def test_a_row_draws_itself_anew_with_the_way_back(app: Flask, staff: FlaskClient) -> None:
    task_id = promise(app, "Call")
    answer = row_form(pages.visit(staff, "/"), task_id).send(headers=HTMX)
    page = pages.read(staff, answer)
    assert page.ids == [f"tasks-row-{task_id}"]
    assert "Timo Mäkinen" in page.text
    assert factories.subjects(factories.entries_of(app, answer), "contact") == {1}
    again = pages.read(staff, row_form(page, task_id, "reopen").send(headers=HTMX))
    assert row_form(again, task_id, "done").fields["place"] == "day"


@pytest.mark.parametrize(("start", "back"), [("/", "/"), ("/contacts/1", "/contacts/1")])
def test_after_a_click_one_is_where_one_was(
    app: Flask, staff: FlaskClient, start: str, back: str
) -> None:
    task_id = promise(app, "Call")
    answer = row_form(pages.visit(staff, start), task_id).send()
    assert answer.headers["Location"] == back


def test_those_of_others_are_shown_by_filter(app: Flask, staff: FlaskClient) -> None:
    other = factories.user(app, "staff")
    promise(app, "Theirs", owner=other)
    promise(app, "Nobodys", owner="")
    assert "Theirs" not in pages.visit(staff, "/tasks/").text
    everybodys = pages.visit(staff, "/tasks/?who=all")
    assert "Theirs" in everybodys.text
    assert "Nobodys" in everybodys.text
    theirs = pages.visit(staff, f"/tasks/?who={factories.user_id(app, other)}")
    assert "Theirs" in theirs.text
    assert "Nobodys" not in theirs.text


def test_my_day_begins_with_the_follow_ups_that_are_due(app: Flask, staff: FlaskClient) -> None:
    promise(app, "Today")
    promise(app, "Tomorrow", days=1)
    text = pages.visit(staff, "/").text
    assert "Today" in text
    assert "Tomorrow" not in text
    assert text.index("Follow-ups due") < text.index("Longest unchecked")


def test_a_task_is_made_on_the_page_of_a_person(app: Flask, staff: FlaskClient) -> None:
    contact_id = factories.person(app)
    link = pages.visit(staff, f"/contacts/{contact_id}").link("New task")
    form = pages.visit(staff, link.href).form("/tasks/new")
    assert form.send(text="Send the offer").headers["Location"] == f"/contacts/{contact_id}"
    assert "Send the offer" in pages.visit(staff, f"/contacts/{contact_id}").text
    with factories.register(app):
        task = db.session.query(Task).one()
        assert task.owner_id == 1
        assert task.due_on == clock.today() + timedelta(days=7)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"text": ""}, "what is to be done"),
        ({"text": "hetu 131052-308T"}, "personal identity code"),
        ({"text": "x" * 201}, "too long"),
        ({"due_on": "soon"}, "date"),
        ({"owner": "99"}, "choice"),
    ],
)
def test_a_wrong_task_gets_a_sentence_and_nothing_typed_is_lost(
    app: Flask, staff: FlaskClient, wrong: dict[str, str], says: str
) -> None:
    contact_id = factories.person(app)
    form = pages.visit(staff, f"/tasks/new?contact={contact_id}").form("/tasks/new")
    answer = form.send(**{"text": "Call", **wrong})
    page = pages.read(staff, answer)
    assert answer.status_code == 422
    assert says in " ".join(page.errors)
    assert page.form("/tasks/new").fields["text"] == wrong.get("text", "Call")
    assert page.heading == "New task"


def test_tasks_go_with_their_person(app: Flask, staff: FlaskClient) -> None:
    promise(app, "Call")
    with factories.register(app):
        db.session.delete(db.session.get(Contact, 1))
    with factories.register(app):
        assert db.session.query(Task).count() == 0
    assert "Nothing is open." in pages.visit(staff, "/tasks/").text
    assert staff.get("/tasks/new?contact=1").status_code == 404


def test_an_administrator_sees_no_tasks(app: Flask) -> None:
    promise_of = factories.signed_in(app, "admin", name="aino")
    promise(app, "Call")
    assert promise_of.get("/tasks/").status_code == 403
    assert "Call" not in pages.visit(promise_of, "/").text


def test_a_promise_about_health_is_asked_about_once(app: Flask, staff: FlaskClient) -> None:
    contact_id = factories.person(app)
    form = pages.visit(staff, f"/tasks/new?contact={contact_id}").form("/tasks/new")
    asked = pages.read(staff, form.send(text="Soita sairausloman jälkeen"))
    assert asked.response.status_code == 422
    assert asked.form("/tasks/new").send(sure="1").status_code == 303

"""Two people correct the same contact: nobody's work is lost, and nobody is misled."""

import threading

import pytest
from flask import Flask

from tests import factories, pages
from tests.factories import entries_of, signed_in, subjects
from wesentra.models import Contact, FieldChange, db
from wesentra.models.attribution import seen_by_program


def stored(app: Flask, column: object) -> list[str]:
    with factories.register(app):
        query = db.select(column)
        return list(db.session.scalars(query, execution_options=seen_by_program("test")))


def test_the_second_is_shown_what_the_first_put_and_loses_nothing(app: Flask) -> None:
    number = factories.person(app, title="Clerk")
    first, second = signed_in(app, "staff", name="first"), signed_in(app, "staff", name="second")
    address = f"/contacts/{number}/edit/title"
    one, other = (pages.visit(client, address).form(address) for client in (first, second))
    assert one.send(value="Director").status_code == 303

    answer = other.send(value="Head of sales")
    page = pages.read(second, answer)
    assert answer.status_code == 422
    assert "Tester first" in page.text
    assert "Director" in page.text
    again = page.form(address)
    assert again.fields["value"] == "Head of sales"
    assert stored(app, Contact.title) == ["Director"]
    assert subjects(entries_of(app, answer), "contact", "view") == {number}
    assert subjects(entries_of(app, answer), "contact", "update") == set()

    assert again.send().status_code == 303
    assert stored(app, Contact.title) == ["Head of sales"]
    assert stored(app, FieldChange.old) == ["Clerk", "Director"]


@pytest.mark.parametrize("refused", ["a wrong value", "a word that is asked about"])
def test_a_refusal_in_between_does_not_hide_what_the_first_put(app: Flask, refused: str) -> None:
    number = factories.person(app, phone="+358401234567", note="Old")
    first, second = signed_in(app, "staff", name="first"), signed_in(app, "staff", name="second")
    field, theirs, wrong, right, sure = {
        "a wrong value": ("phone", "040 1111111", "12x", "040 2222222", {}),
        "a word that is asked about": ("note", "Theirs", "masennus", "masennus", {"sure": "1"}),
    }[refused]
    address = f"/contacts/{number}/edit/{field}"
    one, other = (pages.visit(client, address).form(address) for client in (first, second))
    assert one.send(value=theirs).status_code == 303
    again = pages.read(second, other.send(value=wrong)).form(address)
    page = pages.read(second, again.send(value=right, **sure))
    assert page.response.status_code == 422
    assert "Tester first" in page.text
    assert page.form(address).fields["was"] != again.fields["was"]


@pytest.mark.parametrize("field", ["owner", "company"])
def test_a_second_editor_of_a_link_is_told_as_well(app: Flask, field: str) -> None:
    number = factories.person(app)
    first, second = signed_in(app, "staff", name="first"), signed_in(app, "staff", name="second")
    address = f"/contacts/{number}/edit/{field}"
    values = [str(factories.user_id(app, name)) for name in ("first", "second")]
    if field == "company":
        values = ["Eka Oy", "Toka Oy"]
    one, other = (pages.visit(client, address).form(address) for client in (first, second))
    assert one.send(value=values[0]).status_code == 303
    answer = other.send(value=values[1])
    assert answer.status_code == 422
    assert ("Eka Oy" if field == "company" else "Tester first") in pages.read(second, answer).text
    assert pages.read(second, answer).form(address).send().status_code == 303


def test_a_form_without_a_value_changes_nothing(app: Flask) -> None:
    number = factories.person(app, title="Clerk")
    address = f"/contacts/{number}/edit/title"
    form = pages.visit(signed_in(app, "staff"), address).form(address)
    app.testing = False
    assert form.send(value=None).status_code == 400
    assert stored(app, Contact.title) == ["Clerk"]


def test_two_fields_of_one_contact_do_not_disturb_each_other(app: Flask) -> None:
    number = factories.person(app, title="Clerk")
    client = signed_in(app, "staff")
    title = pages.visit(client, f"/contacts/{number}/edit/title").form(field="value")
    note = pages.visit(client, f"/contacts/{number}/edit/note").form(field="value")
    assert title.send(value="Director").status_code == 303
    assert note.send(value="Prefers mail.").status_code == 303
    assert (stored(app, Contact.title), stored(app, Contact.note)) == (
        ["Director"],
        ["Prefers mail."],
    )


def test_both_typed_the_same(app: Flask) -> None:
    """No conflict: what the second wants is what stands there."""
    number = factories.person(app, title="Clerk")
    forms = [
        pages.visit(signed_in(app, "staff"), f"/contacts/{number}/edit/title").form(field="value")
        for _ in range(2)
    ]
    assert [form.send(value="Director").status_code for form in forms] == [303, 303]
    assert stored(app, FieldChange.new) == ["Director"]


@pytest.mark.parametrize("what", ["the same field", "the same contact deleted"])
def test_races_of_saves(app: Flask, what: str) -> None:
    """Sent in the same moment from eight browsers: one is first, the others are told."""
    number = factories.person(app, title="Clerk")
    client = signed_in(app, "staff")
    if what == "the same field":
        forms = [
            pages.visit(client, f"/contacts/{number}/edit/title").form(field="value")
            for _ in range(8)
        ]
        values: list[dict[str, str]] = [{"value": f"Title {n}"} for n in range(8)]
        losing = {409, 422}
    else:
        address = f"/contacts/{number}/delete"
        forms = [pages.visit(client, address).form(address) for _ in range(8)]
        values, losing = [{}] * 8, {404, 409}
    cookie = client.get_cookie("__Host-wesentra", domain="localhost")
    assert cookie
    for form in forms:
        form.client = factories.browser(app)
        form.client.set_cookie("__Host-wesentra", cookie.value, domain="localhost", secure=True)
    statuses: list[int] = []
    together = threading.Barrier(8)

    def send(form: pages.Form, typed: dict[str, str]) -> None:
        together.wait(10)
        statuses.append(form.send(**typed).status_code)

    threads = [threading.Thread(target=send, args=pair) for pair in zip(forms, values, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses.count(303) == 1
    assert set(statuses) - {303} <= losing
    wanted = "update" if what == "the same field" else "delete"
    told = [entry for entry in factories.entries(app) if entry.operation == wanted]
    assert [entry.ids for entry in told] == [(number,)]
    if what == "the same field":
        assert len(stored(app, FieldChange.new)) == 1


def test_the_same_new_contact_typed_twice_is_refused_by_its_mail(app: Flask) -> None:
    client = signed_in(app, "staff")
    form = pages.visit(client, "/contacts/new").form("/contacts/new")
    typed = {"family_name": "Virtanen", "email": "aino@example.com", "source": "from the person"}
    first = form.send(**typed)
    again = form.send(**typed)  # the very same form: a double click, which makes nothing new
    assert (first.status_code, again.status_code) == (303, 303)
    assert again.headers["Location"] == first.headers["Location"]
    answer = pages.visit(client, "/contacts/new").form("/contacts/new").send(**typed)
    assert answer.status_code == 422
    assert "has this address already" in answer.text
    assert stored(app, Contact.email) == ["aino@example.com"]

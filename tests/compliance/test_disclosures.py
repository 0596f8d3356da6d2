"""Who got data of whom is noted once, and is told before the register forgets whom to tell."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from tests import factories, pages
from tests.browser.houses import held
from tests.factories import entries_of, subjects
from wesentra import clock
from wesentra.app import create_app
from wesentra.erasure import door
from wesentra.models import (
    Contact,
    Departure,
    Disclosure,
    DisclosureYear,
    FieldChange,
    RetentionDue,
    db,
)
from wesentra.models.attribution import seen_by_program
from wesentra.models.retention_hold import HoldKind
from wesentra.operations import erasing
from wesentra.refusal import Refused
from wesentra.settings import Settings

RECIPIENT = "Perintätoimisto Qvist"
HOME = "/disclosures/contacts/{}"


def noted(app: Flask, contact_id: int, recipient: str = RECIPIENT, **values: Any) -> int:
    """The number of a disclosure of somebody's, of which nobody was told."""
    with factories.register(app):
        one = db.session.get_one(Contact, contact_id)
        return factories.disclosure(one, recipient, **values).id


def given(app: Flask, **where: Any) -> list[Disclosure]:
    return held(app, Disclosure, **where)


def gone(app: Flask) -> dict[tuple[str, str, str], int]:
    return {
        (row.basis, row.categories, row.outcome): row.number for row in held(app, DisclosureYear)
    }


def texts(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return pages.read(client, answer).text


def tell(
    client: FlaskClient, disclosure_id: int, outcome: str = "told", of: str = "erasure"
) -> None:
    form = pages.visit(client, f"/disclosures/{disclosure_id}/told").form(
        f"/disclosures/{disclosure_id}/told"
    )
    assert form.send(told_of=of, outcome=outcome).status_code == 303


# --- noting ---------------------------------------------------------------------------------------


def note(client: FlaskClient, contact_id: int, **values: Any) -> Any:
    form = pages.visit(client, HOME.format(contact_id)).form(HOME.format(contact_id))
    typed = {"recipient": RECIPIENT, "basis": "contract", "categories": ["identity", "work"]}
    return form.send(**{**typed, **values})


def test_a_disclosure_is_noted_and_stands_on_the_page(app: Flask) -> None:
    number = factories.person(app)
    client = factories.signed_in(app, "staff")
    assert note(client, number).status_code == 303
    (one,) = given(app)
    assert (one.contact_id, one.recipient, one.basis) == (number, RECIPIENT, "contract")
    assert (one.categories, one.disclosed_on) == (["identity", "work"], clock.today())
    page = texts(client, HOME.format(number))
    for said in (RECIPIENT, "Contract", "name, work, group and source"):
        assert said in page
    assert HOME.format(number) in client.get(f"/contacts/{number}").text


def test_a_form_that_is_sent_twice_notes_one(app: Flask) -> None:
    number = factories.person(app)
    client = factories.signed_in(app, "staff")
    form = pages.visit(client, HOME.format(number)).form(HOME.format(number))
    typed = {"recipient": RECIPIENT, "basis": "contract", "categories": ["identity"]}
    led = {form.send(**typed).headers["Location"] for _ in range(2)}
    assert led == {HOME.format(number)}
    assert len(given(app)) == 1


HOSTILE: list[tuple[dict[str, Any], str]] = [
    ({"recipient": ""}, "Write who got the data."),
    ({"recipient": "Q" * 121}, "120"),
    ({"recipient": "Qvist\x00Oy"}, "cannot be shown"),
    ({"recipient": "Qvist\u202eOy"}, "cannot be shown"),
    ({"basis": "whim"}, "Not a valid choice"),
    ({"categories": None}, "Choose which data."),
    ({"categories": ["shoe_size"]}, "not a valid choice"),
    ({"disclosed_on": "yesterday"}, "Not a valid date"),
    ({"disclosed_on": "9999-12-31"}, "future"),
    ({"disclosed_on": "0001-01-01"}, "1989"),
]


@pytest.mark.parametrize(("values", "said"), HOSTILE, ids=lambda each: str(each)[:30])
def test_what_cannot_be_is_refused_and_stays_typed(
    app: Flask, values: dict[str, Any], said: str
) -> None:
    number = factories.person(app)
    client = factories.signed_in(app, "staff")
    answer = note(client, number, **values)
    assert answer.status_code == 422
    page = pages.read(client, answer)
    assert any(said in error for error in page.errors), page.errors
    form = page.form(HOME.format(number))
    wanted = values.get("recipient", RECIPIENT)
    assert form.fields["recipient"] == " ".join(wanted.split())
    if "categories" not in values:
        assert answer.text.count("checked") == 2
    assert given(app) == []


@pytest.mark.parametrize("role", ["admin", "auditor"])
def test_who_sees_no_people_notes_nothing(app: Flask, role: str) -> None:
    number = factories.person(app)
    told = noted(app, number)
    client = factories.signed_in(app, role)
    for address in (HOME.format(number), f"/disclosures/{told}/told", "/disclosures/"):
        assert client.get(address).status_code == 403
    assert factories.signed_in(app, "staff").get("/disclosures/").status_code == 403


# --- telling --------------------------------------------------------------------------------------


def test_told_by_one_key_and_not_once_more(app: Flask) -> None:
    number = factories.person(app)
    one = noted(app, number)
    with factories.register(app):
        factories.restriction(db.session.get_one(Contact, number))
    client = factories.signed_in(app, "privacy")
    register = pages.visit(client, "/disclosures/")
    assert RECIPIENT in register.text
    assert "to be told of the restriction" in register.text
    key = register.form(f"/disclosures/{one}/told")
    assert key.send().headers["Location"] == "/disclosures/"
    (first,) = given(app)
    assert (first.told_of, first.not_told) == ("restriction", "")
    key.send()
    assert given(app)[0].told_at == first.told_at, "a second click tells nothing anew"
    assert "Nobody is to be told of anything." in texts(client, "/disclosures/")


def test_what_was_noted_by_mistake_is_taken_back(app: Flask) -> None:
    number = factories.person(app)
    one = noted(app, number)
    client = factories.signed_in(app, "staff")
    tell(client, one)
    tell(client, one, "undone")
    assert given(app)[0].told_at is None
    with factories.register(app), pytest.raises(Refused):
        door.erase([number], [], "request")
    form = pages.visit(client, f"/disclosures/{one}/told").form(f"/disclosures/{one}/delete")
    assert form.send().status_code == 303
    assert given(app) == []


def changed(app: Flask, contact_id: int, field: str, **values: Any) -> None:
    with factories.register(app):
        factories.change(db.session.get_one(Contact, contact_id), field, "old", "new", **values)


def test_what_a_sole_trader_s_company_is_corrected_in_is_the_person_s(app: Flask) -> None:
    number = factories.person(app)
    noted(app, number, categories=["billing"])
    with factories.register(app):
        company = factories.company("Tmi Virtanen", person_id=number)
        at, values = clock.now(), {"old": "", "new": "PL 1"}
        change = FieldChange(company_id=company.id, field="billing_address", at=at, **values)
        db.session.add(change)
    assert due(app)


def due(app: Flask) -> bool:
    return (
        RECIPIENT
        in texts(factories.signed_in(app, "privacy"), "/disclosures/").split("Disclosures of ")[0]
    )


def test_who_got_a_field_is_to_be_told_when_it_is_corrected(app: Flask) -> None:
    number = factories.person(app)
    one = noted(app, number)  # name and contact details, a month ago
    changed(app, number, "email", at=clock.now() - timedelta(days=40))
    assert not due(app), "corrected before the data went out"
    changed(app, number, "note")
    assert not due(app), "they never got the note"
    changed(app, number, "email")
    assert due(app)
    tell(factories.signed_in(app, "staff"), one, of="correction")
    assert not due(app)
    changed(app, number, "phone", at=clock.now() + timedelta(seconds=5))
    assert due(app), "another correction is told anew"


def test_who_was_told_of_the_erasure_has_nothing_left_to_correct(app: Flask) -> None:
    number = factories.person(app)
    noted(app, number, **factories.told())
    changed(app, number, "email", at=clock.now() + timedelta(seconds=5))
    assert not due(app)


def leaves_in(app: Flask, contact_id: int, days: int) -> None:
    day = clock.today() + timedelta(days=days)
    with factories.register(app):
        own = RetentionDue.contact_id == contact_id
        db.session.execute(update(RetentionDue).where(own).values(due_on=day))


def test_who_leaves_within_a_month_is_on_the_list(app: Flask) -> None:
    number = factories.person(app)
    noted(app, number)
    leaves_in(app, number, 31)
    assert not due(app)
    leaves_in(app, number, 30)
    assert due(app)
    with factories.register(app):
        factories.hold(db.session.get_one(Contact, number), HoldKind.CLAIM)
    assert not due(app), "a hold keeps them"


def test_the_owner_who_is_asked_reads_whose_recipients_are_to_be_told(app: Flask) -> None:
    name = factories.user(app, "staff")
    number = factories.person(app, owner_id=factories.user_id(app, name))
    noted(app, number)
    leaves_in(app, number, 3)
    client = factories.browser(app)
    factories.sign_in(client, name)
    assert "Aino Virtanen (1)" in texts(client, "/")
    assert "1 recipient of data is to be told" in texts(factories.signed_in(app, "privacy"), "/")


def test_somebody_restricted_is_told_for_by_the_privacy_contact_alone(app: Flask) -> None:
    number = factories.person(app)
    one = noted(app, number)
    with factories.register(app):
        factories.restriction(db.session.get_one(Contact, number))
    staff = factories.signed_in(app, "staff")
    for address in (f"/disclosures/{one}/told", HOME.format(number)):
        answer = staff.get(address)
        assert RECIPIENT not in answer.text
        assert number not in subjects(entries_of(app, answer))
    privacy = factories.signed_in(app, "privacy")
    assert RECIPIENT in texts(privacy, f"/disclosures/{one}/told?back=register")


def test_a_look_at_recipients_is_a_look_at_their_people(app: Flask) -> None:
    number, other = factories.person(app), factories.person(app, "Bo", "Berg")
    one = noted(app, number)
    noted(app, other, "Muu Oy", disclosed_on=clock.today())
    staff, privacy = factories.signed_in(app, "staff"), factories.signed_in(app, "privacy")
    for client, address, seen in (
        (staff, HOME.format(number), {number}),
        (staff, f"/disclosures/{one}/told", {number}),
    ):
        assert subjects(entries_of(app, client.get(address))) == seen, address
    entries = entries_of(app, privacy.get("/disclosures/?year=2001"))
    assert subjects(entries) == set(), "nobody is to be told, and that year has nobody"
    assert other in subjects(entries_of(app, privacy.get("/disclosures/")))


# --- before the names go --------------------------------------------------------------------------


@pytest.mark.parametrize("why", ["request", "objection", "unlawful", "mistake", "hand"])
def test_nobody_goes_at_once_before_each_recipient_is_told(app: Flask, why: str) -> None:
    number = factories.person(app)
    first, second = noted(app, number), noted(app, number, "Toinen Oy")
    client = factories.signed_in(app, "staff")
    for left, one in ((2, first), (1, second)):
        with factories.register(app), pytest.raises(Refused, match=f"still to be told: {left}"):
            door.erase([number], [], why)
        tell(client, one, "told" if left == 2 else "effort")
    with factories.register(app):
        door.erase([number], [], why)
    assert given(app) == []
    key = ("contract", "contact_details,identity")
    assert gone(app) == {(*key, "told"): 1, (*key, "effort"): 1}


def test_told_of_a_correction_is_not_told_of_the_erasure(app: Flask) -> None:
    number = factories.person(app)
    noted(app, number, **factories.told("correction"))
    with factories.register(app), pytest.raises(Refused):
        door.erase([number], [], "request")
    assert len(given(app)) == 1


@pytest.mark.parametrize("why", ["retention", "import_undone", "restore"])
def test_what_comes_by_itself_does_not_wait_and_is_counted_as_untold(app: Flask, why: str) -> None:
    number = factories.person(app)
    noted(app, number)
    with factories.register(app):
        door.erase([number], [], why)
    assert given(app) == []
    assert gone(app) == {("contract", "contact_details,identity", ""): 1}


def delete_form(client: FlaskClient, contact_id: int) -> pages.Form:
    return pages.visit(client, f"/contacts/{contact_id}/delete").form(
        f"/contacts/{contact_id}/delete"
    )


def waiting(app: Flask) -> list[int]:
    return [row.number for row in held(app, Departure)]


def test_the_page_before_a_deletion_names_who_is_to_be_told(app: Flask) -> None:
    number = factories.person(app)
    noted(app, number, disclosed_on=date(2026, 3, 5))
    noted(app, number, "Tiesi Jo Oy", **factories.told())
    page = texts(factories.signed_in(app, "staff"), f"/contacts/{number}/delete")
    for said in (RECIPIENT, "5", "name, contact details"):
        assert said in page
    assert "Tiesi Jo Oy" not in page


def test_nobody_is_deleted_by_hand_before_the_list_was_shown(app: Flask) -> None:
    number = factories.person(app)
    client = factories.signed_in(app, "staff")
    form = delete_form(client, number)  # nobody is to be told yet
    noted(app, number)
    answer = form.send()
    assert answer.status_code == 422
    assert RECIPIENT in answer.text
    assert waiting(app) == []
    for forged in ("", "x", "9999", "," * 500):
        assert delete_form(client, number).send(listed=forged).status_code == 422
    assert delete_form(client, number).send().status_code == 303
    assert waiting(app) == [number]


def test_the_seven_days_are_the_time_to_tell(app: Flask, settings: Settings) -> None:
    number = factories.person(app)
    one = noted(app, number)
    staff, other = factories.signed_in(app, "staff"), factories.signed_in(app, "staff")
    delete_form(staff, number).send()
    room = pages.visit(staff, "/erasures/waiting")
    assert "Still to be told" in room.text
    (link,) = [each for each in room.links if "/erasures/waiting/" in each.href]
    assert RECIPIENT in texts(staff, link.href)
    assert other.get(f"/disclosures/{one}/told").status_code == 404
    assert staff.get(HOME.format(number)).status_code == 404
    form = pages.visit(staff, f"/disclosures/{one}/told").form(f"/disclosures/{one}/told")
    answer = form.send()
    assert answer.headers["Location"] == link.href
    assert RECIPIENT not in texts(staff, link.href)
    with (
        clock.turned_to(clock.now() + timedelta(days=8)),
        factories.register(app),
    ):
        erasing.leave(settings)
    assert gone(app) == {("contract", "contact_details,identity", "told"): 1}


def test_whose_days_are_over_goes_also_untold_and_that_is_counted(
    app: Flask, settings: Settings
) -> None:
    number = factories.person(app)
    noted(app, number)
    delete_form(factories.signed_in(app, "staff"), number).send()
    with clock.turned_to(clock.now() + timedelta(days=8)), factories.register(app):
        erasing.leave(settings)
    assert given(app) == []
    assert gone(app) == {("contract", "contact_details,identity", ""): 1}


def test_without_a_waiting_room_nobody_is_deleted_before_each_is_told(settings: Settings) -> None:
    app = create_app(replace(settings, waiting_days=0))
    app.testing = True
    number = factories.person(app)
    one = noted(app, number)
    client = factories.signed_in(app, "staff")
    assert "still to be told: 1." in delete_form(client, number).send().text
    assert len(given(app)) == 1
    tell(client, one)
    assert delete_form(client, number).send().status_code == 303
    assert given(app) == []
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_who_comes_back_has_the_disclosures_and_what_was_told(app: Flask) -> None:
    number = factories.person(app)
    one = noted(app, number)
    client = factories.signed_in(app, "staff")
    delete_form(client, number).send()
    tell(client, one)
    (row,) = held(app, Departure)
    undo = f"/erasures/waiting/{row.id}"
    pages.visit(client, undo).form(f"{undo}/undo").send()
    assert "told of the erasure" in texts(client, HOME.format(number))


# --- what stays -----------------------------------------------------------------------------------


def test_other_people_s_disclosures_and_numbers_stay(app: Flask) -> None:
    one, other = factories.person(app), factories.person(app, "Bo", "Berg")
    noted(app, one, **factories.told())
    kept = noted(app, other)
    for _ in range(2):
        again = factories.person(app)
        noted(app, again, **factories.told())
        with factories.register(app):
            door.erase([again], [], "request")
    with factories.register(app):
        door.erase([one], [], "request")
    assert [row.id for row in given(app)] == [kept]
    assert gone(app) == {("contract", "contact_details,identity", "told"): 3}


def test_two_who_go_at_the_same_moment_are_both_counted(app: Flask) -> None:
    numbers = [factories.person(app) for _ in range(4)]
    for number in numbers:
        noted(app, number, **factories.told())
    start = threading.Barrier(len(numbers))

    def go(number: int) -> None:
        start.wait()
        with factories.register(app):
            door.erase([number], [], "request")

    with ThreadPoolExecutor(len(numbers)) as pool:
        list(pool.map(go, numbers))
    assert list(gone(app).values()) == [4]


def test_a_recipient_who_is_a_person_goes_and_the_number_names_nobody(app: Flask) -> None:
    number = factories.person(app)
    noted(app, number, "Aino Virtanen itse", **factories.told())
    with factories.register(app):
        door.erase([number], [], "request")
    with factories.register(app):
        seen = seen_by_program("figure")
        assert db.session.scalars(select(Disclosure.recipient), execution_options=seen).all() == []
    page = texts(factories.signed_in(app, "privacy"), f"/disclosures/?year={clock.today().year}")
    assert "itse" not in page


def test_the_year_in_numbers(app: Flask) -> None:
    today = clock.today()
    for recipient in (RECIPIENT, RECIPIENT, "Verohallinto"):
        noted(app, factories.person(app), recipient, disclosed_on=today)
    noted(app, factories.person(app), "Vanha Oy", disclosed_on=date(today.year - 1, 6, 1))
    client = factories.signed_in(app, "privacy")
    page = texts(client, "/disclosures/")
    assert RECIPIENT in page
    assert "Vanha Oy" not in page
    assert "Vanha Oy" in texts(client, f"/disclosures/?year={today.year - 1}")
    for odd in ("0", "-5", "99999", "x", "2147483648"):
        assert client.get(f"/disclosures/?year={odd}").status_code == 200

"""The removal: only what nobody needs, from nobody else, whole or not at all."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories, pages
from tests.browser.houses import held
from tests.compliance.minimisation.years import (
    BEGAN,
    MAIL,
    PHONE,
    TODAY,
    night,
    of,
    on,
    opened,
    somebody,
    uses,
)
from wesentra import clock
from wesentra.compliance.minimisation import removing
from wesentra.compliance.minimisation.policy import REMOVABLE
from wesentra.erasure import waiting
from wesentra.models import Contact, ContactWord, FieldChange, FieldRemoval, db
from wesentra.models.attribution import seen_by_program

GROUP = "/minimisation/groups/prospect/phone"


@pytest.fixture
def aino(app: Flask) -> int:
    with on(BEGAN):
        return somebody(app)


def privacy(app: Flask) -> FlaskClient:
    return factories.signed_in(app, "privacy")


def remove(app: Flask, url: str = GROUP + "/remove") -> FlaskClient:
    """The privacy contact counts today and removes, through the page."""
    night(app)
    client = privacy(app)
    answer = pages.visit(client, url).form(url).send()
    assert answer.status_code == 303, answer.text
    return client


def phones(app: Flask) -> dict[str, str]:
    return {one.given_name: one.phone for one in held(app, Contact)}


def test_a_group_loses_what_nobody_uses_and_nobody_else_loses_anything(
    app: Flask, aino: int
) -> None:
    with on(BEGAN):
        somebody(app, "Liisa")
        somebody(app, "Toimi", group="supplier")
        somebody(app, "Tyhja", phone="")
        used = somebody(app, "Uuno")
    with on(date(2025, 1, 1)):
        opened(app, used)
        somebody(app, "Uusi")
    with on(TODAY):
        remove(app)
    assert phones(app) == {
        "Aino": "",
        "Liisa": "",
        "Toimi": PHONE,
        "Tyhja": "",
        "Uuno": PHONE,
        "Uusi": PHONE,
    }
    assert {one.email for one in held(app, Contact)} == {MAIL}
    (removal,) = held(app, FieldRemoval)
    assert (removal.removed, removal.done_at is not None) == (2, True)


def test_the_number_that_is_asked_is_the_number_that_goes(app: Flask, aino: int) -> None:
    with on(BEGAN):
        somebody(app, "Liisa")
    with on(TODAY):
        night(app)
        client = privacy(app)
        assert "Remove from these 2 people" in client.get(GROUP).text
        assert "2 people lose it." in client.get(GROUP + "/remove").text


@pytest.mark.parametrize("why", ["restricted", "claim", "request", "breach", "waiting"])
def test_nothing_is_taken_from_who_is_kept(app: Flask, aino: int, why: str) -> None:
    with on(BEGAN):
        liisa = somebody(app, "Liisa")
    with on(TODAY):
        with factories.register(app):
            person = db.session.get_one(Contact, liisa)
            if why == "restricted":
                factories.restriction(person)
            elif why == "waiting":
                waiting.send([liisa], [])
            else:
                factories.hold(person, why)
        night(app)
        text = privacy(app).get(GROUP).text
        assert "Left out although unused" in text
        remove(app)
        with factories.register(app, "test"):
            query = select(Contact.phone).where(Contact.id == liisa)
            assert db.session.scalar(query, execution_options=seen_by_program("figure")) == PHONE


def test_a_hold_of_the_owner_keeps_the_person_and_no_field(app: Flask, aino: int) -> None:
    with on(TODAY):
        with factories.register(app):
            factories.hold(db.session.get_one(Contact, aino), "keep")
        remove(app)
    assert of(app, aino).phone == ""


def test_who_called_today_keeps_the_number_although_nobody_counted_yet(
    app: Flask, aino: int
) -> None:
    with on(TODAY):
        night(app)
        client = privacy(app)
        form = pages.visit(client, GROUP + "/remove").form(GROUP + "/remove")
        opened(app, aino)
        assert form.send().status_code == 303
    assert of(app, aino).phone == PHONE
    assert uses(app, aino)["phone"] == TODAY


def test_a_form_that_is_sent_twice_does_no_harm(app: Flask, aino: int) -> None:
    with on(TODAY):
        night(app)
        client = privacy(app)
        form = pages.visit(client, GROUP + "/remove").form(GROUP + "/remove")
        assert form.send().status_code == 303
        with factories.register(app):
            db.session.get_one(Contact, aino).phone = "+358409999999"
        assert form.send().status_code == 303
    assert of(app, aino).phone == "+358409999999"


def test_a_removal_is_a_change_like_any_other(app: Flask, aino: int) -> None:
    with on(TODAY):
        night(app)
        client = privacy(app)
        answer = pages.visit(client, GROUP + "/remove").form(GROUP + "/remove").send()
        entries = factories.entries_of(app, answer)
    (told,) = [entry for entry in entries if entry.operation == "update"]
    assert told.ids == (aino,)
    assert "phone" in told.fields
    (deed,) = [entry for entry in entries if entry.operation == "retention"]
    assert (deed.subject_type, deed.fields) == ("field_removal", ("removal",))
    assert deed.row.purpose == "maintenance"
    assert factories.subjects(entries, "contact", "view", "list") == set()
    with factories.register(app, "test"):
        words = select(ContactWord.word).where(ContactWord.contact_id == aino)
        found = set(db.session.scalars(words, execution_options=seen_by_program("figure")))
    assert not any("401234567" in word for word in found)
    assert "virtanen" in found


def test_the_value_goes_from_the_history_as_well(app: Flask, aino: int) -> None:
    with on(BEGAN), factories.register(app):
        person = db.session.get_one(Contact, aino)
        factories.change(person, "phone", "+358400000000", PHONE, at=clock.now())
        factories.change(person, "title", "Myyja", "Johtaja", at=clock.now())
    with on(TODAY):
        remove(app)
    kept = {(one.field, one.old, one.new) for one in held(app, FieldChange, contact_id=aino)}
    assert kept == {("phone", "", ""), ("title", "Myyja", "Johtaja")}


def test_the_job_goes_on_where_the_button_stopped(
    app: Flask, aino: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removing, "TOGETHER", 2)
    with on(BEGAN):
        for number in range(4):
            somebody(app, f"Liisa{number}")
    with on(TODAY):
        client = remove(app)
        assert sorted(phones(app).values()).count("") == 2
        assert "goes on by itself" in client.get(GROUP).text
        night(app)
        assert set(phones(app).values()) == {""}
        (removal,) = held(app, FieldRemoval)
        assert (removal.removed, removal.done_at is not None) == (5, True)


class Killed(Exception):
    """The process ends in the middle."""


def test_who_is_killed_in_the_middle_leaves_nothing_half_done(
    app: Flask, aino: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removing, "TOGETHER", 2)
    with on(BEGAN):
        for number in range(4):
            somebody(app, f"Liisa{number}")
    forget = removing._forget
    with on(TODAY):
        remove(app)

        def kill(*args: object) -> None:
            raise Killed

        monkeypatch.setattr(removing, "_forget", kill)
        with pytest.raises(Killed):
            night(app)
        assert sorted(phones(app).values()).count("") == 2
        (removal,) = held(app, FieldRemoval)
        assert (removal.removed, removal.done_at) == (2, None)
        monkeypatch.setattr(removing, "_forget", forget)
        night(app)
    assert set(phones(app).values()) == {""}


def test_one_person_loses_one_field(app: Flask, aino: int) -> None:
    with on(BEGAN):
        liisa = somebody(app, "Liisa")
    url = f"/minimisation/contacts/{aino}/phone"
    with on(TODAY):
        night(app)
        client = privacy(app)
        home = pages.visit(client, f"/retention/contacts/{aino}")
        led = {link.attributes["href"] for link in home.links}
        assert led >= {f"/minimisation/contacts/{aino}/{name}" for name in REMOVABLE}
        form = pages.visit(client, url).form(url)
        assert form.send().status_code == 303
        assert form.send().status_code == 303, "sent twice"
    assert (of(app, aino).phone, of(app, aino).email) == ("", MAIL)
    assert of(app, liisa).phone == PHONE


def test_of_one_person_nothing_goes_that_is_needed(app: Flask, aino: int) -> None:
    url = f"/minimisation/contacts/{aino}/phone"
    with on(TODAY):
        night(app)
        client = privacy(app)
        form = pages.visit(client, url).form(url)
        opened(app, aino)
        assert form.send().status_code in (409, 422)
    assert of(app, aino).phone == PHONE


def test_who_opened_somebody_to_decide_about_them_can_decide(app: Flask, aino: int) -> None:
    url = f"/minimisation/contacts/{aino}/phone"
    with on(TODAY):
        night(app)
        client = factories.signed_in(app, "staff", "privacy")
        assert client.get(f"/contacts/{aino}").status_code == 200
        assert pages.visit(client, url).form(url).send().status_code == 303
    assert of(app, aino).phone == ""


def test_to_propose_is_no_look(app: Flask, aino: int) -> None:
    """Neither keeps it a field, nor is anybody told that they were looked at."""
    with on(TODAY):
        night(app)
        client = privacy(app)
        own = f"/minimisation/contacts/{aino}/phone"
        for url in ("/minimisation/", GROUP, GROUP + "/remove", own):
            answer = client.get(url)
            assert answer.status_code == 200
            assert PHONE not in answer.text
            assert factories.subjects(factories.entries_of(app, answer), "contact") == set()
        client.get(f"/retention/contacts/{aino}")
        night(app)
        assert "phone" not in uses(app, aino) or uses(app, aino)["phone"] == BEGAN


@pytest.mark.parametrize("role", ["staff", "admin", "auditor"])
def test_only_the_privacy_contact_removes(app: Flask, aino: int, role: str) -> None:
    with on(TODAY):
        night(app)
        client = factories.signed_in(app, role)
        assert client.get("/minimisation/").status_code == (200 if role == "auditor" else 403)
        assert client.get(GROUP + "/remove").status_code == 403
        assert client.get(f"/minimisation/contacts/{aino}/phone").status_code == 403


@pytest.mark.parametrize(
    "url",
    [
        "groups/prospect/group",
        "groups/nobody/phone",
        "groups/prospect/given_name",
        "contacts/1/source",
    ],
)
def test_what_is_needed_has_no_page(app: Flask, aino: int, url: str) -> None:
    with on(TODAY):
        assert privacy(app).get(f"/minimisation/{url}").status_code == 404


def test_before_the_first_count_nothing_goes(app: Flask, aino: int) -> None:
    with on(TODAY):
        client = privacy(app)
        assert "not counted yet" in client.get("/minimisation/").text
        page = pages.visit(client, GROUP + "/remove")
        assert not [
            form for form in page.forms if form.method == "post" and form.action.startswith(GROUP)
        ]
    assert of(app, aino).phone == PHONE

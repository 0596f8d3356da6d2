"""Under a purpose one sees its groups and its fields, and nothing else, on any way."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from tests import factories, pages
from tests.factories import entries_of, subjects
from wesentra import clock
from wesentra.actor import Acting, acting_as
from wesentra.crm.contacts import actions
from wesentra.models import (
    Company,
    Contact,
    ContactWord,
    FieldChange,
    Interaction,
    Objection,
    Restriction,
    Task,
    db,
)
from wesentra.models.attribution import seen_by_program
from wesentra.models.codes import Group
from wesentra.models.personal import masked
from wesentra.refusal import Refused
from wesentra.sight import Sight

MARKETING = Sight(
    groups=frozenset({"prospect"}),
    hidden=frozenset({"note", "history", "communication", "billing"}),
    objecting=False,
    restricted=False,
)


def choose(client: FlaskClient, key: str) -> None:
    form = pages.visit(client, "/").form("/account/purpose")
    assert form.send(purpose=key).status_code == 303


@contextmanager
def seeing(app: Flask, sight: Sight) -> Iterator[Acting]:
    acting = Acting(None, "staff", "marketing", "seeing", sight=sight)
    with app.app_context(), acting_as(acting):
        yield acting
        db.session.remove()


@pytest.fixture
def people(app: Flask) -> dict[str, int]:
    """One to be seen under marketing, and one for each reason not to be."""
    with factories.register(app):
        company = factories.company("Auto Oy", business_id="1234567-1", note="Companynote")
        made = {}
        for name, group in (
            ("Seen", "prospect"),
            ("Outside", "supplier"),
            ("Objecting", "prospect"),
            ("Restricted", "prospect"),
        ):
            one = factories.contact(
                name, "Virtanen", group=group, company_id=company.id, note=f"{name}note"
            )
            factories.task(one, f"{name}task")
            factories.interaction(one, f"{name}call")
            factories.change(one, "title", f"{name}old", f"{name}new")
            trader = factories.company(f"{name}trade", person_id=one.id)
            made[name] = one.id
            made[f"{name}trade"] = trader.id
        day = clock.today()
        db.session.add(
            Objection(
                contact_id=made["Objecting"],
                kind="marketing",
                said_on=day,
                channel="call",
                noted_at=clock.now(),
            )
        )
        db.session.add(Restriction(contact_id=made["Restricted"], since=clock.now(), ground="a"))
        return made


HIDDEN = ("Outside", "Objecting", "Restricted")


def test_every_way_of_asking_finds_only_whom_the_purpose_shows(
    app: Flask, people: dict[str, int]
) -> None:
    seen = people["Seen"]
    with seeing(app, MARKETING):
        assert set(db.session.scalars(select(Contact)).all()) == {db.session.get(Contact, seen)}
        for name in HIDDEN:
            assert db.session.get(Contact, people[name]) is None
            assert db.session.get(Company, people[f"{name}trade"]) is None
        firms = select(Company).options(selectinload(Company.owner))
        assert len(db.session.scalars(firms).all()) == 2
        assert db.session.scalar(select(func.count(Contact.id))) == 1
        assert db.session.scalar(select(func.count()).select_from(Contact)) == 1
        inner = select(Contact.id).where(Contact.family_name == "Virtanen")
        assert len(db.session.scalars(select(Contact).where(Contact.id.in_(inner))).all()) == 1


def test_what_hangs_on_somebody_unseen_is_not_there_either(
    app: Flask, people: dict[str, int]
) -> None:
    no_fields_hidden = Sight(frozenset({"prospect"}), frozenset(), False, False)
    with seeing(app, no_fields_hidden):
        for class_ in (Task, Interaction, FieldChange):
            found = db.session.scalars(select(class_)).all()
            assert [row.contact_id for row in found] == [people["Seen"]], class_
        named = select(Interaction).options(joinedload(Interaction.contact))
        assert [one.contact.given_name for one in db.session.scalars(named)] == ["Seen"]


def test_whole_kinds_of_rows_are_away_with_their_category(
    app: Flask, people: dict[str, int]
) -> None:
    with seeing(app, MARKETING):
        for class_ in (Task, Interaction, FieldChange):
            assert db.session.scalars(select(class_)).all() == [], class_


def test_a_hidden_field_is_empty_marked_and_not_logged(app: Flask, people: dict[str, int]) -> None:
    with seeing(app, MARKETING) as acting:
        one = db.session.get_one(Contact, people["Seen"])
        assert (one.note, one.language) == ("", "")
        assert masked(one) == {"note", "language", "checked_at"}
        shown = acting.notes.shown["contact", one.id]
        assert "given_name" in shown
        assert not shown & {"note", "language"}


def test_a_hidden_field_cannot_be_set_and_is_not_overwritten(
    app: Flask, people: dict[str, int]
) -> None:
    with seeing(app, MARKETING):
        one = db.session.get_one(Contact, people["Seen"])
        with pytest.raises(Refused) as refusal:
            one.note = "mine"
        assert refusal.value.field == "note"
        one.title = "Boss"
        db.session.commit()
    with app.app_context(), factories.register(app):
        row = db.session.get_one(Contact, people["Seen"])
        assert (row.title, row.note, row.language) == ("Boss", "Seennote", "fi")


def test_the_program_s_own_looks_see_everybody(app: Flask, people: dict[str, int]) -> None:
    with seeing(app, MARKETING):
        options = seen_by_program("duplicate")
        assert len(db.session.scalars(select(Contact.id), execution_options=options).all()) == 4


# --- on pages ---------------------------------------------------------------------------------

PLACES = ("/", "/contacts/", "/search/?q=virt", "/companies/", "/companies/1", "/tasks/?who=all")


def test_pages_under_marketing_show_and_log_nobody_else(app: Flask, people: dict[str, int]) -> None:
    client = factories.signed_in(app, "staff", "privacy")
    choose(client, "marketing")
    for place in PLACES:
        answer = client.get(place)
        for name in HIDDEN:
            assert name not in answer.text, (place, name)
            assert people[name] not in subjects(entries_of(app, answer)), (place, name)
        assert "Seennote" not in answer.text
    assert "Seen Virtanen" in client.get("/contacts/").text


def test_the_page_says_what_it_does_not_show_and_offers_the_change(
    app: Flask, people: dict[str, int]
) -> None:
    client = factories.signed_in(app, "staff")
    choose(client, "marketing")
    home = f"/contacts/{people['Seen']}"
    page = pages.visit(client, home)
    for text in ("Seennote", "Seencall", "Seentask", "Seenold"):
        assert text not in page.text
    assert "does not show" in page.text
    assert not [link for link in page.links if link.href.endswith("/edit/note")]
    assert [link for link in page.links if link.href.endswith("/edit/title")]
    assert client.get(f"{home}/edit/note").status_code == 422
    token = page.form("/account/purpose").fields["csrf_token"]
    sent = client.post(f"{home}/edit/note", data={"csrf_token": token, "value": "overwritten"})
    assert sent.status_code == 422
    offered = [form for form in page.forms if form.fields.get("purpose") == "customer_service"]
    assert offered[-1].send().status_code == 303
    assert "Seennote" in client.get(home).text


@pytest.mark.parametrize("name", ["Outside", "Objecting"])
def test_who_is_outside_is_told_of_as_that_and_no_more(
    app: Flask, people: dict[str, int], name: str
) -> None:
    client = factories.signed_in(app, "staff")
    choose(client, "marketing")
    answer = client.get(f"/contacts/{people[name]}")
    assert answer.status_code == 404
    assert "your purpose does not include them" in answer.text
    assert name not in answer.text
    assert subjects(entries_of(app, answer)) == set()
    nobody = client.get("/contacts/999999")
    assert nobody.status_code == 404
    assert "your purpose" not in nobody.text
    administrator = factories.signed_in(app, "admin")
    refused = administrator.get(f"/contacts/{people[name]}")
    assert refused.status_code == 403
    assert "purpose does not include" not in refused.text


def test_an_interaction_cannot_be_for_a_purpose_that_excludes_the_person(
    app: Flask, people: dict[str, int]
) -> None:
    client = factories.signed_in(app, "staff")
    form = pages.visit(client, f"/interactions/new?contact={people['Objecting']}").form(
        "/interactions/new"
    )
    answer = form.send(purpose="marketing", summary="An offer")
    assert answer.status_code == 422
    assert "not handled for this purpose" in answer.text
    assert form.send(summary="A question").status_code == 303


def test_words_of_hidden_fields_are_kept(app: Flask, people: dict[str, int]) -> None:
    """A corrected name must not take the number away by which the person is found."""
    with factories.register(app):
        one = db.session.get_one(Contact, people["Seen"])
        one.phone = "+358401234567"
    hidden = Sight(None, frozenset({"contact_details"}), True, False)
    with seeing(app, hidden):
        one = db.session.get_one(Contact, people["Seen"])
        actions.put(one, "given_name", "Renamed")
        db.session.commit()
    with app.app_context(), factories.register(app):
        words = db.session.scalars(
            select(ContactWord.word).where(ContactWord.contact_id == people["Seen"]),
            execution_options=seen_by_program("figure"),
        ).all()
    assert "renamed" in words
    assert "0401234567" in words


# --- the page of purposes -----------------------------------------------------------------------


def test_the_privacy_contact_changes_what_a_purpose_shows(
    app: Flask, people: dict[str, int]
) -> None:
    privacy, staff = factories.signed_in(app, "privacy"), factories.signed_in(app, "staff")
    choose(staff, "marketing")
    home = f"/contacts/{people['Outside']}"
    assert staff.get(home).status_code == 404
    page = pages.visit(privacy, "/settings/purposes/marketing")
    token = page.form(field="groups").fields["csrf_token"]
    ticked = {"groups": [group.value for group in Group], "categories": ["work", "note"]}
    answer = privacy.post("/settings/purposes/marketing", data={"csrf_token": token, **ticked})
    assert answer.status_code == 303
    told = [one for one in entries_of(app, answer) if one.operation == "sight"]
    assert "marketing.supplier" in told[0].fields
    shown = staff.get(home)
    assert "Outsidenote" in shown.text
    refused = privacy.post("/settings/purposes/marketing", data={"csrf_token": token})
    assert refused.status_code == 422
    assert factories.signed_in(app, "admin").get("/settings/purposes/").status_code == 403


def test_objecting_is_one_click_and_so_is_taking_it_back(
    app: Flask, people: dict[str, int]
) -> None:
    client = factories.signed_in(app, "staff")
    home = f"/contacts/{people['Seen']}"
    for _ in range(2):
        form = pages.visit(client, "/").form("/account/purpose")
        assert form.send(purpose="customer_service").status_code == 303
        token = pages.visit(client, "/").form("/account/purpose").fields["csrf_token"]
        sent = {"csrf_token": token, "channel": "call", "said_on": clock.today().isoformat()}
        assert client.post(f"/objections/{people['Seen']}/note", data=sent).status_code == 303
    with app.app_context(), factories.register(app):
        assert db.session.scalar(select(func.count(Objection.id))) == 2
    assert "Objects to marketing" in pages.visit(client, home).text
    choose(client, "marketing")
    assert client.get(home).status_code == 404
    choose(client, "sales")
    withdraw = pages.visit(client, home).form(f"/objections/{people['Seen']}/withdraw")
    assert withdraw.send().status_code == 303
    choose(client, "marketing")
    assert client.get(home).status_code == 200
    bad = {"csrf_token": token, "channel": "call", "said_on": "2999-01-01"}
    assert client.post(f"/objections/{people['Seen']}/note", data=bad).status_code == 422


def test_before_deleting_it_is_said_that_the_objection_comes_back_with_the_address(
    app: Flask, people: dict[str, int]
) -> None:
    client = factories.signed_in(app, "staff")
    for name, told in (("Objecting", True), ("Seen", False)):
        page = pages.visit(client, f"/contacts/{people[name]}/delete")
        assert ("the objection is noted again by itself" in page.text) is told, name

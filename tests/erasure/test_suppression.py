"""Who objected to marketing and was erased is not marketed to because the register forgot it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from tests import factories, pages
from wesentra.erasure import door, suppression
from wesentra.models import Contact, Objection, Suppression, db
from wesentra.models.codes import NOTED_AGAIN
from wesentra.settings import Settings

Run = Callable[..., Result]
MAIL, NUMBER = "aino@auto.example.fi", "+358401234567"


@pytest.fixture
def gone(app: Flask) -> None:
    """Somebody objected and was erased; somebody else was erased without an objection."""
    with factories.register(app):
        one = factories.contact("Aino", "Virtanen", email=MAIL, phone=NUMBER)
        other = factories.contact("Bo", "Berg", email="bo@auto.example.fi")
        taken_back = factories.contact("Cia", "Dahl", email="cia@auto.example.fi")
        factories.objection(one)
        factories.objection(taken_back, withdrawn_at=one.created_at)
    with factories.register(app):
        door.erase([one.id, other.id, taken_back.id], [], "request")


def objecting(app: Flask) -> dict[str, str]:
    """The channel of each objection, by the family name of whose it is."""
    with factories.register(app):
        found = db.session.execute(
            select(Contact, Objection).join(Objection, Objection.contact_id == Contact.id)
        )
        return {contact.family_name: objection.channel for contact, objection in found}


def test_hashes_of_mail_and_number_are_all_that_stays(
    app: Flask, gone: None, settings: Settings
) -> None:
    with factories.register(app):
        kept = db.session.scalars(select(Suppression)).all()
    assert [len(one.digest) for one in kept] == [64, 64]
    key = settings.instance / "suppression.key"
    assert key.stat().st_mode & 0o077 == 0
    assert len(key.read_bytes()) == 64


def test_a_lost_key_is_said_and_no_new_one_hides_it(
    app: Flask, gone: None, settings: Settings, run: Run
) -> None:
    key = settings.instance / suppression.FILE
    kept = key.read_bytes()
    key.unlink()
    with factories.register(app):
        again = factories.contact("Aino", "Uusi", email=MAIL)
        assert suppression.note_again({again.id: [MAIL]}) == set()
        suppression.forget(again.id)
    assert not key.exists()
    assert "suppression.key is missing" in run("doctor").output
    key.write_bytes(kept)
    assert "suppression.key" not in run("doctor").output
    with factories.register(app):
        assert suppression.note_again({again.id: [MAIL]}) == {again.id}


def test_whose_hash_it_is_cannot_be_told_by_the_moment(app: Flask, gone: None) -> None:
    """Else an address and the key would lead to the tombstone, and so to the number in the log."""
    with factories.register(app):
        kept = {one.since for one in db.session.scalars(select(Suppression))}
    assert {(one.day, one.hour, one.minute, one.second) for one in kept} <= {
        (1, hour, 0, 0) for hour in (9, 10)
    }


@pytest.mark.parametrize("typed", [{"email": "AINO@auto.example.fi"}, {"phone": "040 123 4567"}])
def test_a_new_contact_with_the_address_objects_at_once_and_the_page_says_so(
    app: Flask, gone: None, typed: dict[str, str]
) -> None:
    staff = factories.signed_in(app, "staff")
    form = pages.visit(staff, "/contacts/new").form("/contacts/new")
    answer = form.send(family_name="Uusi", group="prospect", source="fair", **typed)
    page = pages.read(staff, staff.get(answer.headers["Location"]))
    assert "the objection was noted again" in page.text
    assert "Objects to marketing" in page.text
    assert objecting(app) == {"Uusi": NOTED_AGAIN}


def test_nobody_else_objects(app: Flask, gone: None) -> None:
    staff = factories.signed_in(app, "staff")
    form = pages.visit(staff, "/contacts/new").form("/contacts/new")
    form.send(family_name="Uusi", group="prospect", source="fair", email="bo@auto.example.fi")
    assert objecting(app) == {}


def test_an_address_that_is_corrected_to_it_objects_as_well(app: Flask, gone: None) -> None:
    number = factories.person(app, "Eva", "Falk")
    staff = factories.signed_in(app, "staff")
    url = f"/contacts/{number}/edit/email"
    assert pages.visit(staff, url).form(url).send(value=MAIL).status_code == 303
    assert objecting(app) == {"Falk": NOTED_AGAIN}


FILE = "Etunimi;Sukunimi;Sähköposti\nAino;Uusi;Aino@auto.example.fi\nBo;Berg;bo@auto.example.fi\n"


def test_an_import_notes_it_again_says_so_and_can_still_be_undone(
    app: Flask, gone: None, run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "people.csv"
    file.write_text(FILE, encoding="utf-8")
    said = run("import", "contacts", file, "--group", "prospect", "--source", "fair")
    assert "Objected to marketing before and noted again: 1" in said.output
    assert objecting(app) == {"Uusi": NOTED_AGAIN}
    assert run("import", "undo", "1").exit_code == 0
    with factories.register(app):
        assert db.session.scalars(select(Contact)).all() == []


def test_who_takes_the_objection_back_is_not_remembered(app: Flask, gone: None) -> None:
    staff = factories.signed_in(app, "staff")
    form = pages.visit(staff, "/contacts/new").form("/contacts/new")
    answer = form.send(family_name="Uusi", group="prospect", source="fair", email=MAIL)
    home = str(answer.headers["Location"])
    withdraw = f"/objections/{home.rpartition('/')[2]}/withdraw"
    assert pages.visit(staff, home).form(withdraw).send().status_code == 303
    with factories.register(app):
        assert len(db.session.scalars(select(Suppression)).all()) == 1, "the number's"

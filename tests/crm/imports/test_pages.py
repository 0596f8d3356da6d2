"""The pages of an import, as a person goes through them."""

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests import factories, pages
from tests.crm.imports.files import FAULTY, HEADINGS, person, separated
from wesentra.crm.imports import running
from wesentra.models import Contact, ImportJob, ImportRow, db
from wesentra.models.attribution import seen_by_program
from wesentra.refusal import Refused

RIGHT = [
    person(),
    person("Åke Örn", "040 1234567", "ake@ornin.example.fi"),
    person("Éva Saari", "", "eva@saari.example.fi", company=("", "", "", "", "", "")),
]
RIGHT[2][6] = ""


def file(*rows: list[str]) -> bytes:
    """A file as the small Finnish company's spreadsheet saves it."""
    return separated([HEADINGS, *rows]).encode("cp1252")


def send(client: FlaskClient, action: str, **data: Any) -> TestResponse:
    """Post a form of the imports and let the work behind it be done."""
    token = pages.visit(client, "/imports/").form("/imports/").fields["csrf_token"]
    sent: Any = {"csrf_token": token} | data
    answer = client.post(action, data=sent)
    answer.close()
    return answer


def upload(client: FlaskClient, content: bytes) -> str:
    """Bring a file; the address of its import."""
    answer = send(client, "/imports/", file=(io.BytesIO(content), "asiakkaat.csv"))
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def checked(client: FlaskClient, content: bytes, **chosen: Any) -> str:
    """Bring a file and have its rows checked, the columns as they are proposed."""
    address = upload(client, content)
    form = pages.visit(client, address).form(f"{address}/columns")
    answer = form.send(**chosen)
    answer.close()
    assert answer.status_code == 303, answer.text
    return address


def brought(client: FlaskClient, content: bytes) -> str:
    """Bring a file all the way into the register."""
    address = checked(client, content)
    assert send(client, f"{address}/apply").status_code == 303
    return address


def names(app: Flask) -> list[str]:
    """The family names in the register."""
    with factories.register(app):
        found = db.session.scalars(
            select(Contact.family_name).where(Contact.pending_import_id.is_(None)),
            execution_options=seen_by_program("test"),
        )
        return sorted(found)


def job(app: Flask) -> ImportJob:
    """The newest import."""
    with app.app_context():
        found = db.session.scalars(select(ImportJob).order_by(ImportJob.id.desc()).limit(1)).one()
        db.session.expunge_all()
        return found


def test_a_file_goes_from_upload_to_done(app: Flask) -> None:
    client = factories.signed_in(app, "staff")
    address = upload(client, file(*RIGHT, *FAULTY.values()))
    page = pages.visit(client, address)
    assert "Windows-1252, semicolon" in page.text
    form = page.form(f"{address}/columns")
    assert form.fields["column-0"] == "company"
    assert form.fields["column-13"] == "note"
    form.send().close()
    page = pages.visit(client, address)
    assert "Nothing is stored yet" in page.text
    assert "no @ sign" in page.text
    assert names(app) == []
    send(client, f"{address}/apply")
    assert "Done on" in pages.visit(client, address).text
    assert names(app) == ["Laitinen", "Saari", "Örn"]
    found = job(app)
    figures = (found.rows, found.created, found.updated, found.skipped, found.rejected)
    assert figures == (11, 3, 0, 0, len(FAULTY))


def test_columns_that_go_nowhere_are_named_before_and_after(app: Flask) -> None:
    client = factories.signed_in(app, "staff")
    address = checked(client, separated([[*HEADINGS, "Kengän nro"], [*person(), "43"]]).encode())
    assert "Columns left out: Kengän nro" in pages.visit(client, address).text
    send(client, f"{address}/apply")
    # By then the headings are gone, which might be a person's values.
    assert "Columns left out: column 15" in pages.visit(client, address).text


def test_what_was_made_is_found_by_everybody(app: Flask) -> None:
    client = factories.signed_in(app, "staff")
    brought(client, file(*RIGHT))
    for words in ("laitinen", "ake@ornin", "0401234567", "+358 47 3642312"):
        assert "/contacts/" in client.get("/search/", query_string={"q": words}).text, words
    assert "Örnin Auto Oy" in client.get("/companies/").text


def test_rejected_rows_come_as_a_file_in_which_nothing_computes(app: Flask) -> None:
    client = factories.signed_in(app, "staff")
    address = brought(client, file(*RIGHT, *FAULTY.values()))
    answer = client.get(f"{address}/rejected")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    lines = answer.data.decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + len(FAULTY)
    assert lines[0].startswith('"Line";"Reason";"Yritys"')
    assert "\"'=HYPERLINK(" in answer.text
    assert ("export", "import") in {
        (e.operation, e.subject_type) for e in factories.entries_of(app, answer)
    }


def test_corrected_rejected_rows_can_be_brought_again(app: Flask) -> None:
    client = factories.signed_in(app, "staff")
    wrong = person("Timo Mäkinen", "+358 40 7654321", "timo(at)ornin.example.fi")
    address = brought(client, file(wrong))
    text = client.get(f"{address}/rejected").data.decode("utf-8-sig")
    brought(client, text.replace("(at)", "@").encode("utf-8-sig"))
    assert names(app) == ["Mäkinen"]


def test_an_import_is_taken_back(app: Flask) -> None:
    client = factories.signed_in(app, "staff")
    address = brought(client, file(*RIGHT))
    assert "What it made goes" in pages.visit(client, f"{address}/undo").text
    send(client, f"{address}/undo")
    assert "nothing of it is left" in pages.visit(client, address).text
    assert names(app) == []
    with factories.register(app):
        rows = select(func.count()).select_from(ImportRow)
        assert db.session.scalar(rows, execution_options=seen_by_program("test")) == 0


def test_the_columns_can_be_chosen_again_after_the_check(app: Flask) -> None:
    client = factories.signed_in(app, "staff")
    address = checked(client, file(*RIGHT), column_8="")
    send(client, f"{address}/reconsider")
    form = pages.visit(client, address).form(f"{address}/columns")
    assert form.fields["column-8"] == ""
    form.send(column_8="title").close()
    send(client, f"{address}/apply")
    assert "ostaja" in client.get("/contacts/").text


def test_wrong_choices_get_a_sentence_and_nothing_chosen_is_lost(app: Flask) -> None:
    client = factories.signed_in(app, "staff")
    address = upload(client, file(*RIGHT))
    form = pages.visit(client, address).form(f"{address}/columns")
    answer = form.send(column_11="", column_12="", column_2="company")
    assert answer.status_code == 422
    assert "Two columns would go into the same field: Yritys, Käyntiosoite" in answer.text
    answer = form.send(column_11="", column_12="", source="luettelo")
    assert answer.status_code == 422
    assert "Choose the group" in answer.text
    assert 'value="luettelo"' in answer.text
    assert job(app).state == "mapping"


def test_group_and_source_hold_for_rows_that_do_not_say_them(app: Flask) -> None:
    client = factories.signed_in(app, "staff")
    rows = [person(group="", source="")]
    address = checked(client, file(*rows), group="supplier", source="messut")
    send(client, f"{address}/apply")
    with factories.register(app):
        found = db.session.execute(
            select(Contact.group, Contact.source), execution_options=seen_by_program("test")
        ).all()
    assert [tuple(row) for row in found] == [("supplier", "messut")]


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n" + bytes(300), b"PK\x03\x04"])
def test_what_is_no_table_is_refused_at_the_field(app: Flask, content: bytes) -> None:
    client = factories.signed_in(app, "staff")
    answer = send(client, "/imports/", file=(io.BytesIO(content), "kuva.png"))
    assert answer.status_code == 422
    assert 'id="file-error"' in answer.text


def test_a_file_that_turns_out_to_be_none_in_its_middle_says_why(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise Refused("There is no such country: %(value)s.", value="Atlantis")

    monkeypatch.setattr(running, "read", broken)
    client = factories.signed_in(app, "staff")
    address = upload(client, file(*RIGHT))
    assert "There is no such country: Atlantis." in pages.visit(client, address).text


def test_what_stays_after_an_undoing_is_counted_in_words(app: Flask) -> None:
    client = factories.signed_in(app, "staff")
    address = brought(client, file(*RIGHT))
    send(client, f"{address}/undo")
    for kept, words in ((1, "1 record was used"), (2, "2 records were used")):
        with factories.register(app):
            stored = db.session.scalars(select(ImportJob)).one()
            stored.mapping = stored.mapping | {"kept": kept}
        assert words in pages.visit(client, address).text


def test_staff_and_privacy_may_and_others_may_not(app: Flask) -> None:
    for role, status in (("staff", 200), ("privacy", 200), ("admin", 403), ("auditor", 403)):
        assert factories.signed_in(app, role).get("/imports/").status_code == status


def test_steps_out_of_turn_are_refused(app: Flask) -> None:
    client = factories.signed_in(app, "staff")
    address = brought(client, file(*RIGHT))
    for step in ("apply", "reconsider", "continue", "columns"):
        answer = send(client, f"{address}/{step}")
        assert answer.status_code == 422, step
        assert "Look at it again" in answer.text or "nothing to continue" in answer.text, step
    send(client, f"{address}/undo")
    assert send(client, f"{address}/undo").status_code == 422
    assert client.get("/imports/4711").status_code == 404


def test_the_log_says_who_was_made_and_that_rows_were_shown(app: Flask) -> None:
    client = factories.signed_in(app, "staff")
    address = checked(client, file(*RIGHT, *FAULTY.values()))
    shown = factories.entries_of(app, client.get(address))
    assert {(e.operation, e.subject_type) for e in shown} == {("view", "import")}
    send(client, f"{address}/apply")
    made = [e for e in factories.entries(app) if e.operation == "create"]
    assert {id_ for e in made if e.subject_type == "contact" for id_ in e.ids} == {1, 2, 3}
    assert all(e.row.role == "staff" for e in made if e.subject_type == "contact")

"""The copy of a person's data: everything that is theirs, nothing of anybody else, no staff."""

import csv
import io
import json
import zipfile
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Integer, String, select
from sqlalchemy.orm import Mapped
from werkzeug.test import TestResponse

from tests import factories, pages
from wesentra import clock, spreadsheet
from wesentra.compliance.subject_requests import gather
from wesentra.models import Company, Contact, FieldChange, ImportJob, ImportRow, db
from wesentra.models.base import Base
from wesentra.models.personal import Category, Keep, marks, not_personal, personal, personal_classes
from wesentra.web.csrf import SESSION_COOKIE

STAFF = "bertta"


@pytest.fixture
def person(app: Flask) -> int:
    """A contact with a row in every table; every value says `mine`, the same of another `other`."""
    user = factories.user_id(app, factories.user(app, "staff", name=STAFF))
    with factories.register(app):
        numbers = [_filled(word, user).id for word in ("mine", "other")]
    return numbers[0]


def _filled(word: str, user: int) -> Contact:
    employer = factories.company(f"{word} employer", note=f"{word} company note")
    one = factories.contact(
        f"{word} given",
        f"{word} family",
        email=f"{word}@example.com",
        phone="+358401234567",
        title=f"{word} title",
        note=f"{word} note",
        source=f"{word} source",
        company_id=employer.id,
        owner_id=user,
        language="en",
    )
    own = factories.company(f"{word} trade", person_id=one.id, billing_address=f"{word} street")
    call = factories.interaction(one, f"{word} summary", user_id=user)
    factories.check(one, "email", "corrected", user_id=user, interaction_id=call.id)
    factories.change(one, "email", f"{word} old", f"{word} new", user_id=user)
    at = call.at
    db.session.add(
        FieldChange(company_id=own.id, field="name", old=f"{word} was", new=f"{word} is", at=at)
    )
    factories.task(one, f"{word} task", owner_id=user)
    factories.notice(one, user_id=user)
    factories.objection(one)
    factories.restriction(one, lifted_at=at)
    factories.opening(one, f"{word} reason", user_id=user)
    factories.hold(one, reason=f"{word} hold")
    factories.disclosure(one, f"{word} recipient", **factories.told("correction"))
    job = ImportJob(state="done", file_sha256="0", mapping={}, created_at=at, touched_at=at)
    db.session.add(job)
    db.session.flush()
    row = {"job_id": job.id, "line": 1, "outcome": "created", "reasons": [], "contact_id": one.id}
    db.session.add(ImportRow(record={"title": f"{word} record"}, **row))
    return one


MINE = (
    "mine given",
    "mine family",
    "mine@example.com",
    "+358401234567",
    "mine title",
    "mine note",
    "mine source",
    "mine employer",
    "mine trade",
    "mine street",
    "mine summary",
    "mine old",
    "mine new",
    "mine was",
    "mine is",
    "mine task",
    "mine record",
    "mine reason",
    "mine recipient",
)


def ask(app: Flask, number: int, format_: str = "csv", role: str = "privacy") -> TestResponse:
    """The answer to the button on the person's page."""
    browser = factories.signed_in(app, role)
    assert browser.get_cookie(SESSION_COOKIE) is not None
    form = pages.visit(browser, f"/contacts/{number}").form(f"/requests/export/{number}")
    return browser.post(form.action, data={**form.fields, "format": format_})


def rows(answer: TestResponse) -> list[list[str]]:
    """The cells of a CSV as Excel reads them."""
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_everything_of_the_person_is_in_it_and_nothing_of_another(app: Flask, person: int) -> None:
    for format_ in ("csv", "json"):
        text = ask(app, person, format_).data.decode("utf-8")
        for value in MINE:
            assert value in text, (format_, value)
        assert "other" not in text
        assert "mine company note" not in text, "the employer's own data are not the person's"


def test_no_member_of_staff_is_named(app: Flask, person: int) -> None:
    viewer = factories.signed_in(app, "staff", name="kaarlo")
    viewer.get(f"/contacts/{person}")
    for format_ in ("csv", "json"):
        text = ask(app, person, format_).data.decode("utf-8")
        for name in (STAFF, "kaarlo", "Tester", "user-"):
            assert name not in text


def test_look_ups_are_told_with_date_purpose_and_role(app: Flask, person: int) -> None:
    factories.signed_in(app, "staff").get(f"/contacts/{person}")
    table = json.loads(ask(app, person, "json").data)["tables"]["log_entry"]
    assert list(table["fields"]) == ["at", "operation", "purpose", "role"]
    found = [(row["operation"], row["purpose"], row["role"]) for row in table["rows"]]
    assert ("view", "customer_service", "staff") in found
    assert "Opened" in ask(app, person).text


def test_every_table_with_a_subject_comes_along_by_its_marks(app: Flask, person: int) -> None:
    document = json.loads(ask(app, person, "json").data)
    for class_ in personal_classes():
        told = {name for name, own in marks(class_) if own.exported}
        hidden = {name for name, own in marks(class_) if not own.exported}
        if not told or class_.__tablename__ == "later_table":
            continue
        table = document["tables"][class_.__tablename__]
        assert told <= set(table["fields"])
        assert not hidden & set(table["fields"])
        assert table["rows"], f"{class_.__name__} has no row: fill it in this test"


def test_a_table_that_nobody_has_thought_of_is_gathered(app: Flask, person: int) -> None:
    class Later(Base):
        __tablename__ = "later_table"
        __table_args__ = {"prefixes": ["TEMPORARY"]}
        __subject__ = "contact_id"
        id: Mapped[int] = not_personal(Integer, primary_key=True)
        contact_id: Mapped[int] = not_personal(Integer)
        shoe_size: Mapped[str] = personal(
            String(9), category=Category.NOTE, keep=Keep.CONTACT, label="Shoe size"
        )

    try:
        fields = gather._fields(Later)
        assert fields == {"shoe_size": "Shoe size"}
    finally:
        Base.metadata.remove(Later.__table__)  # type: ignore[arg-type]
        Base.registry._dispose_cls(Later)


def test_the_file_says_words_and_no_codes(app: Flask, person: int) -> None:
    with factories.register(app):
        one = db.session.get_one(Contact, person)
        own = db.session.scalars(select(Company).where(Company.person_id == person)).one()
        factories.check(one, "notice", "skipped", reason="not_answered")
        at = clock.now()
        for change in (
            {"contact_id": one.id, "field": "group", "old": "prospect", "new": "supplier"},
            {"company_id": own.id, "field": "billing_address", "old": "", "new": "mine"},
        ):
            db.session.add(FieldChange(at=at, **change))
        row = db.session.scalars(select(ImportRow).where(ImportRow.contact_id == person)).one()
        row.record = {"contact": {"title": "mine record"}, "group": "prospect", "said": True}
    cells = {(row[0], row[3]) for row in rows(ask(app, person))}
    for table, word in (
        ("Contact details", "English"),
        ("Checks of the data", "Telling where the data came from"),
        ("Checks of the data", "No answer"),
        ("Changes", "supplier"),
        ("Changes", "Billing address"),
        ("The person’s own company", "Finland"),
        ("Disclosures of the data", "Contract"),
        ("Disclosures of the data", "contact details, name"),
        ("Disclosures of the data", "Correction"),
        ("Imported rows", "Title: mine record, Group: prospect"),
    ):
        assert (table, word) in cells
    codes = {"notice", "not_answered", "billing_address", "en", "FI", "email"}
    assert not codes & {word for _, word in cells}


def test_the_answer_is_an_export_of_this_person_alone(app: Flask, person: int) -> None:
    answer = ask(app, person)
    found = factories.entries_of(app, answer)
    assert factories.subjects(found, "contact") == {person}
    assert {entry.operation for entry in found} - {"program"} == {"export"}
    assert {entry.row.purpose for entry in found} == {"subject_request"}
    fields = {name for entry in found for name in entry.fields}
    assert {"email", "note", "interaction.summary", "field_change.old", "task.text"} <= fields


def test_the_csv_is_what_finnish_excel_opens(app: Flask, person: int) -> None:
    answer = ask(app, person)
    assert answer.data.startswith(spreadsheet.BOM)
    assert answer.data.endswith(b'"\r\n')
    cells = rows(answer)
    assert cells[0] == ["Table", "Row", "Field", "Value"]
    assert ["Contact details", "1", "Phone", "+358401234567"] in cells
    assert ["Checks of the data", "1", "Outcome", "corrected"] in cells
    assert ["Checks of the data", "1", "Field", "E-mail"] in cells


@pytest.mark.parametrize("evil", ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(1)", "\t=1", " =1"])
def test_no_cell_is_a_formula(app: Flask, evil: str) -> None:
    number = factories.person(app, note=evil, title=evil)
    for row in rows(ask(app, number)):
        for cell in row:
            assert not cell.lstrip().startswith(("=", "+", "-", "@"))
    document = json.loads(ask(app, number, "json").data)
    assert document["tables"]["contact"]["rows"][0]["note"] == evil


@pytest.mark.parametrize("text", ["+358401234567", "+1234567", "+123456789012345"])
def test_a_telephone_number_is_no_formula_and_stays_as_it_is(text: str) -> None:
    assert spreadsheet.harmless(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "+358401234567+1",
        "+358401234567\n",
        " +358401234567",
        "+358 40 1234567",
        "+٣٥٨٤٠١٢٣٤٥٦٧",
        "-358401234567",
        "+1234567890123456",
        "++358401234567",
        "+A1234567",
    ],
)
def test_what_is_more_than_a_number_stays_guarded(text: str) -> None:
    assert spreadsheet.harmless(text) == f"'{text}"


def test_of_an_import_that_ended_no_empty_row_is_told(app: Flask, person: int) -> None:
    with factories.register(app):
        for row in db.session.scalars(select(ImportRow)):
            row.record = {}
    assert [row for row in rows(ask(app, person)) if row[0] == "Imported rows"] == [
        ["Imported rows", "0", "", "nothing"]
    ]
    document = json.loads(ask(app, person, "json").data)
    assert document["tables"]["import_row"]["rows"] == []


def test_what_is_not_held_is_said(app: Flask) -> None:
    number = factories.person(app, language="en")
    assert ["Interactions", "0", "", "nothing"] in rows(ask(app, number))


def test_the_zip_has_a_file_for_each_table_and_says_how_to_read_them(
    app: Flask, person: int
) -> None:
    with zipfile.ZipFile(io.BytesIO(ask(app, person, "zip").data)) as pack:
        names = pack.namelist()
        contents = {name: pack.read(name).decode("utf-8-sig") for name in names}
    assert {"LUEMINUT.txt", "contact.csv", "interaction.csv", "log_entry.csv"} <= set(names)
    assert "Esimerkki Oy" in contents["LUEMINUT.txt"]
    assert "The names of our staff are not given." in contents["LUEMINUT.txt"]
    assert '"mine summary"' in contents["interaction.csv"]
    everything = "".join(contents.values())
    for value in MINE:
        assert value in everything
    assert "other" not in everything.replace("other people", "")
    assert STAFF not in everything


def test_the_json_has_stable_keys_and_labels_in_three_languages(app: Flask, person: int) -> None:
    document: dict[str, Any] = json.loads(ask(app, person, "json").data)
    assert document["schema_version"] == 1
    assert document["controller"] == "Esimerkki Oy"
    assert document["contact_id"] == person
    contact = document["tables"]["contact"]
    assert set(contact["fields"]["email"]["labels"]) == {"fi", "sv", "en"}
    assert document["tables"]["interaction"]["rows"][0]["at"].endswith(("+02:00", "+03:00"))


def test_the_answer_has_the_number_of_its_entries(app: Flask, person: int) -> None:
    answer = ask(app, person, "json")
    assert json.loads(answer.data)["request_id"] == answer.headers["X-Request-ID"]


def test_the_file_is_named_by_number_alone(app: Flask, person: int) -> None:
    name = ask(app, person).headers["Content-Disposition"]
    assert f"contact-{person}-" in name
    assert "mine" not in name


def test_other_formats_are_refused_in_one_sentence(app: Flask, person: int) -> None:
    answer = ask(app, person, "pdf")
    assert answer.status_code == 422
    assert "PDF is not made yet. Choose csv, json or zip." in answer.text
    assert factories.entries_of(app, answer) == []
    assert ask(app, person, "exe").status_code == 422


def test_nobody_there_is_not_found_and_shows_nobody(app: Flask) -> None:
    number = factories.person(app)
    browser = factories.signed_in(app, "privacy")
    form = pages.visit(browser, f"/contacts/{number}").form(f"/requests/export/{number}")
    answer = browser.post("/requests/export/4711", data=form.fields)
    assert answer.status_code == 404
    assert factories.subjects(factories.entries_of(app, answer)) == set()


@pytest.mark.parametrize("role", ["auditor", "admin"])
def test_who_sees_no_people_exports_none(app: Flask, person: int, role: str) -> None:
    browser = factories.signed_in(app, role)
    token = pages.visit(browser, "/account/").form("/logout").fields["csrf_token"]
    answer = browser.post(f"/requests/export/{person}", data={"csrf_token": token})
    assert answer.status_code == 403
    assert "mine" not in answer.text


def test_the_page_of_requests_tells_the_way(app: Flask) -> None:
    page = pages.visit(factories.signed_in(app, "staff"), "/requests/")
    assert page.link("Find the person among the contacts.").href == "/contacts/"


def test_somebody_of_an_unfinished_import_is_not_there_yet(app: Flask, person: int) -> None:
    with factories.register(app):
        job = db.session.query(ImportJob).first()
        pending = factories.contact("Ei", "Vielä", pending_import_id=job.id).id
    client = factories.signed_in(app, "staff")
    form = pages.visit(client, f"/contacts/{person}").form(f"/requests/export/{person}")
    form.action = f"/requests/export/{pending}"
    answer = form.send()
    assert answer.status_code == 404
    assert "Vielä" not in answer.text
    assert factories.subjects(factories.entries_of(app, answer)) == set()


# --- somebody restricted ----------------------------------------------------------------------


def test_staff_take_nobody_restricted_out_without_a_reason(app: Flask) -> None:
    with factories.register(app):
        one = factories.contact("Aino", "Salainen")
        factories.restriction(one)
        number = one.id
    url = f"/requests/export/{number}"
    for role, allowed in (("staff", False), ("privacy", True)):
        browser = factories.signed_in(app, role)
        token = pages.visit(browser, "/").form("/account/purpose").fields["csrf_token"]
        answer = browser.post(url, data={"csrf_token": token})
        assert ("Salainen" in answer.text) is allowed, role
        assert (number in factories.subjects(factories.entries_of(app, answer))) is allowed
    both = factories.signed_in(app, "staff", "privacy")
    token = pages.visit(both, "/").form("/account/purpose").fields["csrf_token"]
    told = factories.entries_of(app, both.post(url, data={"csrf_token": token}))
    assert {one.row.role for one in told} == {"privacy"}


def test_who_has_opened_somebody_restricted_takes_them_out_under_that_reason(app: Flask) -> None:
    with factories.register(app):
        one = factories.contact("Aino", "Salainen")
        factories.restriction(one)
        number = one.id
    browser = factories.signed_in(app, "staff")
    gate = pages.visit(browser, f"/contacts/{number}", follow_redirects=True)
    assert gate.form(field="reason").send(reason="She asked for a copy").status_code == 303
    form = pages.visit(browser, f"/contacts/{number}").form(f"/requests/export/{number}")
    answer = form.send()
    assert "Salainen" in answer.text
    told = [one for one in factories.entries_of(app, answer) if number in one.ids]
    assert {one.row.reason_id for one in told} == {1}

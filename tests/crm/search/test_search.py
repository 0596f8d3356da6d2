"""The search and the incoming call: the right person on the screen."""

import re
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories, pages
from wesentra import clock
from wesentra.crm.search import queries
from wesentra.models import ImportJob, db


@pytest.fixture
def staff(app: Flask) -> FlaskClient:
    """Somebody of the staff, signed in, who has a few contacts."""
    with factories.register(app):
        auto = factories.company("Auto Oy", switchboard="+35891234567", business_id="0112038-9")
        here = {"company_id": auto.id}
        factories.contact(
            "Timo", "Mäkinen", phone="+358401234567", email="timo@auto.example.fi", **here
        )
        factories.contact("Märta", "Åström", phone="+46812345678", **here)
        factories.contact("Sean", "O'Brien", phone="+358501112223")
        factories.contact("Sami", "Timonen")
    return factories.signed_in(app, "staff")


def found(staff: FlaskClient, text: str) -> list[str]:
    """The names in the results, in their order."""
    page = pages.visit(staff, "/search/?" + urlencode({"q": text}))
    return [link.text for link in page.links if "data-row" in link.attributes]


def test_who_has_no_company_has_none_in_the_list(staff: FlaskClient) -> None:
    rows = re.findall(r'<td data-label="Company">(.*?)</td>', staff.get("/contacts/").text, re.S)
    without = [row for row in rows if "/companies/" not in row]
    assert len(without) == 2
    assert all(re.sub("<.*?>", "", row) == "–empty" for row in without)


FOUND = {
    "timo": ["Timo Mäkinen", "Sami Timonen"],
    "TIMO MÄK": ["Timo Mäkinen"],
    "makinen": ["Timo Mäkinen"],
    "astrom": ["Märta Åström"],
    "o'brien": ["Sean O'Brien"],
    "obr": ["Sean O'Brien"],
    "auto": ["Timo Mäkinen", "Märta Åström", "Auto Oy"],
    "åström auto": ["Märta Åström"],
    "auto timo": ["Timo Mäkinen"],
    "040 123": ["Timo Mäkinen"],
    "+358 40 123 4567": ["Timo Mäkinen"],
    "timo@auto.example.fi": ["Timo Mäkinen"],
    "0112038-9": ["Timo Mäkinen", "Märta Åström", "Auto Oy"],
    "imo": [],
    "timo xyz": [],
}
SIGNS = ["", "  ", "%", "\x00", "a@\x00", "x" * 9000, "' OR 1=1 --", "\U0010ffff"]


def test_people_and_companies_are_found_by_the_beginnings_of_words(staff: FlaskClient) -> None:
    assert {typed: found(staff, typed) for typed in FOUND} == FOUND


def test_nothing_that_is_typed_breaks_the_search(staff: FlaskClient) -> None:
    assert [found(staff, typed) for typed in SIGNS] == [[]] * len(SIGNS)


def test_those_who_were_found_are_logged_as_shown_by_a_search(
    app: Flask, staff: FlaskClient
) -> None:
    answer = staff.get("/search/?q=timo")
    logged = factories.entries_of(app, answer)
    assert factories.subjects(logged, "contact", "search") == {1, 4}
    assert factories.subjects(logged, "contact") == {1, 4}


def test_a_search_shows_no_more_than_its_page_holds(app: Flask, staff: FlaskClient) -> None:
    with factories.register(app):
        for number in range(40):
            factories.contact("Oona", f"Aalto{number}")
            factories.company(f"Oonan kauppa {number}")
    page = pages.visit(staff, "/search/?q=o")
    logged = factories.entries_of(app, page.response)
    assert len(factories.subjects(logged, "contact")) == queries.MOST_PEOPLE
    assert len(factories.subjects(logged, "company")) == queries.MOST_COMPANIES
    assert "There may be more" in page.text


def test_a_whole_name_comes_before_the_beginning_of_one(app: Flask, staff: FlaskClient) -> None:
    with factories.register(app):
        factories.contact("Liisa", "Salonen")
        factories.contact("Ville", "Salo")
        shop = factories.company("Salo Oy")
        factories.contact("Aarne", "Aho", company_id=shop.id)
    assert found(staff, "salo") == ["Ville Salo", "Liisa Salonen", "Aarne Aho", "Salo Oy"]


def test_people_of_an_unfinished_import_are_not_found(app: Flask, staff: FlaskClient) -> None:
    with factories.register(app):
        job = ImportJob(
            state="applying",
            file_sha256="0" * 64,
            mapping={},
            created_at=clock.now(),
            touched_at=clock.now(),
        )
        db.session.add(job)
        db.session.flush()
        factories.contact("Pekka", "Pending", pending_import_id=job.id)
        factories.company("Pending Oy", pending_import_id=job.id)
    assert found(staff, "pending") == []


def test_the_query_leaves_the_history_and_finds_its_way_back_into_the_field(
    staff: FlaskClient,
) -> None:
    page = pages.visit(staff, "/search/?q=xyz")
    assert "data-private-query" in page.response.text
    assert page.form("/search/").fields["q"] == "xyz"
    assert page.link("New contact").href == "/contacts/new"


def test_who_may_see_nobody_may_not_search(app: Flask) -> None:
    for role in ("admin", "auditor"):
        assert factories.signed_in(app, role).get("/search/?q=a").status_code == 403
        assert factories.signed_in(app, role).get("/call?number=1").status_code == 403


def test_a_call_of_one_persons_number_opens_the_person_and_tells_of_nobody_else(
    app: Flask, staff: FlaskClient
) -> None:
    answer = staff.get("/call?number=+358401234567")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/contacts/1")
    assert factories.subjects(factories.entries_of(app, answer)) == {1}


def test_a_call_of_a_switchboard_lists_the_candidates(app: Flask, staff: FlaskClient) -> None:
    page = pages.visit(staff, "/call?number=091234567")
    assert [link.text for link in page.links if "data-row" in link.attributes] == [
        "Timo Mäkinen",
        "Märta Åström",
        "Auto Oy",
    ]
    assert "data-private-query" in page.response.text
    logged = factories.entries_of(app, page.response)
    assert factories.subjects(logged, "contact", "search") == {1, 2}


def test_a_call_of_an_unknown_number_opens_a_new_contact_with_the_number(
    staff: FlaskClient,
) -> None:
    page = pages.visit(staff, "/call?number=050 999 9999")
    form = page.form("/contacts/new")
    assert form.fields["phone"] == "+358509999999"
    assert "data-private-query" in page.response.text
    assert form.send(family_name="Uusi", source="from the person").status_code == 303
    assert staff.get("/call?number=0509999999").status_code == 303


def test_a_call_without_a_right_number_gets_a_sentence(staff: FlaskClient) -> None:
    for number in ("", "anonymous", "12"):
        answer = staff.get("/call?" + urlencode({"number": number}))
        page = pages.read(staff, answer)
        assert answer.status_code == 422
        assert "number" in page.text
        assert page.link("New contact").href == "/contacts/new"

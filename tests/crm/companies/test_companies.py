"""Companies as people meet them: a list, a page, facts corrected in their place."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories, pages
from wesentra.crm.values import business_id
from wesentra.models import Company, Contact, FieldChange, db

ID = "0112038-9"


def other_id() -> str:
    """A right business ID that is not `ID`."""
    return f"1572079-{business_id.check_digit('1572079')}"


@pytest.fixture
def staff(app: Flask) -> FlaskClient:
    """Somebody of the staff, signed in."""
    return factories.signed_in(app, "staff")


def add(app: Flask, name: str = "Auto Oy", **values: object) -> int:
    with factories.register(app):
        return factories.company(name, **values).id


def fill_in(staff: FlaskClient, **values: str) -> pages.Page:
    """Send the form of a new company and read the answer's page."""
    form = pages.visit(staff, "/companies/new").form("/companies/new")
    given = {"name": "Auto Oy", "source": "YTJ", "group": "prospect", **values}
    return pages.read(staff, form.send(**given))


def correct(staff: FlaskClient, company_id: int, field: str, value: str) -> pages.Page:
    url = f"/companies/{company_id}/edit/{field}"
    return pages.read(staff, pages.visit(staff, url).form(url).send(value=value))


def test_a_new_company_stands_on_its_page_and_in_the_list(staff: FlaskClient) -> None:
    made = fill_in(staff, business_id="FI01120389", postal_code="00100", switchboard="09 123 4567")
    home = made.response.headers["Location"]
    page = pages.visit(staff, home)
    assert page.heading == "Auto Oy"
    assert ID in page.text
    assert "09 1234567" in page.text
    assert pages.visit(staff, "/companies/").link("Auto Oy").href == home


def test_a_wrong_value_gets_a_sentence_and_nothing_typed_is_lost(staff: FlaskClient) -> None:
    wrong = {
        "business_id": ("0112038-1", "last digit"),
        "postal_code": ("0010", "five digits"),
        "einvoice_address": ("12", "not an e-invoice address"),
        "switchboard": ("12", "too short"),
        "note": ("131052-308T", "personal identity code"),
        "source": (" ", "Write where the data come from"),
        "name": ("&", "Write the company’s name"),
    }
    page = fill_in(staff, street="Katu 1", **{field: value for field, (value, _) in wrong.items()})
    assert page.response.status_code == 422
    form = page.form("/companies/new")
    assert form.fields["street"] == "Katu 1"
    for field, (value, says) in wrong.items():
        assert says in " ".join(page.errors)
        assert form.fields[field].strip() == value.strip()


def test_codes_and_numbers_are_read_in_the_companys_own_country(
    app: Flask, staff: FlaskClient
) -> None:
    made = fill_in(
        staff,
        name="Svea Ab",
        country="SE",
        postal_code="114 55",
        switchboard="08-123 456 78",
        business_id="556703-7485",
    )
    assert made.response.status_code == 303
    with factories.register(app):
        company = db.session.query(Company).one()
        assert (company.postal_code, company.switchboard) == ("114 55", "+46812345678")


def test_a_country_in_which_another_field_would_be_wrong_is_refused(
    app: Flask, staff: FlaskClient
) -> None:
    company_id = add(app, country="SE", postal_code="114 55")
    page = correct(staff, company_id, "country", "FI")
    assert page.response.status_code == 422
    assert "five digits" in " ".join(page.errors)


def test_an_e_invoice_address_of_another_company_is_only_a_warning(staff: FlaskClient) -> None:
    address = "0037" + other_id().replace("-", "")
    made = fill_in(staff, business_id=ID, einvoice_address=address)
    page = pages.visit(staff, made.response.headers["Location"])
    assert f"another business ID: {address}" in page.text


def test_a_business_id_belongs_to_one_company(app: Flask, staff: FlaskClient) -> None:
    add(app, business_id=ID)
    page = fill_in(staff, name="Auto Toinen Oy", business_id=ID)
    sentence = "There is already a company with this business ID. Search for it."
    assert page.errors == [sentence]
    second = add(app, "Kello Oy")
    assert correct(staff, second, "business_id", ID).errors == [sentence]


def test_a_sensitive_word_in_the_note_is_asked_about_once(staff: FlaskClient) -> None:
    form = pages.visit(staff, "/companies/new").form("/companies/new")
    asked = pages.read(staff, form.send(name="Auto Oy", source="YTJ", note="sairausloma"))
    assert asked.response.status_code == 422
    assert "sairausloma" in asked.text
    assert asked.form("/companies/new").send(sure="1").status_code == 303


def test_a_corrected_field_is_remembered_with_its_old_value(app: Flask, staff: FlaskClient) -> None:
    company_id = add(app, switchboard="+35891234567")
    assert correct(staff, company_id, "switchboard", "09 765 4321").response.status_code == 303
    with factories.register(app):
        change = db.session.query(FieldChange).one()
        assert (change.company_id, change.contact_id) == (company_id, None)
        assert (change.old, change.new) == ("+35891234567", "+35897654321")


def test_the_second_of_two_editors_sees_what_changed_and_loses_nothing(
    app: Flask, staff: FlaskClient
) -> None:
    company_id = add(app, group="prospect")
    url = f"/companies/{company_id}/edit/group"
    first, second = (pages.visit(staff, url).form(url) for _ in range(2))
    assert first.send(value="supplier").status_code == 303
    page = pages.read(staff, second.send(value="stakeholder"))
    assert page.response.status_code == 422
    assert "It is now: supplier" in page.text
    again = page.form(url)
    assert again.fields["value"] == "stakeholder"
    assert again.send().status_code == 303


def test_a_note_of_several_lines_is_no_conflict_with_itself(app: Flask, staff: FlaskClient) -> None:
    company_id = add(app, note="eka\ntoka")
    url = f"/companies/{company_id}/edit/note"
    form = pages.visit(staff, url).form(url)
    assert form.send(was="eka\r\ntoka", value="eka\r\ntoka\r\nkolmas").status_code == 303


def test_a_sole_trader_is_a_company_and_a_person(app: Flask, staff: FlaskClient) -> None:
    made = fill_in(
        staff, name="Kello Tmi", is_person="y", given_name="Kaarina", family_name="Öberg"
    )
    page = pages.visit(staff, made.response.headers["Location"])
    assert "this company is a person" in page.text
    person = pages.visit(staff, page.link("To the person").href)
    assert person.heading == "Kaarina Öberg"
    found = factories.entries_of(app, page.response)
    assert factories.subjects(found, "contact", "view") == {1}
    assert factories.subjects(found, "company", "view") == {1}


def test_a_change_of_a_sole_traders_company_is_a_change_of_the_person(
    app: Flask, staff: FlaskClient
) -> None:
    fill_in(staff, name="Kello Tmi", is_person="y", given_name="Kaarina", family_name="Öberg")
    answer = correct(staff, 1, "street", "Katu 2").response
    assert factories.subjects(factories.entries_of(app, answer), "contact", "update") == {1}
    with factories.register(app):
        assert db.session.query(FieldChange).one().contact_id == 1


def test_a_sole_trader_without_a_name_leaves_no_half_of_it(app: Flask, staff: FlaskClient) -> None:
    page = fill_in(staff, name="Kello Tmi", is_person="y")
    assert "Write the person's name." in page.errors
    with factories.register(app):
        assert db.session.query(Company).count() == 0


def test_a_company_with_contacts_is_not_deleted(app: Flask, staff: FlaskClient) -> None:
    company_id = add(app)
    factories.person(app, company_id=company_id)
    url = f"/companies/{company_id}/delete"
    assert "still has contacts: 1" in pages.visit(staff, url).text
    token = pages.visit(staff, "/companies/new").form("/companies/new").fields["csrf_token"]
    refused = staff.post(url, data={"csrf_token": token})
    assert refused.status_code == 422
    pages.visit(staff, f"/companies/{company_id}")


def test_a_sole_traders_company_can_go_and_the_person_stays(app: Flask, staff: FlaskClient) -> None:
    fill_in(staff, name="Kello Tmi", is_person="y", given_name="Kaarina", family_name="Öberg")
    url = "/companies/1/delete"
    assert pages.visit(staff, url).form(url).send().status_code == 303
    with factories.register(app):
        assert db.session.query(Company).count() == 0
        assert db.session.query(Contact).count() == 1


def test_a_companys_page_lists_its_contacts_and_adds_to_them(
    app: Flask, staff: FlaskClient
) -> None:
    company_id, _same_name = add(app), add(app)
    person_id = factories.person(app, company_id=company_id)
    page = pages.visit(staff, f"/companies/{company_id}")
    assert page.link("Aino Virtanen").href == f"/contacts/{person_id}"
    form = pages.visit(staff, page.link("Add a contact").href).form("/contacts/new")
    answer = form.send(family_name="Uusi", source="YTJ")
    with factories.register(app):
        made = db.session.get(Contact, int(answer.headers["Location"].split("/")[-1]))
        assert made is not None
        assert made.company_id == company_id


def test_the_list_is_in_finnish_order_by_group_and_page_by_page(
    app: Flask, staff: FlaskClient
) -> None:
    with factories.register(app):
        for number in range(60):
            factories.company(f"Yritys {number:02}")
        factories.company("Öljy Oy", group="supplier")
        factories.company("Autio Oy", group="supplier")
    first = pages.visit(staff, "/companies/")
    assert len(factories.subjects(factories.entries_of(app, first.response), "company")) == 50
    second = pages.visit(staff, "/companies/" + first.link("Next").href)
    assert second.text.index("Yritys 59") < second.text.index("Öljy Oy")
    suppliers = pages.visit(staff, "/companies/?group=supplier")
    assert suppliers.text.index("Autio Oy") < suppliers.text.index("Öljy Oy")
    assert "Yritys" not in suppliers.text


def test_a_field_that_is_not_there_is_not_found(app: Flask, staff: FlaskClient) -> None:
    company_id = add(app)
    for name in ("sort_key", "person_id", "x"):
        assert staff.get(f"/companies/{company_id}/edit/{name}").status_code == 404


def test_a_sole_traders_company_goes_with_the_person_and_the_log_names_both(
    app: Flask, staff: FlaskClient
) -> None:
    fill_in(staff, name="Kello Tmi", is_person="y", given_name="Kaarina", family_name="Öberg")
    with factories.register(app):
        company = db.session.query(Company).one()
        trader, company_id = company.person_id, company.id
        colleague = factories.contact("Aino", "Apu", company_id=company_id).id
    address = f"/contacts/{trader}/delete"
    refused = pages.visit(staff, address).form(address).send()
    assert refused.status_code == 422
    assert "still has contacts: 1" in pages.read(staff, refused).text

    away = f"/contacts/{colleague}/edit/company"
    assert pages.visit(staff, away).form(away).send(value="").status_code == 303
    answer = pages.visit(staff, address).form(address).send()
    assert answer.status_code == 303
    found = factories.entries_of(app, answer)
    assert factories.subjects(found, "contact", "delete") == {trader}
    assert factories.subjects(found, "company", "delete") == {company_id}
    with factories.register(app):
        assert db.session.query(Company).all() == []


def test_who_deletes_a_sole_trader_is_told_that_the_company_goes_too(
    app: Flask, staff: FlaskClient
) -> None:
    fill_in(staff, name="Kello Tmi", is_person="y", given_name="Kaarina", family_name="Öberg")
    page = pages.visit(staff, "/contacts/1/delete")
    assert "Their company Kello Tmi is deleted as well" in page.text
    assert factories.subjects(factories.entries_of(app, page.response), "company") == {1}
    assert page.form("/contacts/1/delete").send().status_code == 303
    with factories.register(app):
        assert db.session.query(Company).count() == 0

"""What has nothing in it yet says so in one way, wherever it stands on a page of other things."""

from flask import Flask

from tests import factories, pages


def test_cards_of_a_new_contact_and_a_new_company_say_alike_that_nothing_is_there(
    app: Flask,
) -> None:
    with factories.register(app):
        person, company = factories.contact().id, factories.company("Tyhjä Oy").id
    staff = factories.signed_in(app, "staff")
    page = pages.visit(staff, f"/contacts/{person}")
    for said in ("No open tasks.", "No interactions."):
        assert f'<p class="muted">{said}</p>' in page.response.text
    assert 'class="empty"' not in page.response.text
    text = staff.get(f"/companies/{company}").text
    assert '<p class="muted">No contacts.</p>' in text

"""Erased at once, on a page: because the person asks for it, and past the waiting room."""

import pytest
from flask import Flask

from tests import factories, pages
from tests.browser.houses import held
from tests.erasure.test_held import hold
from wesentra.models import Contact, Departure, Tombstone, db

AT_ONCE = "/erasures/contacts/{}"


@pytest.mark.parametrize("waits", [False, True])
def test_they_are_gone_at_once_and_for_good(app: Flask, waits: bool) -> None:
    person, privacy = factories.person(app), factories.signed_in(app, "privacy")
    if waits:
        address = f"/contacts/{person}/delete"
        assert pages.visit(privacy, address).form(address).send().status_code == 303
    page = pages.visit(privacy, AT_ONCE.format(person))
    assert "Virtanen" in page.text
    answer = page.form(AT_ONCE.format(person)).send()
    assert answer.headers["Location"] == "/erasures/"
    assert "What stays is a number" in pages.read(privacy, privacy.get("/erasures/")).text
    assert held(app, Contact) == held(app, Departure) == []
    assert [(one.number, one.reason) for one in held(app, Tombstone)] == [(person, "request")]
    assert page.form(AT_ONCE.format(person)).send().status_code == 404


@pytest.mark.parametrize("role", ["staff", "admin", "auditor"])
def test_nobody_else_may(app: Flask, role: str) -> None:
    person, other = factories.person(app), factories.signed_in(app, role)
    assert other.get(AT_ONCE.format(person)).status_code == 403
    assert AT_ONCE.format(person) not in other.get(f"/contacts/{person}").text
    page = pages.visit(factories.signed_in(app, "privacy"), f"/contacts/{person}")
    assert AT_ONCE.format(person) in [link.href for link in page.links]


def test_a_recipient_is_told_first(app: Flask) -> None:
    person, privacy = factories.person(app), factories.signed_in(app, "privacy")
    form = pages.visit(privacy, AT_ONCE.format(person)).form(AT_ONCE.format(person))
    with factories.register(app):
        factories.disclosure(db.session.get_one(Contact, person), "Qvist")
    answer = form.send()
    assert answer.status_code == 422
    page = pages.read(privacy, answer)
    assert "still to be told" in page.text
    assert "Qvist" in page.text
    assert "Erase for good" not in [button.strip() for button in page.text.split("\n")]
    assert [one.id for one in held(app, Contact)] == [person]


def test_a_claim_keeps_them_and_the_page_leads_to_it(app: Flask) -> None:
    person, privacy = factories.person(app), factories.signed_in(app, "privacy")
    form = pages.visit(privacy, AT_ONCE.format(person)).form(AT_ONCE.format(person))
    hold(app, "claim", contact_id=person)
    answer = form.send()
    assert answer.status_code == 422
    told = pages.read(privacy, answer)
    assert f"/retention/contacts/{person}" in [link.href for link in told.links]
    by_hand = pages.read(privacy, privacy.get(f"/contacts/{person}/delete"))
    assert f"/retention/contacts/{person}" in [link.href for link in by_hand.links]
    assert [one.id for one in held(app, Contact)] == [person]


def test_who_is_restricted_goes_by_their_own_request_alone(app: Flask) -> None:
    person, privacy = factories.person(app), factories.signed_in(app, "privacy")
    with factories.register(app):
        factories.restriction(db.session.get_one(Contact, person))
    form = pages.visit(privacy, AT_ONCE.format(person)).form(AT_ONCE.format(person))
    answer = form.send(reason="mistake")
    assert answer.status_code == 422
    assert "restricted" in answer.text
    assert form.send(reason="hand").status_code == 422
    assert form.send(reason="request").status_code == 303
    assert held(app, Contact) == []

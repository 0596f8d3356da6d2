"""Objections as pages show them."""

from flask import Flask

from tests import factories
from wesentra.compliance.objections import views


def test_each_of_two_people_on_a_page_has_an_objection_of_their_own(app: Flask) -> None:
    with factories.register(app), app.test_request_context("/"):
        one, two = factories.contact("Aino"), factories.contact("Eero")
        factories.objection(one)
        assert views.badge(one)
        assert not views.badge(two)
        assert views.badge(one)

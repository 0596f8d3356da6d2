"""No control cuts off what is typed or pasted: what is too long gets its sentence instead."""

import pytest
from flask import Flask

from tests import factories, pages
from tests.databases import sqlite_only

WRITTEN = (
    "/contacts/new",
    "/companies/new",
    "/contacts/1/edit/note",
    "/companies/1/edit/note",
    "/tasks/new?contact=1",
    "/interactions/new?contact=1",
)


@sqlite_only
@pytest.mark.parametrize("address", WRITTEN)
def test_texts_have_no_length_in_the_page(app: Flask, address: str) -> None:
    with factories.register(app):
        company = factories.company()
        factories.contact(note="eka", company_id=company.id)
    text = pages.visit(factories.signed_in(app, "staff"), address).response.text
    controls = [part for part in text.split("<") if part.startswith(("input", "textarea"))]
    cut = [part for part in controls if "maxlength" in part and 'type="hidden"' not in part]
    assert not cut

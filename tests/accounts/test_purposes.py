"""Purposes that the program alone says are not chosen by hand."""

import pytest
from flask import Flask

from tests import factories, pages


@pytest.mark.parametrize("key", ["log_review", "maintenance", "sign_in"])
def test_what_the_program_says_cannot_be_chosen(app: Flask, key: str) -> None:
    client = factories.signed_in(app, "staff")
    form = pages.visit(client, "/").form("/account/purpose")
    assert key not in form.choices["purpose"]
    assert form.send(purpose=key).status_code == 422

"""An owner is somebody with an open account, or nobody."""

import pytest
from flask import Flask

from tests import factories, pages
from wesentra.accounts import actions


@pytest.mark.parametrize("home", ["/contacts", "/companies"])
def test_nobody_else_becomes_an_owner(app: Flask, home: str) -> None:
    gone = factories.user(app, "staff", name="gone")
    gone_id = factories.user_id(app, gone)
    with factories.register(app):
        actions.disable(actions.named(gone))
        make = factories.contact if home == "/contacts" else factories.company
        number = make(owner_id=gone_id).id
        other = make().id
    staff = factories.signed_in(app, "staff", name="aino")

    def give(record: int, owner: int) -> pages.Page:
        url = f"{home}/{record}/edit/owner"
        sent = pages.visit(staff, url).form(url).send(value=str(owner), was=None)
        return pages.read(staff, sent)

    for owner in (99999, gone_id):
        page = give(other, owner)
        assert page.response.status_code == 422
        assert "Not a valid choice." in " ".join(page.errors)
    assert give(number, gone_id).response.status_code == 303
    assert give(other, factories.user_id(app, "aino")).response.status_code == 303


def test_a_task_is_given_to_somebody_with_an_account(app: Flask) -> None:
    person = factories.person(app)
    staff = factories.signed_in(app, "staff")
    form = pages.visit(staff, f"/tasks/new?contact={person}").form("/tasks/new")
    page = pages.read(staff, form.send(text="Call", owner="99999"))
    assert page.response.status_code == 422
    assert "Not a valid choice." in " ".join(page.errors)

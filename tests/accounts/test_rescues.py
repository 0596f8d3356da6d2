"""Who cannot come in is helped: by one person with one way, since both would let that one in."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories, pages
from tests.accounts.authenticating import somebody
from wesentra import clock
from wesentra.accounts import actions, links, rescues, second_factor
from wesentra.accounts.actions import named
from wesentra.accounts.rescues import Way
from wesentra.models import Rescue, db
from wesentra.models.codes import Role
from wesentra.refusal import Refused

NOT_BOTH = "nobody gives a password and takes the second factor away"


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    """A browser of an administrator."""
    return factories.signed_in(app, "admin", name="hugo")


@contextmanager
def hands_of(app: Flask, name: str) -> Iterator[None]:
    """The register in the hands of a user."""
    with factories.register(app) as acting:
        acting.user_id = named(name).id
        yield


def address(app: Flask, what: str, name: str = "aino") -> str:
    return f"/settings/users/{factories.user_id(app, name)}/{what}"


def open_way(client: FlaskClient, address: str) -> str:
    """What is answered to who opens a way into an account."""
    return pages.visit(client, address).form(address).send().text


@pytest.mark.parametrize("role", ["privacy", "admin"])
@pytest.mark.parametrize(
    ("first", "then"), [("reset", "second-factor/reset"), ("second-factor/reset", "reset")]
)
def test_nobody_opens_both_ways_into_an_account_in_charge(
    app: Flask, admin: FlaskClient, role: str, first: str, then: str
) -> None:
    somebody(app, role)
    assert NOT_BOTH not in open_way(admin, address(app, first))
    assert NOT_BOTH in open_way(admin, address(app, then))
    with app.app_context():
        user = named("aino")
        assert second_factor.is_asked_of(user) is (then != "reset")
        assert (user.password_hash == links.NO_PASSWORD) is (first == "reset")
        assert [row.way for row in db.session.query(Rescue)] == [
            Way.LINK if first == "reset" else Way.FACTOR
        ]


def test_a_second_administrator_opens_the_other(app: Flask, admin: FlaskClient) -> None:
    somebody(app, "privacy")
    other = factories.signed_in(app, "admin", name="iida")
    open_way(admin, address(app, "reset"))
    assert NOT_BOTH not in open_way(other, address(app, "second-factor/reset"))
    with app.app_context():
        assert not second_factor.is_asked_of(named("aino"))


def test_after_thirty_days_it_is_another_matter(app: Flask, admin: FlaskClient) -> None:
    somebody(app, "privacy")
    before = clock.now() - rescues.APART - timedelta(minutes=1)
    with clock.turned_to(before), hands_of(app, "hugo"):
        rescues.note(named("aino"), Way.LINK)
    assert NOT_BOTH not in open_way(admin, address(app, "second-factor/reset"))
    with app.app_context():
        assert db.session.query(Rescue).count() == 1, "what is longer ago is forgotten"


def test_one_way_is_opened_as_often_as_it_takes(app: Flask, admin: FlaskClient) -> None:
    somebody(app, "privacy")
    for _ in range(2):
        assert NOT_BOTH not in open_way(admin, address(app, "reset"))


def test_staff_is_helped_with_both(app: Flask, admin: FlaskClient) -> None:
    somebody(app, "staff")
    open_way(admin, address(app, "reset"))
    assert NOT_BOTH not in open_way(admin, address(app, "second-factor/reset"))


def test_a_role_that_came_between_counts(app: Flask, admin: FlaskClient) -> None:
    """The link was given while the account was nobody's in charge."""
    somebody(app, "staff")
    open_way(admin, address(app, "reset"))
    with factories.register(app):
        actions.grant(named("aino"), Role.PRIVACY)
    assert NOT_BOTH in open_way(admin, address(app, "second-factor/reset"))


def test_whoever_runs_the_machine_opens_both(app: Flask) -> None:
    somebody(app, "privacy")
    with factories.register(app):
        second_factor.take_from(named("aino"))
        rescues.demand(named("aino"), Way.LINK)
        assert db.session.query(Rescue).count() == 0


def test_the_account_that_is_refused_stays_as_it_was(app: Flask, admin: FlaskClient) -> None:
    somebody(app, "privacy")
    with hands_of(app, "hugo"):
        second_factor.take_from(named("aino"))
    with pytest.raises(Refused, match="30 days"), hands_of(app, "hugo"):
        links.store_anew(named("aino"), links.token())
    with app.app_context():
        assert named("aino").password_hash != links.NO_PASSWORD

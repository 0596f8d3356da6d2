"""Roles from–to: who had the right to process on a day, and what an administrator cannot do."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask

from tests import factories
from wesentra import clock
from wesentra.accounts import actions, queries
from wesentra.actor import current
from wesentra.models.codes import Role
from wesentra.refusal import Refused
from wesentra.web.permissions import processing_roles

FEBRUARY = datetime(2018, 2, 12, 12, tzinfo=UTC)
MARCH = datetime(2018, 3, 12, 12, tzinfo=UTC)
APRIL = datetime(2018, 4, 12, 12, tzinfo=UTC)


def test_the_holders_of_a_past_day_can_be_counted(app: Flask) -> None:
    with clock.turned_to(FEBRUARY):
        names = [factories.user(app, "staff") for _ in range(4)]
        factories.user(app, "privacy", "staff")
        factories.user(app, "admin", name="admin")
    with clock.turned_to(MARCH), factories.register(app):
        actions.disable(actions.named(names[0]))
        actions.revoke(actions.named(names[1]), Role.STAFF)
    with clock.turned_to(APRIL), factories.register(app):
        actions.grant(actions.named(names[1]), Role.STAFF)
    with app.app_context():
        roles = processing_roles()
        counted = [queries.holders_on(roles, day) for day in (FEBRUARY, MARCH, APRIL)]
    assert counted == [5, 3, 4]


def test_a_role_is_held_only_from_its_day_on(app: Flask) -> None:
    with clock.turned_to(MARCH):
        name = factories.user(app, "staff")
    with app.app_context():
        user = actions.named(name)
        assert queries.roles_on(user.id, FEBRUARY) == ()
        assert queries.roles_on(user.id, MARCH) == ("staff",)


def test_giving_a_role_twice_leaves_one(app: Flask) -> None:
    name = factories.user(app, "staff")
    with factories.register(app):
        user = actions.named(name)
        actions.grant(user, Role.STAFF)
        actions.grant(user, Role.PRIVACY)
        actions.grant(user, Role.PRIVACY)
        assert len(queries.grants()[user.id]) == 2


def test_nobody_gives_a_role_to_themself(app: Flask) -> None:
    name = factories.user(app, "admin")
    with factories.register(app):
        user = actions.named(name)
        current().user_id = user.id
        with pytest.raises(Refused, match="themself"):
            actions.grant(user, Role.PRIVACY)
        assert queries.roles_on(user.id) == ("admin",)


def test_the_last_administrator_stays(app: Flask) -> None:
    first, second = factories.user(app, "admin"), factories.user(app, "admin")
    with factories.register(app):
        actions.disable(actions.named(first))
        for leave in (
            actions.disable,
            lambda user: actions.revoke(user, Role.ADMIN),
        ):
            with pytest.raises(Refused, match="last administrator"):
                leave(actions.named(second))


def while_another(app: Flask, first: Callable[[], object], second: Callable[[], object]) -> None:
    """Do `first`, begin `second` in another thread before it is committed, and wait for both."""
    refused: list[Exception] = []

    def follow() -> None:
        try:
            with factories.register(app, "second"):
                second()
        except Refused as no:
            refused.append(no)

    thread = threading.Thread(target=follow)
    with factories.register(app, "first"):
        first()
        thread.start()
        thread.join(0.5)
    thread.join()
    if refused:
        raise refused[0]


def test_two_administrators_who_end_each_other_at_once_leave_one(app: Flask) -> None:
    one, other = factories.user(app, "admin"), factories.user(app, "admin")
    with pytest.raises(Refused, match="last administrator"):
        while_another(
            app,
            lambda: actions.revoke(actions.named(one), Role.ADMIN),
            lambda: actions.disable(actions.named(other)),
        )


def test_two_accounts_made_at_once_cannot_share_a_name(app: Flask) -> None:
    with pytest.raises(Refused, match="already a user aino"):
        while_another(
            app,
            lambda: actions.add("aino", "Aino One", "hash"),
            lambda: actions.add("aino", "Aino Other", "hash"),
        )
    assert factories.user_id(app, "aino")


def test_a_closed_account_gets_neither_role_nor_password(app: Flask) -> None:
    name = factories.user(app, "staff")
    with factories.register(app):
        user = actions.named(name)
        actions.disable(user)
        with pytest.raises(Refused, match="closed"):
            actions.grant(user, Role.STAFF)
        with pytest.raises(Refused, match="closed"):
            actions.set_password(user, factories.password_hash())


@pytest.mark.parametrize("name", ["", "x", "-x", "Äiti", "a b", "x" * 61])
def test_a_name_that_cannot_be_typed_everywhere_is_refused(app: Flask, name: str) -> None:
    with factories.register(app), pytest.raises(Refused, match="2 to 60"):
        actions.add(name, "Somebody", "hash")


def test_two_accounts_cannot_share_a_name(app: Flask) -> None:
    factories.user(app, "staff", name="aino")
    with factories.register(app), pytest.raises(Refused, match="already a user aino"):
        actions.add("AINO", "Another", "hash")

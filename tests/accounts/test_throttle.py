"""Guessing is slow from however many addresses, and slows nobody down but the guesser."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from itertools import count, repeat

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories, pages
from tests.accounts.authenticating import code, first_step, somebody
from tests.databases import sqlite_only
from wesentra import clock
from wesentra.accounts import known_browser, throttle
from wesentra.app import create_app
from wesentra.models import SignInAddress, SignInAttempt, db
from wesentra.refusal import Refused
from wesentra.settings import Settings
from wesentra.web.csrf import SESSION_COOKIE

WRONG = "not the password at all"
ADDRESSES = ("10.9.8.1", "10.9.8.2", "10.9.8.3", "10.9.8.4")


def guessed(app: Flask, name: str, source: str) -> bool:
    """Whether one guess gets as far as to be verified; it is wrong."""
    with factories.register(app):
        try:
            throttle.check(name, source)
        except Refused:
            return False
        throttle.failed(name, source)
        return True


def elsewhere(app: Flask, source: str) -> FlaskClient:
    """A browser at another address."""
    client = factories.browser(app)
    client.environ_base["REMOTE_ADDR"] = source
    return client


def tries(client: FlaskClient, name: str, password: str) -> pages.Page:
    """What the sign-in form answers somebody who is not signed in (any more)."""
    client.delete_cookie(SESSION_COOKIE, domain="localhost")
    answer = pages.visit(client, "/login").form("/login").send(username=name, password=password)
    return pages.read(client, answer)


@contextmanager
def guesser_at_work(app: Flask, name: str, source: str) -> Iterator[None]:
    """Somebody has guessed until they have to wait for the longest time."""
    with factories.register(app):
        for _ in range(50):
            throttle.failed(name, source)
    assert not guessed(app, name, source)
    yield


def all_guessed(app: Flask, names: Iterator[str], guesses: int, seconds: float) -> int:
    """How many of so many wrong guesses from 4 addresses got as far as to be verified; they come
    evenly over so many seconds."""
    start, through = clock.now(), 0
    with factories.register(app):
        for number, name in zip(range(guesses), names, strict=False):
            source = ADDRESSES[number % len(ADDRESSES)]
            moment = start + timedelta(seconds=number * seconds / guesses)
            with clock.turned_to(moment), suppress(Refused):
                throttle.check(name, source)
                throttle.failed(name, source)
                through += 1
                db.session.commit()
    return through


@sqlite_only
def test_of_1_000_guesses_in_five_minutes_from_4_addresses_a_dozen_get_through(app: Flask) -> None:
    factories.user(app, "staff", name="aino")
    assert all_guessed(app, repeat("aino"), 1000, 300) <= 12


@sqlite_only
def test_of_10_000_guesses_in_a_day_from_4_addresses_a_hundred_get_through(app: Flask) -> None:
    factories.user(app, "staff", name="aino")
    assert all_guessed(app, repeat("aino"), 10_000, 86_400) <= 110


@sqlite_only
def test_of_1_000_guesses_at_as_many_names_from_4_addresses_120_get_through(app: Flask) -> None:
    names = (f"name-{number}" for number in count())
    assert all_guessed(app, names, 1000, 300) == len(ADDRESSES) * throttle.PER_SOURCE


@pytest.mark.usefixtures("standing_clock")
def test_guesses_from_many_addresses_are_counted_together(app: Flask) -> None:
    factories.user(app, "staff", name="aino")
    through = sum(guessed(app, "aino", f"10.1.{number}.7") for number in range(40))
    assert through == throttle.FREE


@pytest.mark.parametrize("name", ["aino", "nobody-has-this-name", "left"])
@pytest.mark.usefixtures("standing_clock")
def test_unknown_and_closed_accounts_are_slowed_down_alike(app: Flask, name: str) -> None:
    factories.user(app, "staff", name="aino")
    closed = factories.user(app, "staff", name="left")
    with factories.register(app):
        factories.account_actions.disable(factories.account_actions.named(closed))
    said = [tries(elsewhere(app, "10.1.1.1"), name, WRONG).text for _ in range(throttle.FREE + 1)]
    assert ["is not right." in text for text in said] == [True] * throttle.FREE + [False]
    assert "Too many wrong tries. Wait for 1 min" in said[-1]


def test_each_wait_is_twice_the_one_before_up_to_a_quarter_of_an_hour() -> None:
    waits = [throttle.wait_after(wrong).total_seconds() for wrong in range(20)]
    assert waits[:9] == [0, 0, 0, 0, 0, 4, 8, 16, 32]
    assert max(waits) == waits[-1] == throttle.wait_after(10_000).total_seconds() == 900


def test_who_guesses_locks_nobody_out_of_their_own_browser(app: Flask) -> None:
    name = factories.user(app, "staff")
    own = elsewhere(app, "10.2.2.2")
    factories.sign_in(own, name)
    with guesser_at_work(app, name, "10.2.2.2"), guesser_at_work(app, name, "10.3.3.3"):
        assert tries(own, name, factories.PASSWORD).response.status_code == 303


def test_who_guesses_elsewhere_locks_nobody_out_of_the_address_they_work_at(app: Flask) -> None:
    name = factories.user(app, "staff")
    factories.sign_in(elsewhere(app, "10.2.2.2"), name)
    with guesser_at_work(app, name, "10.3.3.3"):
        new = elsewhere(app, "10.2.2.2")
        assert tries(new, name, factories.PASSWORD).response.status_code == 303


def test_a_whole_address_that_is_slowed_down_leaves_known_browsers_in(app: Flask) -> None:
    name = factories.user(app, "staff")
    own = elsewhere(app, "10.2.2.2")
    factories.sign_in(own, name)
    with factories.register(app):
        for number in range(throttle.PER_SOURCE):
            throttle.failed(f"guess-{number}", "10.2.2.2")
    assert tries(own, name, factories.PASSWORD).response.status_code == 303
    stranger = elsewhere(app, "10.2.2.2")
    assert tries(stranger, name, factories.PASSWORD).response.status_code == 422


def test_the_owner_who_comes_in_gives_the_guesser_no_new_tries(app: Flask) -> None:
    name = factories.user(app, "staff")
    with guesser_at_work(app, name, "10.3.3.3"):
        with clock.turned_to(clock.now() + throttle.LONGEST_WAIT):
            factories.sign_in(elsewhere(app, "10.2.2.2"), name)
        assert not guessed(app, name, "10.3.3.3")


@pytest.mark.usefixtures("standing_clock")
def test_a_known_browser_is_slowed_down_as_well(app: Flask) -> None:
    name = factories.user(app, "staff")
    stolen = elsewhere(app, "10.2.2.2")
    factories.sign_in(stolen, name)
    said = [tries(stolen, name, WRONG).text for _ in range(throttle.FREE + 1)]
    assert "Too many wrong tries." in said[-1]
    assert "Too many wrong tries." not in said[-2]


def test_a_right_password_forgets_the_wrong_tries_of_its_own_browser(app: Flask) -> None:
    name = factories.user(app, "staff")
    own = elsewhere(app, "10.2.2.2")
    factories.sign_in(own, name)
    for _ in range(2):
        for _ in range(throttle.FREE - 1):
            tries(own, name, WRONG)
        assert tries(own, name, factories.PASSWORD).response.status_code == 303


@sqlite_only
@pytest.mark.parametrize("value", ["", ".", "a.b", "a." + "0" * 32, "ä.ö", "x" * 3000, "..."])
def test_a_forged_cookie_makes_no_browser_known(app: Flask, value: str) -> None:
    name = factories.user(app, "staff")
    client = elsewhere(app, "10.3.3.3")
    client.set_cookie(known_browser.COOKIE, value, domain="localhost", secure=True)
    with guesser_at_work(app, name, "10.3.3.3"):
        assert tries(client, name, factories.PASSWORD).response.status_code == 422


@sqlite_only
def test_the_cookie_of_one_user_makes_the_browser_known_for_nobody_else(app: Flask) -> None:
    insider, victim = factories.user(app, "staff"), factories.user(app, "staff")
    client = elsewhere(app, "10.3.3.3")
    factories.sign_in(client, insider)
    with guesser_at_work(app, victim, "10.3.3.3"):
        assert tries(client, victim, factories.PASSWORD).response.status_code == 422


@sqlite_only
def test_two_colleagues_at_one_browser_are_both_known(app: Flask) -> None:
    names = [factories.user(app, "staff") for _ in range(2)]
    client = elsewhere(app, "10.2.2.2")
    for name in names:
        assert tries(client, name, factories.PASSWORD).response.status_code == 303
    cookie = client.get_cookie(known_browser.COOKIE, domain="localhost")
    assert cookie
    assert not any(name in cookie.value for name in names)
    with app.test_request_context(headers={"Cookie": f"{known_browser.COOKIE}={cookie.value}"}):
        assert [known_browser.of(name) is not None for name in [*names, "other"]] == [1, 1, 0]


@sqlite_only
def test_five_colleagues_at_one_browser_are_known_with_their_codes(app: Flask) -> None:
    names = [factories.user(app, "staff") for _ in range(5)]
    cookie = ""
    for name in (counted for user in names for counted in (user, f"{user} code")):
        with app.test_request_context(headers={"Cookie": f"{known_browser.COOKIE}={cookie}"}):
            known_browser.remember(name)
            given = app.process_response(app.response_class())
            cookie = given.headers["Set-Cookie"].partition("=")[2].partition(";")[0]
    with app.test_request_context(headers={"Cookie": f"{known_browser.COOKIE}={cookie}"}):
        assert all(known_browser.of(name) and known_browser.of(f"{name} code") for name in names)


def test_a_restart_and_another_server_know_the_wrong_tries(app: Flask, settings: Settings) -> None:
    name = factories.user(app, "staff")
    with guesser_at_work(app, name, "10.3.3.3"):
        other = create_app(replace(settings, controller_name="Other Oy"))
        assert not guessed(other, name, "10.3.3.3")
        with other.app_context():
            db.engine.dispose()


def test_a_hundred_at_the_same_moment_are_not_all_the_first(app: Flask) -> None:
    """Every one of them has passed the check before the first is known to be wrong."""
    name, through = factories.user(app, "staff"), []

    def guess(number: int) -> None:
        with factories.register(app, f"guess-{number}"):
            try:
                throttle.check(name, f"10.4.4.{number}")
                through.append(number)
            except Refused:
                pass

    threads = [threading.Thread(target=guess, args=[number]) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(through) == throttle.FREE


@sqlite_only
def test_an_ipv6_network_is_one_address(app: Flask) -> None:
    through = sum(guessed(app, f"n-{number}", f"2001:db8::{number:x}") for number in range(40))
    assert through == throttle.PER_SOURCE
    assert guessed(app, "another", "2001:db8:0:1::1")


@sqlite_only
def test_what_is_kept_tells_no_name_and_goes_again(app: Flask) -> None:
    name = factories.user(app, "staff")
    with clock.turned_to(clock.now() - throttle.REMEMBERED - timedelta(days=1)):
        factories.sign_in(elsewhere(app, "10.2.2.2"), name)
        guessed(app, name, "10.3.3.3")
    with app.app_context():
        rows = [*db.session.query(SignInAttempt), *db.session.query(SignInAddress)]
        assert rows
        assert not any(name in str(vars(row)) for row in rows)
    guessed(app, name, "10.3.3.3")
    factories.sign_in(elsewhere(app, "10.5.5.5"), name)
    with app.app_context():
        assert [row.source for row in db.session.query(SignInAddress)] == ["10.5.5.5"]
        assert db.session.query(SignInAttempt).count() == 1


def test_no_name_that_is_typed_fills_the_lane_of_somebody_s_codes(app: Flask) -> None:
    """Wrong codes are counted under a name of their own, which nobody types at the sign-in."""
    secret, _ = somebody(app, "staff")
    with clock.turned_to(clock.now()):
        for number in range(throttle.FREE + 1):
            assert WRONG not in tries(elsewhere(app, "10.3.3.3"), "aino code", WRONG).text, number
        answer = first_step(elsewhere(app, "10.4.4.4")).send(code=code(secret, 1))
    assert answer.status_code == 303


def test_no_name_that_is_typed_fills_the_lane_of_somebody_s_address(app: Flask) -> None:
    name = factories.user(app, "staff")
    factories.sign_in(elsewhere(app, "2001:db8::7"), name)
    with guesser_at_work(app, f"{name}:2001:db8:", "10.3.3.3"):
        new = elsewhere(app, "2001:db8::7")
        assert tries(new, name, factories.PASSWORD).response.status_code == 303

"""Passwords by NIST SP 800-63B: long and not among the first that are guessed, nothing else."""

import re
import subprocess
import sys
import unicodedata
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from tests import factories, pages
from tests.architecture.test_house_rules import ROOT
from wesentra import clock
from wesentra.accounts import actions, passwords, throttle
from wesentra.models import db
from wesentra.refusal import Refused

NAMES = ("aino.virtanen", "Aino Virtanen-Öhman")


@pytest.mark.parametrize(
    "password",
    [
        "Password123!",
        "P@ssw0rd2026!",
        "p.a.s.s.w.o.r.d",
        "dragon!!!2026",
        "Isabella1987!",
        "1qaz2wsx3edc",
        "monkey monkey",
        "123456789012",
        "abcdefghijkl",
        "qwertyuiopåasd",
        "qwertyuiopasdf",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "Salasana2026!",
        "S4l4s4n4-2026",
        "Lösenord2026!",
        "Wesentra2026!",
        "wesentra-wesentra",
        "AinoVirtanen1",
        "Öhman!Öhman!Öhman",
        "A1N0 V1RTANEN",
    ],
)
def test_what_is_guessed_first_is_refused(password: str) -> None:
    with pytest.raises(Refused, match="guessed early"):
        passwords.demand(password, *NAMES)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "kahvi ja pulla tiistaina",
        "onlysmallletterswithoutanysign",
        "9182736450918",
        "dragon938471620384",
        "virtanen on hyvä sukunimi",
        "aino8f3kq29zzm",
        "😀🐘🌲🚀🎈🍎🐢🌙⭐🎻🚲🧊",
    ],
)
def test_no_capital_digit_or_sign_is_asked_for(password: str) -> None:
    passwords.demand(password, *NAMES)


def test_what_the_program_makes_is_always_good_enough() -> None:
    for _ in range(200):
        passwords.demand(passwords.made(), *NAMES)


@given(st.text(max_size=250))
def test_any_text_is_taken_or_refused_and_breaks_nothing(text: str) -> None:
    try:
        passwords.demand(text, *NAMES)
    except Refused:
        return
    assert passwords.SHORTEST <= len(unicodedata.normalize("NFKC", text)) <= passwords.LONGEST


@pytest.mark.parametrize(("length", "good"), [(11, False), (12, True), (200, True), (201, False)])
def test_it_has_12_to_200_characters(length: int, good: bool) -> None:
    password = "".join(chr(0x4E00 + number) for number in range(length))
    if good:
        passwords.demand(password)
    else:
        with pytest.raises(Refused, match="characters"):
            passwords.demand(password)


def test_the_same_word_from_another_keyboard_opens() -> None:
    composed = "äiti söi mämmiä"
    stored = passwords.hashed(composed)
    assert passwords.matches(unicodedata.normalize("NFD", composed), stored)
    assert not passwords.matches("aiti soi mammia", stored)


def test_an_account_without_a_password_is_opened_by_none() -> None:
    assert not passwords.matches("", "")
    assert not passwords.matches("whatever it may be", "")
    assert not passwords.matches("whatever it may be", None)


def test_a_hash_of_other_parameters_is_made_anew_at_sign_in(app: Flask) -> None:
    name = factories.user(app, "staff")
    older = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    with factories.register(app):
        actions.named(name).password_hash = older.hash(factories.PASSWORD)
    factories.sign_in(factories.browser(app), name)
    with factories.register(app):
        stored = actions.named(name).password_hash
        assert passwords.hashed_anew(factories.PASSWORD, stored) is None
        db.session.rollback()
    factories.sign_in(factories.browser(app), name)


def test_a_wrong_password_makes_no_hash_anew(app: Flask) -> None:
    name = factories.user(app, "staff")
    older = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(factories.PASSWORD)
    with factories.register(app):
        actions.named(name).password_hash = older
    form = pages.visit(factories.browser(app), "/login").form("/login")
    assert form.send(username=name, password="not the password at all").status_code == 422
    with factories.register(app):
        assert actions.named(name).password_hash == older


def test_one_s_own_name_is_refused_on_the_page_and_the_sentence_says_what_to_do(app: Flask) -> None:
    client = factories.signed_in(app, "staff", name="aino.virtanen")
    form = pages.visit(client, "/account/").form("/account/password")
    answer = form.send(current_password=factories.PASSWORD, password="Aino.Virtanen.2026")
    assert answer.status_code == 422
    assert "Take a few words that have nothing to do with each other." in answer.text
    assert "Aino.Virtanen.2026" not in answer.text


def test_a_new_password_that_is_refused_is_no_wrong_guess_at_the_present_one(app: Flask) -> None:
    form = pages.visit(factories.signed_in(app, "staff"), "/account/").form("/account/password")
    for _ in range(throttle.FREE + 1):
        answer = form.send(current_password=factories.PASSWORD, password="too short")
        assert "at least 12 characters" in answer.text
    good = form.send(current_password=factories.PASSWORD, password="kahvi ja pulla tiistaina")
    assert (good.status_code, good.location) == (303, "/login")


def test_the_hash_of_nobody_takes_the_same_work_as_a_real_one() -> None:
    def work(stored: str) -> list[str]:
        return stored.split("$")[1:4]

    assert work(passwords._of_nobody()) == work(passwords.hashed("kahvi ja pulla tiistaina"))


def test_nothing_is_cut_off_a_password() -> None:
    longest = "".join(chr(0x4E00 + number) for number in range(passwords.LONGEST))
    stored = passwords.hashed(longest)
    assert passwords.matches(longest, stored)
    assert not passwords.matches(longest + "x", stored)
    assert not passwords.matches(longest * 50, stored)


def test_a_long_password_comes_in_from_a_keyboard_that_sends_accents_apart(app: Flask) -> None:
    apart = unicodedata.normalize("NFD", "äö" * (passwords.LONGEST // 2))
    assert len(apart) == 2 * passwords.LONGEST
    name = factories.user(app, "staff")
    with factories.register(app):
        actions.named(name).password_hash = passwords.hashed("åäöéü " + apart[:300])
    client = factories.browser(app)
    factories.sign_in(client, name, "åäöéü " + apart[:300])
    with clock.turned_to(clock.now() + timedelta(minutes=11)):  # and anew, before what is grave
        form = pages.visit(client, "/account/confirm/").form("/account/confirm/")
        assert form.send(password="åäöéü " + apart[:300]).status_code == 303


@pytest.mark.parametrize("length", [801, 1_900_000])
def test_a_million_accents_are_refused_before_they_are_put_into_their_order(length: int) -> None:
    """That takes the square of their number: minutes, in which nobody else is answered."""
    text = "e" + "\u0301\u0316" * (length // 2)
    with pytest.raises(Refused, match="at most 200"):
        passwords.demand(text)
    assert not passwords.matches(text, factories.password_hash())


@pytest.mark.parametrize("password", ["Esimerkki2026!", "esimerkki.esimerkki", "E51m3rkk1-2026"])
def test_the_company_s_name_is_no_password(app: Flask, password: str) -> None:
    client = factories.signed_in(app, "staff", name="aino.virtanen")
    form = pages.visit(client, "/account/").form("/account/password")
    answer = form.send(current_password=factories.PASSWORD, password=password)
    assert answer.status_code == 422
    assert "This password is guessed early" in answer.text


def test_they_are_hashed_as_rfc_9106_recommends() -> None:
    """argon2id of 64 MiB, three rounds, four lanes (RFC 9106, 4: the second choice). Tests hash
    with less, so another process is asked."""
    ask = "from wesentra.accounts import passwords; print(passwords.hashed('kahvi ja pulla 4711'))"
    said = subprocess.run(
        [sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert said.stdout.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    salt, digest = said.stdout.strip().split("$")[4:]
    assert (len(salt), len(digest)) == (22, 43)  # 16 and 32 bytes


@pytest.mark.parametrize(
    ("address", "kinds"),
    [
        ("/login", {"password": "current-password"}),
        ("/account/", {"current_password": "current-password", "password": "new-password"}),
        ("/account/confirm/", {"password": "current-password"}),
    ],
)
def test_fields_of_passwords_hide_them_and_let_managers_work(
    app: Flask, address: str, kinds: dict[str, str]
) -> None:
    client = factories.browser(app) if address == "/login" else factories.signed_in(app, "staff")
    fields = re.findall(r'<input[^>]*name="(?:current_)?password"[^>]*>', client.get(address).text)
    assert len(fields) == len(kinds)
    for field in fields:
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', field))
        assert given["type"] == "password"
        assert given["autocomplete"] == kinds[given["name"]]
        assert "value" not in given or not given["value"]
        assert "readonly" not in field
    scripts = "".join(path.read_text() for path in (ROOT / "static" / "js").glob("*.js"))
    assert "paste" not in scripts

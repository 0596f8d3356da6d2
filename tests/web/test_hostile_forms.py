"""Every form of every role is sent what attackers send: nothing breaks, nothing is stored wrong.

The normal run sends every form a part of the values; `HOSTILE=10000` sends so many, and every form
all of them.
"""

import os
import re
import shutil
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from tests import factories, pages
from tests.architecture.test_house_rules import ROOT
from tests.architecture.test_routes import address_of
from tests.audit.walker import LATER
from tests.browser.houses import KEPT_SECONDS, ROLES, furnish
from tests.databases import Database, postgresql_only
from tests.web import hostile
from tests.web.hostile import PLAIN, TAG, VALUES, Finder, Judge, Target
from wesentra import clock
from wesentra.accounts import actions, links
from wesentra.app import create_app
from wesentra.compliance.access_log.forms import FilterForm
from wesentra.models.base import db
from wesentra.settings import load

MANY = int(os.environ.get("HOSTILE") or 0)
EACH = len(VALUES) if MANY else 2
"""Values and controls that each form gets in the normal run; other forms get others."""
DRAWN = MANY or 40
FEW_GONE = 3
"""Forms whose page another form may have taken away before their turn."""
numbers = count(1)


class Attack:
    """A furnished register, somebody of each role in it, and every form that they find."""

    def __init__(self, app: Flask, file: str = "", roles: tuple[str, ...] = ROLES) -> None:
        app.config["PROPAGATE_EXCEPTIONS"] = False
        self.app, self.judge, self.roles = app, Judge(file), roles
        self.clients: dict[str, FlaskClient] = {}
        self.since: dict[str, float] = {}
        self.targets: list[Target] = []
        self.sent: set[tuple[str, ...]] = set()
        known: dict[tuple[str, ...], Target] = {}
        self.names = furnish(app)
        app.testing = True  # the work of an import is done before the answer is
        for role in roles:
            self._come_in(role)
            known = self._finder(role).go().targets | known  # type: ignore[attr-defined]
        visitor = self.clients["nobody"] = factories.browser(app)
        for address in ("/login", _link(app)):
            with visitor.get(address) as page:
                found = hostile.targets(app, visitor, "nobody", address, page)
                known |= {target.key: target for target in found}
        self.targets = sorted(known.values(), key=_order)

    def _finder(self, role: str) -> Finder:
        self._come_in(role)
        return Finder(self.app, self.clients[role], role, self.judge)

    def _come_in(self, role: str) -> None:
        """Grave pages ask for the password again after ten minutes, and many values take longer."""
        if time.monotonic() - self.since.get(role, -KEPT_SECONDS) >= KEPT_SECONDS:
            self.clients[role] = factories.browser(self.app)
            factories.sign_in(self.clients[role], self.names[role])
            self.since[role] = time.monotonic()

    def let_go(self) -> None:
        """Close every connection, which also writes the file whole."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    def keep(self) -> None:
        """Keep the register as it is now."""
        self.let_go()
        shutil.copy(self.judge.database, f"{self.judge.database}.kept")

    def restore(self) -> None:
        """The register as it was kept."""
        self.let_go()
        for end in ("-wal", "-shm"):
            Path(self.judge.database + end).unlink(missing_ok=True)
        shutil.copy(f"{self.judge.database}.kept", self.judge.database)
        self.since.clear()

    def look_round(self) -> None:
        """Every page once more, with what is stored by now."""
        for role in self.roles if MANY else ("staff", "privacy"):
            self._finder(role).go()

    def send(self, target: Target, typed: dict[str, str], tag: str, **headers: str) -> None:
        """Fill in the form as it is now and send it; what comes of it is judged."""
        if target.role in self.names:
            self._come_in(target.role)
        client = self.clients[target.role]
        form = hostile.fresh(client, target)
        if form is None:
            return
        self.sent.add(target.key)
        typed = {name: value for name, value in typed.items() if name in form.names}
        fields = {**plausible(target, form), **typed}
        name = f"{target.role} {target.key[0]} {typed!r:.120}"
        with self._answer(client, target, list(fields.items()), headers) as answer:
            self.judge.answer(name, target, client, answer, typed)
            led = answer.headers.get("Location") if answer.status_code == 303 else None
        if self.judge.database and tag:
            self.judge.stored(name, tag, fields)
        if led and target.key[0] != "accounts.sign_out":
            with client.get(led) as answer:
                self.judge.markup(f"{name}, led to {led}", answer)

    def _answer(
        self,
        client: FlaskClient,
        target: Target,
        fields: list[tuple[str, str]],
        headers: dict[str, str],
    ) -> TestResponse:
        sent = hostile.body(fields)
        if target.method == "get":
            path = target.action.partition("?")[0]
            return client.get(f"{path}?{sent.decode()}", headers=headers)
        return client.post(target.action, data=sent, content_type=PLAIN, headers=headers)


def _link(app: Flask) -> str:
    """The page on which somebody without a session chooses a password."""
    secret, name = links.token(), factories.user(app, "staff")
    with factories.register(app):
        links.store(actions.named(name), secret)
    return f"/password/{secret}"


def _order(target: Target) -> tuple[int, str]:
    """What ends something comes when everything else was sent."""
    rank = next((place for place, word in enumerate(LATER, 1) if word in target.action), 0)
    ends = target.action in ("/logout", "/account/password")
    return (99 if ends else rank, target.action)


def plausible(target: Target, form: pages.Form) -> dict[str, str]:
    """The form as it stands, with something sensible where it is empty."""
    today = clock.today().isoformat()
    kinds = {"date": today, "email": "a@example.fi", "textarea": "Hello.", "text": "Hello"}
    filled = {**form.fields}
    for name, kind in target.kinds:
        if "corrected" in form.choices.get(name, ()):
            filled[name] = "corrected"  # else what is typed to correct it is not taken
        elif not filled.get(name) and name in form.choices:
            filled[name] = next((value for value in form.choices[name] if value), "")
        elif not filled.get(name) and kind in kinds and name not in ("phone", "switchboard"):
            filled[name] = kinds[kind]
    return filled


def tagged(value: str) -> tuple[str, str]:
    """A value with a tag of its own where it has a place for one."""
    tag = f"{TAG}{next(numbers):06}z" if "TAG" in value and "7*7" not in value else ""
    return value.replace("TAG", tag or TAG), tag


def fillings(target: Target, values: list[str]) -> Iterator[tuple[dict[str, str], str]]:
    """Each value in every control that is typed into; and each control in turn with one of them."""
    for value in values:
        text, tag = tagged(value)
        yield dict.fromkeys(target.typed(), text), tag
    names = [*target.typed(), *target.chosen()]
    for value, some in zip(values, names if not MANY else [names] * len(values), strict=False):
        for name in [some] if isinstance(some, str) else some:
            text, tag = tagged(value)
            yield {name: text}, tag


@pytest.fixture(scope="module")
def furnished(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attack]:
    """One register for all tests of this file: to find every form takes a while."""
    folder = tmp_path_factory.mktemp("attacked")
    shutil.copy(sqlite_template, folder / "wesentra.db")
    url = f"sqlite:///{folder / 'wesentra.db'}"
    made = create_app(load(folder / "instance", Database("sqlite", url, url).environ()))
    attack = Attack(made, str(folder / "wesentra.db"))
    attack.keep()
    yield attack
    attack.let_go()


@pytest.fixture
def attack(furnished: Attack) -> Attack:
    """It as it was when every form had been found."""
    furnished.restore()
    furnished.judge.faults, furnished.sent = [], set()
    return furnished


def test_nothing_hostile_breaks_a_form_or_is_stored_otherwise(
    attack: Attack, caplog: pytest.LogCaptureFixture
) -> None:
    looked = False
    for place, target in enumerate(attack.targets):
        if _order(target)[0] and not looked:
            attack.look_round()
            looked = True
        if hostile.fresh(attack.clients[target.role], target) is None:
            attack.restore()  # what was sent before has taken its page away
        first = place * EACH % len(VALUES)
        values = [*VALUES[first:], *VALUES[:first]][:EACH]
        for typed, tag in fillings(target, values):
            attack.send(target, typed, tag)
    assert not attack.judge.faults, "\n".join(attack.judge.faults)
    assert len(attack.targets) > 40
    assert len(attack.sent) >= len(attack.targets) - FEW_GONE
    assert TAG not in caplog.text


def test_whatever_is_drawn_does_no_more(attack: Attack) -> None:
    harmless = [one for one in attack.targets if not _order(one)[0]]

    @settings(
        max_examples=DRAWN,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def attacked(data: st.DataObject) -> None:
        target = data.draw(st.sampled_from(harmless))
        names = [*target.typed(), *target.chosen()]
        if not names:
            return
        some = data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
        typed = {name: data.draw(hostile.hostile_text).replace("TAG", TAG) for name in some}
        attack.send(target, typed, "")
        assert not attack.judge.faults, "\n".join(attack.judge.faults)

    attacked()
    if MANY:
        attack.look_round()
    assert not attack.judge.faults, "\n".join(attack.judge.faults)


@postgresql_only
def test_what_postgresql_cannot_hold_is_refused_as_well(app: Flask, database: Database) -> None:
    """It knows no NUL, no half surrogate and no number beyond its columns."""
    attack = Attack(app, roles=ROLES if MANY else ("staff",))
    strange = [value for value in VALUES if not value.isascii() or "\0" in value or value.isdigit()]
    for place, target in enumerate(attack.targets):
        if _order(target)[0]:
            continue
        values = [*strange[place % len(strange) :], *strange][: len(strange) if MANY else EACH]
        for typed, tag in fillings(target, values):
            attack.send(target, typed, tag)
    assert not attack.judge.faults, "\n".join(attack.judge.faults)


BOUNDARY = "multipart/form-data; boundary=wes"
BODIES: dict[str, tuple[bytes, str]] = {
    "no text of UTF-8": (b"csrf_token=%s&q=\xff\xfe\xc3\x28&name=%%ff%%fe", PLAIN),
    "UTF-16": ("csrf_token=%s&name=ä".encode("utf-16"), f"{PLAIN}; charset=utf-16"),
    "another encoding": (b"csrf_token=%s&name=\xe4", f"{PLAIN}; charset=no-such-thing"),
    "JSON": (b'{"csrf_token": "%s"}', "application/json"),
    "no form": (b"%s\x00\x01\x02", "application/octet-stream"),
    "parts without an end": (
        b"--wes\r\nContent-Disposition: form-data; name=a\r\n\r\n%s",
        BOUNDARY,
    ),
    "parts without a name": (b"--wes\r\n\r\n%s\r\n--wes--\r\n", BOUNDARY),
    "parts without a boundary": (b"--wes\r\n\r\n%s", "multipart/form-data"),
    "a thousand fields": (b"csrf_token=%s" + b"&a=1" * 5000, PLAIN),
    "a name of its own": (b"csrf_token=%s&__class__=1&a[b][c]=2&a.b=3&=4&%%00=5", PLAIN),
    "ten megabytes": (b"csrf_token=%s&name=" + b"a" * 10_000_000, PLAIN),
    "nothing": (b"", PLAIN),
}


def test_what_is_no_form_is_refused_and_breaks_nothing(attack: Attack) -> None:
    """Wrong encodings, wrong kinds, broken parts, missing and doubled fields, ten megabytes."""
    harmless = [one for one in attack.targets if not _order(one)[0] and one.method == "post"]
    for place, target in enumerate(harmless):
        client = attack.clients[target.role]
        form = hostile.fresh(client, target)
        if form is None:
            continue
        token = form.fields["csrf_token"].encode()
        named = list(BODIES.items())
        for name, (sent, kind) in named if MANY else [named[place % len(named)], named[-1]]:
            data = sent.replace(b"%s", token).replace(b"%%", b"%")
            with client.post(target.action, data=data, content_type=kind) as answer:
                if answer.status_code not in (200, 303, 400, 404, 409, 413, 415, 422):
                    attack.judge.faults.append(f"{target.key[0]} {name}: {answer.status_code}")
                attack.judge.markup(f"{target.key[0]} {name}", answer)
        fields = list(plausible(target, form).items())
        for changed in (
            fields * 2,
            [*fields, *((n, "<wesx>") for n, _ in fields)],
            *_lacking(fields),
        ):
            body = hostile.body(changed)
            with client.post(target.action, data=body, content_type=PLAIN) as answer:
                if answer.status_code not in (200, 303, 400, 404, 409, 410, 422):
                    attack.judge.faults.append(f"{target.key[0]} {changed}: {answer.status_code}")
                attack.judge.markup(f"{target.key[0]} {changed}", answer)
    assert not attack.judge.faults, "\n".join(attack.judge.faults)


def _lacking(fields: list[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    """The form without each of its fields, but for the token of its page."""
    for gone, _ in fields:
        if gone != "csrf_token":
            yield [(name, value) for name, value in fields if name != gone]


def test_no_question_in_an_address_breaks_a_page(attack: Attack) -> None:
    """Every page is asked what any page knows, one thing at a time, by whoever may open it."""
    asked = re.compile(r'request\.(?:args|values)\.get\(\s*"(\w+)"')
    sources = "".join(path.read_text() for path in (ROOT / "wesentra").rglob("*.py"))
    names = sorted({*asked.findall(sources), *FilterForm.__annotations__, "from", "to", "user"})
    values = [value.replace("TAG", TAG) for value in VALUES]
    turn = count()
    for path in pages_of(attack.app):
        may = [c for role, c in attack.clients.items() if c.get(path).status_code not in (303, 403)]
        for name in names if may and MANY else [names[next(turn) % len(names)] for _ in may]:
            for value in values if MANY else values[next(turn) % len(values) :][:1]:
                query = hostile.body([(name, value)]).decode()
                with may[0].get(f"{path}?{query}") as answer:
                    fault = f"{path} {name}={value[:40]!r}"
                    if answer.status_code not in (200, 303, 400, 404, 409, 410, 422):
                        attack.judge.faults.append(f"{fault}: {answer.status_code}")
                    attack.judge.markup(fault, answer)
    assert len(names) > 15
    assert not attack.judge.faults, "\n".join(attack.judge.faults)


def pages_of(app: Flask) -> list[str]:
    """The address of every page, with records that are there."""
    rules = (rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()))
    return sorted({address_of(app, rule) for rule in rules if rule.endpoint != "static"})

"""The marker test: who stands in an answer stands in the entries of that answer, both ways.

Every answer of a walk through all addresses is compared with the entries under its own
X-Request-ID, never with the log as a whole.
"""

import io
import re
import zipfile
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests import factories, pages
from tests.accounts import authenticating
from tests.audit import header, marked
from tests.audit.walker import CONTACT, TRADER, Walk
from tests.databases import Database
from wesentra import clock
from wesentra.audit.entry import CHANGES, SHOWS
from wesentra.models import (
    Authenticator,
    Passkey,
    Purpose,
    RoleRequest,
    SignOnLink,
    UserSession,
    db,
)
from wesentra.settings import Settings, load
from wesentra.web.guard import OPEN
from wesentra.web.permissions import PERMISSIONS, role_for

pytestmark = pytest.mark.long
ROLES = ("staff", "privacy", "admin", "auditor")
OPEN_ENDPOINTS = {name for name, _ in OPEN}
CODED = re.compile(
    r"/(contact|companie)s/(\d+)/(?:edit|field)/"
    r"(?:group|language|country|postal_code|owner|company)\b"
)
"""Fragments of one field whose values are codes that can carry no number: the address says it."""
NUMBERED = re.compile(r'href="(?:/log/\?contact=|/log/people/|/contacts/|/restrictions/)(\d+)"')
"""How pages of evidence name people: by their number, beside what came of asking."""
FIELD = re.compile(r"/(contact|companie)s/(\d+)/field/")
AWAY, HELD_BACK = "not shown under this purpose", "does not show this field"
"""What stands in the place of a field that a purpose hides, and who would edit it is told."""
ECHOING = ("GET /search/", "GET /call", "POST /contacts/new")
ECHOED = {CONTACT, TRADER}
"""Who is typed into searches."""
LEADS_TO = re.compile(r"/contacts/(\d+)")
"""Where a call leads tells whose the number is."""
NOBODY = "http://127.0.0.1:9"
"""The issuer of single sign-on: nobody listens there."""
SEEING = ("/restrictions/", "/erasures/waiting", "/erasures/contacts/")
TELLING = re.compile(r"GET /disclosures/(\d+/told|\?\S*)?( htmx)?")
"""What recipients are told is the same work, for whoever they are to be told of."""
BY_NUMBER = ("/dashboard/checks", "/restrictions/")
HELD_NUMBER = re.compile(r"(Contact|Company) number (\d+)")
"""How the page of retention names those who are held."""


def bytes_of(answer: TestResponse) -> str:
    """Everything that leaves: headers and body, archives opened."""
    body = answer.data
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"\n".join(archive.read(name) for name in archive.namelist())
    # The address that was asked for is not told by the answer, but where it leads to is.
    return f"{answer.headers}\n{body.decode('utf-8', 'replace')}"


def _led_to(answer: TestResponse) -> str:
    """The address that an answer sends the browser to, or nothing."""
    return answer.headers.get("Location") or answer.headers.get("HX-Redirect") or ""


class Judge:
    """Compares each answer with its own entries and keeps the differences."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.differences: list[str] = []
        self.people: set[int] = set()
        self.unseen: set[int] = set()
        """Whom no page may show as long as nothing was sent."""
        self.hidden: re.Pattern[str] | None = None
        """Values that no page may show as long as nothing was sent."""
        with app.app_context():
            self.purposes = {row.name_en: row.key for row in db.session.scalars(select(Purpose))}

    def __call__(self, name: str, answer: TestResponse) -> None:
        found = marked.found_in(bytes_of(answer))
        contacts, companies = set(found.contacts), set(found.companies)
        self._forget_echo(name, answer, contacts)
        if not contacts & set(marked.TRADERS.values()) and name.startswith(ECHOING):
            companies -= marked.TRADERS.keys()
        self.people |= contacts
        self._look_for_hidden(name, answer, contacts)
        if name.startswith("GET /call") and (led := LEADS_TO.fullmatch(_led_to(answer))):
            contacts.add(int(led[1]))
        if answer.status_code in (200, 422):
            self._add_codes(name, answer, contacts, companies)
        entries = factories.entries_of(self.app, answer)
        wrong = header.wrong(answer, entries, self.purposes)
        self.differences += [f"{name}: the header {each}" for each in wrong]
        if answer.status_code >= 500:
            self.differences.append(f"{name}: {answer.status_code}")
        for kind, seen in (("contact", contacts), ("company", companies)):
            shown = factories.subjects(entries, kind, *SHOWS)
            changed = factories.subjects(entries, kind, *CHANGES)
            if unlogged := seen - shown - changed:
                self.differences.append(f"{name}: shows {kind} {sorted(unlogged)[:5]} unlogged")
            if unseen := shown - seen:
                self.differences.append(f"{name}: logs {kind} {sorted(unseen)[:5]} not shown")

    def _forget_echo(self, name: str, answer: TestResponse, found: set[int]) -> None:
        """What was typed is told back to who typed it; it leads to nobody."""
        if name.startswith(ECHOING):
            unseen = {n for n in found & self.unseen if f'/contacts/{n}"' not in answer.text}
            found -= unseen & ECHOED

    def _look_for_hidden(self, name: str, answer: TestResponse, contacts: set[int]) -> None:
        """Nobody and nothing outside of the purpose; the work of restrictions sees its own, and
        who waits is looked at before they are brought back, or erased at their own request."""
        if not name.startswith("GET") or name.split()[1].startswith(SEEING):
            return
        if TELLING.fullmatch(name):
            return
        if there := contacts & self.unseen:
            self.differences.append(f"{name}: shows {sorted(there)[:5]}, who are not to be seen")
        if self.hidden is not None and (value := self.hidden.search(bytes_of(answer))):
            self.differences.append(f"{name}: shows {value[0]}")

    @staticmethod
    def _add_codes(
        name: str, answer: TestResponse, contacts: set[int], companies: set[int]
    ) -> None:
        """Whom an answer is about by what it says in codes, or in that it shows nothing."""
        if HELD_BACK in answer.text:
            return
        if (away := FIELD.search(name)) is not None and AWAY in answer.text:
            companies |= {int(away[2])} if away[1] == "companie" else set()
            return
        if (coded := CODED.search(name)) is not None:
            number = int(coded[2])
            (contacts if coded[1] == "contact" else companies).add(number)
            if coded[1] == "companie" and number in marked.TRADERS:
                contacts.add(marked.TRADERS[number])
        if name.split()[1].startswith(BY_NUMBER):
            contacts |= {int(number) for number in NUMBERED.findall(unescape(answer.text))}
        if re.fullmatch(r"\S+ /retention/(\s.*)?", name):
            for kind, number in HELD_NUMBER.findall(answer.text):
                (contacts if kind == "Contact" else companies).add(int(number))


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    """Settings by which every page is there: also those of single sign-on, with nobody to ask."""
    sso = {"WESENTRA_SSO_ISSUER": NOBODY, "WESENTRA_SSO_CLIENT_ID": "wesentra"}
    return load(tmp_path / "instance", database.environ() | sso)


@pytest.fixture
def walk(app: Flask) -> tuple[Walk, Judge, str]:
    """A walk in the marked register; its user owns every contact."""
    app.config["PROPAGATE_EXCEPTIONS"] = False  # what breaks is to be an answer, as in life
    name = factories.user(app)
    own = factories.user_id(app, name)
    marked.fill(app, own)
    with factories.register(app, "walked") as acting:  # something in their own log
        acting.user_id = own
        acting.event("sign_in", "user", [own])
    victim = factories.user_id(app, factories.user(app, "staff"))
    with factories.register(app):  # known by an identity elsewhere, to be forgotten
        now = clock.now()
        link = SignOnLink(user_id=victim, issuer=NOBODY, subject="x", made_at=now, used_at=now)
        db.session.add(link)
    with factories.register(app):  # a role that waits for a second person, to be decided on
        asked = {"user_id": victim, "role": "auditor", "reason": "reviews"}
        db.session.add(RoleRequest(**asked, asked_at=clock.now()))
    judge = Judge(app)
    return Walk(app, factories.browser(app), judge, victim), judge, name


def permission(app: Flask, rule: Rule) -> str | None:
    need = getattr(app.view_functions[rule.endpoint], "need", None)
    return need.permission if need else None


def in_every_state(walking: Walk) -> None:
    """The page of the second factor before, while and after one is set up: it has other forms.

    Beside it a passkey, which can be taken away, and the ways to the sign-in service.
    """
    own = authenticating.PAGE
    walking.open("second_factor.index", own)
    pages.visit(walking.client, own).form(own + "begin").send()
    walking.open("second_factor.index", own)
    authenticating.set_up(walking.client)
    walking.open("second_factor.index", own)
    confirm = pages.visit(walking.client, "/account/confirm/").form("/account/confirm/")
    for action in ("/account/confirm/sso/", "/account/confirm/sso/back"):
        walking.forms[(action,)] = replace(confirm, action=action)
    with factories.register(walking.app):
        app = db.session.scalars(select(Authenticator)).one()
        given = {"name": "laptop", "credential_id": "AA", "public_key": b"x", "sign_count": 0}
        db.session.add(Passkey(user_id=app.user_id, made_at=clock.now(), **given))
        db.session.add(_elsewhere(app.user_id))


def _elsewhere(user_id: int) -> UserSession:
    """A session in another browser, to be ended: setting up a second factor ended any before."""
    now, token = clock.now(), {"token_hash": "x" * 64}
    given = {"purpose": "customer_service", "created_at": now, "seen_at": now}
    return UserSession(user_id=user_id, **token, **given)


@pytest.mark.parametrize("role", ROLES)
def test_what_somebody_is_shown_is_what_the_log_says(
    app: Flask, walk: tuple[Walk, Judge, str], role: str
) -> None:
    walking, judge, name = walk
    with factories.register(app):
        factories.account_actions.grant(factories.account_actions.named(name), role)
    factories.sign_in(walking.client, name)

    def permitted(rule: Rule) -> bool:
        asked = permission(app, rule)
        return asked is None or role_for(asked, [role]) is not None

    judge.unseen = {marked.RESTRICTED, marked.WAITING}
    in_every_state(walking)
    walking.everywhere(permitted)
    assert not judge.differences, "\n".join(judge.differences)
    assert bool(judge.people) == (role in PERMISSIONS["contacts.read"])
    assert not walking.unfilled
    assert not_reached(app, walking, permitted) == []


UNDER = {
    "marketing": (
        {marked.OBJECTING, *marked.SUPPLIERS},
        "muistio|puhelu|tehtava|vanha|1\\d{6}-0|lasku",
    ),
    "billing": (set(range(1, marked.CONTACTS + 1)) - {*marked.SUPPLIERS}, "muistio|puhelu"),
    "sales": ({*marked.SUPPLIERS}, "1\\d{6}-0|lasku|operaattori"),
}
"""Whom and which values a purpose hides, in the marked register."""


@pytest.mark.parametrize("key", UNDER)
def test_under_a_purpose_nobody_and_nothing_else_is_shown(
    app: Flask, walk: tuple[Walk, Judge, str], key: str
) -> None:
    walking, judge, name = walk
    with factories.register(app):
        factories.account_actions.grant(factories.account_actions.named(name), "staff")
    factories.sign_in(walking.client, name)
    chosen = pages.visit(walking.client, "/").form("/account/purpose").send(purpose=key)
    assert chosen.status_code == 303
    unseen, values = UNDER[key]
    judge.unseen = unseen | {marked.RESTRICTED, marked.WAITING}
    judge.hidden = re.compile(rf"\b(?:{values})\d*", re.IGNORECASE)

    def permitted(rule: Rule) -> bool:
        asked = permission(app, rule)
        return asked is None or role_for(asked, ["staff"]) is not None

    walking.everywhere(permitted)
    assert not judge.differences, "\n".join(judge.differences)
    assert judge.people


def not_reached(app: Flask, walking: Walk, permitted: object) -> list[str]:
    """Endpoints that this role may use and that never really answered in the walk."""
    answered = (200, 204, 303, 409, 422)
    return sorted(
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in OPEN_ENDPOINTS
        and permitted(rule)  # type: ignore[operator]
        and not walking.statuses.get(rule.endpoint, set()) & set(answered)
    )


@pytest.mark.parametrize("signed_in", [False, True], ids=["nobody", "somebody without a role"])
def test_who_may_nothing_is_shown_nobody(
    app: Flask, walk: tuple[Walk, Judge, str], signed_in: bool
) -> None:
    walking, judge, name = walk
    if signed_in:
        factories.sign_in(walking.client, name)
    walking.everywhere(lambda _: False)
    assert not judge.differences, "\n".join(judge.differences)
    assert judge.people == set()

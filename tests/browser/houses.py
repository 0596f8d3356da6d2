"""Registers to look at in a browser: a furnished one, with everything that is hard to lay out."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO
from time import monotonic
from typing import Any

from flask import Flask
from playwright.sync_api import BrowserContext, Page, StorageState
from sqlalchemy import select, update

from tests import factories, pages
from tests.browser.walk import Walk
from wesentra import clock
from wesentra.audit import holds
from wesentra.limits import ReviewLimits
from wesentra.models import (
    Authenticator,
    Company,
    Contact,
    Departure,
    DisclosureYear,
    FieldRemoval,
    FieldSeen,
    FieldUseState,
    Passkey,
    RetentionRun,
    RoleGrant,
    RoleRequest,
    Tombstone,
    User,
    db,
)
from wesentra.models.codes import Group
from wesentra.models.personal import Category

KEPT_SECONDS = 300
"""Grave pages ask again after ten minutes; by then a test has long begun with a new session."""
ROLES = ("staff", "privacy", "admin", "auditor")
LONG = "Kokkola-Gamlakarleby-Seinäjoki-Pietarsaari-Uusikaarlepyy"
FILE = (
    "Etunimi;Sukunimi;Sähköposti;Puhelin\n"
    "Kerttu;Tuontinen;kerttu@tuonti.example.fi;0401112233\n"
    "Kaarlo;Tuontinen;kaarlo@tuonti.example.fi;0401112244\n"
    "Virheellinen;Rivi;tämä ei ole osoite;12\n"
)
"""Two people and a row that is rejected."""
SENTENCE = "Soittaa aina iltapäivällä ja toivoo, että asiat käydään läpi yhdellä kertaa. "


@dataclass(frozen=True)
class House:
    """An application that is served: its address, and a user's name for each role."""

    app: Flask
    url: str
    names: dict[str, str]
    """Role to the name of somebody who holds it and no other."""
    sessions: dict[str, tuple[float, StorageState]] = field(default_factory=dict)
    """Role to when its user came in, in seconds of `monotonic`, and their cookies."""
    walks: dict[str, Walk] = field(default_factory=dict)
    """Role to where its links lead, for houses that are only looked at."""


def furnish(app: Flask) -> dict[str, str]:
    """Fill an empty register; returns the name of a user for each role.

    Contact 1 has everything, at its longest; contact 2 has nothing but a name; then follow as many
    as make a second page.
    """
    names = users(app)
    other = factories.user_id(app, factories.user(app, "staff", name="house.telephone"))
    me, staff, admin = (
        factories.user_id(app, names[role]) for role in ("privacy", "staff", "admin")
    )
    with factories.register(app):
        _devices(me, other)
        _full(me)
        _held()
        factories.contact("Bo", "Å")
        trader = factories.company("Toiminimi Matti")
        person = factories.contact("Matti", "Trader", company_id=trader.id, phone="+358501112222")
        trader.person_id = person.id
        short = factories.company("K Oy")
        for number in range(60):
            one = factories.contact(
                "Aino", f"Virtanen {number:02}", owner_id=me, company_id=short.id
            )
            if number < 3:
                factories.task(one, owner_id=me, text=SENTENCE, due_on=_in_days(number - 1))
            factories.interaction(one, user_id=me)
            factories.check(one, outcome=("confirmed", "removed")[number % 2], user_id=me)
        for number in range(60):
            factories.company(f"Yritys {number:02} Oy", switchboard="+358912345")
        _review(me, staff)
        _asked_for(staff, admin)
        _leaving(me, trader, person)
        factories.objection(person)
        shut = factories.contact("Sirpa", "Suljettu", group="stakeholder")
        factories.restriction(shut, ground="b", placed_by=me)
        factories.opening(shut, SENTENCE * 2, user_id=me)
        _disclosed(me, shut, person)
        _gone(me, staff)
        _unused(me)
    _imports(app, names["privacy"])
    return names


def _disclosed(me: int, shut: Contact, leaving: Contact) -> None:
    """Contact 1 with recipients in every state, and many that are to be told of a restriction."""
    first = db.session.get_one(Contact, 1)
    long = f"{LONG} maistraatti- ja perintätoimisto"
    everything = {"categories": sorted(Category), "basis": "obligation"}
    told = {**factories.told("correction"), "told_by": me}
    factories.disclosure(first, long[:120], **everything)
    factories.disclosure(first, "Verohallinto", **told)
    factories.disclosure(first, long[:90], **{**told, "not_told": "effort", "told_of": "erasure"})
    factories.disclosure(leaving, long[:120])
    today = clock.today()
    for number in range(110):
        factories.disclosure(shut, f"Vastaanottaja {number} Oy", disclosed_on=today)
    for outcome, many in (("told", 12), ("effort", 1), ("", 3)):
        row = {"year": today.year, "basis": "contract", "categories": "identity"}
        db.session.add(DisclosureYear(**row, outcome=outcome, number=many))


def _gone(me: int, staff: int) -> None:
    """Some who were deleted and wait, one of them named by others, and many who were erased."""
    with_name = factories.contact("Kaarina", LONG[:70])
    factories.disclosure(with_name, f"{LONG} Oy")
    factories.contact("Kirsi", "Kertoja", note=f"Kysy: Kaarina {LONG[:70]}")
    others = [factories.contact("Lähtijä", f"Vanha {number}") for number in range(3)]
    now = clock.now()
    times = {"since": now, "until": now + timedelta(days=7)}
    for one, by in zip((with_name, *others), (me, staff, None, staff), strict=True):
        db.session.add(Departure(kind="contact", number=one.id, sent_by=by, **times))
    firm = factories.company(f"Lopettanut {LONG} Oy")
    db.session.add(Departure(kind="company", number=firm.id, sent_by=staff, **times))
    for number in range(60):
        gone = {"kind": ("contact", "company")[number % 5 == 4], "number": 90000 + number}
        gone |= {"reason": ("request", "retention", "hand")[number % 3], "rows": 1 + number * 37}
        gone |= {"tables": 1 + number % 12, "rule": "former-customer 3" if number % 3 == 1 else ""}
        gone |= {"erased_by": (me, None)[number % 2], "erasure": f"{number:032}"}
        db.session.add(Tombstone(**gone, erased_at=now, cleared_at=None if number == 3 else now))


def _unused(me: int) -> None:
    """Fields that nobody uses, in every group, one that is being removed and some that were."""
    now, today = clock.now(), clock.today()
    db.session.add(FieldUseState(id=1, counted=0, counted_at=now, known_since=date(2015, 1, 1)))
    db.session.add(FieldSeen(field="contact.phone", last_on=today))
    old = {"created_at": now - timedelta(days=1500), "title": "Johtaja", "note": SENTENCE}
    for number, group in enumerate((*Group, *Group)):
        mail = {"email": f"unohtunut.{number}@example.fi", "phone": f"+35840999900{number}"}
        one = factories.contact("Unohtunut", f"Vanha {number}", group=group.value, **old, **mail)
        if number == 0:
            factories.restriction(one)
    told = {"unused_until": today, "asked_at": now, "asked_by": me}
    done = {**told, "done_at": now}
    db.session.add(FieldRemoval(group="former-customer", field="note", removed=1234, **done))
    db.session.add(FieldRemoval(group="supplier", field="title", removed=50, **told))


def _leaving(me: int, company: Company, person: Contact) -> None:
    """Somebody whose owner is asked, holds with long reasons, and runs of every state."""
    today, now = clock.today(), clock.now()
    person.owner_id, person.left_on = me, today - timedelta(days=20)
    company.owner_id, company.contract_ended_on = me, today
    factories.hold(factories.contact("Kaisa", "Pidetty"), "claim", SENTENCE * 2, owner_id=me)
    counts = {"everybody": 1000, "due": 60, "undated": 0, "kept": 4}
    counts |= {"held": {"claim": 3, "restriction": 1}}
    for days, state in ((0, "stopped"), (2, "done"), (3, "running")):
        run = RetentionRun(day=today - timedelta(days=days), state=state, begun_at=now, rules=[])
        run.counts = counts
        db.session.add(run)


def _asked_for(staff: int, admin: int) -> None:
    """Roles that wait for a second person, and one that ended for a long reason."""
    now, why = clock.now(), SENTENCE * 2
    for role, asked_by in (("privacy", None), ("admin", admin)):
        asked = RoleRequest(user_id=staff, role=role, reason=why, asked_at=now)
        asked.asked_by = asked_by
        db.session.add(asked)
    ended = {"valid_from": now - timedelta(days=90), "valid_to": now, "reason": why}
    told = {"granted_by": admin, "confirmed_by": admin, "ended_by": admin, "end_reason": why}
    db.session.add(RoleGrant(user_id=staff, role="auditor", **ended, **told))


def _devices(me: int, other: int) -> None:
    """Somebody with a second factor, who is not one of those that sign in, and a passkey."""
    now = clock.now()
    app = Authenticator(user_id=other, sealed="", last_step=0, begun_at=now, confirmed_at=now)
    key = {"name": LONG, "credential_id": "AA", "public_key": b"x", "sign_count": 0}
    db.session.add_all([app, Passkey(user_id=me, made_at=now, used_at=now, **key)])


def _review(me: int, staff: int) -> None:
    """An open review with more items than a page holds, one that is closed, and breaches."""
    limits = json.dumps(vars(ReviewLimits()))
    review = factories.review(measured_from=clock.now(), limits=limits)
    facts = '{"days": 14, "begin": 6, "end": 20}'
    for number in range(1, 61):
        actor = {"actor_id": me if number < 4 else staff}
        factories.review_item(review, "R1", contact_number=number, facts=facts, **actor)
    asked = {"verdict": "asked", "asked_at": clock.now(), "question": SENTENCE}
    factories.review_item(review, "R4", actor_id=me, count=12, facts=facts, **asked)
    done = {"verdict": "unjustified", "reason": SENTENCE * 3, "judged_at": clock.now()}
    answered = {"answer": SENTENCE * 2, "answered_at": clock.now(), **asked, **done}
    item = factories.review_item(review, "R2", actor_id=staff, contact_number=2, **answered)
    last = factories.review(date(2026, 2, 1), left_open=3, reason=SENTENCE)
    last.closed_at, last.closed_by = clock.now(), me
    draft = factories.breach(item_id=item.id, status="draft", detected_by="log_review")
    holds.place_for(draft.id, clock.today() - timedelta(days=70))
    texts = dict.fromkeys(("facts", "effects", "measures", "not_told_reason"), SENTENCE * 4)
    told = {"notified_at": clock.now(), "closed_at": clock.now(), "nature": "confidentiality"}
    factories.breach(**{**texts, **told, "status": "closed", "people": 12})


def users(app: Flask) -> dict[str, str]:
    """Nobody but the users, one for each role, with the shortest of names."""
    names = {role: factories.user(app, role, name=f"house.{role}") for role in ROLES}
    with factories.register(app):
        db.session.execute(update(User).values(full_name="Bo Ek"))
    return names


def _imports(app: Flask, name: str) -> None:
    """Three imports: one waits for its columns, one was checked, one is done."""
    app.testing = True  # then the work is done before the answer is
    client = factories.browser(app)
    factories.sign_in(client, name)
    for steps in range(3):
        upload = pages.visit(client, "/imports/").form("/imports/")
        data = {**upload.fields, "file": (BytesIO(FILE.encode()), "list.csv")}
        with client.post("/imports/", data=data, content_type="multipart/form-data") as answer:
            url = answer.location
        if steps:
            form = pages.visit(client, url).form(f"{url}/columns")
            form.send(group="prospect", source="messut").close()
        if steps > 1:
            pages.visit(client, url).form(f"{url}/apply").send().close()
    app.testing = False


def _in_days(days: int) -> date:
    return clock.today() + timedelta(days=days)


def _held() -> None:
    """Holds on the log: one that is open, one with an end, one that was lifted."""
    today = clock.today()
    holds.place("breach", "TTL-2026-0000000000000000000000000000001", today - timedelta(days=40))
    holds.place("request", "2026/7", today - timedelta(days=9), today)
    holds.lift(holds.place("other", "A-1", today, today), "Asia on saatu päätökseen.")


def _full(me: int) -> None:
    company = factories.company(
        f"{LONG} Rakennustarvikkeiden maahantuonti ja tukkukauppa Oy",
        business_id="0112038-9",
        street="Teollisuuskatu 100 b 22",
        postal_code="00510",
        post_office="Helsinki",
        billing_address=f"{LONG}, PL 100, 00051 Laskutus",
        switchboard="+358912345",
        note=SENTENCE * 4,
        owner_id=me,
    )
    contact = factories.contact(
        "Maria-Magdalena",
        LONG,
        company_id=company.id,
        owner_id=me,
        title="Hankintapäällikkö, rakennustarvikkeet",
        phone="+358401234567",
        email="maria-magdalena.kokkola-gamlakarleby-seinajoki@hankinta.example.fi",
        source="vanha asiakastaulukko",
        note=SENTENCE * 5,
    )
    for name in ("phone", "email", "title"):
        factories.check(contact, name, at=clock.now() - timedelta(days=400), user_id=me)
        factories.change(contact, name, "vanha", "uusi", user_id=me)
    for _ in range(3):
        factories.interaction(contact, SENTENCE * 3, user_id=me)
    factories.task(contact, SENTENCE, owner_id=me)


def come_in(page: Page, url: str, name: str, password: str = factories.PASSWORD) -> Page:
    """Sign in as a person does."""
    page.goto(f"{url}/login")
    page.locator("#username").fill(name)
    page.locator("#password").fill(password)
    page.locator("main button[type=submit]").click()
    page.wait_for_url(lambda now: not now.endswith("/login"))
    return page


def page_of(
    new_context: Callable[..., BrowserContext], house: House, role: str, **options: Any
) -> Page:
    """A page of somebody who holds one role; `options` are the window's."""
    came, state = house.sessions.get(role, (-math.inf, None))
    if monotonic() - came > KEPT_SECONDS:
        context = new_context()
        come_in(context.new_page(), house.url, house.names[role])
        state = context.storage_state()
        house.sessions[role] = monotonic(), state
        context.close()
    return new_context(storage_state=state, **options).new_page()


def held(app: Flask, model: type, **where: object) -> list[Any]:
    """The rows of a table as they stand, looked at by a test."""
    with factories.register(app, "test"):
        found = list(db.session.scalars(select(model).filter_by(**where)).unique())
        for row in found:
            db.session.expunge(row)
        return found

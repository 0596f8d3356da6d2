"""Looks by purpose over time, days that stand out, exports, and the slots of other features."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, event, text

from tests import factories, pages
from tests.audit.test_ledger import asking, look
from tests.databases import Database
from wesentra import clock
from wesentra.actor import Acting, acting_as
from wesentra.audit import deliveries, ledger
from wesentra.audit.ledger import Daily, Wanted
from wesentra.compliance.dashboard import over_time, unusual
from wesentra.compliance.dashboard.figures import Period
from wesentra.compliance.dashboard.unusual import Day
from wesentra.models.base import db, writing

NOON = datetime(2026, 3, 16, 10, tzinfo=UTC)
TODAY = NOON.date()
PURPOSES = ["customer_service", "billing", "sales"]


@pytest.fixture
def house(app: Flask) -> Iterator[Flask]:
    """Three weeks of looks by two users, for two purposes and for one that is in no record."""
    for number in range(20):
        look(app, 1, 2, operation="list", purpose="billing", at=NOON - timedelta(days=number))
        for _ in range(number % 3):
            look(app, 1, user=2, at=NOON - timedelta(days=number), purpose="sales")
    look(app, 3, at=NOON - timedelta(days=2), purpose="curiosity")
    export_in_batches(app)
    look(app, 3, operation="view", outcome="denied", at=NOON)
    with clock.turned_to(NOON + timedelta(hours=1)):
        yield app


def export_in_batches(app: Flask) -> None:
    """Let there be one request that exported people in two entries."""
    acting = Acting(1, "privacy", "sales", "one-file")
    token = writing.set(True)
    with app.app_context(), acting_as(acting), clock.turned_to(NOON):
        for ids in ([1, 2], [3]):
            acting.event("export", "contact", ids)
            db.session.commit()
        db.session.remove()
    writing.reset(token)


@pytest.fixture
def auditor(house: Flask) -> FlaskClient:
    """The browser of somebody who may see figures, and people as numbers."""
    return factories.signed_in(house, "auditor")


def evidence(client: FlaskClient, href: str) -> int:
    """How many entries an address of the log leads to."""
    answer = client.get(href.replace("/log/?", "/log/export?format=jsonl&"))
    assert answer.status_code == 200, href
    return len([line for line in answer.text.splitlines() if '"checkpoint"' not in line])


@pytest.mark.parametrize(
    ("address", "part"),
    [
        ("/dashboard/?days=7", 'id="dashboard-over_time"'),
        ("/dashboard/?days=30", 'id="dashboard-over_time"'),
        ("/dashboard/?days=365", 'id="dashboard-over_time"'),
        ("/dashboard/looks?days=30", 'id="dashboard-looks"'),
    ],
)
def test_every_number_of_the_tables_is_what_it_leads_to(
    auditor: FlaskClient, address: str, part: str
) -> None:
    card = auditor.get(address).text.partition(part)[2].partition("</section>")[0]
    links = re.findall(r'<a href="(/log/[^"]*)">(\d+)</a>', card)
    assert len(links) >= 4
    for href, number in links:
        assert evidence(auditor, href.replace("&amp;", "&")) == int(number), href
    assert any("purpose=unstated" in href for href, _ in links)


def test_exports_are_requests_and_lead_to_them(auditor: FlaskClient) -> None:
    page = pages.visit(auditor, "/dashboard/?days=7")
    assert "1 exports of people" in page.text
    card = page.text.partition("Latest exports")[2].partition("Right to process")[0]
    assert "3 people" in card
    assert [link.href for link in page.links].count("/log/requests/one-file") == 1
    led = page.link("exports of people").href
    assert evidence(auditor, led) == 2, "both entries of the one request"
    assert "operation=export&about=contact" in led


def test_an_export_of_nobody_is_no_export_of_people(house: Flask, auditor: FlaskClient) -> None:
    look(house, 9, operation="export", about="import", at=NOON)
    page = pages.visit(auditor, "/dashboard/?days=7")
    assert "1 exports of people" in page.text
    assert "0 people" not in page.text


def test_the_share_of_stated_purposes_is_what_lacks_in_the_evidence(auditor: FlaskClient) -> None:
    page = pages.visit(auditor, "/dashboard/?days=30")
    whole = re.search(r"All looks (\d+)", page.text)
    assert whole is not None
    looks = int(whole[1])
    lacking = evidence(auditor, page.link("of looks with a purpose stated").href)
    assert lacking == 1
    share = round(100 * (looks - lacking) / looks, 1)
    assert f"{share} % of looks with a purpose stated" in page.text.replace("\u00a0", " ")


def test_the_figures_stay_when_the_entries_are_gone(
    house: Flask, auditor: FlaskClient, database: Database
) -> None:
    before = pages.visit(auditor, "/dashboard/?days=30").text
    engine = create_engine(database.owner_url)
    with engine.begin() as connection:
        lift(connection, database.kind)
        for statement in ("delete from log_subject", "delete from log_entry"):
            connection.execute(text(statement))
    engine.dispose()
    after = pages.visit(auditor, "/dashboard/?days=30").text
    for told in (r"All looks \d+", r"\d+ times somebody", r"\d+ lists and", r"\d+ exports of"):
        assert re.findall(told, before) == re.findall(told, after) != []
    with asking(house):
        assert ledger.count(Wanted(operation="list")) >= 20


def lift(connection: object, kind: str) -> None:
    """Take the triggers away that keep entries, as pruning does in its way."""
    execute = connection.execute  # type: ignore[attr-defined]
    if kind == "postgresql":
        for table in ("log_entry", "log_subject"):
            execute(text(f"alter table {table} disable trigger user"))
        return
    named = "select name from sqlite_master where type = 'trigger' and tbl_name like 'log_%'"
    for (name,) in execute(text(named)).all():
        execute(text(f'drop trigger "{name}"'))


def test_the_page_asks_as_often_for_a_year_as_for_nothing(house: Flask) -> None:
    asked: list[str] = []
    auditor = factories.signed_in(house, "auditor")
    auditor.get("/dashboard/")
    with house.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    counts = set()
    for days in (7, 30, 365):
        asked.clear()
        auditor.get(f"/dashboard/?days={days}")
        counts.add(len(asked))
        of_entries = [one for one in asked if "FROM log_entry" in one and "count(" in one]
        assert of_entries == []
    assert len(counts) == 1
    assert counts.pop() < 50


# --- decided purely ---------------------------------------------------------------------------


def over(days: int, measured_from: date | None = None) -> Period:
    return Period(days, TODAY - timedelta(days=days - 1), TODAY, measured_from)


def seen(day: date, purpose: str, number: int) -> Daily:
    return Daily(day, "view", "contact", purpose, True, number, number, number)


def test_a_day_before_the_log_is_not_measured_and_a_calm_day_is_zero() -> None:
    begun = TODAY - timedelta(days=2)
    found = over_time.of([seen(TODAY, "sales", 3)], over(7, begun), PURPOSES)
    assert [bucket.measured for bucket in found.buckets] == [False] * 4 + [True] * 3
    assert [bucket.total for bucket in found.buckets[4:]] == [0, 0, 3]


def test_a_year_is_shown_by_months_that_hold_every_day_once() -> None:
    found = over_time.of([], over(365, date(2025, 11, 14)), PURPOSES)
    days = [
        bucket.first + timedelta(days=n)
        for bucket in found.buckets
        for n in range((bucket.last - bucket.first).days + 1)
    ]
    assert days == [TODAY - timedelta(days=n) for n in range(364, -1, -1)]
    assert [bucket.measured_from for bucket in found.buckets if bucket.measured_from] == [
        date(2025, 11, 14)
    ]


def test_the_parts_of_a_bar_stand_on_each_other_and_fill_its_share() -> None:
    looks = [seen(TODAY, "customer_service", 30), seen(TODAY, "sales", 10), seen(TODAY, "", 5)]
    found = over_time.of(looks, over(7), PURPOSES)
    assert [one.key for one in found.series] == ["customer_service", "sales", "unstated"]
    assert (found.top, found.whole) == (60, 45)
    parts = found.buckets[-1].parts
    assert [part.height for part in parts] == [50.0, 16.67, 8.33]
    assert [part.top for part in parts] == [50.0, 33.33, 25.0]


@pytest.mark.parametrize(
    ("most", "top"), [(0, 2), (3, 4), (9, 10), (61, 80), (100, 100), (101, 200)]
)
def test_the_scale_ends_on_a_round_number_whose_half_is_whole(most: int, top: int) -> None:
    assert over_time.scale(most) == top


def days_of(user: int, *numbers: int) -> list[Day]:
    return [Day(user, TODAY - timedelta(days=n), number) for n, number in enumerate(numbers)]


def test_a_day_stands_out_against_ones_own_days_and_those_of_others() -> None:
    own, others = days_of(1, 82, 14, 13, 15, 14, 12), days_of(2, 9, 10, 11, 9, 10)
    (one,) = unusual.standing_out([*own, *others], "opened", TODAY)
    assert (one.user, one.on, one.number, one.usual, one.others) == (1, TODAY, 82, 14, 10)
    assert f"user=1&operation=view&about=contact&from={TODAY}&to={TODAY}" in one.url


def test_who_always_has_much_to_do_does_not_stand_out() -> None:
    busy, others = days_of(1, 82, 80, 78, 75, 81, 79), days_of(2, 9, 10, 11, 9, 10)
    assert unusual.standing_out([*busy, *others], "opened", TODAY) == []


def test_what_is_usual_for_others_is_not_unusual_for_a_newcomer() -> None:
    newcomer, others = days_of(1, 40), days_of(2, 30, 35, 30, 28, 33)
    assert unusual.standing_out([*newcomer, *others], "opened", TODAY) == []
    (one,) = unusual.standing_out([*days_of(1, 140), *others], "opened", TODAY)
    assert (one.usual, one.others) == (None, 30)


def test_with_too_few_days_nothing_is_said() -> None:
    assert unusual.standing_out(days_of(1, 500, 2, 2), "opened", TODAY) == []


def test_small_numbers_and_older_days_do_not_stand_out() -> None:
    days = days_of(1, 1, 1, 1, 19, 1, 1, 1, 200)
    assert unusual.standing_out(days, "opened", TODAY - timedelta(days=5)) == []


def test_of_each_user_one_day_is_told_and_how_many_more() -> None:
    days = days_of(1, 90, 3, 3, 3, 120, 3, 3, 3)
    (one,) = unusual.standing_out(days, "opened", TODAY - timedelta(days=29))
    assert (one.number, one.more) == (120, 1)


def test_the_number_of_an_unusual_day_is_what_it_leads_to(app: Flask) -> None:
    for number in range(1, 7):
        for _ in range(2):
            look(app, 1, at=NOON - timedelta(days=number))
    for _ in range(25):
        look(app, 2, at=NOON)
    with clock.turned_to(NOON + timedelta(hours=1)):
        auditor = factories.signed_in(app, "auditor", name="first.user")
        page = pages.visit(auditor, "/dashboard/")
        assert "opened people’s data 25 times on 16 Mar 2026, usually 2" in page.text
        link = next(
            one
            for one in page.links
            if "operation=view" in one.href and "&to=" in one.href and "user=" in one.href
        )
        assert evidence(auditor, link.href) == 25


# --- slots -------------------------------------------------------------------------------------


def test_the_log_hangs_its_age_and_size_into_the_slots(house: Flask) -> None:
    auditor = factories.signed_in(house, "auditor")
    with asking(house):
        extent = ledger.extent()
        assert extent.entries == len(list(ledger.each(Wanted())))
        assert extent.size > 0
    page = pages.visit(auditor, "/dashboard/")
    assert page.link("the access log is whole since").href == "/log/"
    for told in ("Oldest entry", "25 Feb 2026", "Daily figures since", "Copies elsewhere"):
        assert told in page.text


def test_a_place_for_copies_is_named_before_anything_was_sent_there(
    house: Flask, auditor: FlaskClient, tmp_path: Path
) -> None:
    assert "none, no place is named in the settings" in auditor.get("/dashboard/").text
    settings = house.extensions["wesentra_settings"]
    house.extensions["wesentra_settings"] = replace(settings, log_copies=tmp_path)
    text = pages.visit(auditor, "/dashboard/").text
    assert "Copies: folder named, nothing sent yet" in text
    assert "no place is named" not in text
    deliveries.served(engine_of(house), "folder", 3)
    text = pages.visit(auditor, "/dashboard/").text
    assert "Copies: folder up to checkpoint 3" in text
    assert "nothing sent yet" not in text
    house.extensions["wesentra_settings"] = settings


def engine_of(app: Flask) -> Engine:
    with app.app_context():
        return db.engine

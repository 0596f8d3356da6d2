"""What counts as a use of a field, and that the count forgets nothing and counts nothing twice."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests import factories, pages
from tests.audit.test_hidden_categories import hide
from tests.compliance.minimisation.years import (
    BEGAN,
    MAIL,
    TODAY,
    night,
    of,
    on,
    opened,
    somebody,
    uses,
)
from wesentra.actor import Acting, acting_as
from wesentra.audit import field_looks, pruning
from wesentra.compliance.minimisation import counting, unused
from wesentra.compliance.minimisation.policy import COUNTED, REMOVABLE
from wesentra.erasure import door
from wesentra.models import Contact, FieldSeen, FieldUse, db
from wesentra.models.base import meant_to_write

MIDDLE = date(2025, 6, 1)


@pytest.fixture
def aino(app: Flask) -> int:
    with on(BEGAN):
        return somebody(app)


def proposed(app: Flask, contact_id: int) -> dict[str, date]:
    with on(TODAY), factories.register(app, "test"):
        return dict(unused.of_person(contact_id, REMOVABLE, unused.measured()))


def counted(app: Flask) -> None:
    with on(TODAY):
        night(app)


def test_what_nobody_opened_is_proposed_since_it_came(app: Flask, aino: int) -> None:
    counted(app)
    assert proposed(app, aino) == dict.fromkeys(REMOVABLE, BEGAN)


def test_whoever_opens_somebody_uses_what_the_page_shows(app: Flask, aino: int) -> None:
    with on(MIDDLE):
        opened(app, aino)
    counted(app)
    assert uses(app, aino).keys() <= set(COUNTED)
    assert {name: uses(app, aino)[name] for name in REMOVABLE} == dict.fromkeys(REMOVABLE, MIDDLE)
    assert proposed(app, aino) == {}


@pytest.mark.parametrize("url", ["/contacts/", "/search/?q=aino", "/contacts/?group=prospect"])
def test_a_list_and_a_search_use_nothing(app: Flask, aino: int, url: str) -> None:
    with on(MIDDLE):
        client = factories.signed_in(app, "staff")
        assert "Aino" in client.get(url).text
    counted(app)
    assert proposed(app, aino).keys() == set(REMOVABLE)


def test_a_purpose_that_hides_a_field_does_not_keep_it(app: Flask, aino: int) -> None:
    with on(MIDDLE):
        client = factories.signed_in(app, "staff")
        hide(app, client, "note", "contact_details")
        assert client.get(f"/contacts/{aino}").status_code == 200
    counted(app)
    assert proposed(app, aino).keys() == {"note", "phone", "email"}


@pytest.mark.parametrize("purpose", ["data_check", "subject_request"])
def test_to_look_after_the_data_is_no_use_of_them(app: Flask, aino: int, purpose: str) -> None:
    with on(MIDDLE):
        client = factories.signed_in(app, "staff")
        pages.visit(client, "/").form("/account/purpose").send(purpose=purpose)
        assert "Aino" in client.get(f"/contacts/{aino}").text
    counted(app)
    assert proposed(app, aino).keys() == set(REMOVABLE)


def test_the_answer_to_a_person_keeps_nothing_of_theirs(app: Flask, aino: int) -> None:
    with on(MIDDLE):
        client = factories.signed_in(app, "privacy")
        token = pages.visit(client, "/").form("/account/purpose").fields["csrf_token"]
        answer = client.post(f"/requests/export/{aino}", data={"csrf_token": token})
        assert MAIL in answer.text
    with on(date(2025, 6, 2)):
        night(app)
    with factories.register(app, "test"):
        told = [one for one in factories.entries(app) if one.operation == "export"]
    assert [one.row.purpose for one in told] == ["subject_request"]


def test_the_privacy_contact_looks_after_the_data_and_does_not_use_them(
    app: Flask, aino: int
) -> None:
    with on(MIDDLE):
        opened(app, aino, "privacy")
    counted(app)
    assert proposed(app, aino).keys() == set(REMOVABLE)


def test_a_file_for_the_work_uses_what_is_in_it(app: Flask, aino: int) -> None:
    with on(MIDDLE), factories.register(app, "file") as acting:
        acting.purpose = "sales"
        acting.event("export", "contact", [aino], ["phone", "email"])
    counted(app)
    assert proposed(app, aino).keys() == {"title", "note"}


def test_a_changed_field_is_new_whoever_changed_it(app: Flask, aino: int) -> None:
    with on(MIDDLE), factories.register(app):
        db.session.get_one(Contact, aino).title = "Toimitusjohtaja"
    counted(app)
    assert proposed(app, aino).keys() == {"phone", "email", "note"}


@pytest.mark.parametrize(
    ("outcome", "used"), [("confirmed", True), ("corrected", True), ("skipped", False)]
)
def test_what_was_confirmed_when_asked_about_is_needed(
    app: Flask, aino: int, outcome: str, used: bool
) -> None:
    with on(MIDDLE), factories.register(app):
        factories.check(of(app, aino), "phone", outcome)
    counted(app)
    assert ("phone" not in proposed(app, aino)) is used
    assert {"email", "title", "note"} <= proposed(app, aino).keys()


def test_a_use_grows_old_as_well(app: Flask, aino: int) -> None:
    with on(date(2024, 1, 10)):
        opened(app, aino)
    counted(app)
    assert proposed(app, aino) == dict.fromkeys(REMOVABLE, date(2024, 1, 10))


def test_a_use_of_one_day_later_does_not(app: Flask, aino: int) -> None:
    with on(date(2024, 1, 11)):
        opened(app, aino)
    counted(app)
    assert proposed(app, aino) == {}


def test_who_is_new_is_not_proposed(app: Flask, aino: int) -> None:
    with on(date(2024, 1, 11)):
        liisa = somebody(app, "Liisa")
    counted(app)
    assert proposed(app, liisa) == {}


def test_an_empty_field_is_not_proposed(app: Flask) -> None:
    with on(BEGAN):
        aino = somebody(app, phone="", note="")
    counted(app)
    assert proposed(app, aino).keys() == {"email", "title"}


# --- the count ------------------------------------------------------------------------------------


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(field_looks, "BATCH", 2)


def stored(app: Flask) -> list[tuple[int, str, date]]:
    with factories.register(app, "test"):
        rows = db.session.execute(select(FieldUse.contact_id, FieldUse.field, FieldUse.last_on))
        return sorted((row.contact_id, row.field, row.last_on) for row in rows)


def test_a_count_in_portions_says_the_same(app: Flask, aino: int, small: None) -> None:
    for month in range(1, 7):
        with on(date(2025, month, 3)):
            opened(app, aino)
    with on(TODAY):
        night(app)
        assert uses(app, aino)["phone"] == date(2025, 6, 3)
        before = stored(app)
        night(app)
        assert stored(app) == before


class Killed(Exception):
    """The process ends in the middle of a portion."""


@pytest.fixture
def killing(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A count that is killed after the second portion has been written, before its commit."""
    portions: list[int] = []
    go_on = counting._go_on

    def kill(*args: object) -> None:
        portions.append(1)
        go_on(*args)  # type: ignore[arg-type]
        if len(portions) == 2:
            raise Killed

    monkeypatch.setattr(counting, "_go_on", kill)
    return portions


def test_who_is_killed_in_the_middle_goes_on(
    app: Flask, aino: int, small: None, killing: list[int]
) -> None:
    for month in range(1, 7):
        with on(date(2025, month, 3)):
            opened(app, aino)
    with on(TODAY):
        with pytest.raises(Killed):
            night(app)
        with factories.register(app, "test"):
            state = counting.state()
            assert state is not None
            first = state.counted
        night(app)
        assert uses(app, aino)["phone"] == date(2025, 6, 3)
        with factories.register(app, "test"):
            state = counting.state()
            assert state is not None
            assert state.counted > first


def test_what_was_counted_outlives_the_log(app: Flask, aino: int) -> None:
    with on(date(2024, 6, 1)):
        opened(app, aino)
        night(app)
    with on(TODAY):
        _prune(app)
        night(app)
    assert uses(app, aino)["phone"] == date(2024, 6, 1)
    assert proposed(app, aino) == {}


def test_of_a_time_whose_log_is_gone_nothing_is_said(app: Flask, aino: int) -> None:
    """The entries went before anybody counted them: perhaps somebody called every day."""
    with on(date(2024, 6, 1)):
        opened(app, aino)
    with on(date(2025, 12, 1)):
        liisa = somebody(app, "Liisa")
    with on(TODAY):
        _prune(app)
        night(app)
        with factories.register(app, "test"):
            known = unused.measured()
    assert known.known_since is not None
    assert known.known_since >= date(2024, 6, 1)
    assert proposed(app, aino) == proposed(app, liisa) == {}


def _prune(app: Flask) -> None:
    acting = Acting(None, "system", "log_review", "keeper", channel="job")
    with meant_to_write(), app.app_context(), acting_as(acting):
        went = pruning.prune(app.extensions["wesentra_settings"].instance, 12)
        db.session.commit()
        db.session.remove()
    assert went.last > 0


def test_uses_go_with_the_person(app: Flask, aino: int) -> None:
    with on(MIDDLE):
        liisa = somebody(app, "Liisa")
        opened(app, aino)
        opened(app, liisa)
        night(app)
        assert uses(app, aino)
        with factories.register(app, "erasure"):
            door.erase([aino], [], "request")
        assert uses(app, aino) == {}
        assert uses(app, liisa)


def test_who_is_gone_before_the_count_is_not_counted(app: Flask, aino: int) -> None:
    with on(MIDDLE):
        opened(app, aino)
        with factories.register(app, "erasure"):
            door.erase([aino], [], "request")
        night(app)
    assert uses(app, aino) == {}


def test_the_dictionary_knows_the_last_day_of_each_field(app: Flask, aino: int) -> None:
    with on(MIDDLE):
        with factories.register(app):
            factories.interaction(of(app, aino), "Puhelu")
        opened(app, aino)
    counted(app)
    with factories.register(app, "test"):
        seen = dict(db.session.execute(select(FieldSeen.field, FieldSeen.last_on)).all())
    assert seen["contact.phone"] == seen["interaction.summary"] == MIDDLE


def test_the_count_itself_looks_at_nobody(app: Flask, aino: int) -> None:
    before = len(factories.entries(app))
    counted(app)
    own = factories.entries(app)[before:]
    assert {entry.operation for entry in own} <= {"program"}
    with factories.register(app, "test"):
        assert db.session.scalar(select(func.count()).select_from(FieldUse)) is not None

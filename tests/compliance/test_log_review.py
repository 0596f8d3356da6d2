"""The monthly review: its draw can be repeated, and nobody judges oneself."""

import json
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests import factories, pages
from tests.compliance import reviewing
from tests.compliance.reviewing import AFTER, MONTH, NOON, at, items
from tests.databases import Database
from wesentra.audit import spans
from wesentra.compliance.log_review import entry_rules
from wesentra.compliance.log_review.sampling import draw
from wesentra.models import Breach, LogReview, db
from wesentra.operations import schema


def reviews(app: Flask) -> list[LogReview]:
    with app.app_context():
        found = list(db.session.scalars(db.select(LogReview).order_by(LogReview.id)))
        db.session.remove()
    return found


@pytest.fixture
def bertta(app: Flask) -> int:
    """A month in which Bertta opened a person without any contact; returns the person's number."""
    client = reviewing.colleague(app, "bertta", "staff")
    with at(NOON):
        number = factories.person(app, "Sylvi", "Salainen")
    reviewing.opened(client, number)
    return number


# --- the draw -----------------------------------------------------------------------------


def test_a_month_is_drawn_with_its_hits_and_its_sample(app: Flask, bertta: int) -> None:
    with at(AFTER):
        privacy = factories.signed_in(app, "privacy", name="paula")
        page = pages.visit(privacy, reviewing.drawn(privacy))
    assert "March 2026" in page.heading
    (hit,) = items(app, "R1", "bertta")
    assert hit.contact_number == bertta
    assert [one.rule for one in items(app, user="bertta")] == ["R1", "sample"]
    assert "Salainen" not in page.response.text


def test_the_same_draw_again_gives_the_same_items_and_another_seed_others(app: Flask) -> None:
    client = reviewing.colleague(app, "bertta", "staff")
    with at(NOON):
        number = factories.person(app)
    for minute in range(60):
        reviewing.opened(client, number, NOON + timedelta(minutes=minute // 2))
    with at(AFTER):
        reviewing.drawn(factories.signed_in(app, "privacy"))
    (review,) = reviews(app)
    limits = json.loads(review.limits)
    with app.app_context():
        population = [
            (row.actor_id, row.id)
            for row in spans.rows(review.first_entry, review.last_entry)
            if row.actor_id is not None and row.operation in entry_rules.WORK
        ]
        db.session.remove()
    given = (population, limits["review_sample"], limits["review_sample_each"])
    drawn = [item.entry_id for item in items(app, "sample")]
    assert (len(population), len(drawn)) == (review.population, review.sampled)
    assert review.sampled == 30
    assert draw(review.seed, *given) == drawn
    assert draw("0" * 32, *given) != drawn


def test_a_month_that_goes_on_and_one_that_was_reviewed_are_not_offered(
    app: Flask, bertta: int
) -> None:
    with at(NOON):
        privacy = factories.signed_in(app, "privacy", name="paula")
        assert (
            "A month can be reviewed when it has ended."
            in pages.visit(privacy, "/log-review/").text
        )
    with at(AFTER):
        privacy = factories.browser(app)
        factories.sign_in(privacy, "paula")
        form = pages.visit(privacy, "/log-review/").form("/log-review/draw")
        assert form.choices["month"] == ["2026-03-01"]
        assert form.send().status_code == 303
        assert form.send().status_code == 422, "sent twice"
    assert len(reviews(app)) == 1


def test_drawing_is_an_entry_and_shows_nobody(app: Flask, bertta: int) -> None:
    with at(AFTER):
        privacy = factories.signed_in(app, "privacy")
        form = pages.visit(privacy, "/log-review/").form("/log-review/draw")
        found = factories.entries_of(app, form.send(month=str(MONTH)))
    told = {(entry.operation, entry.subject_type, entry.fields) for entry in found}
    assert ("log_read", "log", ("review",)) in told
    assert ("review", "log_review", ("drawn",)) in told
    assert {entry.operation for entry in found} == {"log_read", "review", "program"}


def test_exports_and_readings_of_the_log_are_in_it(app: Flask, bertta: int) -> None:
    maija = reviewing.colleague(app, "maija", "privacy")
    with at(NOON):
        assert maija.get("/log/").status_code == 200
        page = pages.visit(maija, f"/contacts/{bertta}")
        form = next(form for form in page.forms if "/export/" in form.action)
        assert form.send().status_code == 200
    with at(AFTER):
        reviewing.drawn(factories.signed_in(app, "privacy"))
    assert len(items(app, "log", "maija")) == 1
    assert len(items(app, "R6", "maija")) == 1


def test_surnames_contacts_and_addresses_are_compared_inside_the_program(app: Flask) -> None:
    """Tester bertta meets somebody called Bertta, in a night, from another place."""
    client = reviewing.colleague(app, "bertta", "staff", at_=NOON - timedelta(days=20))
    me = factories.user_id(app, "bertta")
    with at(NOON - timedelta(days=20)):
        relative = factories.person(app, "Ville", "BERTTA")
        double = factories.person(app, "tester", "bertta")
        caller = factories.person(app, "Kalle", "Soittaja")
        with factories.register(app):
            person = db.session.get_one(factories.Contact, caller)

            factories.interaction(person, user_id=me, at=NOON + timedelta(days=3))
    reviewing.opened(client, relative, NOON - timedelta(days=20))
    with at(NOON):
        client = factories.browser(app)
        client.environ_base["REMOTE_ADDR"] = "10.1.2.3"
        factories.sign_in(client, "bertta")
    night = NOON.replace(hour=22)
    with at(night):
        factories.sign_in(client, "bertta")
    for number in (relative, double, caller):
        reviewing.opened(client, number, night)
    with at(AFTER):
        privacy = factories.signed_in(app, "privacy")
        reviewing.drawn(privacy)
        named = {item.rule: item for item in items(app, user="bertta")}
        text_ = privacy.get(f"/log-review/items/{named['R9'].id}").text
    assert [one.contact_number for one in items(app, "R2", "bertta")] == [relative, double]
    assert [one.contact_number for one in items(app, "R3", "bertta")] == [double]
    assert json.loads(named["R3"].facts) == {"own": 1}
    assert [one.contact_number for one in items(app, "R1", "bertta")] == [relative, double]
    assert named["R4"].count == 3
    assert "10.1.2.3" not in text_


# --- judging ------------------------------------------------------------------------------


def test_one_click_judges_and_a_reason_is_kept(app: Flask, bertta: int) -> None:
    with at(AFTER):
        privacy = factories.signed_in(app, "privacy", name="paula")
        url = reviewing.drawn(privacy)
        (hit,) = items(app, "R1", "bertta")
        form = pages.visit(privacy, f"{url}?rule=R1").form(f"/log-review/items/{hit.id}/judge")
        answer = send(form, verdict="justified")
        assert answer.location == f"{url}#log_review-items", "nothing is left of this rule"
    (hit,) = items(app, "R1")
    assert (hit.verdict, hit.judged_by) == ("justified", factories.user_id(app, "paula"))
    assert ("review", "log_review_item", (hit.id,)) in [
        entry[:3] for entry in factories.entries_of(app, answer)
    ]


def send(form: pages.Form, **values: str) -> object:
    """Press a button of a form: its name and value go along."""
    form.names += ["verdict"]
    return form.send(**values)


def test_nobody_judges_oneself(app: Flask) -> None:
    paula = reviewing.colleague(app, "paula", "privacy", "staff")
    with at(NOON):
        number = factories.person(app)
    reviewing.opened(paula, number)
    with at(AFTER):
        paula = factories.browser(app)
        factories.sign_in(paula, "paula")
        url = reviewing.drawn(paula)
        (hit,) = items(app, "R1", "paula")
        page = pages.visit(paula, f"{url}?rule=R1")
        assert "Nobody but you may judge." in page.text
        form = pages.visit(paula, url).form(f"{url}/close")
        own = f"/log-review/items/{hit.id}/judge"
        assert not [one for one in page.forms if one.action == own]
        token = form.fields["csrf_token"]
        sent = {
            "csrf_token": token,
            "verdict": "justified",
            "rule": "R1",
            "user": str(hit.actor_id),
        }
        for address in (own, f"{url}/together"):
            answer = paula.post(address, data=sent)
            assert answer.status_code == 422
            assert "This is about you." in answer.text
        assert items(app, "R1")[0].verdict == ""
        other = factories.signed_in(app, "privacy", name="maija")
        assert "That can be: Tester maija." in pages.visit(paula, f"{url}?rule=R1").text
        form = pages.visit(other, f"{url}?rule=R1").form(own)
        assert send(form, verdict="justified").status_code == 303
    assert items(app, "R1")[0].verdict == "justified"


def test_an_auditor_reads_and_judges_nothing(app: Flask, bertta: int) -> None:
    with at(AFTER):
        url = reviewing.drawn(factories.signed_in(app, "privacy"))
        auditor = factories.signed_in(app, "auditor")
        page = pages.visit(auditor, url)
        assert not [
            form for form in page.forms if form.method == "post" and "log-review" in form.action
        ]
        assert not [link for link in page.links if link.href.startswith("/contacts/")]


def test_several_of_one_user_and_rule_are_judged_together(app: Flask) -> None:
    client = reviewing.colleague(app, "bertta", "staff")
    with at(NOON):
        numbers = [factories.person(app, "Aino", f"Virtanen {n}") for n in range(4)]
    for number in numbers[::2]:
        reviewing.opened(client, number)
    with at(AFTER):
        privacy = factories.signed_in(app, "privacy")
        url = reviewing.drawn(privacy)
        form = pages.visit(privacy, f"{url}?rule=R1").form(f"{url}/together")
        assert send(form, verdict="unjustified").status_code == 422, "without a reason"
        form = pages.visit(privacy, f"{url}?rule=R1").form(f"{url}/together")
        answer = send(form, verdict="unjustified", text="No task of hers.")
        assert answer.location == "/breaches/1/edit"
    assert [one.verdict for one in items(app, "R1")] == ["unjustified"] * 2
    assert {one.verdict for one in items(app, "sample")} == {""}
    assert len(breaches(app)) == 1


def breaches(app: Flask) -> list[Breach]:
    with app.app_context():
        found = list(db.session.scalars(db.select(Breach)))
        db.session.remove()
    return found


def test_unjustified_opens_the_draft_of_one_breach(app: Flask, bertta: int) -> None:
    with at(AFTER):
        privacy = factories.signed_in(app, "privacy")
        reviewing.drawn(privacy)
        (hit,) = items(app, "R1", "bertta")
        page = pages.visit(privacy, f"/log-review/items/{hit.id}")
        form = page.form(f"/log-review/items/{hit.id}/judge")
        for _ in range(2):
            answer = send(form, verdict="unjustified", text="Curiosity.")
            assert answer.location == "/breaches/1/edit"
    (breach,) = breaches(app)
    assert (breach.status, breach.item_id, breach.detected_by) == ("draft", hit.id, "log_review")
    assert breach.aware_at == AFTER


# --- asking -------------------------------------------------------------------------------


def test_who_is_asked_sees_it_on_their_day_and_answers(app: Flask, bertta: int) -> None:
    with at(AFTER):
        privacy = factories.signed_in(app, "privacy")
        url = reviewing.drawn(privacy)
        (hit,) = items(app, "R1", "bertta")
        form = pages.visit(privacy, f"{url}?rule=R1").form(f"/log-review/items/{hit.id}/judge")
        send(form, verdict="asked")
        staff, stranger = factories.browser(app), factories.signed_in(app, "staff")
        factories.sign_in(staff, "bertta")
        assert "1 of your looks is asked about" in pages.visit(staff, "/").text
        assert "asked about" not in pages.visit(stranger, "/").text
        page = pages.visit(staff, "/log-review/mine")
        assert "no contact or task with them within 14 days" in page.text
        assert f"/contacts/{bertta}" in [link.href for link in page.links]
        address = f"/log-review/mine/{hit.id}/answer"
        token = pages.visit(stranger, "/account/").form(field="csrf_token").fields["csrf_token"]
        data = {"csrf_token": token, "text": "It was me."}
        assert stranger.post(address, data=data).status_code == 404
        assert page.form(address).send(text=" ").status_code == 422
        assert page.form(address).send(text="A wrong number.").status_code == 303
        assert page.form(address).send(text="A wrong number.").status_code == 303
        assert page.form(address).send(text="Something else.").status_code == 422
        assert "asked about" not in pages.visit(staff, "/").text
        told = pages.visit(privacy, f"/log-review/items/{hit.id}").text
    assert "A wrong number." in told
    assert items(app, "R1")[0].answer == "A wrong number."


# --- closing ------------------------------------------------------------------------------


def test_a_review_is_closed_with_everything_judged_or_a_reason(app: Flask, bertta: int) -> None:
    with at(AFTER):
        privacy = factories.signed_in(app, "privacy")
        url = reviewing.drawn(privacy)
        form = pages.visit(privacy, url).form(f"{url}/close")
        assert form.send().status_code == 422
        assert reviews(app)[0].closed_at is None
        assert form.send(reason="Nobody else may judge.").status_code == 303
        (review,) = reviews(app)
        assert (review.left_open, review.reason) == (len(items(app)), "Nobody else may judge.")
        assert form.send(reason="Another.").status_code == 422, "a closed review does not change"
        (hit,) = items(app, "R1", "bertta")
        data = {"csrf_token": form.fields["csrf_token"], "verdict": "justified"}
        answer = privacy.post(f"/log-review/items/{hit.id}/judge", data=data)
        assert answer.status_code == 422
        assert "This review is closed." in answer.text


REFUSED = (
    "UPDATE log_review SET reason = 'x' WHERE closed_at IS NOT NULL",
    "UPDATE log_review SET closed_at = NULL WHERE closed_at IS NOT NULL",
    "UPDATE log_review SET seed = 'x'",
    "UPDATE log_review SET population = population + 1 WHERE closed_at IS NULL",
    "DELETE FROM log_review_item",
    "DELETE FROM log_review WHERE closed_at IS NULL",
    "UPDATE log_review_item SET verdict = 'justified' WHERE rule = 'closed'",
    "UPDATE log_review_item SET contact_number = 9 WHERE rule = 'open'",
    "UPDATE log_review_item SET actor_id = NULL WHERE rule = 'open'",
    "INSERT INTO log_review_item (review_id, rule, request_id, at, count, facts, verdict, reason,"
    " question, answer) SELECT review_id, 'more', request_id, at, 1, facts, '', '', '', ''"
    " FROM log_review_item WHERE rule = 'closed'",
    "UPDATE breach SET facts = 'x' WHERE status = 'closed'",
    "DELETE FROM breach",
)


@pytest.mark.parametrize("statement", REFUSED)
def test_the_database_itself_refuses(app: Flask, database: Database, statement: str) -> None:
    """Even the owner of the tables, as long as the triggers hang."""
    me = factories.user_id(app, factories.user(app, "privacy"))
    with factories.register(app):
        for month, rule, moment in ((2, "closed", AFTER), (3, "open", None)):
            review = factories.review(MONTH.replace(month=month))
            factories.review_item(review, rule, actor_id=me)
            review.closed_at = moment
        factories.breach(status="closed", closed_at=AFTER)
    with app.app_context():
        db.engine.dispose()
    with pytest.raises(DBAPIError, match="never changes"), schema.opened(database.owner_url) as own:
        own.execute(text(statement))


# --- many ---------------------------------------------------------------------------------


def test_ten_thousand_hits_are_paged_by_key(app: Flask) -> None:
    me = factories.user_id(app, factories.user(app, "staff"))
    with factories.register(app):
        review = factories.review()
        at_ = review.drawn_at
        rows = [
            {"review_id": review.id, "rule": "R1", "actor_id": me, "request_id": "one", "at": at_}
            | {"contact_number": number, "count": 1, "facts": '{"days": 14}'}
            for number in range(1, 10_001)
        ]
        db.session.execute(db.insert(factories.LogReviewItem), rows)
    privacy = factories.signed_in(app, "privacy")
    page = pages.visit(privacy, "/log-review/1")
    assert "10,000 to judge" in page.text
    seen = shown(page)
    following = pages.visit(privacy, page.link("Next").href)
    assert len(seen) == len(shown(following)) == 50
    assert max(seen) < min(shown(following))
    form = page.form("/log-review/1/together")
    assert send(form, verdict="justified").status_code == 303
    assert "0 to judge" in pages.visit(privacy, "/log-review/1").text


def shown(page: pages.Page) -> list[int]:
    """The numbers of the items on a page."""
    links = (link.href for link in page.links)
    return [int(url.rsplit("/", 1)[1]) for url in links if url.startswith("/log-review/items/")]

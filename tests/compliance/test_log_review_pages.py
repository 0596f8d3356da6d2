"""Reviews by several hands: nothing is overwritten, lost or judged by the wrong one."""

import json
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories, pages
from tests.compliance import reviewing
from tests.compliance.reviewing import AFTER, NOON, at, items
from wesentra.compliance.log_review import words
from wesentra.limits import ReviewLimits
from wesentra.models import LogReview, LogReviewItem, db

JUDGE = "/log-review/items/{}/judge"
ANSWER = "/log-review/mine/{}/answer"


def reviewed(app: Flask, *rules: str, each: int = 1, actor: str = "bertta", **values: Any) -> str:
    """An open review with items about one user (or, `actor` empty, about nobody); its address."""
    me = None
    if actor:
        known = factories.user(app, "staff", name=actor)
        me = factories.user_id(app, known)
    with factories.register(app):
        review = factories.review()
        for rule in rules:
            for number in range(each):
                about = {"actor_id": me, "contact_number": number + 1, "facts": '{"days": 14}'}
                factories.review_item(review, rule, **about | values)
        return f"/log-review/{review.id}"


def send(form: pages.Form, **values: str) -> Any:
    """Press a button of a form: its name and value go along."""
    form.names += ["verdict"]
    return form.send(**values)


def judging(client: FlaskClient, hit: LogReviewItem) -> pages.Form:
    return pages.visit(client, f"/log-review/items/{hit.id}").form(JUDGE.format(hit.id))


def asked(app: Flask, privacy: FlaskClient, hit: LogReviewItem, **values: str) -> FlaskClient:
    """The browser of Bertta, who was asked about an item."""
    assert send(judging(privacy, hit), verdict="asked", **values).status_code == 303
    client = factories.browser(app)
    factories.sign_in(client, "bertta")
    return client


# --- several together ---------------------------------------------------------------------


def test_a_refused_judgement_of_several_stays_where_it_was(app: Flask) -> None:
    url = reviewed(app, "R8", "R1", each=2)
    privacy = factories.signed_in(app, "privacy")
    form = pages.visit(privacy, f"{url}?rule=R1").form(f"{url}/together")
    page = pages.read(privacy, send(form, verdict="unjustified"))
    again = page.form(f"{url}/together")
    assert (page.response.status_code, again.fields["rule"]) == (422, "R1")
    assert page.errors == ["Write why this is unjustified."]
    (link,) = [one for one in page.links if "Write why" in one.text]
    assert link.href.removeprefix("#") in page.ids, "the summary leads to the field"
    assert "aria-invalid" in page.response.text
    assert send(again, verdict="justified", text="Work.").status_code == 303
    assert {(one.rule, one.verdict) for one in items(app)} == {("R8", ""), ("R1", "justified")}


def test_it_stays_also_on_a_later_page(app: Flask) -> None:
    url = reviewed(app, "R1", each=51)
    late = factories.user_id(app, factories.user(app, "staff", name="maija"))
    with factories.register(app):
        review = db.session.scalars(db.select(LogReview)).one()
        last = [factories.review_item(review, "R1", actor_id=late).id for _ in range(2)]
    privacy = factories.signed_in(app, "privacy")
    page = pages.visit(privacy, pages.visit(privacy, url).link("Next").href)
    form = next(one for one in page.forms if one.fields.get("user") == str(late))
    page = pages.read(privacy, send(form, verdict="unjustified", text="x" * 2001))
    assert page.response.status_code == 422
    assert page.form(f"{url}/together").fields["text"].strip() == "x" * 2001
    assert [link.href for link in page.links if "/items/" in link.href] == [
        f"/log-review/items/{number}" for number in last
    ]


def test_what_was_typed_stays_when_others_judged_them_meanwhile(app: Flask) -> None:
    url = reviewed(app, "R1", each=2)
    privacy = factories.signed_in(app, "privacy")
    first, second = (pages.visit(privacy, url).form(f"{url}/together") for _ in range(2))
    assert send(first, verdict="justified").status_code == 303
    page = pages.read(privacy, send(second, verdict="unjustified", text="Curiosity."))
    assert "nothing left to judge" in page.text
    assert "Curiosity." in page.response.text
    assert {one.verdict for one in items(app)} == {"justified"}


# --- nothing is overwritten ---------------------------------------------------------------


def test_a_page_that_is_old_judges_nothing(app: Flask) -> None:
    url = reviewed(app, "R1")
    privacy, other = factories.signed_in(app, "privacy"), factories.signed_in(app, "privacy")
    (hit,) = items(app)
    row = pages.visit(other, url).form(JUDGE.format(hit.id))
    own = judging(other, hit)
    assert send(judging(privacy, hit), verdict="unjustified", text="Curiosity.").status_code == 303
    for form in (row, own):
        assert send(form, verdict="justified").status_code == 422
    page = pages.read(other, send(own, verdict="justified", text="A call."))
    assert "judged or answered meanwhile" in page.text
    assert "A call." in page.response.text, "what was typed"
    (hit,) = items(app)
    assert (hit.verdict, hit.reason) == ("unjustified", "Curiosity.")


def test_an_answer_that_came_meanwhile_is_read_first(app: Flask) -> None:
    reviewed(app, "R1")
    privacy = factories.signed_in(app, "privacy")
    (hit,) = items(app)
    bertta = asked(app, privacy, hit)
    form = judging(privacy, hit)
    mine = pages.visit(bertta, "/log-review/mine").form(ANSWER.format(hit.id))
    assert mine.send(text="A wrong number.").status_code == 303
    assert send(form, verdict="unjustified", text="No answer.").status_code == 422
    assert send(judging(privacy, hit), verdict="justified").status_code == 303


def test_a_double_click_changes_nothing(app: Flask) -> None:
    reviewed(app, "R1")
    privacy = factories.signed_in(app, "privacy")
    (hit,) = items(app)
    form = judging(privacy, hit)
    answers = [send(form, verdict="unjustified", text="Curiosity.") for _ in range(2)]
    assert [one.location for one in answers] == ["/breaches/1/edit"] * 2
    told = [one for one in factories.entries_of(app, answers[1]) if one.operation == "review"]
    assert told == []


def test_a_last_word_changes_with_a_reason_and_a_breach_stays(app: Flask) -> None:
    reviewed(app, "R1")
    privacy = factories.signed_in(app, "privacy")
    (hit,) = items(app)
    assert send(judging(privacy, hit), verdict="justified").status_code == 303
    page = pages.read(privacy, send(judging(privacy, hit), verdict="asked"))
    assert page.errors == ["Write why the verdict changes."]
    form = judging(privacy, hit)
    assert send(form, verdict="unjustified", text="It was none.").status_code == 303
    page = pages.visit(privacy, f"/log-review/items/{hit.id}")
    assert JUDGE.format(hit.id) not in [one.action for one in page.forms]
    (hit,) = items(app)
    form.fields["seen"] = f"unjustified/{hit.judged_at}/"
    page = pages.read(privacy, send(form, verdict="justified", text="Work."))
    assert "has opened a breach and stays unjustified" in page.text
    assert "Work." in page.response.text
    assert items(app)[0].verdict == "unjustified"


def test_who_may_judge_is_asked_by_every_way(app: Flask) -> None:
    """Also where the page was made for somebody else."""
    url = reviewed(app, "R1", each=2, actor="paula")
    me = factories.user_id(app, "paula")
    with factories.register(app):
        grant = {"user_id": me, "role": "privacy", "valid_from": NOON}
        db.session.execute(db.insert(db.metadata.tables["role_grant"]), grant)
    paula = factories.browser(app)
    factories.sign_in(paula, "paula")
    other = factories.signed_in(app, "privacy")
    token = pages.visit(paula, url).form(field="csrf_token").fields["csrf_token"]
    (hit, _second) = items(app)
    for form in (
        pages.visit(other, url).form(f"{url}/together"),
        judging(other, hit),
        pages.visit(other, url).form(JUDGE.format(hit.id)),
    ):
        data = form.fields | {"csrf_token": token, "verdict": "justified", "text": "Mine."}
        answer = paula.post(form.action, data=data)
        assert (answer.status_code, "This is about you." in answer.text) == (422, True)
        assert "Mine." in answer.text
    assert {one.verdict for one in items(app)} == {""}


# --- the way through ----------------------------------------------------------------------


def own_items(app: Flask, *rules: str) -> FlaskClient:
    """The browser of a reviewer, Paula, who has items of her own in the review."""
    client = factories.signed_in(app, "privacy", name="paula")
    me = factories.user_id(app, "paula")
    with factories.register(app):
        review = db.session.scalars(db.select(LogReview)).one()
        for rule in rules:
            factories.review_item(review, rule, actor_id=me, facts='{"days": 14}')
    return client


def test_from_the_last_item_that_one_may_judge_one_comes_to_the_whole_review(app: Flask) -> None:
    url = reviewed(app, "R1", "R6")
    factories.user(app, "privacy", name="minna")
    paula = own_items(app, "R8", "R1")
    one, two, *_own = items(app)
    assert "You have judged everything" not in pages.visit(paula, url).text
    answer = send(judging(paula, one), verdict="justified")
    assert answer.location == f"{url}#log_review-items", "the other rule, and not one's own item"
    page = pages.visit(paula, url)
    assert f"/log-review/items/{two.id}" in [link.href for link in page.links]
    answer = send(judging(paula, two), verdict="asked")
    assert answer.location == url
    text = pages.visit(paula, url).text
    assert "You have judged everything that you may judge." in text
    assert "1 item waits for its explanation." in text
    assert "2 items are about you: Tester minna can judge them." in text


def test_a_review_with_everything_judged_says_so(app: Flask) -> None:
    url = reviewed(app, "R1")
    privacy = factories.signed_in(app, "privacy")
    (hit,) = items(app)
    assert send(judging(privacy, hit), verdict="justified").location == url
    assert "Everything is judged. The review can be closed." in pages.visit(privacy, url).text


def test_an_item_says_who_when_and_whom_before_the_sentence(app: Flask) -> None:
    reviewed(app, "R1", contact_number=7)
    privacy = factories.signed_in(app, "privacy")
    text = pages.visit(privacy, f"/log-review/items/{items(app)[0].id}").text
    order = ("User Tester bertta", "Time", "Contact 7", "You opened this person", "Evidence")
    places = [text.index(words) for words in order]
    assert places == sorted(places)


@pytest.mark.parametrize(("typed", "said"), [("Who rang?", "Who rang?"), ("", "What was it for?")])
def test_a_question_stays_with_the_verdict_that_did_not_wait(
    app: Flask, typed: str, said: str
) -> None:
    reviewed(app, "R1")
    privacy = factories.signed_in(app, "privacy")
    (hit,) = items(app)
    asked(app, privacy, hit, text=typed)
    text = pages.visit(privacy, f"/log-review/items/{hit.id}").text
    assert f"Question {said} Answered not yet" in text
    assert send(judging(privacy, hit), verdict="justified", text="Known now.").status_code == 303
    text = pages.visit(privacy, f"/log-review/items/{hit.id}").text
    assert "Reason Known now." in text
    assert f"Question {said} Answered not before the verdict" in text


def test_thresholds_are_said_in_words(app: Flask) -> None:
    url = reviewed(app, "R1")
    limits = {name: 1000 + place for place, name in enumerate(vars(ReviewLimits()))}
    assert limits.keys() == words.LIMITS.keys()
    with factories.register(app):
        kept = json.dumps(limits | {"review_gone": 7})
        new = factories.review(date(2025, 1, 1), limits=kept).id
    text = pages.visit(factories.signed_in(app, "privacy"), f"{url.rsplit('/', 1)[0]}/{new}").text
    for name, value in limits.items():
        assert f"{words.LIMITS[name]} {name} {value:,}" in text.replace("\u202f", ",")
    assert "review_gone review_gone 7" in text, "a setting that is none any more"


# --- asking -------------------------------------------------------------------------------


def test_what_was_answered_is_not_asked_again(app: Flask) -> None:
    reviewed(app, "R1")
    privacy = factories.signed_in(app, "privacy")
    (hit,) = items(app)
    bertta = asked(app, privacy, hit, text="Why?")
    mine = pages.visit(bertta, "/log-review/mine").form(ANSWER.format(hit.id))
    assert mine.send(text="I cannot remember.").status_code == 303
    page = pages.visit(privacy, f"/log-review/items/{hit.id}")
    assert "Ask for an explanation" not in page.text
    answer = send(page.form(JUDGE.format(hit.id)), verdict="asked", text="Which customer?")
    page = pages.read(privacy, answer)
    assert page.errors == ["This was answered already: it is not asked again."]
    assert items(app)[0].question == "Why?"


def test_an_answer_never_stands_under_another_question(app: Flask) -> None:
    reviewed(app, "R1")
    privacy = factories.signed_in(app, "privacy")
    (hit,) = items(app)
    bertta = asked(app, privacy, hit, text="Why?")
    mine = pages.visit(bertta, "/log-review/mine").form(ANSWER.format(hit.id))
    assert send(judging(privacy, hit), verdict="asked").status_code == 422, "without a question"
    assert send(judging(privacy, hit), verdict="asked", text="Who rang?").status_code == 303
    page = pages.read(bertta, mine.send(text="Paula did."))
    assert page.errors == ["The question has changed meanwhile. Read it again."]
    assert page.form(ANSWER.format(hit.id)).fields["text"].strip() == "Paula did."
    assert "Who rang?" in page.text
    assert items(app)[0].answered_at is None


def test_a_refused_answer_stands_at_its_question(app: Flask) -> None:
    url = reviewed(app, "R1", "R6")
    privacy = factories.signed_in(app, "privacy")
    one, two = items(app)
    asked(app, privacy, one)
    bertta = asked(app, privacy, two)
    mine = pages.visit(bertta, "/log-review/mine").form(ANSWER.format(two.id))
    page = pages.read(bertta, mine.send(text=" "))
    assert page.errors == ["Write what the look was for."]
    (link,) = [one for one in page.links if "Write what" in one.text]
    assert link.href == f"#text-{two.id}"
    assert link.href.removeprefix("#") in page.ids
    assert page.response.text.count("aria-invalid") == 1
    form = pages.visit(privacy, url).form(f"{url}/close")
    assert form.send(reason="No time.").status_code == 303
    page = pages.read(bertta, mine.send(text="A wrong number."))
    assert "This review is closed." in page.text
    assert "A wrong number." in page.response.text, "what was typed"


def test_each_sentence_is_said_of_its_own_looks(app: Flask) -> None:
    url = reviewed(app, "R8", contact_number=7, facts='{"months": 12}')
    me = factories.user_id(app, "bertta")
    with factories.register(app):
        review = db.session.scalars(db.select(LogReview)).one()
        factories.review_item(
            review, "R8", actor_id=me, contact_number=8, facts='{"restricted": 1}'
        )
    privacy = factories.signed_in(app, "privacy")
    form = pages.visit(privacy, url).form(f"{url}/together")
    assert send(form, verdict="asked").status_code == 303
    bertta = factories.browser(app)
    factories.sign_in(bertta, "bertta")
    text = pages.visit(bertta, "/log-review/mine").text
    places = [text.index(word) for word in ("former customer", "contact 7", "restricted")]
    assert places == sorted(places)
    assert text.index("contact 8") > places[-1]


def test_a_sentence_with_an_unknown_number_is_said_all_the_same(app: Flask) -> None:
    """A review of years ago, of a rule that says more today."""
    reviewed(app, "R4", facts='{"begin": 6}')
    privacy = factories.signed_in(app, "privacy")
    text = pages.visit(privacy, f"/log-review/items/{items(app)[0].id}").text
    assert "outside the hours from 6 to –." in text


# --- closing ------------------------------------------------------------------------------


def test_nobody_ends_the_review_of_themselves(app: Flask) -> None:
    url = reviewed(app, "R1", actor="paula")
    me = factories.user_id(app, "paula")
    with factories.register(app):
        grant = {"user_id": me, "role": "privacy", "valid_from": NOON}
        db.session.execute(db.insert(db.metadata.tables["role_grant"]), grant)
    paula = factories.browser(app)
    factories.sign_in(paula, "paula")
    form = pages.visit(paula, url).form(f"{url}/close")
    other = factories.signed_in(app, "privacy", name="maija")
    page = pages.read(paula, form.send(reason="No time."))
    assert page.response.status_code == 422
    assert "not judged yet. Tester maija can do that." in page.text
    assert "No time." in page.response.text
    assert f"{url}/close" not in [one.action for one in page.forms if one.method == "post"]
    (hit,) = items(app)
    assert send(judging(other, hit), verdict="justified").status_code == 303
    assert pages.visit(paula, url).form(f"{url}/close").send().status_code == 303


def test_what_was_typed_stays_when_the_review_was_closed_meanwhile(app: Flask) -> None:
    url = reviewed(app, "R1", each=2)
    privacy = factories.signed_in(app, "privacy")
    page = pages.visit(privacy, url)
    closing_, together = page.form(f"{url}/close"), page.form(f"{url}/together")
    single = judging(privacy, items(app)[0])
    assert closing_.send(reason="No time.").status_code == 303
    for form, field in ((closing_, "reason"), (together, "text"), (single, "text")):
        form.fields["verdict"] = "justified"
        answer = form.send(**{field: "Typed with care."})
        assert answer.status_code == 422
        assert "This review is closed." in answer.text
        assert "Typed with care." in answer.text


def test_what_nobody_signed_in_did_says_where_from(app: Flask) -> None:
    with at(NOON), factories.register(app) as acting:
        acting.source = "paula-os"
        acting.event("log_export", "log", fields=["jsonl"])
    with at(AFTER):
        privacy = factories.signed_in(app, "privacy")
        reviewing.drawn(privacy)
        (hit,) = items(app, "log")
        text = pages.visit(privacy, f"/log-review/items/{hit.id}").text
    assert hit.actor_id is None
    assert "Where from cli paula-os" in text
    assert "If it was you" in text


# --- how many -----------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1, 5000])
def test_every_page_holds_none_one_and_many(app: Flask, count: int) -> None:
    me = factories.user_id(app, factories.user(app, "staff", name="bertta"))
    with factories.register(app):
        review = factories.review(drawn_at=AFTER)
        values = {"review_id": review.id, "rule": "R1", "actor_id": me, "request_id": "one"}
        values |= {"at": AFTER, "count": 1, "facts": '{"days": 14}'}
        rows = [values | {"contact_number": n + 1} for n in range(count)]
        if rows:
            db.session.execute(db.insert(LogReviewItem), rows)
    privacy = factories.signed_in(app, "privacy")
    for url in ("/log-review/", "/log-review/1", "/dashboard/"):
        pages.visit(privacy, url)
    if count:
        page = pages.visit(privacy, "/log-review/1")
        together = count > 1
        form = page.form("/log-review/1/together" if together else JUDGE.format(1))
        assert send(form, verdict="asked").status_code == 303
    bertta = factories.browser(app)
    factories.sign_in(bertta, "bertta")
    asks = "asked about" in pages.visit(bertta, "/").text
    page = pages.visit(bertta, "/log-review/mine")
    assert asks == (count > 0)
    if count:
        assert page.form(ANSWER.format(1)).send(text="A campaign.").status_code == 303
        assert {one.answer for one in items(app)} == {"A campaign."}


def test_no_page_of_ones_own_day_loads_items(app: Flask) -> None:
    """A day with much asked is opened as fast as one without."""
    reviewed(app, "R1", each=3, verdict="asked", asked_at=AFTER)
    bertta = factories.browser(app)
    factories.sign_in(bertta, "bertta")
    loaded: list[LogReviewItem] = []
    listen = (LogReviewItem, "load", lambda item, _context: loaded.append(item))
    db.event.listen(*listen)
    try:
        assert "3 of your looks are asked about" in pages.visit(bertta, "/").text
    finally:
        db.event.remove(*listen)
    assert loaded == []

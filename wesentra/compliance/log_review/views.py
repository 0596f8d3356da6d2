"""The pages of log reviews for who judges."""

import json
import secrets
from datetime import date
from typing import Any

from flask import Blueprint, Response, current_app, g, render_template, request

from wesentra.actor import current
from wesentra.audit import ledger
from wesentra.compliance.log_review import actions, drawing, forms, queries, who, words
from wesentra.models import LogReview, LogReviewItem
from wesentra.models.log_review import Verdict
from wesentra.web import ids
from wesentra.web.guard import needs
from wesentra.web.htmx import done, page, refused
from wesentra.web.unit_of_work import reading_first

blueprint = Blueprint("log_review", __name__, url_prefix="/log-review")
words.install(blueprint)
WHY = "log_review"
BREACH_DOOR = "wesentra_open_breach"
"""Where the function lies that opens the draft of a breach; `features` puts it there."""


@blueprint.get("/")
@needs("log_review.read", purpose=WHY)
def index() -> Response:
    """All reviews, and the months that wait for one."""
    return page("log_review/index.html", form=forms.DrawForm(), **_all())


@blueprint.post("/draw")
@needs("log_review.write", purpose=WHY)
def draw() -> Response:
    """Draw the review of a month. It is read while others go on writing."""
    form = forms.DrawForm.sent()
    if form.validate():
        with form.refusals():
            month = date.fromisoformat(form.month.data)
            with reading_first():
                limits = current_app.extensions["wesentra_settings"]
                drawn = drawing.read(month, secrets.token_hex(16), limits)
            review = drawing.store(drawn)
            return done(f"/log-review/{review.id}", notice="review_drawn")
    return refused("log_review/index.html", form=form, **_all())


@blueprint.get("/<int:review_id>")
@needs("log_review.read", purpose=WHY)
def show(review_id: int) -> Response:
    """One review: how far it is, and the items of one rule."""
    current().event("log_read", "log", fields=["review"])
    return page("log_review/show.html", **_of(queries.get(review_id)), form=forms.CloseForm())


@blueprint.post("/<int:review_id>/together")
@needs("log_review.write", purpose=WHY)
def together(review_id: int) -> Response:
    """One verdict for all open items of one rule and one user."""
    review = queries.to_change(review_id)
    form = forms.TogetherForm.sent()
    user = ids.chosen(form.user.data or "")
    items = queries.together(review.id, form.rule.data or "", user)
    if form.validate():
        with form.refusals():
            breach = _judged(items, form)
            return done(breach or _back(items[0]), notice="saved")
    return refused("log_review/show.html", **_of(review), form=forms.CloseForm(), wrong=form)


@blueprint.post("/<int:review_id>/close")
@needs("log_review.write", purpose=WHY)
def close(review_id: int) -> Response:
    """End a review."""
    review = queries.to_change(review_id)
    form = forms.CloseForm.sent()
    if form.validate():
        with form.refusals():
            actions.close(review, form.reason.data or "")
            return done(f"/log-review/{review_id}", notice="saved")
    return refused("log_review/show.html", **_of(review), form=form)


@blueprint.get("/items/<int:item_id>")
@needs("log_review.read", purpose=WHY)
def item(item_id: int) -> Response:
    """One item, with what was asked and answered."""
    current().event("log_read", "log", fields=["review"])
    return page("log_review/item.html", form=forms.JudgeForm(), **_one(queries.item(item_id)))


@blueprint.post("/items/<int:item_id>/judge")
@needs("log_review.write", purpose=WHY)
def judge(item_id: int) -> Response:
    """Judge one item, by one click."""
    found = queries.item(item_id)
    queries.to_change(found.review_id)
    form = forms.JudgeForm.sent()
    if form.validate():
        with form.refusals():
            breach = _judged([found], form)
            return done(breach or _back(found), notice="saved")
    return refused("log_review/item.html", form=form, **_one(found))


def dashboard_figure() -> str:
    """For the row at the top of the dashboard: what is open."""
    last, left = queries.standing()
    return render_template("log_review/_figure.html", last=last, left=left)


def dashboard_panel() -> str:
    """For the dashboard: the last review, what is open, and the months that wait."""
    last, left = queries.standing()
    months = len(queries.months_to_review())
    return render_template("log_review/_state.html", last=last, left=left, months=months)


def _judged(items: Any, form: forms.JudgeForm) -> str:
    """The address of the draft of a breach, if the verdict has opened one."""
    door = current_app.extensions[BREACH_DOOR]
    number = actions.judge(items, form.verdict.data or "", form.text.data or "", door)
    return f"/breaches/{number}/edit" if number else ""


def _back(item: LogReviewItem) -> str:
    """To the items of the same rule; when they are judged, to what is judged next."""
    left = queries.open_by_user(item.review_id, item.rule)
    rule = f"?rule={item.rule}" if left else ""
    return f"/log-review/{item.review_id}{rule}#log_review-items"


def _all() -> dict[str, Any]:
    return {
        "reviews": queries.reviews(),
        "tallies": queries.tallies(),
        "names": ledger.user_names(),
    }


def _of(review: LogReview) -> dict[str, Any]:
    by_rule = queries.by_rule(review.id)
    rules = [rule for rule in words.TITLES if rule in by_rule]
    open_ones = [rule for rule in rules if by_rule[rule].counts.get(Verdict.OPEN)]
    open_ones += [rule for rule in rules if by_rule[rule].left]
    asked = request.args.get("rule", "")
    rule = asked if asked in by_rule else next(iter(open_ones or rules), "")
    verdict = request.args.get("verdict", "" if review.closed_at is None else None)
    wanted = verdict if verdict in words.VERDICTS else None
    names, judges = ledger.user_names(), who.reviewers()
    return {
        "review": review,
        "whole": queries.Tally(_summed(by_rule)),
        "by_rule": by_rule,
        "rules": rules,
        "rule": rule,
        "verdict": wanted,
        "found": queries.items(review.id, rule, wanted, request.args.get("after", type=ids.number)),
        "groups": queries.open_by_user(review.id, rule),
        "names": names,
        "me": g.signed_in.user.id,
        "others": [names[user] for user in sorted(judges - {g.signed_in.user.id})],
        "limits": json.loads(review.limits),
    }


def _summed(by_rule: dict[str, queries.Tally]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for tally in by_rule.values():
        for verdict, number in tally.counts.items():
            counts[verdict] = counts.get(verdict, 0) + number
    return counts


def _one(found: LogReviewItem) -> dict[str, Any]:
    return {
        "item": found,
        "review": queries.get(found.review_id),
        "names": ledger.user_names(),
        "me": g.signed_in.user.id,
    }

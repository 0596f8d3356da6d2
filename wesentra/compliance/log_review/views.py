"""The pages of log reviews for who judges."""

import secrets
from datetime import date

from flask import Blueprint, Response, current_app, g, render_template

from wesentra.actor import current
from wesentra.compliance.log_review import actions, drawing, forms, pages, queries, words
from wesentra.models import LogReview, LogReviewItem
from wesentra.web import ids
from wesentra.web.guard import needs
from wesentra.web.htmx import done, page, refused
from wesentra.web.unit_of_work import reading_first

blueprint = Blueprint("log_review", __name__, url_prefix="/log-review")
words.install(blueprint)
blueprint.add_app_template_filter(actions.state, "item_state")
WHY = "log_review"
BREACH_DOOR = "wesentra_open_breach"
"""Where the function lies that opens the draft of a breach; `features` puts it there."""


@blueprint.get("/")
@needs("log_review.read", purpose=WHY)
def index() -> Response:
    """All reviews, and the months that wait for one."""
    return page("log_review/index.html", form=forms.DrawForm(), **pages.of_all())


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
    return refused("log_review/index.html", form=form, **pages.of_all())


@blueprint.get("/<int:review_id>")
@needs("log_review.read", purpose=WHY)
def show(review_id: int) -> Response:
    """One review: how far it is, and the items of one rule."""
    current().event("log_read", "log", fields=["review"])
    values = pages.of_review(queries.get(review_id))
    return page("log_review/show.html", **values, form=forms.CloseForm())


@blueprint.post("/<int:review_id>/together")
@needs("log_review.write", purpose=WHY)
def together(review_id: int) -> Response:
    """One verdict for all open items of one rule and one user."""
    review = queries.get(review_id)
    form = forms.TogetherForm.sent()
    if form.validate():
        with form.refusals():
            queries.to_change(review_id)
            user = ids.chosen(form.user.data or "")
            items = queries.together(review_id, form.rule.data or "", user)
            said = (form.verdict.data or "", form.text.data or "")
            breach = actions.judge(items, *said, _breach_door())
            return done(_next(items[0], breach), notice="saved")
    values = pages.of_review(review, form)
    return refused("log_review/show.html", **values, form=forms.CloseForm(), wrong=form)


@blueprint.post("/<int:review_id>/close")
@needs("log_review.write", purpose=WHY)
def close(review_id: int) -> Response:
    """End a review."""
    review = queries.get(review_id)
    form = forms.CloseForm.sent()
    if form.validate():
        with form.refusals():
            actions.close(queries.to_change(review_id), form.reason.data or "")
            return done(f"/log-review/{review_id}", notice="saved")
    return refused("log_review/show.html", **pages.of_review(review), form=form)


@blueprint.get("/items/<int:item_id>")
@needs("log_review.read", purpose=WHY)
def item(item_id: int) -> Response:
    """One item, with what was asked and answered."""
    current().event("log_read", "log", fields=["review"])
    values = pages.of_item(queries.item(item_id))
    return page("log_review/item.html", form=forms.JudgeForm(), **values)


@blueprint.post("/items/<int:item_id>/judge")
@needs("log_review.write", purpose=WHY)
def judge(item_id: int) -> Response:
    """Judge one item, by one click."""
    found = queries.item(item_id)
    form = forms.JudgeForm.sent()
    if form.validate():
        with form.refusals():
            queries.item_to_change(item_id)
            said = (form.seen.data or "", form.verdict.data or "", form.text.data or "")
            breach = actions.judge_seen(found, *said, _breach_door())
            return done(_next(found, breach), notice="saved")
    return refused("log_review/item.html", form=form, **pages.of_item(found))


def dashboard_figure() -> str:
    """For the row at the top of the dashboard: what is open."""
    last, left = _standing()
    return render_template("log_review/_figure.html", last=last, left=left)


def dashboard_panel() -> str:
    """For the dashboard: the last review, what is open, and the months that wait."""
    last, left = _standing()
    months = len(queries.months_to_review())
    return render_template("log_review/_state.html", last=last, left=left, months=months)


def _standing() -> tuple[LogReview | None, int]:
    """Asked once for the two places of the dashboard that tell it."""
    if "log_review_standing" not in g:
        g.log_review_standing = queries.standing()
    found: tuple[LogReview | None, int] = g.log_review_standing
    return found


def _breach_door() -> actions.OpenBreach:
    door: actions.OpenBreach = current_app.extensions[BREACH_DOOR]
    return door


def _next(item: LogReviewItem, breach: int | None) -> str:
    """To the draft of a breach that was opened, else to the items of the same rule; when they are
    judged, to what is judged next, and at the end to the review, which says that it is."""
    if breach is not None:
        return f"/breaches/{breach}/edit"
    left = queries.to_judge(item.review_id, g.signed_in.user.id)
    rule = f"?rule={item.rule}" if item.rule in left else ""
    return f"/log-review/{item.review_id}{rule}{'#log_review-items' if left else ''}"

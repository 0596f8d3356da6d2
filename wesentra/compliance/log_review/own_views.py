"""What somebody is asked about their own looks, and the form to answer."""

from dataclasses import dataclass
from itertools import groupby

from flask import Response, g, render_template

from wesentra.compliance.log_review import actions, forms, queries, who, words
from wesentra.compliance.log_review.views import blueprint
from wesentra.models import LogReviewItem
from wesentra.refusal import NotFound
from wesentra.texts import mark
from wesentra.web.guard import needs
from wesentra.web.htmx import done, page, refused


@dataclass(frozen=True)
class Asked:
    """What was asked at once and is answered at once, by the sentence that says why it is there."""

    first: LogReviewItem
    told: dict[str, list[LogReviewItem]]
    form: forms.AnswerForm


@blueprint.get("/mine")
@needs("log_review.own")
def mine() -> Response:
    """Everything that the one who is signed in is asked to explain."""
    return page("log_review/mine.html", asked=_asked(), form=forms.AnswerForm(), unsaved=None)


@blueprint.post("/mine/<int:item_id>/answer")
@needs("log_review.own")
def answer(item_id: int) -> Response:
    """Explain what was asked at once; somebody else's is not found."""
    item = queries.item(item_id)
    if item.actor_id != g.signed_in.user.id or item.asked_at is None:
        raise NotFound(mark("There is nothing that you are asked about here."))
    form = forms.AnswerForm.sent()
    if form.validate():
        with form.refusals():
            queries.item_to_change(item_id)
            actions.answer(who.asked_with(item), form.text.data or "", form.seen.data or "")
            return done("/log-review/mine", notice="answered")
    asked = _asked(item, form)
    unsaved = None if any(one.form is form for one in asked) else form
    return refused("log_review/mine.html", asked=asked, form=form, unsaved=unsaved)


def day_panel() -> str:
    """For *my day*: that an explanation is asked. Nothing when there is none."""
    count = who.asked_count(g.signed_in.user.id)
    return render_template("log_review/_mine.html", count=count) if count else ""


def _asked(item: LogReviewItem | None = None, wrong: forms.AnswerForm | None = None) -> list[Asked]:
    """Everything asked; where `item` is among it, its form is the refused one (`wrong`)."""
    found = who.asked_of(g.signed_in.user.id)
    ordered = sorted(found, key=lambda one: (one.review_id, one.rule, one.asked_at, one.id))
    groups = groupby(ordered, key=lambda one: (one.review_id, one.rule, one.asked_at))
    return [_together(list(group), item, wrong) for _, group in groups]


def _together(
    items: list[LogReviewItem], item: LogReviewItem | None, wrong: forms.AnswerForm | None
) -> Asked:
    told: dict[str, list[LogReviewItem]] = {}
    for one in items:
        told.setdefault(words.rule_sentence(one), []).append(one)
    form = wrong if wrong is not None and item in items else forms.AnswerForm()
    return Asked(items[0], told, forms.placed(form, items[0].id))

"""What somebody is asked about their own looks, and the form to answer."""

from itertools import groupby

from flask import Response, g, render_template

from wesentra.compliance.log_review import actions, forms, queries, who
from wesentra.compliance.log_review.views import blueprint
from wesentra.models import LogReviewItem
from wesentra.models.log_review import Verdict
from wesentra.refusal import NotFound
from wesentra.texts import mark
from wesentra.web.guard import needs
from wesentra.web.htmx import done, page, refused

Asked = list[list[LogReviewItem]]


@blueprint.get("/mine")
@needs("log_review.own")
def mine() -> Response:
    """Everything that the one who is signed in is asked to explain."""
    return page("log_review/mine.html", asked=_asked(), form=forms.AnswerForm(), answered=0)


@blueprint.post("/mine/<int:item_id>/answer")
@needs("log_review.own")
def answer(item_id: int) -> Response:
    """Explain what was asked at once; somebody else's is not found."""
    item = queries.item(item_id)
    if item.actor_id != g.signed_in.user.id or item.verdict != Verdict.ASKED:
        raise NotFound(mark("There is nothing that you are asked about here."))
    queries.to_change(item.review_id)
    form = forms.AnswerForm.sent()
    if form.validate():
        with form.refusals():
            actions.answer(who.asked_with(item), form.text.data or "")
            return done("/log-review/mine", notice="answered")
    return refused("log_review/mine.html", asked=_asked(), form=form, answered=item.id)


def day_panel() -> str:
    """For *my day*: that an explanation is asked. Nothing when there is none."""
    asked = who.asked_of(g.signed_in.user.id)
    return render_template("log_review/_mine.html", count=len(asked)) if asked else ""


def _asked() -> Asked:
    """What was asked at once is answered at once."""
    found = who.asked_of(g.signed_in.user.id)
    ordered = sorted(found, key=lambda one: (one.review_id, one.rule, one.asked_at, one.id))
    groups = groupby(ordered, key=lambda one: (one.review_id, one.rule, one.asked_at))
    return [list(group) for _, group in groups]

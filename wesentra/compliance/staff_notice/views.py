"""The page of the notice about logging as the privacy contact looks after it."""

from flask import Blueprint, Response, current_app

from wesentra.compliance.staff_notice import actions, forms, queries
from wesentra.models.notice_acknowledgement import LOG_NOTICE
from wesentra.web.guard import needs
from wesentra.web.htmx import done, page

blueprint = Blueprint("staff_notice", __name__, url_prefix="/settings/log-notice")
HOME = "/settings/log-notice/"


@blueprint.get("/")
@needs("staff_notice.read", purpose="log_review")
def index() -> Response:
    """Who has read the notice of today, and when the staff was heard about it."""
    return _page(forms.HearingForm())


@blueprint.post("/hearings")
@needs("staff_notice.write", purpose="log_review")
def note_hearing() -> Response:
    """Note that the staff was heard."""
    form = forms.HearingForm.sent()
    if form.validate() and form.held_on.data is not None:
        if form.sent_before() is not None:
            return done(HOME, notice="saved")
        with form.refusals():
            actions.note_hearing(form.held_on.data, form.how.data)
            return done(form.leads_to(HOME), notice="saved")
    return _page(form, 422)


def _page(form: forms.HearingForm, status: int = 200) -> Response:
    months = current_app.extensions["wesentra_settings"].log_months
    return page(
        "staff_notice/index.html",
        status=status,
        form=form,
        readers=queries.readers(months),
        hearings=queries.hearings(),
        version=LOG_NOTICE,
        months=months,
        ways=forms.WAYS,
    )

"""The page on which somebody says that they have seen what a restore has lost of the log."""

from collections.abc import Callable

from flask import Blueprint, Response

from wesentra.audit import restorations
from wesentra.compliance.access_log.forms import RestoreForm
from wesentra.web.guard import needs
from wesentra.web.htmx import done, page, refused

blueprint = Blueprint("log_restores", __name__, url_prefix="/log/restore")
WHY = "log_review"


@blueprint.get("")
@needs("log.write", purpose=WHY, fresh=True)
def ask() -> Response:
    """What is lost, and the question why the backup was restored."""
    return _page(page, RestoreForm())


@blueprint.post("")
@needs("log.write", purpose=WHY, fresh=True)
def acknowledge() -> Response:
    """It was seen."""
    form = RestoreForm.sent()
    if form.validate():
        with form.refusals():
            restorations.acknowledge(form.number.data or 0, form.reason.data or "")
            return done("/log/", notice="acknowledged")
    return _page(refused, form)


def _page(answer: Callable[..., Response], form: RestoreForm) -> Response:
    return answer("log/restore.html", form=form, restored=restorations.waiting())

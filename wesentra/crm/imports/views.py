"""The pages of imports: bring a file, choose columns, see what would come of it, bring it in."""

from typing import Any

from flask import Blueprint, Response, request

from wesentra.crm.imports import (
    actions,
    background,
    forms,
    incoming,
    jobs,
    left_out,
    queries,
    rejected,
)
from wesentra.crm.imports.states import WORKING, State
from wesentra.models import ImportJob
from wesentra.web.files import built, download
from wesentra.web.guard import needs
from wesentra.web.htmx import done, page, refused

blueprint = Blueprint("imports", __name__, url_prefix="/imports")

FIRST_REJECTED = 20


@blueprint.get("/")
@needs("imports.read", shows="list")
def index() -> Response:
    """The last imports, and the way to the next."""
    return page("imports/index.html", **_list(forms.UploadForm()))


@blueprint.post("/")
@needs("imports.write")
def upload() -> Response:
    """Take a file in; its rows are read after the answer."""
    form = forms.UploadForm.sent()
    if form.validate():
        with form.refusals():
            sent = request.files.get("file")
            found = incoming.receive(sent.stream if sent else None)
            job = actions.begin(found.table, found.sha256)
            return background.read(done(f"/imports/{job.id}"), job.id, found.table)
    return refused("imports/index.html", **_list(form))


@blueprint.get("/<int:job_id>")
@needs("imports.read")
def show(job_id: int) -> Response:
    """How far an import is, and what is to be decided next."""
    job = jobs.get(job_id)
    return page("imports/show.html", "imports/_state.html", **_state(job))


@blueprint.post("/<int:job_id>/columns")
@needs("imports.write")
def choose(job_id: int) -> Response:
    """Say which column goes where; the rows are checked after the answer."""
    job = jobs.locked(job_id)
    jobs.demand(job, State.MAPPING)
    form = forms.MappingForm.sent()
    if form.validate():
        with form.refusals():
            actions.choose(job, forms.chosen_columns(job), **form.data)
            actions.start_check(job)
            return background.carry_on(done(f"/imports/{job_id}"), job_id)
    values = _state(job, form) | {"columns": forms.sent_columns(job)}
    return refused("imports/show.html", "imports/_state.html", **values)


@blueprint.post("/<int:job_id>/reconsider")
@needs("imports.write")
def reconsider(job_id: int) -> Response:
    """Choose the columns once more."""
    actions.reconsider(jobs.locked(job_id))
    return done(f"/imports/{job_id}")


@blueprint.post("/<int:job_id>/apply")
@needs("imports.write")
def apply(job_id: int) -> Response:
    """Bring in what was foreseen."""
    actions.start_apply(jobs.locked(job_id))
    return background.carry_on(done(f"/imports/{job_id}", notice="import_started"), job_id)


@blueprint.post("/<int:job_id>/continue")
@needs("imports.write")
def go_on(job_id: int) -> Response:
    """Go on where a stop of the server broke the work off."""
    actions.go_on(jobs.locked(job_id))
    return background.carry_on(done(f"/imports/{job_id}"), job_id)


@blueprint.get("/<int:job_id>/undo")
@needs("imports.write", fresh=True)
def ask_undo(job_id: int) -> Response:
    """Ask before an import is taken back."""
    return page("imports/undo.html", job=jobs.get(job_id))


@blueprint.post("/<int:job_id>/undo")
@needs("imports.write", fresh=True)
def undo(job_id: int) -> Response:
    """Take an import back, or let its staged rows go."""
    actions.start_undo(jobs.locked(job_id))
    return background.carry_on(done(f"/imports/{job_id}"), job_id)


@blueprint.get("/<int:job_id>/rejected")
@needs("imports.read", shows="export", fresh=True)
def rejected_rows(job_id: int) -> Response:
    """The rejected rows with line and reason, as a file for a spreadsheet."""
    job = jobs.get(job_id)
    rows = queries.every_rejected(job_id)
    file = built(lambda out: rejected.write(job, rows, out, forms.say))
    return download(file, f"import-{job_id}-rejected.csv", "text/csv")


def _list(form: forms.UploadForm) -> dict[str, Any]:
    return {"form": form, "jobs": queries.recent(), "name_of": forms.name_of}


def _state(job: ImportJob, form: forms.MappingForm | None = None) -> dict[str, Any]:
    """What the page of an import shows in its present state."""
    choosing, checked = job.state == State.MAPPING, job.state in (State.CHECKED, State.DONE)
    return {
        "job": job,
        "working": job.state in (*WORKING, State.READING),
        "stopped": jobs.has_stopped(job),
        "columns": jobs.named_columns_of(job) if choosing else (),
        "form": form or (forms.MappingForm.of(job) if choosing else None),
        "fields": forms.fields() if choosing else [],
        "samples": queries.first_rows(job.id) if choosing else [],
        "rejected": queries.rejected(job.id, FIRST_REJECTED) if checked else [],
        "left_out": left_out.named(jobs.named_columns_of(job)) if checked else "",
        "sources": forms.SOURCES,
        "named": forms,
    }

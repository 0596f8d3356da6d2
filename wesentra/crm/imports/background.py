"""Long work after the answer: an import goes on while its page draws how far it is.

The work starts when the answer has been sent, so after its commit. It is a thread of this server;
what a stop breaks off is continued from the import's page, from where it was.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from threading import Thread

from flask import Flask, Response, current_app

from wesentra.actor import Acting, Notes, acting_as, current
from wesentra.crm.imports import actions, jobs, running
from wesentra.crm.imports.raw import Table
from wesentra.crm.imports.states import State
from wesentra.models.base import db
from wesentra.refusal import Refused

log = logging.getLogger(__name__)


def carry_on(response: Response, job_id: int) -> Response:
    """Do the steps of an import that are due, after `response`."""
    return _after(response, job_id, lambda: running.run(job_id))


def read(response: Response, job_id: int, table: Table) -> Response:
    """Stage the rows of a file, after `response`; then somebody chooses the columns."""

    def work() -> None:
        try:
            running.read(job_id, table.rows, None)
        except Refused as no:
            with running.committed():
                job = jobs.locked(job_id)
                if job.state == State.READING:  # else it was undone while it was read
                    actions.give_up(job, no)
            running.run(job_id)
            return
        with running.committed():
            actions.has_been_read(jobs.locked(job_id))

    return _after(response, job_id, work)


def _after(response: Response, job_id: int, work: Callable[[], object]) -> Response:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    acting = replace(current(), notes=Notes(), channel="job", endpoint="imports")

    def start() -> None:
        if app.testing:
            _do(app, acting, job_id, work)
        else:
            Thread(target=_do, args=(app, acting, job_id, work), daemon=True).start()

    response.call_on_close(start)
    return response


def _do(app: Flask, acting: Acting, job_id: int, work: Callable[[], object]) -> None:
    """Work in a context of its own; what goes wrong is told without anybody's values."""
    with app.app_context(), acting_as(acting):
        try:
            work()
        except Exception as error:
            db.session.rollback()
            log.error("import %s broke off: %s", job_id, type(error).__name__)
            if app.testing:
                raise
        finally:
            db.session.remove()

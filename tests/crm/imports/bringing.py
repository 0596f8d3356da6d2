"""Brings rows into the register and takes them back, as the command line does, in one process."""

import io
from collections.abc import Sequence
from typing import Any

from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.crm.imports.files import HEADINGS, separated
from wesentra.crm.imports import actions, jobs, mapping, reading, running
from wesentra.crm.imports.memory import Memory
from wesentra.models import Company, Contact, ImportJob, db
from wesentra.models.attribution import seen_by_program

CHOSEN = {"group": "prospect", "source": "messut", "region": "FI"}


def begin(rows: Sequence[Sequence[str]], headings: Sequence[str] = HEADINGS) -> int:
    """Read and check a file of these rows (inside `register`); the import's number."""
    stream = io.BytesIO(separated([headings, *rows]).encode())
    table = reading.open_table(stream)
    with running.committed():
        job = actions.begin(table, reading.fingerprint(stream))
        actions.choose(job, mapping.propose(table.headings), **CHOSEN)  # type: ignore[arg-type]
    running.read(job.id, table.rows, Memory())
    with running.committed():
        actions.has_been_checked(jobs.locked(job.id))
    return job.id


def decide(job_id: int, decision: Any) -> None:
    """Decide something about an import (inside `register`)."""
    with running.committed():
        decision(jobs.locked(job_id))


def bring(app: Flask, *rows: Sequence[str], headings: Sequence[str] = HEADINGS) -> ImportJob:
    """Bring rows all the way in; the import as it is then."""
    with factories.register(app):
        job_id = begin(rows, headings)
        decide(job_id, actions.start_apply)
        return detached(running.run(job_id))


def take_back(app: Flask, job: ImportJob) -> ImportJob:
    """Undo an import."""
    with factories.register(app):
        decide(job.id, actions.start_undo)
        return detached(running.run(job.id))


def detached(job: ImportJob) -> ImportJob:
    """The import to look at after the register was left."""
    db.session.refresh(job)
    db.session.expunge(job)
    return job


def figures(job: ImportJob) -> tuple[int, int, int, int]:
    """Created, updated, skipped, rejected."""
    return job.created, job.updated, job.skipped, job.rejected


def people(app: Flask, *columns: Any) -> list[tuple[Any, ...]]:
    """Values of every contact that is seen, by id."""
    chosen = columns or (Contact.given_name, Contact.family_name)
    return _values(app, Contact, chosen)


def companies(app: Flask, *columns: Any) -> list[tuple[Any, ...]]:
    """Values of every company that is seen, by id."""
    return _values(app, Company, columns or (Company.name,))


def _values(app: Flask, table: Any, columns: Sequence[Any]) -> list[tuple[Any, ...]]:
    with factories.register(app):
        query = select(*columns).where(table.pending_import_id.is_(None)).order_by(table.id)
        found = db.session.execute(query, execution_options=seen_by_program("test"))
        return [tuple(row) for row in found]

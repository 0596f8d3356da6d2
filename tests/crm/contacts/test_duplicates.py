"""A mail address belongs to one person, as far as the person is there."""

from flask import Flask

from tests import factories
from wesentra import clock
from wesentra.crm.contacts import queries
from wesentra.models import ImportJob, db

MAIL = "timo@auto.example.fi"


def test_somebody_of_an_unfinished_import_is_not_there_yet(app: Flask) -> None:
    with factories.register(app):
        now = clock.now()
        job = ImportJob(
            state="staged",
            file_sha256="0" * 64,
            mapping={},
            group="prospect",
            source="YTJ",
            region="FI",
            created_at=now,
            touched_at=now,
        )
        db.session.add(job)
        db.session.flush()
        factories.contact(email=MAIL, pending_import_id=job.id)
        assert queries.with_email(MAIL) is None
        there = factories.contact(email=MAIL).id
        assert queries.with_email(MAIL) == there

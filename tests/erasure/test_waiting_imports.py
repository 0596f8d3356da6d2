"""A file that names somebody who waits neither wakes them nor makes them twice."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from tests import factories
from wesentra.erasure import waiting
from wesentra.models import Contact, db

Run = Callable[..., Result]
FILE = "Etunimi;Sukunimi;Sähköposti;Titteli\nAino;Virtanen;aino@auto.example.fi;Johtaja\n"


@pytest.fixture
def gone(app: Flask) -> int:
    with factories.register(app):
        one = factories.contact("Aino", "Virtanen", email="aino@auto.example.fi", title="Ostaja")
        waiting.send([one.id], [])
        return one.id


def test_a_file_leaves_who_waits_as_they_were(
    app: Flask, run: Run, tmp_path: Path, gone: int
) -> None:
    file = tmp_path / "people.csv"
    file.write_text(FILE, encoding="utf-8")
    said = run("import", "contacts", file, "--group", "prospect", "--source", "fair")
    assert said.exit_code == 0, said.output
    assert "1  skipped" in said.output
    with factories.register(app):
        assert db.session.scalars(select(Contact)).all() == []
        (departure,) = waiting.listed()
        waiting.bring_back(departure)
    with factories.register(app):
        (back,) = db.session.scalars(select(Contact)).all()
        assert (back.id, back.title) == (gone, "Ostaja")

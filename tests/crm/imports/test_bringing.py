"""What an import does to the register, and how it is taken back."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.crm.imports.bringing import (
    begin,
    bring,
    companies,
    decide,
    detached,
    figures,
    people,
    take_back,
)
from tests.crm.imports.files import COMPANY, FAULTY, MULTI_LINE, person
from wesentra import clock
from wesentra.crm.contacts import actions as contact_actions
from wesentra.crm.contacts import queries as contact_queries
from wesentra.crm.imports import actions, jobs, mapping, running, steps
from wesentra.crm.imports.memory import Memory
from wesentra.crm.imports.raw import RawRow, Table
from wesentra.crm.imports.states import State
from wesentra.models import Company, Contact, FieldChange, ImportJob, ImportRow, RetentionHold, db
from wesentra.models.attribution import seen_by_program
from wesentra.refusal import Refused

NAMES = ("Etunimi", "Sukunimi", "Yritys", "Sähköposti", "Puhelin", "Titteli", "Huomautuksia")


def row(
    given: str, family: str, company: str = "", email: str = "", phone: str = "", title: str = "",
    note: str = "",
) -> list[str]:  # fmt: skip
    """A row under NAMES."""
    return [given, family, company, email, phone, title, note]


# --- bringing in -----------------------------------------------------------------------------


def test_people_and_their_companies_come_in(app: Flask) -> None:
    job = bring(app, person(), person("Åke Örn", "040 1234567", "ake@ornin.example.fi"))
    assert (job.state, figures(job)) == ("done", (2, 0, 0, 0))
    assert people(app, Contact.given_name, Contact.company_id, Contact.group, Contact.source) == [
        ("Märta", 1, "contract-customer", "messut 2025"),
        ("Åke", 1, "contract-customer", "messut 2025"),
    ]
    assert companies(app, Company.name, Company.business_id, Company.switchboard) == [
        ("Örnin Auto Oy", "0112038-9", "+358443378927")
    ]


def test_wrong_rows_are_rejected_and_the_others_come_in(app: Flask) -> None:
    job = bring(app, person(note=MULTI_LINE), *FAULTY.values())
    assert figures(job) == (1, 0, 0, len(FAULTY))
    assert people(app, Contact.note) == [(MULTI_LINE,)]


def test_the_same_file_twice_makes_nothing_twice(app: Flask) -> None:
    rows = [
        person(),
        person("Åke Örn", "", ""),
        person("Éva Saari", "040 1234567", "", company=("", "", "", "", "", "")),
        person("Éva Saari", "", "eva@saari.example.fi", company=("Saari Oy", "", "", "", "", "")),
        person("Timo Mäkinen", "", "", company=("Mäkinen Ky", "", "", "", "", "")),
    ]
    rows[2][6] = ""
    first = bring(app, *rows)
    before = people(app, Contact.id, Contact.email, Contact.phone, Contact.company_id)
    assert figures(first) == (5, 0, 0, 0)
    assert figures(bring(app, *rows)) == (0, 0, 5, 0)
    assert people(app, Contact.id, Contact.email, Contact.phone, Contact.company_id) == before


def test_a_row_that_stands_twice_in_the_file_is_skipped(app: Flask) -> None:
    assert figures(bring(app, person(), person(), person())) == (1, 0, 2, 0)


def test_what_was_foreseen_is_what_comes(app: Flask) -> None:
    rows = [
        row("Aino", "Saari", "Auto Oy", "aino@auto.example.fi", "0401234567"),
        row("Aino", "Saari", "Auto Oy", "toinen@auto.example.fi", "0407654321"),
        row("Aino", "Saari", "Auto Oy", "aino@auto.example.fi", "", "ostaja"),
        row("Timo", "Saari", "Auto Oy"),
        row("Timo", "Saari", "Auto Oy", "timo@auto.example.fi"),
        row("Timo", "Saari", "Auto Oy", "timo@auto.example.fi"),
    ]
    with factories.register(app):
        foreseen = detached(jobs.get(begin(rows, NAMES)))
    assert figures(foreseen) == figures(bring(app, *rows, headings=NAMES)) == (3, 2, 1, 0)


def test_rows_without_any_address_and_company_are_not_doubled_either(app: Flask) -> None:
    rows = [row("Aino", "Saari"), row("Timo", "Mäkinen")]
    bring(app, *rows, headings=NAMES)
    assert figures(bring(app, *rows, headings=NAMES)) == (0, 0, 2, 0)


def test_colleagues_who_share_an_address_or_a_number_stay_two(app: Flask) -> None:
    job = bring(
        app,
        row("Aino", "Saari", "Auto Oy", "info@auto.example.fi", "09 1234567"),
        row("Timo", "Mäkinen", "Auto Oy", "info@auto.example.fi", "09 1234567"),
        row("Timo", "Saari", "Auto Oy", "", "09 1234567"),
        headings=NAMES,
    )
    assert figures(job) == (3, 0, 0, 0)


def test_a_known_person_gets_what_is_new_and_keeps_the_note(app: Flask) -> None:
    with factories.register(app):
        factories.contact(
            "Aino", "Saari", email="aino@auto.example.fi", title="ostaja", note="oma", source="itse"
        )
    job = bring(
        app,
        row("Aino", "Laine", "Auto Oy", "AINO@auto.example.fi", "0401234567", "", "tuotu"),
        headings=NAMES,
    )
    assert figures(job) == (0, 1, 0, 0)
    columns = ("family_name", "phone", "title", "note", "source", "company_id", "version")
    assert people(app, *(getattr(Contact, name) for name in columns)) == [
        ("Laine", "+358401234567", "ostaja", "oma", "itse", 1, 2)
    ]
    with factories.register(app):
        changes = db.session.execute(
            select(FieldChange.field, FieldChange.old, FieldChange.new),
            execution_options=seen_by_program("test"),
        ).all()
    assert sorted(map(tuple, changes)) == [
        ("company_id", "", "1"),
        ("family_name", "Saari", "Laine"),
        ("phone", "", "+358401234567"),
    ]


def test_a_changed_name_is_found_by_its_new_words_only(app: Flask) -> None:
    bring(app, row("Aino", "Saari", "", "aino@auto.example.fi"), headings=NAMES)
    bring(app, row("Aino", "Laine", "", "aino@auto.example.fi"), headings=NAMES)
    client = factories.signed_in(app, "staff")
    assert "Laine" in client.get("/search/?q=laine").text
    assert "/contacts/1" not in client.get("/search/?q=saari").text


def test_a_company_is_known_by_its_id_else_by_name_and_postal_code(app: Flask) -> None:
    bring(app, person(company=COMPANY))
    renamed = ("Örnin Auto & Vene Oy", *COMPANY[1:])
    without_id = ("ÖRNIN AUTO & VENE OY", "", *COMPANY[2:])
    elsewhere = ("Örnin Auto & Vene Oy", "", COMPANY[2], "90100", "OULU", "")
    bring(app, person("Åke Örn", "", "ake@ornin.example.fi", company=renamed))
    bring(app, person("Éva Saari", "", "eva@ornin.example.fi", company=without_id))
    bring(app, person("Timo Mäkinen", "", "timo@ornin.example.fi", company=elsewhere))
    assert companies(app) == [("ÖRNIN AUTO & VENE OY",), ("Örnin Auto & Vene Oy",)]
    assert people(app, Contact.company_id) == [(1,), (1,), (1,), (2,)]


def test_nobody_sees_an_import_before_it_is_whole(app: Flask) -> None:
    with factories.register(app):
        job_id = begin([person(), person("Åke Örn", "", "ake@ornin.example.fi")])
        decide(job_id, actions.start_apply)
        _one_step(job_id)
    assert people(app) == []
    assert companies(app) == []
    client = factories.signed_in(app, "staff")
    assert "/contacts/1" not in client.get("/contacts/").text
    assert client.get("/contacts/1").status_code == 404
    assert "/contacts/1" not in client.get("/search/?q=laitinen").text
    assert client.get("/companies/1").status_code == 404


def _one_step(job_id: int, size: int = 1) -> None:
    pace = running.Pace()
    step = steps.following(job_id, size, Memory())
    assert step is not None
    pace.do(step)


def test_what_broke_off_goes_on_from_where_it_was(app: Flask) -> None:
    rows = [person(f"Aino Saari{n}", "", f"aino{n}@example.fi") for n in "abcdef"]
    with factories.register(app):
        job_id = begin(rows)
        decide(job_id, actions.start_apply)
        for _ in range(3):
            _one_step(job_id)
        db.session.remove()  # everything that was not stored is gone, as after a power cut
    with factories.register(app):
        job = detached(running.run(job_id))
    assert (job.state, figures(job)) == ("done", (6, 0, 0, 0))
    assert len(people(app)) == 6


def test_two_workers_on_one_import_do_nothing_twice(app: Flask) -> None:
    with factories.register(app):
        job_id = begin([person(), person("Åke Örn", "", "ake@ornin.example.fi")])
        decide(job_id, actions.start_apply)
        late = steps.following(job_id, 1, Memory())
        assert late is not None
        _one_step(job_id)
        running.Pace().do(late)
        running.run(job_id)
    assert len(people(app)) == 2


def test_two_imports_are_not_brought_in_at_once(app: Flask) -> None:
    with factories.register(app):
        first, second = begin([person()]), begin([person("Åke Örn")])
        decide(first, actions.start_apply)
        with pytest.raises(Refused, match="not finished"):
            decide(second, actions.start_apply)
        db.session.rollback()


def test_staged_rows_are_empty_afterwards_but_for_the_rejected(app: Flask) -> None:
    bring(app, person(), *FAULTY.values())
    with factories.register(app):
        rows = db.session.execute(
            select(ImportRow.outcome, ImportRow.record), execution_options=seen_by_program("test")
        ).all()
    kept = {outcome for outcome, record in rows if "Laitinen" in str(record)}
    assert kept == set()
    assert {outcome for outcome, record in rows if record.get("cells")} == {"headings", "rejected"}


def test_the_first_row_of_a_file_without_headings_is_kept_no_longer_than_the_others(
    app: Flask,
) -> None:
    """It is taken for headings, and holds a person's values."""
    with factories.register(app):
        table = Table("csv", ("Aino", "aino@example.fi", "name"), iter(()))
        job = actions.begin(table, "0" * 64)
        actions.choose(
            job,
            mapping.chosen(table.headings, ["", "email", "name"]),
            group="prospect",
            source="fair",
            region="FI",
        )
        db.session.commit()
        assert [column.heading for column in jobs.named_columns_of(job)] == list(table.headings)
        assert "ino" not in str(job.mapping)
        running.read(job.id, iter([RawRow(2, ("", "liisa@example.fi", "Liisa Saari"))]), Memory())
        decide(job.id, actions.has_been_checked)
        decide(job.id, actions.start_apply)
        running.run(job.id)
        assert [column.heading for column in jobs.named_columns_of(job)] == ["", "", ""]
        rows = select(ImportRow.record)
        kept = db.session.scalars(rows, execution_options=seen_by_program("test")).all()
    assert "ino" not in str(kept)


def test_a_cell_of_any_length_rejects_its_row_only(app: Flask) -> None:
    endless = "á" * 100_000 + " hetu 131052-308T"
    job = bring(app, person(), person("Åke Örn", note=endless), person(endless))
    assert figures(job) == (1, 0, 0, 2)


def test_no_identity_code_gets_into_the_database(app: Flask) -> None:
    job = bring(app, person(), FAULTY["identity code"])
    assert job.rejected == 1
    with factories.register(app):
        rows = db.session.execute(
            select(ImportRow.record), execution_options=seen_by_program("test")
        ).all()
    assert "131052" not in str(rows)
    assert "●●●●●●-●●●●" in str(rows)


def test_every_row_that_was_made_stands_in_the_log_with_its_fields(app: Flask) -> None:
    bring(app, person(), person("Åke Örn", "", "ake@ornin.example.fi"))
    made = [e for e in factories.entries(app) if e.operation == "create"]
    assert {(e.subject_type, e.ids) for e in made} >= {("contact", (1, 2)), ("company", (1,))}
    contact = next(e for e in made if e.subject_type == "contact")
    assert {"given_name", "family_name", "email", "phone", "title"} <= set(contact.fields)


# --- taking back -----------------------------------------------------------------------------


def test_an_undone_import_leaves_nothing(app: Flask) -> None:
    job = take_back(app, bring(app, person(), person("Åke Örn", "", "ake@ornin.example.fi")))
    assert (job.state, job.mapping["kept"]) == ("undone", 0)
    assert people(app) == companies(app) == []
    client = factories.signed_in(app, "staff")
    assert "/contacts/1" not in client.get("/search/?q=laitinen").text


def test_values_return_and_their_words(app: Flask) -> None:
    with factories.register(app):
        factories.contact("Aino", "Saari", email="aino@auto.example.fi", title="ostaja")
    job = bring(
        app,
        row("Aino", "Laine", "Auto Oy", "aino@auto.example.fi", "0401234567", "johtaja"),
        headings=NAMES,
    )
    take_back(app, job)
    columns = ("family_name", "phone", "title", "company_id")
    assert people(app, *(getattr(Contact, name) for name in columns)) == [
        ("Saari", "", "ostaja", None)
    ]
    assert companies(app) == []
    client = factories.signed_in(app, "staff")
    assert "/contacts/1" in client.get("/search/?q=saari").text


def test_what_was_corrected_or_confirmed_since_stays(app: Flask) -> None:
    with factories.register(app):
        factories.contact("Aino", "Saari", email="aino@auto.example.fi", title="ostaja")
    job = bring(
        app,
        row("Aino", "Saari", "", "aino@auto.example.fi", "0401234567", "johtaja"),
        headings=NAMES,
    )
    with factories.register(app):
        contact = contact_queries.to_change(1)
        contact_actions.put(contact, "title", "toimitusjohtaja")
        factories.check(contact, "phone", "confirmed", at=contact.updated_at)
    take_back(app, job)
    assert people(app, Contact.title, Contact.phone) == [("toimitusjohtaja", "+358401234567")]


def test_whom_somebody_has_spoken_with_stays_with_the_company(app: Flask) -> None:
    job = bring(app, person(), person("Åke Örn", "", "ake@ornin.example.fi"))
    with factories.register(app):
        factories.interaction(contact_queries.to_change(2))
    undone = take_back(app, job)
    assert people(app) == [("Åke", "Örn")]
    assert companies(app) == [("Örnin Auto Oy",)]
    assert undone.mapping["kept"] == 2


def test_whom_a_hold_keeps_stays_and_all_others_are_taken_back(app: Flask) -> None:
    job = bring(app, person(), person("Åke Örn", "", "ake@ornin.example.fi"))
    with factories.register(app):
        factories.hold(contact_queries.to_change(1), "claim")
    assert take_back(app, job).mapping["kept"] == 2
    assert len(people(app)) == len(companies(app)) == 1


def test_a_company_that_a_hold_keeps_stays(app: Flask) -> None:
    job = bring(app, person())
    with factories.register(app):
        stands = {"owner_id": None, "review_on": clock.today(), "placed_at": clock.now()}
        db.session.add(RetentionHold(company_id=1, kind="claim", reason="a claim", **stands))
    assert take_back(app, job).mapping["kept"] == 1
    assert (people(app), len(companies(app))) == ([], 1)


def test_whose_data_somebody_got_stays(app: Flask) -> None:
    job = bring(app, person())
    with factories.register(app):
        factories.disclosure(contact_queries.to_change(1))
    assert take_back(app, job).mapping["kept"] == 2
    assert len(people(app)) == 1


def test_a_later_import_s_changes_go_back_first(app: Flask) -> None:
    first = bring(app, row("Aino", "Saari", "", "a@example.fi", "", "yksi"), headings=NAMES)
    second = bring(app, row("Aino", "Saari", "", "a@example.fi", "", "kaksi"), headings=NAMES)
    take_back(app, second)
    assert people(app, Contact.title) == [("yksi",)]
    take_back(app, first)
    assert len(people(app)) == 1  # version 3: changed since, so it is kept
    with factories.register(app):
        job = db.session.get(ImportJob, first.id)
        assert job is not None
        assert job.mapping["kept"] == 1


def test_an_import_that_broke_off_in_the_middle_is_taken_back(app: Flask) -> None:
    with factories.register(app):
        job_id = begin([person(), person("Åke Örn", "", "ake@ornin.example.fi")])
        decide(job_id, actions.start_apply)
        _one_step(job_id)
        decide(job_id, actions.start_undo)
        assert running.run(job_id).state == "undone"
        rows = db.session.execute(select(Contact.id), execution_options=seen_by_program("test"))
        assert rows.all() == []


def test_an_import_undone_while_its_file_is_read_stays_undone(app: Flask) -> None:
    with factories.register(app):
        job_id = begin([])
        job = jobs.get(job_id)
        decide(job_id, lambda own: jobs.enter(own, State.READING))

        def rows() -> Iterator[RawRow]:
            for line in range(2, 1000):
                if line == 900:
                    decide(job_id, actions.start_undo)
                    running.run(job_id)
                yield RawRow(line, tuple(person(f"Aino Virta{line}")))

        with pytest.raises(Refused):
            running.read(job_id, rows(), None)
        with pytest.raises(Refused):
            decide(job_id, actions.has_been_read)
        assert jobs.get(job_id).state == State.UNDONE
        left = select(ImportRow.line).where(ImportRow.job_id == job.id)
        found = db.session.execute(left, execution_options=seen_by_program("test"))
        assert found.all() == []

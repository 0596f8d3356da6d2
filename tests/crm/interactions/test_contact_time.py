"""Contact time, as it is lived: prompts answered, changes stored with their checks, or nothing."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from tests import factories, pages
from wesentra import clock
from wesentra.models import Contact, FieldChange, FieldCheck, Interaction, Notice, Task, db


def somebody(app: Flask) -> int:
    """A contact in a company, with every field that is asked about; told already."""
    with factories.register(app):
        company = factories.company("Auto Oy")
        made = factories.contact(
            "Timo",
            "Mäkinen",
            company_id=company.id,
            title="ostaja",
            phone="+358401234567",
            email="timo@auto.example.fi",
        )
        factories.notice(made)
        return made.id


def rows(app: Flask, model: type, **where: object) -> list:
    """All rows of a table, looked at by a test."""
    with factories.register(app, "test"):
        found = list(db.session.scalars(select(model).filter_by(**where)).unique())
        for row in found:
            db.session.expunge(row)
        return found


def form_of(client, contact_id: int) -> pages.Form:
    """The form of a new interaction."""
    return pages.visit(client, f"/interactions/new?contact={contact_id}").form("/interactions/new")


ALL_RIGHT = dict.fromkeys(
    ("check_phone", "check_email", "check_title", "check_company"), "confirmed"
)


def test_four_fields_are_confirmed_in_one_sending(app: Flask) -> None:
    contact_id = somebody(app)
    client = factories.signed_in(app, "staff")
    answer = form_of(client, contact_id).send(**ALL_RIGHT, summary="Kysyi hintaa.")
    assert answer.status_code == 303
    checks = rows(app, FieldCheck)
    assert {(c.field, c.outcome) for c in checks} == {
        (field, "confirmed") for field in ("phone", "email", "title", "company")
    }
    (interaction,) = rows(app, Interaction)
    assert (interaction.summary, interaction.channel) == ("Kysyi hintaa.", "call")
    assert rows(app, Contact)[0].checked_at is not None
    after = pages.visit(client, f"/interactions/new?contact={contact_id}")
    assert "check-name" in after.form("/interactions/new").names
    assert "check-phone" not in after.form("/interactions/new").names


def test_a_correction_changes_the_contact_and_keeps_the_old_value_in_its_history(
    app: Flask,
) -> None:
    contact_id = somebody(app)
    client = factories.signed_in(app, "staff")
    sent = {**ALL_RIGHT, "check_phone": "corrected", "fix_phone": "050 555 1234"}
    answer = form_of(client, contact_id).send(**sent)
    assert rows(app, Contact)[0].phone == "+358505551234"
    (change,) = rows(app, FieldChange)
    assert (change.field, change.old, change.new) == ("phone", "+358401234567", "+358505551234")
    (entry,) = [e for e in factories.entries_of(app, answer) if e.operation == "update"]
    assert entry.ids == (contact_id,)
    assert "phone" in entry.fields
    assert "email" not in entry.fields


def test_what_is_not_needed_any_more_is_emptied(app: Flask) -> None:
    contact_id = somebody(app)
    client = factories.signed_in(app, "staff")
    form_of(client, contact_id).send(check_title="removed", check_company="removed")
    contact = rows(app, Contact)[0]
    assert (contact.title, contact.company_id) == ("", None)
    assert ("company", "Auto Oy", "") in {(c.field, c.old, c.new) for c in rows(app, FieldChange)}


def test_a_name_that_was_confirmed_stands_as_checked_at_both_its_parts(app: Flask) -> None:
    with factories.register(app):
        made = factories.contact("Timo", "Mäkinen")
        factories.notice(made)
        contact_id = made.id
    client = factories.signed_in(app, "staff")
    form_of(client, contact_id).send(check_name="confirmed")
    assert pages.visit(client, f"/contacts/{contact_id}").text.count("checked today") == 2


def test_a_value_corrected_in_its_place_is_not_asked_about_right_after(app: Flask) -> None:
    contact_id = somebody(app)
    client = factories.signed_in(app, "staff")
    address = f"/contacts/{contact_id}/edit/phone"
    pages.visit(client, address).form(address).send(value="050 555 1234")
    assert "check-phone" not in form_of(client, contact_id).names
    assert "checked today" not in pages.visit(client, f"/contacts/{contact_id}").text


def test_people_who_gave_their_data_themselves_are_told_so(app: Flask) -> None:
    client = factories.signed_in(app, "staff")
    for source in ("Henkilöltä itseltään", "from the person"):
        contact_id = factories.person(app, source=source)
        page = pages.visit(client, f"/interactions/new?contact={contact_id}")
        assert "You gave us your details yourself." in page.text
        assert "like this" not in page.text


def test_a_skip_keeps_its_reason_and_a_prompt_left_alone_counts_as_not_answered(
    app: Flask,
) -> None:
    contact_id = somebody(app)
    client = factories.signed_in(app, "staff")
    form_of(client, contact_id).send(check_phone="skipped", skip_phone="person_declined")
    found = {(c.field, c.outcome, c.reason) for c in rows(app, FieldCheck)}
    assert ("phone", "skipped", "person_declined") in found
    assert ("email", "skipped", "not_answered") in found
    assert rows(app, Contact)[0].checked_at is None


def test_one_wrong_fix_stores_nothing_and_loses_nothing(app: Flask) -> None:
    contact_id = somebody(app)
    client = factories.signed_in(app, "staff")
    sent = {
        "check_phone": "corrected",
        "fix_phone": "12",
        "check_email": "corrected",
        "fix_email": "uusi@auto.example.fi",
        "check_title": "removed",
        "summary": "Tämä ei katoa.",
        "next_step": "Soita",
    }
    answer = form_of(client, contact_id).send(**sent)
    assert answer.status_code == 422
    page = pages.read(client, answer)
    assert any("12" in error for error in page.errors)
    again = page.form("/interactions/new")
    kept = {name.replace("_", "-"): value for name, value in sent.items()}
    kept = {name.replace("next-step", "next_step"): value for name, value in kept.items()}
    assert {name: again.fields[name].strip() for name in kept} == kept
    contact = rows(app, Contact)[0]
    assert (contact.phone, contact.email, contact.title) == (
        "+358401234567",
        "timo@auto.example.fi",
        "ostaja",
    )
    for model in (Interaction, FieldCheck, FieldChange, Task):
        assert rows(app, model) == []


def test_what_changed_while_one_talked_is_not_confirmed(app: Flask) -> None:
    contact_id = somebody(app)
    client = factories.signed_in(app, "staff")
    form = form_of(client, contact_id)
    other = factories.signed_in(app, "staff")
    edit = pages.visit(other, f"/contacts/{contact_id}/edit/phone")
    edit.form(f"/contacts/{contact_id}/edit/phone").send(value="050 111 2222")
    answer = form.send(**ALL_RIGHT)
    assert answer.status_code == 422
    assert rows(app, FieldCheck) == []
    page = pages.read(client, answer)
    assert any("050 1112222" in error for error in page.errors)
    assert page.form("/interactions/new").send().status_code == 303


def test_a_form_sent_empty_by_mistake_is_refused_with_a_sentence(app: Flask) -> None:
    contact_id = somebody(app)
    client = factories.signed_in(app, "staff")
    answer = form_of(client, contact_id).send(summary="  ")
    assert answer.status_code == 422
    page = pages.read(client, answer)
    assert "Nothing was answered or written. Write a few words about it." in page.errors
    for model in (Interaction, FieldCheck, Task):
        assert rows(app, model) == []
    assert page.form("/interactions/new").send(summary="Soitti turhaan.").status_code == 303


def test_the_same_form_sent_twice_is_stored_once(app: Flask) -> None:
    contact_id = somebody(app)
    client = factories.signed_in(app, "staff")
    form = form_of(client, contact_id)
    assert form.send(**ALL_RIGHT).status_code == 303
    assert form.send(**ALL_RIGHT).status_code == 303
    assert len(rows(app, Interaction)) == 1
    assert len(rows(app, FieldCheck)) == 4


def test_somebody_who_was_never_told_is_told_once(app: Flask) -> None:
    with factories.register(app):
        contact_id = factories.contact(source="messut 2025").id
    client = factories.signed_in(app, "staff")
    page = pages.visit(client, f"/interactions/new?contact={contact_id}")
    assert "messut 2025" in page.text
    page.form("/interactions/new").send(check_notice="confirmed")
    (notice,) = rows(app, Notice)
    assert (notice.contact_id, notice.how) == (contact_id, "call")
    assert "check-notice" not in form_of(client, contact_id).names


def test_a_next_step_becomes_a_task_of_mine(app: Flask) -> None:
    contact_id = somebody(app)
    name = factories.user(app, "staff")
    client = factories.browser(app)
    factories.sign_in(client, name)
    due = clock.today() + timedelta(days=2)
    form_of(client, contact_id).send(next_step="Lähetä tarjous", next_on=due.isoformat())
    (task,) = rows(app, Task)
    owner = factories.user_id(app, name)
    assert (task.text, task.due_on, task.owner_id) == ("Lähetä tarjous", due, owner)
    answer = form_of(client, contact_id).send(next_step="Soita", next_on="")
    assert answer.status_code == 422
    assert len(rows(app, Task)) == 1


def test_the_interactions_purpose_stands_in_the_log(app: Flask) -> None:
    form = form_of(factories.signed_in(app, "staff"), somebody(app))
    answer = form.send(**ALL_RIGHT, summary="Kysyi hintaa.", purpose="sales")
    assert answer.status_code == 303
    assert {entry.row.purpose for entry in factories.entries_of(app, answer)} == {"sales"}


def test_what_a_refused_form_shows_again_is_seen_for_the_session_s_purpose(app: Flask) -> None:
    form = form_of(factories.signed_in(app, "staff"), somebody(app))
    answer = form.send(**ALL_RIGHT, summary="Kysyi laskusta.", purpose="billing")
    assert "not handled for this purpose" in answer.text
    purposes = {entry.row.purpose for entry in factories.entries_of(app, answer)}
    assert purposes == {"customer_service"}


def test_a_personal_identity_code_is_refused_and_the_text_stays(app: Flask) -> None:
    contact_id = somebody(app)
    client = factories.signed_in(app, "staff")
    text = "Hetu on 131052-308T."
    answer = form_of(client, contact_id).send(summary=text)
    assert answer.status_code == 422
    assert pages.read(client, answer).form("/interactions/new").fields["summary"].strip() == text
    assert rows(app, Interaction) == []


def test_a_word_about_health_is_asked_about_once(app: Flask) -> None:
    contact_id = somebody(app)
    client = factories.signed_in(app, "staff")
    answer = form_of(client, contact_id).send(summary="On sairauslomalla.")
    assert answer.status_code == 422
    again = pages.read(client, answer).form("/interactions/new")
    assert again.send(sure="1").status_code == 303
    assert rows(app, Interaction)[0].summary == "On sairauslomalla."


def test_a_made_up_answer_or_field_changes_nothing(app: Flask) -> None:
    contact_id = somebody(app)
    client = factories.signed_in(app, "staff")
    form = form_of(client, contact_id)
    form.names += ["check-owner_id", "was-owner_id", "fix-owner_id", "was-version", "check-phone"]
    answer = form.send(**{"check_phone": "explode", "was-version": "1", "fix-owner_id": "7"})
    assert answer.status_code == 303
    assert {(c.field, c.outcome) for c in rows(app, FieldCheck)} == {
        (field, "skipped") for field in ("phone", "email", "title", "company")
    }


def test_a_next_step_without_a_day_is_asked_again_and_no_answer_is_lost(app: Flask) -> None:
    contact_id = somebody(app)
    client = factories.signed_in(app, "staff")
    fixed = ALL_RIGHT | {"check_phone": "corrected", "fix_phone": "040 7654321"}
    form = form_of(client, contact_id)
    answer = form.send(**fixed, next_step="Soitetaan", next_on="")
    assert answer.status_code == 422
    again = pages.read(client, answer).form("/interactions/new")
    assert {name: again.fields[name] for name in again.fields if name.startswith("check-")} == {
        name.replace("_", "-"): value for name, value in fixed.items() if name.startswith("check")
    }
    assert again.fields["fix-phone"] == "040 7654321"
    assert again.fields["was-phone"] == "+358401234567"
    assert again.send(next_on="2026-12-01").status_code == 303
    assert rows(app, Contact)[0].phone == "+358407654321"
    assert {check.field for check in rows(app, FieldCheck)} == {
        "phone",
        "email",
        "title",
        "company",
    }


def test_a_token_used_for_somebody_else_does_not_hide_that_nothing_was_stored(app: Flask) -> None:
    first, second = somebody(app), somebody(app)
    client = factories.signed_in(app, "staff")
    form = form_of(client, first)
    assert form.send(summary="One").status_code == 303
    other = form_of(client, second)
    answer = other.send(summary="Two", token=form.fields["token"])
    assert answer.status_code == 303
    assert [row.summary for row in rows(app, Interaction, contact_id=second)] == ["Two"]
    assert len(rows(app, Interaction)) == 2


def test_answers_to_what_somebody_else_has_just_checked_are_not_lost(app: Flask) -> None:
    """The phone is fresh after the first one's call: asked again, it would not be asked at all."""
    contact_id = somebody(app)
    first, second = (factories.signed_in(app, "staff") for _ in range(2))
    one, other = form_of(first, contact_id), form_of(second, contact_id)
    theirs = {**ALL_RIGHT, "check_phone": "corrected", "fix_phone": "050 111 2222"}
    assert one.send(**theirs).status_code == 303
    mine = {"check_phone": "corrected", "fix_phone": "050 333 4444", "check_title": "removed"}
    answer = other.send(**mine, summary="Vaihtoi numeroa.")
    assert answer.status_code == 422
    page = pages.read(second, answer)
    assert any("050 1112222" in error for error in page.errors)
    again = page.form("/interactions/new")
    kept = {name: again.fields.get(name) for name in ("check-phone", "fix-phone", "check-title")}
    assert list(kept.values()) == ["corrected", "050 333 4444", "removed"]
    assert again.fields["was-phone"] == "+358501112222"
    assert again.send().status_code == 303
    contact = rows(app, Contact)[0]
    assert (contact.phone, contact.title) == ("+358503334444", "")


def test_a_mistake_elsewhere_does_not_hide_that_a_value_changed_meanwhile(app: Flask) -> None:
    contact_id = somebody(app)
    client = factories.signed_in(app, "staff")
    form = form_of(client, contact_id)
    edit = pages.visit(client, f"/contacts/{contact_id}/edit/phone")
    edit.form(f"/contacts/{contact_id}/edit/phone").send(value="050 111 2222")
    answer = form.send(**ALL_RIGHT, next_step="Soita", next_on="")
    page = pages.read(client, answer)
    assert answer.status_code == 422
    assert any("050 1112222" in error for error in page.errors)


def test_what_is_offered_to_be_fixed_is_what_is_stored(app: Flask) -> None:
    """Not the way it is written for reading, which another country would read otherwise."""
    contact_id = somebody(app)
    client = factories.signed_in(app, "staff")
    form = form_of(client, contact_id)
    assert form.fields["fix-phone"] == "+358401234567"
    assert form.send(check_phone="corrected").status_code == 303
    assert rows(app, Contact)[0].phone == "+358401234567"


def test_a_name_is_corrected_in_its_two_parts(app: Flask) -> None:
    with factories.register(app):
        made = factories.contact("Juan", "Garcia Lopez")
        factories.notice(made)
        contact_id = made.id
    form = form_of(factories.signed_in(app, "staff"), contact_id)
    assert (form.fields["fix-given_name"], form.fields["fix-family_name"]) == (
        "Juan",
        "Garcia Lopez",
    )
    answer = form.send(**{"check-name": "corrected", "fix-given_name": "Juana"})
    assert answer.status_code == 303
    contact = rows(app, Contact)[0]
    assert (contact.given_name, contact.family_name) == ("Juana", "Garcia Lopez")


def test_a_note_keeps_its_lines_when_it_is_corrected(app: Flask) -> None:
    with factories.register(app):
        made = factories.contact(note="eka\ntoka")
        factories.notice(made)
        contact_id = made.id
    page = pages.visit(factories.signed_in(app, "staff"), f"/interactions/new?contact={contact_id}")
    assert '<textarea id="fix-note"' in page.response.text
    form = page.form("/interactions/new")
    assert form.fields["fix-note"] == "eka\ntoka"
    sent = form.send(**{"check-note": "corrected", "fix-note": "eka\r\ntoka\r\nkolmas"})
    assert sent.status_code == 303
    assert rows(app, Contact)[0].note == "eka\ntoka\nkolmas"


def test_the_next_step_is_read_as_a_task_is(app: Flask) -> None:
    contact_id = somebody(app)
    client = factories.signed_in(app, "staff")
    refused = form_of(client, contact_id).send(next_step="Hetu 131052-308T")
    assert any("identity code" in error for error in pages.read(client, refused).errors)
    asked = form_of(client, contact_id).send(next_step="Soita sairausloman jälkeen")
    assert asked.status_code == 422
    assert rows(app, Task) == []
    assert pages.read(client, asked).form("/interactions/new").send(sure="1").status_code == 303
    assert rows(app, Task)[0].text == "Soita sairausloman jälkeen"


def test_a_note_that_stays_is_not_asked_about_again(app: Flask) -> None:
    with factories.register(app):
        made = factories.contact(note="allergia")
        factories.notice(made)
        contact_id = made.id
    form = form_of(factories.signed_in(app, "staff"), contact_id)
    assert form.send(check_note="confirmed").status_code == 303


def test_a_text_that_is_too_long_is_told_and_kept_whole(app: Flask) -> None:
    contact_id = somebody(app)
    client = factories.signed_in(app, "staff")
    answer = form_of(client, contact_id).send(summary="x" * 700)
    again = pages.read(client, answer)
    assert any("700 characters" in error for error in again.errors)
    assert again.form("/interactions/new").fields["summary"].strip() == "x" * 700

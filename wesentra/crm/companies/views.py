"""The pages of companies."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, current_app, g, request

from wesentra import clock
from wesentra.actor import current
from wesentra.crm.companies import actions, fields, forms, queries
from wesentra.erasure import waiting
from wesentra.models import Company
from wesentra.models.personal import masked
from wesentra.models.retention_due import soon
from wesentra.refusal import NotFound, Refused
from wesentra.texts import mark
from wesentra.web import ids, in_place
from wesentra.web.guard import needs
from wesentra.web.htmx import done, page, refused, wants_partial
from wesentra.web.narrowing import hides

blueprint = Blueprint("companies", __name__, url_prefix="/companies")

TRADER_DOOR = "wesentra_sole_trader"
"""Under this name of `app.extensions` app.py hands in the function that makes a sole trader's
person. Contacts stand above companies in the order of the features and know how a person is
added; companies only know that such a company has one."""


@blueprint.get("/")
@needs("companies.read", shows="list")
def index() -> Response:
    """The list, by group."""
    group = "" if hides("work") else request.args.get("group", "")
    leaving, after = request.args.get("leaving") == "1", request.args.get("after", type=ids.number)
    listed = queries.page(group, after, until=soon(clock.today()) if leaving else None)
    shown: dict[str, Any] = {"listed": listed, "group": group, "leaving": leaving}
    shown["groups"] = forms.groups()
    return page("companies/index.html", "companies/_rows.html", **shown)


@blueprint.get("/new")
@needs("companies.write")
def new() -> Response:
    """The form for a new company."""
    return _new_page(page, forms.CompanyForm())


@blueprint.post("/new")
@needs("companies.write")
def create() -> Response:
    """Add a company, and its person when it is a sole trader."""
    form = forms.CompanyForm.sent()
    words = forms.needless(form.note.data or "", request.form.get("sure", ""))
    if form.validate() and not words:
        if (made := form.sent_before()) is not None:
            return done(made, notice="created")
        with form.refusals():
            owner_id = g.signed_in.user.id
            company = actions.create(form.typed(), owner_id)
            person = form.person()
            if person is not None:
                make: Callable[..., Any] = current_app.extensions[TRADER_DOOR]
                make(company, person, owner_id)
            return done(form.leads_to(f"/companies/{company.id}"), notice="created")
    return _new_page(refused, form, words)


@blueprint.get("/<int:company_id>")
@needs("companies.read")
def show(company_id: int) -> Response:
    """Everything about one company that work needs, and who works there."""
    company = queries.get(company_id)
    restricted = company.person_id in current().opened
    return page("companies/show.html", company=company, fields=fields.FIELDS, restricted=restricted)


@blueprint.get("/<int:company_id>/edit/<name>")
@needs("companies.write")
def edit(company_id: int, name: str) -> Response:
    """The form of one field, in its place."""
    return _field_page(company_id, name)


@blueprint.post("/<int:company_id>/edit/<name>")
@needs("companies.write")
def correct(company_id: int, name: str) -> Response:
    """Correct one field."""
    text = request.form["value"]

    def again(**values: object) -> Response:
        if "theirs" in values:
            values["their_change"] = queries.last_change(company_id, name)
        else:
            values["started"] = in_place.was()
        return _field_page(company_id, name, 422, typed=text, **values)

    words = forms.needless(text, request.form.get("sure", "")) if name == "note" else []
    if words:
        return again(words=words)
    company = queries.to_change(company_id)
    return in_place.correct(
        f"/companies/{company_id}",
        lambda: _change(company, name, text),
        again,
        lambda: _field_row(company_id, name),
    )


@blueprint.get("/<int:company_id>/field/<name>")
@needs("companies.read")
def field(company_id: int, name: str) -> Response:
    """One field as it stands, when an edit is given up."""
    if not wants_partial():
        return done(f"/companies/{company_id}")
    return _field_row(company_id, name)


@blueprint.get("/<int:company_id>/delete")
@needs("companies.delete", fresh=True)
def ask_delete(company_id: int) -> Response:
    """Ask before a company is deleted; say at once when it cannot be."""
    company = queries.named(company_id)
    actions.may_go(company)
    people, days = queries.people_in(company), waiting.days()
    return page("companies/delete.html", company=company, people=people, days=days)


@blueprint.post("/<int:company_id>/delete")
@needs("companies.delete", fresh=True)
def delete(company_id: int) -> Response:
    """Delete a company."""
    company = queries.to_change(company_id)
    try:
        actions.remove(company)
    except Refused as refusal:
        if not (people := queries.people_in(company)):
            raise
        return refused("companies/delete.html", company=company, people=people, refusal=refusal)
    return done("/companies/", notice="departed" if waiting.days() else "deleted")


def _new_page(
    answer: Callable[..., Response], form: forms.CompanyForm, words: list[str] | None = None
) -> Response:
    return answer("companies/new.html", form=form, sources=forms.SOURCES, words=words or [])


def _change(company: Company, name: str, text: str) -> None:
    _demand_shown(company, name)
    if name == "owner":
        in_place.not_overtaken(name, str(company.owner_id or ""), text)
        actions.give_to(company, ids.chosen(text))
    else:
        actions.change(company, _known(name), text, in_place.was())


def _demand_shown(company: Company, name: str) -> None:
    if name in masked(company):
        raise Refused(mark("Your purpose does not show this field, so it cannot be changed."))


def _known(name: str) -> str:
    if name not in (*fields.FIELDS, "owner"):
        raise NotFound(mark("There is no such field."))
    return name


def _field_page(company_id: int, name: str, status: int = 200, **values: object) -> Response:
    company = queries.get(company_id)
    _demand_shown(company, _known(name))
    choices = {"group": forms.groups, "country": forms.countries, "owner": forms.owners}
    return page(
        "companies/edit.html",
        "companies/_edit.html",
        status=status,
        company=company,
        name=name,
        field=fields.FIELDS.get(name),
        choices=choices[name]() if name in choices else (),
        **values,
    )


def _field_row(company_id: int, name: str) -> Response:
    return page(
        "companies/_field.html",
        company=queries.get(company_id),
        name=_known(name),
        field=fields.FIELDS.get(name),
    )


def warning(company: Company, name: str) -> str:
    """A template's filter: the sentence on an unusual value of a company's field, or nothing."""
    if name == "owner" or not masked(company).isdisjoint((name, "business_id")):
        return ""
    return fields.warning(name, getattr(company, name), company.business_id)

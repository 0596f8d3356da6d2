"""The pages of disclosures: a person's, the register of all, and what a recipient was told."""

from collections.abc import Sequence

from flask import Blueprint, Response, render_template, request

from wesentra import clock
from wesentra.audit import ledger
from wesentra.compliance.disclosures import actions, due, figures, forms, queries
from wesentra.compliance.disclosures.words import named
from wesentra.erasure import recipients
from wesentra.models import Contact, Disclosure
from wesentra.models.disclosure import Cause
from wesentra.web import ids
from wesentra.web.forms import Form
from wesentra.web.guard import may, needs
from wesentra.web.htmx import done, page

blueprint = Blueprint("disclosures", __name__, url_prefix="/disclosures")
WHY = "subject_request"


@blueprint.get("/")
@needs("disclosures.read", shows="list", purpose=WHY)
def index() -> Response:
    """Who is to be told, and the year in numbers."""
    year = request.args.get("year", clock.today().year, type=ids.number)
    year = min(max(year, actions.EARLIEST.year), clock.today().year)
    found = due.due()
    return page(
        "disclosures/index.html",
        year=year,
        this_year=clock.today().year,
        due=found,
        listed=due.listed(found, request.args.get("after", type=ids.number)),
        rows=figures.of_year(year),
        gone=figures.gone(year),
        named=named,
    )


@blueprint.get("/contacts/<int:contact_id>")
@needs("disclosures.write")
def show(contact_id: int) -> Response:
    """Who got data of one person; a form to note another disclosure."""
    return _page(contact_id, forms.DisclosureForm())


@blueprint.post("/contacts/<int:contact_id>")
@needs("disclosures.write")
def note(contact_id: int) -> Response:
    """Note a disclosure."""
    form, home = forms.DisclosureForm.sent(), f"/disclosures/contacts/{contact_id}"
    contact = queries.whose(contact_id)
    if form.validate() and form.disclosed_on.data is not None:
        if (made := form.sent_before()) is not None:
            return done(made, notice="disclosed")
        with form.refusals():
            said = form.recipient.data or "", form.basis.data, form.categories.data or []
            actions.note(contact, *said, form.disclosed_on.data)
            return done(form.leads_to(home), notice="disclosed")
    return _page(contact_id, form, 422)


@blueprint.get("/<int:disclosure_id>/told")
@needs("disclosures.write", purpose=WHY)
def ask_told(disclosure_id: int) -> Response:
    """The form: of what the recipient was told, or why not."""
    one, found = _one(disclosure_id)
    form = forms.ToldForm(told_of=found[0] if found else Cause.ERASURE.value)
    form.back.data = request.args.get("back", "")
    return _told_page(one, form)


@blueprint.post("/<int:disclosure_id>/told")
@needs("disclosures.write", purpose=WHY)
def tell(disclosure_id: int) -> Response:
    """Note that the recipient was told, or why not, or that nothing was said after all."""
    one, found = _one(disclosure_id)
    form = forms.ToldForm.sent()
    if not form.validate():
        return _told_page(one, form, 422)
    if form.outcome.data == actions.UNDONE:
        actions.untell(one)
    else:
        actions.tell(one, form.told_of.data, form.outcome.data, found)
    return done(_back(one, form.back.data or ""), notice="recipient_told")


@blueprint.post("/<int:disclosure_id>/delete")
@needs("disclosures.write", purpose=WHY)
def remove(disclosure_id: int) -> Response:
    """Take away what was noted by mistake."""
    one, _due = _one(disclosure_id)
    home = _back(one, request.form.get("back", ""))
    actions.remove(one)
    return done(home, notice="deleted")


def _one(disclosure_id: int) -> tuple[Disclosure, tuple[Cause, ...]]:
    one = queries.one(disclosure_id, may("disclosures.read"))
    return one, due.due(one.contact_id).get(one.id, ())


def _page(contact_id: int, form: Form, status: int = 200) -> Response:
    return page(
        "disclosures/show.html",
        status=status,
        contact=queries.whose(contact_id),
        listed=queries.of_contact(contact_id),
        due=due.due(contact_id),
        form=form,
        names=ledger.user_names(),
        named=named,
    )


def _told_page(one: Disclosure, form: Form, status: int = 200) -> Response:
    home = _back(one, str(form["back"].data or ""))
    return page("disclosures/told.html", status=status, one=one, form=form, home=home, named=named)


def _back(one: Disclosure, where: str) -> str:
    """The page that one came from: the register, or the person's, wherever they are now."""
    if where == "register" and may("disclosures.read"):
        return "/disclosures/"
    if (departure := queries.waits(one.contact_id)) is not None:
        return f"/erasures/waiting/{departure.id}"
    return f"/disclosures/contacts/{one.contact_id}"


# --- on pages of others ---------------------------------------------------------------------------


def right(contact: Contact) -> str:
    """For the card of the person's rights: the way to who got their data."""
    return render_template("disclosures/_right.html", contact=contact)


def leaving_panel(contacts: Sequence[Contact]) -> str:
    """For an owner who is asked whether these may go: whose recipients are to be told before."""
    numbers = recipients.numbers([contact.id for contact in contacts])
    own = [contact for contact in contacts if contact.id in numbers]
    return (
        render_template("disclosures/_leaving.html", contacts=own, numbers=numbers) if own else ""
    )


def month_panel() -> str:
    """For the privacy contact's day: how many recipients are to be told."""
    number = len(due.due())
    return render_template("disclosures/_month.html", number=number) if number else ""

"""The pages of tasks, and the panels that they hang into other pages."""

from flask import Blueprint, Response, g, render_template, request

from wesentra import clock
from wesentra.crm.companies import queries as company_queries
from wesentra.crm.companies.forms import needless
from wesentra.crm.contacts import queries as contact_queries
from wesentra.crm.tasks import actions, forms, queries
from wesentra.models import Contact, Task
from wesentra.web import ids
from wesentra.web.guard import needs
from wesentra.web.htmx import done, page, refused, wants_partial

blueprint = Blueprint("tasks", __name__, url_prefix="/tasks")

PLACES = ("tasks", "day", "contact")
"""The pages that show tasks; the form of a row says on which one it stands."""


@blueprint.get("/")
@needs("tasks.read", shows="list")
def index() -> Response:
    """Mine that are open; everybody's (`who=all`) or another's by filter; those done lately."""
    who = request.args.get("who", "")
    owner_id = None if who == "all" else ids.chosen(who) or g.signed_in.user.id
    finished = request.args.get("done", "") == "1"
    tasks = queries.done_of(owner_id) if finished else queries.open_of(owner_id)
    return page(
        "tasks/index.html",
        "tasks/_rows.html",
        tasks=tasks,
        full=len(tasks) == queries.MOST,
        who=who,
        finished=finished,
        owners={user.id: user.full_name for user in company_queries.owners()},
        place="tasks",
        today=clock.today(),
    )


@blueprint.get("/new")
@needs("tasks.write")
def new() -> Response:
    """The form for a new task of one person."""
    contact = contact_queries.brief(request.args.get("contact", 0, type=ids.number))
    form = forms.TaskForm(owner=str(g.signed_in.user.id), contact=str(contact.id))
    return page("tasks/new.html", form=form, contact=contact, words=[])


@blueprint.post("/new")
@needs("tasks.write")
def create() -> Response:
    """Add a task; the person's page shows it."""
    form = forms.TaskForm.sent()
    contact = contact_queries.brief(request.form.get("contact", 0, type=ids.number))
    words = needless(form.text.data or "", request.form.get("sure", ""))
    due_on = form.due_on.data
    if not form.validate() or due_on is None or words:
        return refused("tasks/new.html", form=form, contact=contact, words=words)
    if (made := form.sent_before()) is not None:
        return done(made, notice="created")
    actions.add(contact, form.text.data or "", due_on, form.owner_id())
    return done(form.leads_to(f"/contacts/{contact.id}"), notice="created")


@blueprint.post("/<int:task_id>/done")
@needs("tasks.write")
def finish(task_id: int) -> Response:
    """Done, by one click."""
    task = queries.to_change(task_id)
    actions.finish(task)
    return _back(task, "task_done")


@blueprint.post("/<int:task_id>/reopen")
@needs("tasks.write")
def reopen(task_id: int) -> Response:
    """Not done after all."""
    task = queries.to_change(task_id)
    actions.reopen(task)
    return _back(task, "saved")


def _back(task: Task, notice: str) -> Response:
    sent = request.form.get("place", "")
    place = sent if sent in PLACES else "tasks"
    if wants_partial():
        shown = queries.get(task.id, named=place != "contact")
        return page(
            "tasks/_row.html",
            task=shown,
            place=place,
            owners={},
            today=clock.today(),
            fresh=True,
        )
    home = {"tasks": "/tasks/", "day": "/", "contact": f"/contacts/{task.contact_id}"}
    return done(home[place], notice=notice)


def day_panel() -> str:
    """For *my day*: follow-ups whose day has come."""
    tasks = queries.due_of(g.signed_in.user.id)
    return render_template(
        "tasks/_due.html", tasks=tasks, place="day", owners={}, today=clock.today()
    )


def contact_panel(contact: Contact) -> str:
    """For the contact's page: what is promised to the person, and the way to promise more."""
    return render_template(
        "tasks/_of_contact.html",
        tasks=queries.open_for(contact.id),
        contact=contact,
        place="contact",
        owners={},
        today=clock.today(),
    )

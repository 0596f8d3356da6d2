"""The page on which somebody is erased at once, because they ask for it or because it has to be
(Art. 17(1) GDPR): past the waiting room, and for good."""

from collections.abc import Callable

from flask import Response, render_template
from flask_babel import gettext as _

from wesentra.compliance.erasures import forms, queries
from wesentra.compliance.erasures.views import blueprint
from wesentra.erasure import door
from wesentra.erasure.reasons import REQUEST
from wesentra.models import Contact
from wesentra.web.guard import needs
from wesentra.web.htmx import done, page, refused


@blueprint.get("/contacts/<int:contact_id>")
@needs("erasures.delete", purpose="subject_request", fresh=True)
def ask(contact_id: int) -> Response:
    """Who it is, who is to be told first, and what keeps them."""
    return _page(page, contact_id, forms.AtOnceForm())


@blueprint.post("/contacts/<int:contact_id>")
@needs("erasures.delete", purpose="subject_request", fresh=True)
def erase(contact_id: int) -> Response:
    """Erase them."""
    door.demand("contact", contact_id)
    form = forms.AtOnceForm.sent()
    if form.validate():
        with form.refusals():
            door.erase([contact_id], [], form.reason.data)
            return done("/erasures/", notice="erased")
    return _page(refused, contact_id, form)


def right(contact: Contact) -> str:
    """For the card of the person's rights."""
    return render_template("erasures/_right.html", contact=contact)


def _page(answer: Callable[..., Response], contact_id: int, form: forms.AtOnceForm) -> Response:
    name = queries.name_of("contact", contact_id)
    return answer(
        "erasures/at_once.html",
        form=form,
        contact_id=contact_id,
        name=name or _("Contact %(number)s", number=contact_id),
        kept=bool(door.held_among([contact_id], REQUEST)),
        **queries.told_with(contact_id),
    )

"""The forms of disclosures: what went to whom, and of what the recipient was told."""

import unicodedata
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from wesentra import clock
from wesentra.compliance.disclosures.actions import TOLD, UNDONE
from wesentra.models.disclosure import BASES, CAUSES, WHY_UNTOLD
from wesentra.sight import CATEGORY_NAMES
from wesentra.web.forms import Form, choices
from wesentra.web.once import OnceForm

LONGEST = 120


def _one_line(text: str | None) -> str:
    return " ".join(unicodedata.normalize("NFC", text or "").split())


def _can_be_shown(_form: Form, control: Field) -> None:
    if not control.data.isprintable():
        raise ValidationError(_("The text has a character that cannot be shown. Type it again."))


class DisclosureForm(OnceForm):
    """What was disclosed to whom, on what basis."""

    recipient = StringField(
        _l("Recipient"),
        [InputRequired(_l("Write who got the data.")), Length(max=LONGEST), _can_be_shown],
        filters=[_one_line],
        render_kw={"autocomplete": "off"},
    )
    basis = SelectField(
        _l("Basis"), choices=choices((key, _l(text)) for key, text in BASES.items())
    )
    categories = SelectMultipleField(
        _l("Which data"),
        [InputRequired(_l("Choose which data."))],
        choices=choices((key, _l(text)) for key, text in CATEGORY_NAMES.items()),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    disclosed_on = DateField(_l("Disclosed on"), [InputRequired(_l("Choose the day."))])

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("disclosed_on", clock.today())
        super().__init__(*args, **options)


class ToldForm(Form):
    """Of what a recipient was told, or why not; `back` names the page that one came from."""

    told_of = RadioField(
        _l("Of what"),
        [InputRequired(_l("Choose of what."))],
        choices=choices((key, _l(text)) for key, text in CAUSES.items()),
    )
    outcome = RadioField(
        _l("What came of it"),
        [InputRequired(_l("Choose what came of it."))],
        choices=choices(
            [
                (TOLD, _l("The recipient was told")),
                *((key, _l("Not told: %(why)s", why=_l(text))) for key, text in WHY_UNTOLD.items()),
                (UNDONE, _l("Nothing yet: it was noted by mistake")),
            ]
        ),
        default=TOLD,
    )
    back = HiddenField()

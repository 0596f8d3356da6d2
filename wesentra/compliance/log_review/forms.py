"""The forms of a review."""

from typing import Any, TypeVar

from flask_babel import format_date
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.validators import Length

from wesentra.compliance.log_review import queries
from wesentra.web.forms import Form, choices

TEXT = 2000
F = TypeVar("F", bound=Form)


def placed(form: F, place: int) -> F:
    """A form that stands on a page several times: the ids of its fields end with `place`."""
    for field in form:
        field.id = f"{field.id}-{place}"
    return form


def _trimmed(text: Any) -> Any:
    return text.strip().replace("\r\n", "\n") if isinstance(text, str) else text


def _text(label: Any) -> TextAreaField:
    length, rows = Length(max=TEXT), {"rows": 3}
    return TextAreaField(label, [length], filters=[_trimmed], default="", render_kw=rows)


class DrawForm(Form):
    """Which month to review."""

    month = SelectField(_l("Month"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        months = queries.months_to_review()
        self.month.choices = choices((str(one), format_date(one, "LLLL y")) for one in months)


class VerdictForm(Form):
    """A verdict, given by the button that was pressed, and its reason or question."""

    verdict = HiddenField()
    text = _text(_l("Reason or question"))


class JudgeForm(VerdictForm):
    """A verdict of one item; `seen` is how the page showed it (`actions.state`)."""

    seen = HiddenField()


class TogetherForm(VerdictForm):
    """The same verdict for all open items of one rule and one user."""

    rule = HiddenField()
    user = HiddenField()


class AnswerForm(Form):
    """What somebody says who was asked; `seen` is when the question was put that they read."""

    text = _text(_l("What was it for?"))
    seen = HiddenField()


class CloseForm(Form):
    """Why the rest was not judged, where something is left."""

    reason = _text(_l("Why the rest was not judged"))

"""The base of every form: trimmed texts, translated sentences, refusals at their field."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Self

from flask import request
from flask_babel import get_domain
from flask_babel import gettext as _
from wtforms import Form as WTForm
from wtforms import IntegerField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs

from wesentra.refusal import Refused


def choices(pairs: Iterable[tuple[str, Any]]) -> list[Any]:
    """What a select or a group of radios offers, from (key, text) pairs."""
    return [SelectChoice(key, text) for key, text in pairs]


class WholeNumber(IntegerField):
    """A whole number that one can reckon with: what has more digits is none, and is refused."""

    DIGITS = 15

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read it; raises ValueError with a sentence."""
        if valuelist and len(valuelist[0].strip()) > self.DIGITS:
            raise ValueError(self.gettext("Not a valid integer value."))
        super().process_formdata(valuelist)


class Translations:
    """WTForms' own sentences, by way of our catalogues."""

    def gettext(self, string: str) -> str:
        """One sentence of WTForms."""
        return str(_(string))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """One sentence with a number, which WTForms fills in itself."""
        return str(get_domain().get_translations().ungettext(singular, plural, n))


class Form(WTForm):
    """A plain HTML form. Use `refusals()` around the action that may refuse."""

    class Meta:
        """How WTForms translates."""

        def get_translations(self, _form: Any) -> Translations:
            """Our catalogues instead of WTForms' own."""
            return Translations()

    @classmethod
    def sent(cls, **options: Any) -> Self:
        """The form as it was sent with this request."""
        return cls(request.form, **options)

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Turn a refusal of the register into the sentence at its field, or above the form."""
        try:
            yield
        except Refused as refusal:
            self.refuse(refusal)

    def refuse(self, refusal: Refused) -> None:
        """Put the refusal's sentence at its field."""
        sentence = _(refusal.sentence, **refusal.values)
        if refusal.field and refusal.field in self._fields:
            field = self._fields[refusal.field]
            field.errors = [*field.errors, sentence]
        else:
            self.form_errors = [*self.form_errors, sentence]

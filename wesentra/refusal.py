"""The one way in which a rule says no."""

from wesentra.texts import mark


class Refused(Exception):
    """A rule of the register said no, in one sentence for the person who asked.

    `sentence` is a message id of the catalogues with `%(name)s` places for `values`; `field`
    is the form field it belongs to, or None when it is about the whole request.
    """

    def __init__(self, sentence: str, field: str | None = None, **values: object) -> None:
        super().__init__(sentence % values if values else sentence)
        self.sentence = sentence
        self.field = field
        self.values = values


class NotFound(Refused):
    """What was asked for is not there, or is not there any more."""


class OutsidePurpose(NotFound):
    """The person is in the register, but not under the purpose that one works for."""

    def __init__(self) -> None:
        super().__init__(
            mark("This person is in the register, but your purpose does not include them.")
        )


class Closed(Refused):
    """The person's processing is restricted (Art. 18(2) GDPR): opening them takes a reason."""

    def __init__(self, contact_id: int) -> None:
        super().__init__(
            mark("The processing of this person’s data is restricted. Open the person first.")
        )
        self.contact_id = contact_id


class Kept(Refused):
    """A hold keeps a contact or a company (`kind`, `number`) from being erased."""

    def __init__(self, kind: str, number: int) -> None:
        super().__init__(
            mark(
                "A hold keeps these data: a legal claim, an open request or a breach. It stands "
                "under the date of deletion, and is lifted first."
            )
        )
        self.kind, self.number = kind, number


class NotAllowed(Refused):
    """The actor's roles do not hold the permission that was needed."""


class Conflict(Refused):
    """Somebody else changed the field meanwhile; `theirs` is what stands there now."""

    def __init__(self, field: str, theirs: str) -> None:
        super().__init__(mark("Somebody else has changed this meanwhile."), field=field)
        self.theirs = theirs

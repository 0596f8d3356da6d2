"""WTForms' own sentences as far as they can appear, so that the catalogues know them."""

from wesentra.texts import mark


def mark_several(one: str, many: str) -> tuple[str, str]:
    """Like `mark`, for a sentence that depends on a number."""
    return one, many


SENTENCES = (
    mark("This field is required."),
    mark("Not a valid choice."),
    mark("Not a valid date value."),
    mark("Not a valid datetime value."),
    mark("Not a valid integer value."),
    mark("Invalid Choice: could not coerce."),
    mark("Number must be between %(min)s and %(max)s."),
    mark("Number must be at least %(min)s."),
    mark("Number must be at most %(max)s."),
)
COUNTED = (
    mark_several(
        "Field cannot be longer than %(max)d character.",
        "Field cannot be longer than %(max)d characters.",
    ),
    mark_several(
        "'%(value)s' is not a valid choice for this field.",
        "'%(value)s' are not valid choices for this field.",
    ),
)

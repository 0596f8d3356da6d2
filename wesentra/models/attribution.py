"""What a statement on personal tables says of itself when no entity shows whom it concerns.

Loads of entities are noted by themselves. Anything else on a personal table is refused unless it
carries one of these execution options.
"""

from collections.abc import Iterable
from typing import Any


def seen_by_program(reason: str) -> dict[str, Any]:
    """The program alone looks: counting, matching, comparing. Logged as a count, not as a look."""
    return {"audit": ("program", reason)}


def shown_as(subject_type: str, id_column: str, *fields: str) -> dict[str, Any]:
    """Rows of a column select are shown; `id_column` is the result column with the subject's id.

    The audit layer reads the ids off the result's rows and notes each as shown.
    """
    return {"audit": ("shown", subject_type, id_column, fields)}


def bulk_write(
    operation: str, subject_type: str, ids: Iterable[int], fields: Iterable[str]
) -> dict[str, Any]:
    """A Core or bulk change of the named subjects' named fields."""
    return {"audit": ("write", operation, subject_type, tuple(ids), tuple(fields))}

"""What is done with a review: items are judged, explained, and the review is closed.

Whoever did something never judges it. A closed review changes no more.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from wesentra import clock
from wesentra.actor import current
from wesentra.compliance.log_review import queries, who
from wesentra.models import LogReview, LogReviewItem
from wesentra.models.log_review import Verdict
from wesentra.refusal import Refused
from wesentra.texts import mark

VERDICTS = (Verdict.JUSTIFIED, Verdict.ASKED, Verdict.UNJUSTIFIED)

OpenBreach = Callable[[int], int]
"""Opens the draft of a breach for an item that was found unjustified; returns its number."""


def state(item: LogReviewItem) -> str:
    """How an item stands, as one word for a form: another one after every verdict and answer."""
    return f"{item.verdict}/{item.judged_at or ''}/{item.answered_at or ''}"


def judge_seen(
    item: LogReviewItem, seen: str, verdict: str, text: str, open_breach: OpenBreach
) -> int | None:
    """Judge one item, unless it stands otherwise than `seen`, as its page showed it.

    The same verdict once more, by the same reviewer, changes nothing.
    """
    _somebody_elses(item)
    said = item.question if verdict == Verdict.ASKED else item.reason
    if (item.verdict, item.judged_by, said) == (verdict, current().user_id, text):
        return open_breach(item.id) if verdict == Verdict.UNJUSTIFIED else None
    if seen != state(item):
        raise Refused(mark("This was judged or answered meanwhile. Look at it as it is now."))
    return judge([item], verdict, text, open_breach)


def judge(
    items: Sequence[LogReviewItem], verdict: str, text: str, open_breach: OpenBreach
) -> int | None:
    """Judge items of one user and one rule together; they are locked and of one open review.

    The verdict *unjustified* needs a reason and opens the draft of one breach, whose number is
    returned. Asking needs somebody to ask. A last word is changed only with a reason.
    """
    if not items:
        raise Refused(mark("There is nothing left to judge here."))
    if verdict not in VERDICTS:
        raise Refused(mark("Choose what you find."))
    _somebody_elses(items[0])
    if verdict == Verdict.UNJUSTIFIED and not text:
        raise Refused(mark("Write why this is unjustified."), field="text")
    if verdict == Verdict.ASKED and items[0].actor_id is None:
        raise Refused(mark("There is nobody who could be asked."))
    for item in items:
        _check_change(item, verdict, text)
    now = clock.now()
    for item in items:
        _judge(item, verdict, text, now)
    current().deed("review", "log_review_item", [item.id for item in items], [verdict])
    return open_breach(items[0].id) if verdict == Verdict.UNJUSTIFIED else None


def _somebody_elses(item: LogReviewItem) -> None:
    if item.actor_id is not None and item.actor_id == current().user_id:
        raise Refused(mark("This is about you. Somebody else has to judge it."))


def _check_change(item: LogReviewItem, verdict: str, text: str) -> None:
    """What was said before is not lost by a slip. A breach never goes, nor does what opened it."""
    if item.verdict == Verdict.UNJUSTIFIED:
        raise Refused(mark("This has opened a breach and stays unjustified."))
    if item.verdict == Verdict.JUSTIFIED and not text:
        raise Refused(mark("Write why the verdict changes."), field="text")
    if verdict == Verdict.ASKED and item.answered_at is not None:
        raise Refused(mark("This was answered already: it is not asked again."), field="text")
    if item.verdict == verdict == Verdict.ASKED and not text:
        raise Refused(mark("Write what you want to know."), field="text")


def _judge(item: LogReviewItem, verdict: str, text: str, now: datetime) -> None:
    """What is judged at once has one moment: by it what was asked together is answered together."""
    item.verdict, item.judged_at, item.judged_by = verdict, now, current().user_id
    if verdict == Verdict.ASKED:
        item.question, item.asked_at = text, now
    else:
        item.reason = text


def answer(items: Sequence[LogReviewItem], text: str, seen: str) -> None:
    """Explain what one was asked about at `seen`, as the page said; said once, it stays.

    The same again changes nothing.
    """
    if not items:
        raise Refused(mark("You are not asked about this any more."), field="text")
    if not text:
        raise Refused(mark("Write what the look was for."), field="text")
    if seen != str(items[0].asked_at):
        raise Refused(mark("The question has changed meanwhile. Read it again."), field="text")
    for item in items:
        if item.actor_id != current().user_id:
            raise Refused(mark("Somebody else was asked about this."))
        if item.answered_at is not None and item.answer != text:
            raise Refused(mark("You have answered this already."), field="text")
        item.answer, item.answered_at = text, item.answered_at or clock.now()
    current().deed("review", "log_review_item", [item.id for item in items], ["answer"])


def close(review: LogReview, reason: str) -> None:
    """End a review. What is not judged to the end needs one reason.

    Nobody ends it over what they did themselves, as long as somebody else may judge that.
    """
    if queries.left_open(review.id, current().user_id) and (others := who.others()):
        told = mark("What you did yourself is not judged yet. %(names)s can do that.")
        raise Refused(told, names=", ".join(others))
    left = queries.left_open(review.id)
    if left and not reason:
        raise Refused(mark("Write why the rest was not judged."), field="reason")
    review.left_open, review.reason = left, reason
    review.closed_at, review.closed_by = clock.now(), current().user_id
    current().deed("review", "log_review", [review.id], ["closed"])

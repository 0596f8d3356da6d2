"""What the pages of reviews show, gathered for their templates."""

import json
from typing import Any

from flask import g, request

from wesentra.audit import ledger, spans
from wesentra.compliance.log_review import forms, queries, who, words
from wesentra.models import LogReview, LogReviewItem
from wesentra.models.log_review import Verdict
from wesentra.web import ids


def of_all() -> dict[str, Any]:
    """All reviews with their verdicts."""
    return {
        "reviews": queries.reviews(),
        "tallies": queries.tallies(),
        "names": ledger.user_names(),
    }


def of_review(review: LogReview, wrong: forms.TogetherForm | None = None) -> dict[str, Any]:
    """One review with the items of one rule: the one asked for, else the first with open ones.

    With a form that was refused (`wrong`) those that it is about, beginning at the first of them.
    """
    by_rule = queries.by_rule(review.id)
    rules = [rule for rule in words.TITLES if rule in by_rule]
    to_judge = queries.to_judge(review.id, g.signed_in.user.id)
    rule = _rule(
        by_rule, to_judge, rules, (wrong.rule.data if wrong else request.args.get("rule")) or ""
    )
    groups = queries.open_by_user(review.id, rule)
    return {
        "review": review,
        "by_rule": by_rule,
        "rules": rules,
        "rule": rule,
        "groups": groups,
        "names": ledger.user_names(),
        "limits": json.loads(review.limits),
        "to_judge": to_judge,
        **_left(review, by_rule),
        **_items(review, rule, wrong),
        **_together(review, rule, groups, wrong),
    }


def of_item(found: LogReviewItem) -> dict[str, Any]:
    """One item. Where nobody was signed in it says from where it was done."""
    return {
        "item": found,
        "source": _source(found),
        "review": queries.get(found.review_id),
        "names": ledger.user_names(),
        "me": g.signed_in.user.id,
    }


def _rule(
    by_rule: dict[str, queries.Tally], to_judge: dict[str, int], rules: list[str], asked: str
) -> str:
    open_ones = [rule for rule in rules if rule in to_judge]
    open_ones += [rule for rule in rules if by_rule[rule].counts.get(Verdict.OPEN)]
    open_ones += [rule for rule in rules if by_rule[rule].left]
    return asked if asked in by_rule else next(iter(open_ones or rules), "")


def _left(review: LogReview, by_rule: dict[str, queries.Tally]) -> dict[str, Any]:
    """How far the review is, and what is left that only others may judge."""
    me = g.signed_in.user.id
    return {
        "whole": queries.Tally(_summed(by_rule)),
        "me": me,
        "others": who.others(),
        "own_left": queries.left_open(review.id, me),
    }


def _items(review: LogReview, rule: str, wrong: forms.TogetherForm | None) -> dict[str, Any]:
    verdict = request.args.get("verdict", "" if review.closed_at is None else None)
    wanted = verdict if verdict in words.VERDICTS else None
    after = request.args.get("after", type=ids.number)
    if wrong is not None:
        about = queries.together(review.id, rule, ids.chosen(wrong.user.data or ""))
        after = about[0].id - 1 if about else None
    return {"verdict": wanted, "found": queries.items(review.id, rule, wanted, after)}


def _together(
    review: LogReview, rule: str, groups: dict[int | None, int], wrong: forms.TogetherForm | None
) -> dict[str, Any]:
    """A form for each user with several open items, and the refused one in its place; `unsaved` is
    what was typed into one that has no place any more."""
    if review.closed_at is not None:
        return {"together": {}, "unsaved": wrong}
    blank = forms.TogetherForm
    made = {user: blank(rule=rule, user=str(user or "")) for user, n in groups.items() if n > 1}
    user = ids.chosen(wrong.user.data or "") if wrong else None
    placed = wrong is not None and user in groups and user != g.signed_in.user.id
    if wrong is not None and placed:
        made[user] = wrong
    together = {user: forms.placed(form, user or 0) for user, form in made.items()}
    return {"together": together, "unsaved": None if placed else wrong}


def _summed(by_rule: dict[str, queries.Tally]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for tally in by_rule.values():
        for verdict, number in tally.counts.items():
            counts[verdict] = counts.get(verdict, 0) + number
    return counts


def _source(found: LogReviewItem) -> str:
    """Who runs a command without a user is told by the machine only; a gap is nobody's doing."""
    if found.actor_id is not None or found.entry_id is None or found.rule == "R14":
        return ""
    return next((f"{row.channel} {row.source}" for row in spans.some([found.entry_id])), "")

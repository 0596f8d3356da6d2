"""The pages of the retention rules: as they stand, and one to be changed."""

from collections.abc import Callable

from flask import Blueprint, Response

from wesentra.audit import ledger
from wesentra.compliance.retention import forms, rules
from wesentra.compliance.retention import words as named
from wesentra.models.retention_rule import Action
from wesentra.web.forms import choices
from wesentra.web.guard import needs
from wesentra.web.htmx import done, page, refused

blueprint = Blueprint("retention_rules", __name__, url_prefix="/retention/rules")
WHY = "maintenance"


@blueprint.get("/")
@needs("retention.read", purpose=WHY)
def index() -> Response:
    """Every rule in force."""
    return page("retention_rules/index.html", rules=rules.versions(), named=named)


@blueprint.get("/<int:rule_id>")
@needs("retention_rules.write", purpose=WHY, fresh=True)
def edit(rule_id: int) -> Response:
    """One rule, with the versions before it."""
    return _page(page, rule_id, None)


@blueprint.post("/<int:rule_id>")
@needs("retention_rules.write", purpose=WHY, fresh=True)
def save(rule_id: int) -> Response:
    """Put a new version in force."""
    form = forms.RuleForm.sent()
    rule = rules.get(rule_id)
    if rule.action == Action.ANONYMISE:
        form.action.choices = choices([(Action.ANONYMISE.value, "")])
    if form.validate():
        months = form.months.data or 0
        effect = rules.effect(rule, months)
        if effect.earlier and form.seen.data != str(months):
            return _page(refused, rule_id, form, effect)
        with form.refusals():
            rules.change(rule, months, form.action.data, form.reason.data or "")
            return done("/retention/rules/", notice="saved")
    return _page(refused, rule_id, form)


def _page(
    answer: Callable[..., Response],
    rule_id: int,
    form: forms.RuleForm | None,
    effect: rules.Effect | None = None,
) -> Response:
    rule = rules.get(rule_id)
    return answer(
        "retention_rules/edit.html",
        rule=rule,
        effect=effect,
        form=form or forms.RuleForm(obj=rule),
        before=rules.before(rule),
        names=ledger.user_names(),
        named=named,
    )

"""`wesentra retention`: what will go, and its going."""

import click

from wesentra import clock
from wesentra.cli import Installation, pass_installation
from wesentra.cli.acting import acting, acts
from wesentra.compliance.retention import plan as plans
from wesentra.compliance.retention import rules, state, word, words
from wesentra.compliance.retention import run as runs
from wesentra.compliance.retention.plan import Plan
from wesentra.models.codes import GROUP_NAMES, Group
from wesentra.models.retention_rule import RetentionRule
from wesentra.texts import LANGUAGES
from wesentra.web.language import say as _

WHY = "maintenance"


@click.group()
def retention() -> None:
    """Whose day of deletion has come."""


@retention.command()
@acts
@pass_installation
def preview(installation: Installation, as_user: str | None, purpose: str | None) -> None:
    """How many a run of today would let go, by which rule. Nothing is changed."""
    settings = installation.settings
    with acting(settings, as_user, purpose, "retention.run", usual=WHY):
        made = plans.of(clock.today())
        _print_plan(made, settings.language)


def _print_plan(made: Plan, language: str) -> None:
    known = {one.id: one for one in rules.versions()}
    for kind, by_rule in made.going.items():
        for rule_id, ids in by_rule.items():
            click.echo(f"{len(ids):>8}  {_rule(kind, known[rule_id], language)}")
    told = {
        _("go"): made.number(),
        _("are asked about"): sum(len(ids) for ids in made.asked.values()),
        **{_("held: %(why)s", why=words.hold(kind)): made.held[kind] for kind in sorted(made.held)},
        _("have no date"): made.undated,
        _("are in the register"): made.everybody,
    }
    for text, number in told.items():
        click.echo(f"{number:>8}  {text}")
    if word.lacks(made, state.of(made.day)):
        click.echo(_("A run would stop and ask: more would go than the settings allow."))


def _rule(kind: str, rule: RetentionRule, language: str) -> str:
    group = GROUP_NAMES[Group(rule.group)][LANGUAGES.index(language)]
    return f"{_(words.WHOSE[kind])}: {group}, {words.begins(rule)}"


@retention.command()
@acts
@pass_installation
def run(installation: Installation, as_user: str | None, purpose: str | None) -> None:
    """Let those go whose day has come; the server does it every night."""
    settings = installation.settings
    with acting(settings, as_user, purpose, "retention.run", usual=WHY):
        done = state.get(runs.carry_out(clock.today()))
        told = {
            _("Contacts gone"): done.counts.get("gone.contact", 0),
            _("Companies gone"): done.counts.get("gone.company", 0),
            _("Owners asked"): done.counts.get("asked", 0),
            _("Held"): done.counts["kept"],
        }
        for text, number in told.items():
            click.echo(f"{number:>8}  {text}")
        click.echo(_("Certificate: /retention/runs/%(number)s", number=done.id))

"""`wesentra demo`."""

import os

import click

from wesentra import instance as instances
from wesentra.cli import Installation, pass_installation
from wesentra.models.codes import ROLE_NAMES
from wesentra.operations import serve as server
from wesentra.operations.demo import instance
from wesentra.operations.demo.story import COLLEAGUES
from wesentra.sentences import say
from wesentra.texts import mark
from wesentra.web.language import in_languages

MOST = 100_000
OWN = "demo"
"""The demo's folder in the usual instance folder, so that the company's register stays its own."""


@click.command()
@click.option("--contacts", type=click.IntRange(1, MOST), default=60, show_default=True)
@click.option(
    "--seed", type=int, default=1, show_default=True, help="The same seed, the same demo."
)
@click.option("--port", type=click.IntRange(0, 65535), default=server.PORT, show_default=True)
@click.option("--no-serve", is_flag=True, help="Only fill the instance.")
@pass_installation
def demo(installation: Installation, contacts: int, seed: int, port: int, no_serve: bool) -> None:
    """Serve an invented company in an instance of its own; fill it at the first start.

    Without --instance it lies in the folder `demo` of the usual instance folder.
    """
    _keep_apart(installation)
    settings = installation.begin()
    language = settings.language
    password = instance.password_of(settings)
    if password is None:
        click.echo(
            say(
                mark("Inventing a company with %(count)s contacts …"), {"count": contacts}, language
            )
        )
        password = _fill(installation, contacts, seed)
        installation.tell_begun()
    for one in COLLEAGUES:
        if not one.leaves:
            role = in_languages(ROLE_NAMES[one.role], language)
            click.echo(f"  {one.name:<18} {role}")
    click.echo(say(mark("Password of them all: %(password)s"), {"password": password}, language))
    if not no_serve:
        options = server.Options(host="127.0.0.1", port=port)
        server.serve(settings, options, tell=click.echo)


def _keep_apart(installation: Installation) -> None:
    """Unless somebody named an instance, use one that no other command takes for the company's."""
    if installation.folder is None and not os.environ.get("WESENTRA_INSTANCE"):
        installation.folder = instances.choose(None, os.environ) / OWN


def _fill(installation: Installation, contacts: int, seed: int) -> str:
    with click.progressbar(length=1, show_eta=False) as bar:

        def tell(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        return instance.fill(installation.settings, contacts, seed, tell)

"""`wesentra serve`."""

from dataclasses import replace
from pathlib import Path

import click

from wesentra.cli import Installation, pass_installation
from wesentra.cli.spoken import told
from wesentra.operations import serve as server
from wesentra.texts import mark

EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option("--host", help="The address to listen on; all of this machine's by default.")
@click.option("--port", type=click.IntRange(0, 65535), default=server.PORT, show_default=True)
@click.option("--http-port", type=click.IntRange(0, 65535), help="Redirect plain HTTP from here.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True)
@click.option("--cert", type=EXISTING, help="A certificate (PEM) instead of the local one.")
@click.option("--key", type=EXISTING, help="Its private key (PEM, PKCS #8).")
@click.option("--behind-proxy", is_flag=True, help="Plain HTTP on 127.0.0.1 for a TLS proxy.")
@pass_installation
def serve(
    installation: Installation,
    host: str | None,
    port: int,
    http_port: int | None,
    workers: int,
    cert: Path | None,
    key: Path | None,
    behind_proxy: bool,
) -> None:
    """Serve Wesentra over HTTPS; bring the schema up to date first."""
    if bool(cert) != bool(key):
        raise click.UsageError(told(mark("--cert and --key belong together.")))
    settings = installation.begin()
    if behind_proxy:
        settings = replace(settings, behind_proxy=True)
    if cert and key:
        settings = replace(
            settings, tls_certificate=str(cert.absolute()), tls_key=str(key.absolute())
        )
    usual = "127.0.0.1" if settings.behind_proxy else server.Options.host
    options = server.Options(
        host=host or usual,
        port=port,
        http_port=http_port,
        workers=workers,
    )

    def tell(line: str) -> None:
        installation.tell_begun()
        click.echo(line)

    server.serve(settings, options, tell)

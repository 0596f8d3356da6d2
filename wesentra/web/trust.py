"""How a browser comes to trust the installation's own authority; open before sign-in."""

import ssl
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, Response, current_app, make_response

from wesentra.reach import Reach
from wesentra.refusal import NotFound
from wesentra.texts import mark
from wesentra.web.htmx import page

blueprint = Blueprint("trust", __name__, url_prefix="/trust")


def offered() -> bool:
    """Whether browsers have to learn an authority of this installation."""
    file = _file()
    return file is not None and file.exists()


def certificate_in(file: Path) -> bytes:
    """The certificate in a PEM file as bare bytes (DER); raises OSError and ValueError."""
    return ssl.PEM_cert_to_DER_cert(file.read_text(encoding="ascii"))


def fingerprint(certificate: bytes) -> str:
    """SHA-256 of a certificate (DER), in sixteen groups of four digits, to be read aloud."""
    digits = sha256(certificate).hexdigest().upper()
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


@blueprint.get("/")
def index() -> Response:
    """What to do in which browser, and what to compare before."""
    return page("trust/index.html", groups=fingerprint(_authority()).split())


@blueprint.get("/wesentra-authority.crt")
def authority() -> Response:
    """The authority's certificate as systems install it (DER): its file has the fingerprint.

    It is not sent as an attachment, so that Firefox and Safari offer to install it.
    """
    return make_response(_authority(), 200, {"Content-Type": "application/x-x509-ca-cert"})


def _file() -> Path | None:
    settings: Reach = current_app.extensions["wesentra_settings"]
    folder = Path(current_app.instance_path)
    return folder / "tls" / "authority.pem" if settings.own_authority else None


def _authority() -> bytes:
    file = _file()
    if file is not None:
        with suppress(OSError, ValueError):
            return certificate_in(file)
    raise NotFound(mark("This server uses no authority of its own: there is nothing to install."))

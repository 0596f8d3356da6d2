"""Whether single sign-on can be used, where the settings name a provider: it is asked who it is."""

from wesentra.accounts.sso import setup
from wesentra.accounts.sso.failing import SILENT, NotSignedOn
from wesentra.operations.doctor.checked import Checked, good, refused, weak, wrong
from wesentra.settings import Settings
from wesentra.texts import mark

WHAT = mark("Single sign-on")


def of_provider(settings: Settings) -> list[Checked]:
    """Nothing where no provider is named."""
    if settings.sso_issuer is None:
        return []
    provider = setup.provider_for(settings)
    if provider is None:
        return [refused(WHAT, NotSignedOn("no extra", setup.MISSING))]
    try:
        provider.known()
    except NotSignedOn as no:
        return [_unusable(settings, no)]
    return _weak(settings) or [good(WHAT, mark("the sign-in service answers."))]


def _unusable(settings: Settings, no: NotSignedOn) -> Checked:
    issuer = settings.sso_issuer
    if no.sentence == SILENT:
        mend = mark("Look whether %(issuer)s answers this machine, and by which certificate.")
        return wrong(WHAT, mark("the sign-in service does not answer."), mend, issuer=issuer)
    mend = mark("Set sso_issuer to what the sign-in service calls itself, sign for sign.")
    return wrong(WHAT, mark("%(issuer)s calls itself otherwise."), mend, issuer=issuer)


def _weak(settings: Settings) -> list[Checked]:
    """What is allowed and yet says that this is no sign-in service of a company."""
    if not str(settings.sso_issuer).startswith("https:"):
        said = mark("the sign-in service is asked in the clear.")
        return [weak(WHAT, said, mark("Use one that answers over HTTPS."))]
    return []

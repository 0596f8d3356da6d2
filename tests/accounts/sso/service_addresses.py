"""The addresses of the sign-in service, what it says of people, and its first rows."""

from typing import Any

from django.contrib.auth.models import Group, User
from django.contrib.auth.views import LoginView
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from oauth2_provider.models import Application
from oauth2_provider.oauth2_validators import OAuth2Validator

from tests.accounts.sso.sign_in_service import BACK, CLIENT, PASSWORD, PEOPLE, SECRET


class Validator(OAuth2Validator):
    """What it says of people."""

    oidc_claim_scope = None

    def get_additional_claims(self, request: Any) -> dict[str, Any]:
        """Names and groups, and how somebody signed in."""
        groups = [group.name for group in request.user.groups.all()]
        said = {"preferred_username": request.user.username, "name": request.user.first_name}
        return {**said, "groups": groups, "amr": ["pwd", *["otp"] * ("token" in groups)]}


@csrf_exempt
def control(request: HttpRequest) -> HttpResponse:
    """What a test tells it."""
    said = request.POST
    if "back" in said:
        Application.objects.update(redirect_uris=f"{BACK} {said['back']}")
    if "name" in said:
        put(User.objects.get(username=said["name"]), said.getlist("group"))
    return HttpResponse("done")


def put(user: User, groups: list[str]) -> None:
    """Let somebody be in these groups and no others."""
    user.groups.set([Group.objects.get_or_create(name=group)[0] for group in groups])


def fill() -> None:
    """Its tables, its people, and the register as a client."""
    call_command("migrate", verbosity=0)
    for name, groups in PEOPLE.items():
        put(User.objects.create_user(name, password=PASSWORD, first_name=name.title()), groups)
    Application.objects.create(
        name="Wesentra",
        client_id=CLIENT,
        client_secret=SECRET,
        client_type="confidential",
        authorization_grant_type="authorization-code",
        redirect_uris=BACK,
        skip_authorization=True,
        algorithm="RS256",
    )


urlpatterns = [
    path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
    path("login/", LoginView.as_view()),
    path("control/", control),
]

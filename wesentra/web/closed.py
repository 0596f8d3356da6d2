"""While a restore is unfinished a server that runs answers nobody, and reads nothing."""

from typing import Any

from werkzeug.wrappers import Response

from wesentra import unfinished
from wesentra.sentences import say
from wesentra.settings import Settings

HEADERS = {"Retry-After": "60", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class ClosedWhile:
    """Stands before the application; a look at one file is all that it costs."""

    def __init__(self, application: Any, settings: Settings) -> None:
        self.application, self.settings = application, settings

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        """Hand the request on, or answer it with a sentence and 503."""
        if not unfinished.is_there(self.settings.instance):
            return self.application(environ, start)
        told = say(unfinished.SENTENCE, {}, self.settings.language)
        return Response(f"{told}\n", 503, HEADERS, mimetype="text/plain")(environ, start)

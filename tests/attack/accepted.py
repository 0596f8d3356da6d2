"""Findings above low that may stay, each with its reason; everything else ends `make attack` badly.

`where` is a part of what the finding is about; empty: wherever it is said.
"""

from tests.attack.findings import Accepted

OWN_WORDS = "the statement is put together of names that stand in the same file; nobody types them"
PRIVATE = (
    "an authority of the installation's own has no service that is asked; certificates last a year"
)
ORDER = (
    "the client chooses, of six suites that are all authenticated and forward secret (TLS 1.2, 1.3)"
)
EVERYWHERE = "the intranet is whom it serves; decided and written in the README"
OURS = "what is marked as safe is a template's own output, or a text of the program's own catalogue"

ACCEPTED: tuple[Accepted, ...] = (
    *(
        Accepted("bandit", "B608", f"wesentra/{file}.py:", OWN_WORDS)
        for file in (
            "audit/arming",
            "migrations/versions/0005_the_log_lives_its_own_life",
            "migrations/versions/0008_log_reviews_and_breaches",
            "migrations/versions/0011_totals_of_the_days",
        )
    ),
    Accepted("bandit", "B104", "wesentra/operations/host_names.py:", EVERYWHERE),
    Accepted("bandit", "B104", "wesentra/operations/serve.py:", EVERYWHERE),
    Accepted("bandit", "B704", "wesentra/web/language.py:", OURS),
    Accepted("bandit", "B704", "wesentra/web/panels.py:", OURS),
    Accepted("testssl.sh", "cipher_order", "", ORDER),
    Accepted("testssl.sh", "cert_revocation", "", PRIVATE),
)

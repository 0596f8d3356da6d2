"""What the codes of breaches are called."""

from wesentra.models.breach import BreachStatus
from wesentra.texts import mark

DETECTED_BY = {
    "staff": mark("our own staff"),
    "log_review": mark("log review"),
    "customer": mark("a customer or another data subject"),
    "processor": mark("a processor"),
    "authority": mark("an authority"),
    "system": mark("a technical alarm"),
    "other": mark("somebody else"),
}
NATURES = {
    "confidentiality": mark("Somebody saw or got data they have no right to"),
    "integrity": mark("Data were changed without right"),
    "availability": mark("Data were lost or could not be used"),
}
"""The three kinds of breach of Art. 4(12) GDPR."""
STATUSES = {
    BreachStatus.DRAFT: mark("draft"),
    BreachStatus.OPEN: mark("open"),
    BreachStatus.CLOSED: mark("closed"),
}

"""Objections to direct marketing (Art. 21(2) GDPR): noted at once, withdrawn as easily."""

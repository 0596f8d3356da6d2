"""Restrictions of processing (Art. 18 GDPR): placed, opened with a reason, lifted."""

"""Retention: everybody has a date, a rule and somebody who is asked (Art. 5(1)(e) GDPR)."""

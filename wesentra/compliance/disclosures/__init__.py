"""Disclosures: who got which data of whom, and who is to be told of a change (Art. 19 GDPR)."""

"""Contacts: the persons of the register, created, read, corrected field by field, deleted."""

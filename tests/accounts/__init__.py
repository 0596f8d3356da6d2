"""Tests of accounts: who may come in, in which role, from when to when."""

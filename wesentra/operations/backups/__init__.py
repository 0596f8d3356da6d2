"""Backups: encrypted, read back, forgotten by age, and restored with every erasure since."""

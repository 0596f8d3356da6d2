"""Who was erased, by number, and who can still be brought back."""

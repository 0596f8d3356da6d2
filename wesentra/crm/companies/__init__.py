"""Companies: organisations and sole traders."""

"""Search: people and companies by the beginnings of words, and by telephone number."""

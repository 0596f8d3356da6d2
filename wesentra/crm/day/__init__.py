"""My day: what is due, whom to check, what I did last; the features hang their panels in."""

"""Tasks: what was promised to whom, by when; done by one click, undone by another."""

"""The demo: an invented Finnish company, its register, and two years of its work."""

"""What a real browser shows: every page looked at by axe, and the main ways through the house."""

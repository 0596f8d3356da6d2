"""The one way out for a person's data: the waiting room, the door, and what stays behind it."""

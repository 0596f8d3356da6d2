"""Interactions: contact time, with its prompts about which of the person's data are right."""

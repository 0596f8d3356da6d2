"""Personal data breaches: one plain form, the 72 hours, and a register of all of them (Art. 33)."""

"""Whether the register could be put back if it were lost (Art. 32(1)(b)-(d) GDPR)."""

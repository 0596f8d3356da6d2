"""Minimisation: what nobody uses is proposed to be removed (Art. 5(1)(c) GDPR)."""

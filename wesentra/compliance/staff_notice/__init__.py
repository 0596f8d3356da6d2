"""What the staff was told and asked about the logging of their work (759/2004, sections 4, 21)."""

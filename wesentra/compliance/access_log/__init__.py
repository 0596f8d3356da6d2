"""The access log on screen and as a file.

The blueprint is called `log`, like its addresses (`/log/`), its templates and its permissions
(`log.read`, `log.export`); the folder says in full which log. Reading it is itself an entry.
"""

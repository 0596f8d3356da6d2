"""Values as people write them: each module reads one kind, in one spelling, or says what is wrong.

Lowest layer of `crm`: pure text in, pure text out; no database, no web.
"""

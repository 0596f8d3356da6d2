"""The monthly review of the access log: hits of rules, a random sample, exports, readings.

Who is reviewed never judges. What the program looks at to find hits (surnames, contacts, tasks) is
shown to nobody: items know people by number.
"""

"""`make attack`: tools that attackers use, against a register that is served for them.

Everything stays on this machine: the register, the tools, what they ask. See README, *Attack it
yourself*.
"""

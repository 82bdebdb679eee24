"""The commands of `cancel-contract`: one module each. Live here: arguments, exit codes, what is printed. May not
know: how the work is done.
"""

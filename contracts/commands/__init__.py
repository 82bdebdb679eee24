"""The commands of `python -m contracts`: one module each. Live here: arguments, exit codes, what is printed. May not
know: how the work is done.
"""

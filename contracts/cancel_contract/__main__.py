"""Runs the command line with `python -m cancel_contract`."""

from cancel_contract.tools.cli import main

if __name__ == "__main__":
    main()

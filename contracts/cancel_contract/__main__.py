"""`cancel-contract`: everything that is no test run."""

from cancel_contract.tools.cli import main

if __name__ == "__main__":
    main()

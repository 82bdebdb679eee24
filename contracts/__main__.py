"""`python -m contracts`: everything that is no test run."""

from contracts.cli import main

if __name__ == "__main__":
    main()

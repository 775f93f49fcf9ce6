"""`python -m evenload` is `evenload`."""

from evenload.cli import main

if __name__ == "__main__":
    main()

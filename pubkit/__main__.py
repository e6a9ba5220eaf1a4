"""`python -m pubkit`: the same as the command `pubkit`."""

from pubkit.cli import main

if __name__ == "__main__":
    main()

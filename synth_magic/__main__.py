"""`python -m synth_magic` is the command line."""

from synth_magic.cli import main

if __name__ == "__main__":
    raise SystemExit(main())

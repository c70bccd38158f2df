"""Let ``python -m loschmidt`` do what the command ``loschmidt`` does."""

from __future__ import annotations

from loschmidt.cli.main import main

if __name__ == "__main__":
    main()

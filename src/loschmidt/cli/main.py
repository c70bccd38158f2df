"""Start the command, and see to it that whatever happens ends in an honest exit code."""

from __future__ import annotations

import sys
import traceback

from loschmidt.cli.exit_codes import INTERNAL, INTERRUPTED

__all__ = ["main"]


def main() -> None:
    """Run the command line; never returns."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal without Unicode shows escapes rather than stopping the report.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        from loschmidt.cli.app import app

        app()
    except KeyboardInterrupt:
        sys.stderr.write("loschmidt: interrupted.\n")
        sys.exit(INTERRUPTED)
    except Exception:  # noqa: BLE001 - the last line of defence: any other error is a bug, and must not look like a law
        traceback.print_exc()
        sys.stderr.write("loschmidt: this is a bug; please report it with the model file.\n")
        sys.exit(INTERNAL)

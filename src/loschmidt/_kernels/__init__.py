"""Compiled loops and closed forms: plain arrays in, plain arrays out, nothing checked."""

from __future__ import annotations

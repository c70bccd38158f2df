"""Guo 2025: information erasure in two-species lattice fermions, claim by claim."""

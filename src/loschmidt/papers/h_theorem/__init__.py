"""Lesovik et al. 2016: the H-theorem in quantum physics, claim by claim."""

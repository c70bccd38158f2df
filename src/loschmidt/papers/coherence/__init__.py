"""Santos et al. 2019: the role of quantum coherence in non-equilibrium entropy production, claim by claim."""

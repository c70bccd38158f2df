"""Laws of lattice fermions."""

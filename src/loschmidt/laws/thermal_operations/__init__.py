"""Laws of unitaries with Gibbs environments."""

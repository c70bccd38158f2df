"""Laws of single trajectories and of their averages."""

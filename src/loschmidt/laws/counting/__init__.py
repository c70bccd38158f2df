"""Laws of counted jumps in a steady state."""

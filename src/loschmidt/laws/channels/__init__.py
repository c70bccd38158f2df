"""Laws of channels, scatterers and chains of collisions."""

"""Laws of master equations with baths."""

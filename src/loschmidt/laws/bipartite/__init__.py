"""Laws of parts that interact."""

"""Laws of heat conduction and of gases."""

"""Claims of the textbook chapter on entropy production in open quantum systems."""

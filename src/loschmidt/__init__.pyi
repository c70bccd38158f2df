"""Public names of loschmidt."""

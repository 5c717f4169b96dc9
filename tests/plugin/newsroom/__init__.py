"""A package with a rule of its own, as another project would write it."""

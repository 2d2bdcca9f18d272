"""The cases of a person or a unit as a list."""

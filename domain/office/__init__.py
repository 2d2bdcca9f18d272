"""What the office sets beside its rules: a declared row each, and what of it is valid on a day."""

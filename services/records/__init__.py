"""Facts in and out, what is computed from them, and what protects them."""

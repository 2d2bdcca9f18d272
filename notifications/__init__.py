"""Words and envelopes: a name and data in, German text out. Knows the domain only."""

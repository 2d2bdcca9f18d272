"""One case: its lanes, its entries, its forms and requests, and what was said of it."""

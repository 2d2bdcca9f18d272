"""How somebody logs in, and says why they read."""

"""What programs ask and record: the API under /api/v1."""

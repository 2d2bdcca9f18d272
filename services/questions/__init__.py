"""Questions to the read model: parameters in, rows with their why out."""

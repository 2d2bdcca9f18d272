"""What every page and answer shares: visitors, headers, errors, limits, live updates, templates."""

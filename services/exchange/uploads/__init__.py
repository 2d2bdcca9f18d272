"""Files that are handed in through a page: kept sealed, looked at, tried, imported (Vertrag 4)."""

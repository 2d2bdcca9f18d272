"""One module a page: what it reads, what it takes, which template it fills."""

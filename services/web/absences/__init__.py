"""The page on which people say when they are away and who stands in, and leads do so for their people."""

"""Bytes of a file to rows of cells, one module a format; nothing here knows a fact."""

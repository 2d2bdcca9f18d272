"""Facts in and out: the fact format of other programs, importing and exporting."""

"""Lists as files: a table with what it is and where it comes from, as CSV and XLSX."""

"""The shell around the domain: reads, writes, shows. Decides nothing."""

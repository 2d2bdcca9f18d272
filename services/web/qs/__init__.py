"""Lists at any Stichtag for the QS team and leads, their files, and who has read what."""

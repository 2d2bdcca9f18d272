"""Conversations at the desk: which steps are still to be asked, how answers are kept, what typed German means."""

"""What a lead decides and sees overdue, and how long cases stay."""

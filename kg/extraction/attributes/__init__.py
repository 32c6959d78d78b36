"""What a claim says beyond its two ends: amount, stake, date, round, role, action, status."""

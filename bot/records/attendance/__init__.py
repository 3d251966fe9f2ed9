"""Attendance: the rule that counts misses, registers, catch-ups, and absences that were reported."""

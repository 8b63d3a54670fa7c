"""Health passports: one record that follows the child, kept by the team that holds it."""

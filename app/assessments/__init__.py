"""The register of health assessments, and the lists of what waits for a team."""

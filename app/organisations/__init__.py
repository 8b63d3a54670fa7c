"""The directory: who there is, which bodies serve an area, who works for whom, where a postcode lies."""

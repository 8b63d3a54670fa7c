"""The passport as a FHIR R4 document and back, by one table (``mapping.toml``) that serves both ways."""

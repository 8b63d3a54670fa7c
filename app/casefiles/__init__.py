"""A child's file: all that stands about a child or a placement, in one document, for the record of whoever acts."""

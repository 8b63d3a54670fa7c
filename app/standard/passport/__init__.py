"""The health passport: one record that follows the child, in sections that each say how old they are."""

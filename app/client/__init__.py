"""The service from outside: what a council's own system does. Speaks HTTP alone, and knows no table and no rule."""

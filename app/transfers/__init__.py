"""A health passport on its way from one children-in-care health team to the next."""

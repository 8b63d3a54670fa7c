"""Reading the account: who has seen what of a child."""

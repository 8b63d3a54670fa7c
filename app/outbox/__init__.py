"""Messages to parties, written in the transaction of what they tell of and delivered later."""

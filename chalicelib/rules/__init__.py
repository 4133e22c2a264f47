"""Does it matter: filter patterns, rules, and the subscription filter they need."""

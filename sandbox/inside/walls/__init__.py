"""How a zygote and its processes are walled in, in three tiers, and what is cleared away after them."""

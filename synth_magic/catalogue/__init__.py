"""Clinical variables of adults, with their distributions, associations and sources."""

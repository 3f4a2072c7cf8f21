"""Deciding what access documents grant: pure, three-valued, for one object or for every key under a prefix."""

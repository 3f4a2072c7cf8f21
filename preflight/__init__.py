"""preflight answers whether Stream can write recordings into a storage, before it is registered."""

__version__ = "0.1.0"

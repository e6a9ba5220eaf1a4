"""The version of pubkit."""

__version__ = "0.1.0"

"""The version of pubkit."""

VERSION = "0.1.0"

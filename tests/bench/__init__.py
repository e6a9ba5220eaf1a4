"""How fast pubkit is, beside its peers: `make bench` runs this and writes docs/performance.md."""

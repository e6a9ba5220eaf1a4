"""The index of a publication: entries gathered from the marks in its articles, sorted, and led from one to another."""

from pubkit.index.entries import Entry, Group, Lead, Place, check_leads, index_of, shown

__all__ = ["Entry", "Group", "Lead", "Place", "check_leads", "index_of", "shown"]

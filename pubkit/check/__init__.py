"""Finished files looked at: EPUB by a judge from outside, PDF by rules of print; and editions before they are written.

Its modules are imported one by one, for a build needs few of them.
"""

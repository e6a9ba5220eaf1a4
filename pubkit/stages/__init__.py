"""The stages in the order in which `build` runs them: read, resolve, typeset; writing is in epub and pdf.

They have a package of their own, because `pubkit.read` is a function: a module of that name would hide it.
"""

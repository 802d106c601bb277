"""The rules an ElementDefinition can state of one value, one file a kind.

Each file has a function from what the element says to a `Check`, or None where it says nothing.
"""

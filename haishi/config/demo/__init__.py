"""Content of the demonstration edition, generated from a seed: names, products, programme,
pictures, models, papers.

Nothing in here touches the database; `load` writes what these modules describe. The same seed
gives the same bytes.
"""

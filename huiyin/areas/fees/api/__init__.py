"""收费 by API: the same verbs as the pages, the same rights."""

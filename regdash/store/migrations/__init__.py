"""How the tables of a store come from one version of Regdash to the next; run by `regdash.store.upgrade`."""

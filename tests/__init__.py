"""Tests of dlviz; the tree mirrors dlviz/, with the pages and the browser beside it."""

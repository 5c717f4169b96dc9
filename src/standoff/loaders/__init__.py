"""Loaders: releases into frames. They stand alone, on polars and the standard library.

`store` knows where releases lie and holds their bytes against checksums, `download` fetches what is not at hand,
`frames` hands out tables, `hydration` puts the words of evidence back. The public names are those of `standoff`.
"""

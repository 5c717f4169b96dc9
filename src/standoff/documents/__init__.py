"""What is generated beside the dataset, wholly or between markers, for `standoff docs`.

generated   all of it, by file, and what of it is out of date
codebook    the generated parts of CODEBOOK.md
datasheet   those of DATASHEET.md
readme      those of README.md, and its two figures
figures     the figures as SVG
"""

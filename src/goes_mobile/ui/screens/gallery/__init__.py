"""All building blocks in all their states, with invented people: for looking at, measuring and photographing.

python -m goes_mobile.ui.screens.gallery --port 8560
"""

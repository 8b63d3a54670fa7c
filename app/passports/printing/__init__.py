"""A passport, an emergency card and my passport as data for a page: every word in one language, nothing left out.

Pure. What comes in is what its reader may see already; ``app/typesetting`` makes the page. What is withheld, not
recorded or not known is said in words, so that nobody takes a blank for an answer.
"""

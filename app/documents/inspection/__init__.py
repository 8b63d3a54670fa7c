"""Looks into a file that somebody sent, in a process of its own with little memory and no way to write a file.

Knows nothing of the service: bytes come in by a pipe, one line of JSON goes out. Whatever hostile content makes of
this process, it holds no key, no connection and no environment.
"""

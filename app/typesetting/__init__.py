"""Setting a PDF: tagged, PDF/UA-1, byte for byte the same for the same data and day.

``press.pdf(client, template, data, lang, on) -> bytes`` (await it in an ``async`` route), or ``press.pdf_now``, which
is for no client, in a thread of one's own. ``client`` is the id of who asks: one has only so many under way.
``template`` is the name of a file in ``templates/`` without ``.typ``; ``data`` is plain JSON that the template reads
with ``json(bytes(sys.inputs.data))``, so no word in it is ever markup; ``lang`` is ``en`` or ``cy``; ``on`` is the day
the document bears. A template begins with ``#import "page.typ": *`` and shows itself with ``page``.
"""

"""The HTTP answer that shows a PDF in the browser, where its own viewer prints it."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def pdf_response(pdf: bytes, name: str) -> HttpResponse:
    """Answer with the PDF inline. Nothing in it may run, nobody else may keep or frame it."""
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={
            "Content-Disposition": content_disposition_header(False, name) or "inline",
            "X-Content-Type-Options": "nosniff",
            # No `sandbox`: browsers refuse to start their own viewer in it. The viewer's page styles itself.
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'",
            "Cache-Control": "private, no-store",
        },
    )

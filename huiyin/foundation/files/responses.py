"""The HTTP answer that hands a file out. Views ask first who may see it."""

from django.http import FileResponse

from huiyin.foundation.files.models import StoredFile
from huiyin.foundation.files.queries import open_for_download


def file_response(stored: StoredFile) -> FileResponse:
    """Answer with the file as an attachment; `<img>` shows it all the same."""
    download = open_for_download(stored)
    # Django writes the disposition anew, so it is told the same.
    return FileResponse(download.stream, as_attachment=True, filename=stored.original_name, headers=download.headers)

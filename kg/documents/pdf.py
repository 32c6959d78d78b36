"""From a PDF file to the lines of its pages."""

from __future__ import annotations

from kg.documents.model import STAGE, Pages
from kg.documents.plain import read_text
from kg.documents.settings import ReadingSettings
from kg.tables import Dropped


class PdfError(ValueError):
    """The file cannot be read; the message says why and the way out."""


def read_pdf(data: bytes, settings: ReadingSettings) -> Pages:
    """The blocks of a PDF file. Raises PdfError where it is broken, locked, or holds no text."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise PdfError("password-protected PDF; save a copy without the password") from error
        raise PdfError("broken PDF that cannot be opened; export or download it anew") from error
    try:
        texts, skipped = _pages(document, settings)
    finally:
        document.close()
    if not any(text.strip() for text in texts):
        raise PdfError("PDF without text (scanned pages?); run text recognition (OCR) on it first")
    pages = read_text("\f".join(texts), known_pages=True)
    pages.skipped.extend(skipped)
    return pages


def _pages(document: object, settings: ReadingSettings) -> tuple[list[str], list[Dropped]]:
    import pypdfium2

    texts: list[str] = []
    unreadable: list[int] = []
    empty: list[int] = []
    count = len(document)  # type: ignore[arg-type]
    for number in range(min(count, settings.max_pages)):
        try:
            page = document[number]  # type: ignore[index]
            text_page = page.get_textpage()
            text = text_page.get_text_range()
            text_page.close()
            page.close()
        except pypdfium2.PdfiumError:
            unreadable.append(number + 1)
            texts.append("")
            continue
        # pdfium marks a hyphen at the end of a line with U+0002 or U+FFFE.
        text = text.replace("\x02", "").replace("\ufffe", "").replace("\r\n", "\n").replace("\f", "\n")
        if not text.strip():
            empty.append(number + 1)
        texts.append(text)
    skipped = [
        _dropped("pages that are broken (pages); export the PDF anew", unreadable),
        _dropped("pages without text (pages); run text recognition (OCR) first", empty),
        _dropped(
            f"pages after the first {settings.max_pages:,} (pages); split the file or raise max_pages",
            list(range(settings.max_pages + 1, count + 1)),
        ),
    ]
    return texts, [row for row in skipped if row.count]


def _dropped(reason: str, pages: list[int]) -> Dropped:
    return Dropped("", STAGE, reason, len(pages), f"page {pages[0]}" if pages else "")

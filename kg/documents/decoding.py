"""From bytes to text: UTF-8, UTF-16, GB18030 and Big5 by detection, and refusing what is no text."""

from __future__ import annotations

import codecs

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_SIGNATURES = (
    (b"%PDF-", "a PDF file", ".pdf"),
    (b"PK\x03\x04", "a ZIP or Office file", ".docx"),
    (b"\xd0\xcf\x11\xe0", "an old Office file", ".docx (save it anew)"),
    (b"\x89PNG", "a picture", None),
    (b"\xff\xd8\xff", "a picture", None),
    (b"GIF8", "a picture", None),
    (b"\x7fELF", "a program", None),
    (b"MZ\x90", "a program", None),
    (b"\x1f\x8b", "a compressed file", None),
    (b"7z\xbc\xaf", "a compressed file", None),
    (b"Rar!", "a compressed file", None),
)

#: Bytes looked at to tell the encoding of a long file.
SAMPLE_BYTES = 1_000_000


class NotTextError(ValueError):
    """The bytes are no text; the message says what they are and the way out."""


def detect_encoding(sample: bytes) -> str:
    """The Python codec name of the encoding of `sample`, the first bytes of a file.

    Raises NotTextError where the bytes are no text in any encoding.
    """
    for mark, encoding in _MARKS:
        if sample.startswith(mark):
            return encoding
    _refuse_known_binary(sample)
    if _decodes(sample, "utf-8") and b"\x00" not in sample:
        return "utf-8"
    if b"\x00" in sample and _decodes(sample, "utf-8") and sample.count(b"\x00") <= 3 + len(sample) // 1000:
        return "utf-8"
    if b"\x00" in sample:
        wide = _best(sample, ("utf-16-le", "utf-16-be"))
        if wide is None:
            raise NotTextError("binary content, no text; give the file in one of the formats that are read")
        return wide
    best = _best(sample, ("gb18030", "big5", "utf-16-le", "utf-16-be"))
    if best is not None:
        return best
    valid = _share_of_valid_utf8(sample)
    if valid > 0.98:
        return "utf-8"
    guessed = _by_statistics(sample)
    if guessed is None and valid > 0.5:
        # Encodings are mixed: records of the larger part can be read, and the others be named.
        return "utf-8"
    if guessed is None:
        raise NotTextError("no known text encoding; save the file as UTF-8")
    return guessed


def decode(data: bytes) -> tuple[str, int]:
    """The text of `data` and how many characters could not be decoded (they stand as U+FFFD).

    Line ends become line feeds. Raises NotTextError where the bytes are no text.
    """
    encoding = detect_encoding(data[:SAMPLE_BYTES])
    text = data.decode(encoding, "replace")
    bad = text.count("\ufffd") - (data.count(b"\xef\xbf\xbd") if encoding.startswith("utf-8") else 0)
    if bad > len(text) // 10 + 1:
        raise NotTextError("binary content, no text; give the file in one of the formats that are read")
    return text.removeprefix("\ufeff"), max(bad, 0)


def _refuse_known_binary(sample: bytes) -> None:
    for signature, what, suffix in _SIGNATURES:
        if sample.startswith(signature):
            way = f"rename it to {suffix}" if suffix else "convert it to text"
            raise NotTextError(f"{what} under the name of a text file; {way}")


def _decodes(sample: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(sample, False)
    except UnicodeDecodeError:
        return False
    return True


def _best(sample: bytes, encodings: tuple[str, ...]) -> str | None:
    """The encoding in which nearly all of `sample` is everyday text, the most so first."""
    scores = [
        (score, -rank, name)
        for rank, name in enumerate(encodings)
        if (score := _everyday(sample, name)) > 0.75
    ]
    return max(scores)[2] if scores else None


def _everyday(sample: bytes, encoding: str) -> float:
    """The share of characters that ordinary Chinese text is made of, if `sample` is in `encoding`; else 0."""
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(sample, False)
    except UnicodeDecodeError:
        return 0.0
    text = text[:20_000]
    if not text:
        return 0.0
    return sum(map(_is_everyday, text)) / len(text)


def _is_everyday(character: str) -> bool:
    if character.isascii():
        return character.isprintable() or character in "\t\n\r\f"
    if character in "\u3000·—…“”‘’、。〈〉《》「」『』【】！（），：；？～％①②③￥":
        return True
    # The frequent ideographs are the first level of the two national sets, where the lead byte is low.
    for encoding, low, high in (("gb2312", 0xB0, 0xD7), ("big5", 0xA4, 0xC6)):
        try:
            code = character.encode(encoding)
        except UnicodeEncodeError:
            continue
        if len(code) == 2 and low <= code[0] <= high:
            return True
    return False


def _share_of_valid_utf8(sample: bytes) -> float:
    text = sample.decode("utf-8", "replace")
    return 1 - text.count("\ufffd") / max(len(text), 1)


def _by_statistics(sample: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(sample[:100_000]).best()
    if best is None or best.encoding is None or best.percent_chaos > 20:
        return None
    return str(best.encoding)

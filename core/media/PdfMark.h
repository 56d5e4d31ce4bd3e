// The mark in the metadata stream of a PDF document (ISO 32000-1, section 14.3.2).
#pragma once

#include "core/media/Input.h"

namespace tallylock::media {

/// Locked: the document is signed or encrypted. NotSupported: it is not sound enough to be written again.
Outcome<Bytes> pdfWithMark(ByteView pdf, ByteView mark);
/// Empty: none.
Outcome<Bytes> markInPdf(ByteView pdf);

} // namespace tallylock::media

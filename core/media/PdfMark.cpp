#include "core/media/PdfMark.h"

#include "core/media/PdfMetadata.h"
#include "core/media/XmpMark.h"

namespace tallylock::media {

static const char* charsOf(ByteView bytes) { return reinterpret_cast<const char*>(bytes.data()); }

Outcome<Bytes> pdfWithMark(ByteView bytes, ByteView mark) {
    MediaError refusal = MediaError::NotSupported;
    const PdfBytes marked = pdfWithMetadata(charsOf(bytes), bytes.size(), [&](std::string& metadata) {
        auto packet = packetWithMark(metadata, mark);
        if (!packet) refusal = packet.error();
        if (packet) metadata = std::move(*packet);
        return packet.ok();
    });
    switch (marked.trouble) {
    case PdfTrouble::None: return bytesOf(viewOf(marked.bytes));
    case PdfTrouble::Locked: return Err(MediaError::Locked);
    case PdfTrouble::Unsound: return Err(MediaError::NotSupported);
    case PdfTrouble::Abandoned: break;
    }
    return Err(refusal);
}

Outcome<Bytes> markInPdf(ByteView bytes) {
    const PdfBytes metadata = pdfMetadata(charsOf(bytes), bytes.size());
    if (metadata.trouble == PdfTrouble::Locked) return Err(MediaError::Locked);
    if (metadata.trouble != PdfTrouble::None) return Err(MediaError::Damaged);
    return metadata.bytes.empty() ? Bytes() : markInPacket(metadata.bytes);
}

} // namespace tallylock::media

// The metadata stream of a PDF document, by QPDF. This header and its source are C++17 and include nothing of ours:
// clang 14 cannot read QPDF's headers as C++20.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

namespace tallylock::media {

enum class PdfTrouble {
    None,
    Locked,    ///< encrypted, or (to be written) signed
    Unsound,   ///< not a document, or not sound enough for this
    Abandoned, ///< the change was refused
};
struct PdfBytes {
    PdfTrouble trouble = PdfTrouble::None;
    std::string bytes;
};

/// Empty: there is none.
PdfBytes pdfMetadata(const char* data, std::size_t size);
/// The document anew, with its metadata as `change` makes it, which may refuse by answering false.
PdfBytes pdfWithMetadata(const char* data, std::size_t size, const std::function<bool(std::string&)>& change);

} // namespace tallylock::media

// The names in an archive, as its own list has them: nothing is unpacked.
#pragma once

#include "core/media/Input.h"

namespace tallylock::media {

/// At most kMaxLookLines lines, the last of which says how many more there are. Damaged: not the list of an archive.
Outcome<std::vector<std::string>> listZip(const Input& input);
Outcome<std::vector<std::string>> listTar(const Input& input);

/// The end of central directory record of a ZIP file that ends with it and its comment.
struct ZipEnd {
    std::uint64_t offset = 0;     ///< of the record
    std::uint16_t entries = 0;    ///< 0xffff: see the 64-bit record, which is not read here
    std::uint32_t listOffset = 0; ///< of the central directory
    std::uint32_t listSize = 0;   ///< bytes
    std::uint16_t commentSize = 0;
};
std::optional<ZipEnd> findZipEnd(const Input& input);

} // namespace tallylock::media

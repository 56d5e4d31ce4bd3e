#include "core/ports/StoredFile.h"

namespace tallylock::ports {

using asset::SealError;

Result<std::size_t, SealError> StoredFile::readAt(std::uint64_t offset, std::span<std::uint8_t> out) {
    const auto got = m_files.read(m_root, offset, out);
    if (!got) return Err(SealError::ReadFailed);
    return *got;
}

Result<std::size_t, SealError> StoredFile::read(std::span<std::uint8_t> out) {
    const auto got = readAt(m_offset, out);
    if (got) m_offset += *got;
    return got;
}

} // namespace tallylock::ports

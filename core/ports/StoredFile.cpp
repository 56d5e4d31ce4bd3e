#include "core/ports/StoredFile.h"

#include "core/crypto/Hash.h"

namespace tallylock::ports {

using asset::SealError;

Hash storedHashesName(const Hash& sealedRoot) {
    return crypto::labelledHash("portion-hashes", crypto::cborList(sealedRoot));
}

Result<StoredFile, StoreFailure> StoredFile::open(FileStore& files, const Hash& root) {
    const auto size = files.sizeOf(root);
    if (!size) return Err(size.error());
    return StoredFile(files, root, *size);
}

Result<std::size_t, SealError> StoredFile::readAt(std::uint64_t offset, std::span<std::uint8_t> out) {
    const auto got = m_files->read(m_root, offset, out);
    if (!got) return Err(SealError::ReadFailed);
    return *got;
}

Result<std::size_t, SealError> StoredFile::read(std::span<std::uint8_t> out) {
    const auto got = readAt(m_offset, out);
    if (got) m_offset += *got;
    return got;
}

} // namespace tallylock::ports

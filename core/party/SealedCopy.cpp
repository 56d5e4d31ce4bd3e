#include "core/party/SealedCopy.h"

#include "core/party/Problems.h"

namespace tallylock::party {

using api::Refusal;

std::string hashesPath(const std::string& sealedPath) { return sealedPath + ".hashes"; }

static void write(const std::string& sealedPath, const asset::PortionHashes& hashes) {
    auto sink = asset::FileSink::create(hashesPath(sealedPath), asset::FileSink::Access::OwnerOnly);
    if (sink && sink->write(encodeHashes(hashes))) (void)sink->commit();
}

void keepHashes(const std::string& sealedPath, std::vector<Hash> leaves) {
    auto sealed = asset::FileSource::open(sealedPath);
    if (!sealed) return;
    if (const auto layout = asset::portionLayout(*sealed)) write(sealedPath, {layout->frontSize, std::move(leaves)});
}

std::optional<asset::PortionHashes> readHashes(asset::SeekableSource& source, const Hash& sealedRoot,
                                               std::uint64_t sealedSize) {
    if (source.size() == 0 || source.size() > 8 + (sealedSize / asset::kSealedPortionSize + 2) * Hash::kSize)
        return std::nullopt;
    Bytes bytes(source.size());
    for (std::size_t at = 0; at < bytes.size();) {
        const auto got = source.readAt(at, std::span(bytes).subspan(at));
        if (!got || *got == 0) return std::nullopt;
        at += *got;
    }
    auto hashes = asset::decodeHashes(bytes);
    if (!hashes || !areOf(*hashes, sealedRoot, sealedSize)) return std::nullopt;
    return hashes;
}

Outcome<asset::PortionHashes> hashesOf(const std::string& sealedPath, asset::SeekableSource& sealed,
                                       const Hash& sealedRoot, const asset::Work& work) {
    if (auto file = asset::FileSource::open(hashesPath(sealedPath)))
        if (auto kept = readHashes(*file, sealedRoot, sealed.size())) return std::move(*kept);
    auto computed = asset::hashPortions(sealed, sealedRoot, work);
    if (!computed) return Err(Refusal{problemOf(computed.error()), asset::nameOf(computed.error())});
    write(sealedPath, *computed);
    return std::move(*computed);
}

} // namespace tallylock::party

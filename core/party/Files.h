// The long jobs: functions that block, for the job thread. They touch the disk and the file store, and nothing of the
// party's state.
#pragma once

#include "core/api/Session.h"
#include "core/asset/Manifest.h"
#include "core/keys/Identity.h"
#include "core/party/Records.h"
#include "core/ports/FileStore.h"

namespace tallylock::party {

template <class T>
using Outcome = Result<T, api::Refusal>;

/// A file of the store, read from its beginning.
class StoreSource final : public asset::Source {
public:
    StoreSource(ports::FileStore& store, const Hash& sealedRoot) : m_store(store), m_root(sealedRoot) {}
    Result<std::size_t, asset::SealError> read(std::span<std::uint8_t> out) override;

private:
    ports::FileStore& m_store;
    Hash m_root;
    std::uint64_t m_offset = 0;
};

struct SealOrder {
    api::SellRequest request;
    Hash assetId;
    std::uint32_t assetIndex = 0;
    std::string sealedPath; ///< where the sealed file is to lie
    std::int64_t nowMs = 0;
};
/// Seals the file and signs the manifest. On failure nothing is left at the path.
Outcome<EditionSealed> sealEdition(const SealOrder& order, const keys::Identity& seller, Random& random,
                                   const asset::Work& work);

/// Puts the sealed file into the store, unless it is there.
Outcome<void> uploadSealed(const std::string& path, ports::FileStore& store, const Hash& sealedRoot,
                           std::uint64_t sealedSize, JobControl& control);
/// B8: all portions of the file in the store fit the root.
Outcome<void> verifyStored(ports::FileStore& store, const Hash& sealedRoot, std::uint64_t sealedSize,
                           const asset::Work& work);
/// B14: opens the file of the store to `path`, which appears only when both roots have been verified.
Outcome<void> openStored(ports::FileStore& store, const asset::EditionClaim& claim, const keys::EditionSecrets& secrets,
                         const std::string& path, const asset::Work& work);

/// 0 if it cannot be told.
std::uint64_t sizeOfFile(const std::string& path);
api::DraftRow draftRow(const EditionSealed& sealed);

} // namespace tallylock::party

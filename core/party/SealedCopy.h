// The seller's own sealed file, and the portion hashes beside it: NAME.age and NAME.age.hashes. It is kept for as long
// as a buyer may ask for it. The hashes are kept because computing them reads the whole file; they are checked whenever
// they are read, so without them only time is lost.
//
// For job threads.
#pragma once

#include "core/asset/PortionHashes.h"
#include "core/party/Files.h"

namespace tallylock::party {

std::string hashesPath(const std::string& sealedPath);
/// Those that sealing has computed. What cannot be written is computed again when it is needed.
void keepHashes(const std::string& sealedPath, std::vector<Hash> leaves);

/// `sealed` is the file at `sealedPath`. SealedFileDamaged: it is not the one with this root.
Outcome<asset::PortionHashes> hashesOf(const std::string& sealedPath, asset::SeekableSource& sealed,
                                       const Hash& sealedRoot, const asset::Work& work);

/// Of any length: what is not the hashes of this file is none.
std::optional<asset::PortionHashes> readHashes(asset::SeekableSource& source, const Hash& sealedRoot,
                                               std::uint64_t sealedSize);

} // namespace tallylock::party

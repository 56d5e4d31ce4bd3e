// Tracking marks in a sale: the copy that the seller seals, and the buyer's own marked copy.
#pragma once

#include "core/asset/Manifest.h"
#include "core/party/Files.h"
#include "core/ports/Media.h"

namespace tallylock::party {

class Core;

/// What is sealed instead of the seller's file.
struct MarkedFile {
    std::string path; ///< the marked copy; the seller's file itself where the mark goes into a sidecar
    std::optional<std::string> trackingMark; ///< for the manifest
};
/// Blocks, for the job thread. Writes the copy to `place` if the kind of file takes a mark; the caller removes it.
Outcome<MarkedFile> markForSale(ports::Media& media, const std::string& path, const std::string& place,
                                std::vector<custody::SignedCustody> custody, const crypto::SigningKey& owner,
                                std::int64_t nowMs);

/// A sidecar that the manifest carries is written beside the opened file. Best effort: it is not what was bought.
void writeSidecar(const std::string& openedPath, const std::optional<std::string>& trackingMark);

/// Session::markCopy; worker thread.
void markOwnCopy(Core& core, SaleId sale, const std::string& path, const api::Done<std::string>& done);

} // namespace tallylock::party

// The long jobs: functions that block, for the job thread. They touch the disk and the file store, and nothing of the
// party's state.
#pragma once

#include "core/api/Session.h"
#include "core/asset/Manifest.h"
#include "core/keys/Identity.h"
#include "core/party/Records.h"
#include "core/ports/Media.h"
#include "core/ports/StoredFile.h"

namespace tallylock::party {

template <class T>
using Outcome = Result<T, api::Refusal>;

/// What tells that a file is still the one that it was.
struct SourceMark {
    std::uint64_t size = 0;
    std::int64_t timeNs = 0;
    bool operator==(const SourceMark&) const = default;
};
Outcome<SourceMark> sourceMark(const std::string& path);

struct SealOrder {
    SealingBegun begun;
    std::string sealedPath; ///< where the sealed file is to lie
    std::int64_t nowMs = 0;
    std::shared_ptr<ports::Media> media = nullptr; ///< makes the marked copy, if one is asked for
};
/// Seals the file, or a marked copy of it, under the first password in W and signs the manifest. FileChanged: it is not
/// the file with which the sealing has begun. A run that was killed or interrupted is gone on with, from what it has
/// left beside the path.
Outcome<EditionSealed> sealEdition(const SealOrder& order, const keys::Identity& seller, Random& random,
                                   const asset::Work& work);

/// Puts the sealed file and its portion hashes into the store, unless they are there.
Outcome<void> uploadSealed(const std::string& path, ports::FileStore& store, const Hash& sealedRoot,
                           std::uint64_t sealedSize, JobControl& control);
/// What was opened to `path` is still the content that the root names. FileUnreadable, FileNotAsSold.
Outcome<void> verifyFile(const std::string& path, const SecretBytes& plainSalt, const Hash& plainRoot,
                         const asset::Work& work);

/// 0 if it cannot be told.
std::uint64_t sizeOfFile(const std::string& path);
api::DraftRow draftRow(const EditionSealed& sealed);
/// How far it came is told by what lies at `sealedPath`.part.
api::DraftRow draftRow(const SealingBegun& begun, const std::string& sealedPath);

} // namespace tallylock::party

// The secrets of the two servers of an embedded node: made at the first start, each in a file that its owner alone may
// read.
#pragma once

#include "core/api/Session.h"
#include "core/base/Random.h"
#include "core/keys/Identity.h"

namespace tallylock::app {

/// Reads `size` secret bytes from `path`, or makes them if neither they nor `besides`, which they belong to, exist.
/// FolderDamaged: one is there without the other, so that nothing ever starts blank over existing data.
api::Answer<SecretBytes> secretFile(const std::string& path, std::size_t size, const std::string& besides,
                                    Random& random);
api::Answer<keys::Identity> serverIdentity(const std::string& path, const std::string& besides, Random& random);

} // namespace tallylock::app

// Small files that only their owner may read, replaced as a whole.
#pragma once

#include "core/base/Bytes.h"
#include "core/base/Result.h"

#include <string>

namespace tallylock::keys {

enum class FileError {
    NotFound,
    Exists,   ///< and was not to be replaced
    Denied,   ///< the system refuses access
    TooLarge, ///< than the reader's bound
    Failed,   ///< any other failure of the disk
};
const char* nameOf(FileError error);

enum class Replace { No, Yes };

/// Writes `path` with mode 0600: a new file beside it, fsync, rename, fsync of the folder. After a crash there is the
/// old file or the new one. With Replace::No an existing file is left alone, also against a racing writer.
Result<void, FileError> writePrivateFile(const std::string& path, ByteView bytes, Replace replace);

/// The whole file, at most `most` bytes.
Result<Bytes, FileError> readFile(const std::string& path, std::size_t most);

} // namespace tallylock::keys

// Passphrases for the commands: from the terminal without echo, or from a file. Never from the command line, which
// everybody on the machine can read.
#pragma once

#include "core/base/SecretBytes.h"

#include <optional>
#include <string>

namespace tallylock::cli {

/// Asks on the terminal, twice if it is a new one. Nothing after saying what was wrong.
std::optional<SecretBytes> askPassphrase(bool isNew);
/// The first line of a file. Nothing after saying what was wrong.
std::optional<SecretBytes> readPassphraseFile(const std::string& path);

} // namespace tallylock::cli

// Passphrases for the commands: from the terminal without echo, from standard input, or from a file. Never from the
// command line, which everybody on the machine can read.
#pragma once

#include "core/base/SecretBytes.h"

#include <optional>
#include <string>
#include <string_view>

namespace tallylock::cli {

/// Asks on the terminal, twice if it is a new one. Nothing after saying what was wrong.
std::optional<SecretBytes> askPassphrase(bool isNew);
/// Asks on the terminal; where standard input is none, the answer is its next line. Nothing after saying what was
/// wrong.
std::optional<SecretBytes> askSecret(std::string_view question);
/// The first line of a file. Nothing after saying what was wrong.
std::optional<SecretBytes> readPassphraseFile(const std::string& path);

} // namespace tallylock::cli

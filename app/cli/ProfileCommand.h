// `profile`: the profiles of a data folder, and what locks each of them.
#pragma once

#include "app/cli/Command.h"

namespace tallylock::cli {

/// "list DIR", "passphrase DIR NAME", "keychain DIR NAME". Passphrases are asked for on the terminal, or read from
/// standard input a line each; never from the arguments, which every process of the machine can see.
int runProfile(const Arguments& arguments);

} // namespace tallylock::cli

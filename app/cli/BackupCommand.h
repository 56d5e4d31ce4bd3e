// backup: a copy of a folder while the node or server that has it goes on working.
#pragma once

#include "app/cli/Command.h"

namespace tallylock::cli {

/// backup DIR TO
int runBackup(const Arguments& arguments);

} // namespace tallylock::cli

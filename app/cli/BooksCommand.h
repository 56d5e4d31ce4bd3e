// tallylock-cli books: trial balance, statements and reconciliation of a folder whose node is not running.
#pragma once

#include "app/cli/Command.h"

namespace tallylock::cli {

int runBooks(const Arguments& arguments);

} // namespace tallylock::cli

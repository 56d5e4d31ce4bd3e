// tallylock-cli cases: rules over transactions, watched addresses, and the cases that they raise.
#pragma once

#include "app/cli/Command.h"

namespace tallylock::cli {

int runCases(const Arguments& arguments);

} // namespace tallylock::cli

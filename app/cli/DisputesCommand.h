#pragma once

#include "app/cli/Command.h"

namespace tallylock::cli {

int runDisputes(const Arguments& arguments);

} // namespace tallylock::cli

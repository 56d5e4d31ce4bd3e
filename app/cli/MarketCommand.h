#pragma once

#include "app/cli/Command.h"

namespace tallylock::cli {

/// market replay [--tick T] [--lot L] [--base U] [--quote U] [--maker-bp N] [--taker-bp N] [--stp RULE] [--funds FILE]
int runMarket(const Arguments& arguments);

} // namespace tallylock::cli

// `sales`: the sales of a profile, and the file of evidence of one of them.
#pragma once

#include "app/cli/Command.h"

namespace tallylock::cli {

/// sales DIR NAME [list | evidence SALE FILE | decide SALE AMOUNT REASON]
int runSales(const Arguments& arguments);

} // namespace tallylock::cli

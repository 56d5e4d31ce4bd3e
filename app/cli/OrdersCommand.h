// `tallylock-cli orders`: the book, and the orders and fills of one profile on the node in a folder.
#pragma once

#include "app/cli/Command.h"

namespace tallylock::cli {

int runOrders(const Arguments& arguments);

} // namespace tallylock::cli

// `tallylock-cli funds`: balances, address book, withdrawals and their rules, of one profile on the node in a folder.
#pragma once

#include "app/cli/Command.h"

namespace tallylock::cli {

int runFunds(const Arguments& arguments);

} // namespace tallylock::cli

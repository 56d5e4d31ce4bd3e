// Whether what people were told, what their apps say and what wallets outside remember is what the journal says, and
// whether that is as it should be. The journal speaks through JournalFacts and through `tallylock-cli verify`.
#pragma once

#include "tests/scenario/JournalFacts.h"
#include "tests/scenario/Marketplace.h"

namespace tallylock::marketplace {

/// Everything that is wrong.
std::vector<std::string> judge(const Marketplace& market, const JournalFacts& facts);

} // namespace tallylock::marketplace

// What a story has left in the journal, as lines for people. Everything is read back through core/api after the fact.
#pragma once

#include "app/cli/Story.h"

namespace tallylock::cli {

const char* stateName(api::SaleState state);
/// One line a receipt: step, actor, state, money moved, hashes.
void reportSale(Story& story, const SessionPtr& buyer, SaleId sale);
/// One line for each of the parts (a) to (n).
void reportTrade(Story& story, const TradePeople& people);
/// Where the coins of the sale have ended: on the order book, sold by the house.
void reportCoins(Story& story, const TradePeople& people);
/// Journal head and trial balance; false unless every unit sums to zero.
bool reportNode(Story& story);

} // namespace tallylock::cli

// Money to practise with. It is worth nothing, and exists only where the node runs on the practice rail.
#pragma once

#include "ui/kit/View.h"

namespace tallylock::ui {

class Banner;

/// Sends practice dollars and coins to the profile's own deposit addresses; `done` once they are under way.
void addPracticeMoney(Context& context, QObject* owner, Banner* banner, std::function<void()> done = {});
/// Starts the marked practice counterparty.
void startPracticeCounterparty(Context& context, QObject* owner, Banner* banner, std::function<void()> done = {});

} // namespace tallylock::ui

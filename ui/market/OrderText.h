// What types of orders, their states and the reasons of their end are called.
#pragma once

#include "core/api/Rows.h"

#include <QString>

namespace tallylock::ui {

QString sideText(api::Side side);
QString typeText(api::OrderType type);
/// What the type does, in a sentence.
QString typeHelp(api::OrderType type);
QString selfTradeText(api::SelfTrade rule);
/// "Open", "Waiting", "Filled", or why it was cancelled.
QString stateText(const api::OrderRow& order);

} // namespace tallylock::ui

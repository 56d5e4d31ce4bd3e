#include "ui/market/OrderText.h"

#include <QCoreApplication>

namespace tallylock::ui {

namespace {
struct OrderTexts {
    Q_DECLARE_TR_FUNCTIONS(OrderTexts)
};
} // namespace

QString sideText(api::Side side) { return side == api::Side::Buy ? OrderTexts::tr("Buy") : OrderTexts::tr("Sell"); }

QString typeText(api::OrderType type) {
    using T = api::OrderType;
    switch (type) {
    case T::Limit: return OrderTexts::tr("Limit");
    case T::ImmediateOrCancel: return OrderTexts::tr("Immediate or cancel");
    case T::FillOrKill: return OrderTexts::tr("Fill or kill");
    case T::PostOnly: return OrderTexts::tr("Post only");
    case T::Market: return OrderTexts::tr("Market");
    case T::StopLimit: return OrderTexts::tr("Stop limit");
    case T::kCount: break;
    }
    return {};
}

QString typeHelp(api::OrderType type) {
    using T = api::OrderType;
    switch (type) {
    case T::Limit: return OrderTexts::tr("Trades at your price or better; what is left stays in the book.");
    case T::ImmediateOrCancel: return OrderTexts::tr("Trades what it can at once; the rest is cancelled.");
    case T::FillOrKill: return OrderTexts::tr("Trades wholly at once, or not at all.");
    case T::PostOnly: return OrderTexts::tr("Only goes into the book; refused if it would trade at once.");
    case T::Market: return OrderTexts::tr("Trades at once at the best prices there are; the rest is cancelled.");
    case T::StopLimit: return OrderTexts::tr("Waits until a trade reaches the stop price; then it is a limit order.");
    case T::kCount: break;
    }
    return {};
}

QString selfTradeText(api::SelfTrade rule) {
    using S = api::SelfTrade;
    switch (rule) {
    case S::Allow: return OrderTexts::tr("Trade with them");
    case S::CancelNewest: return OrderTexts::tr("Cancel this one");
    case S::CancelOldest: return OrderTexts::tr("Cancel the older");
    case S::CancelBoth: return OrderTexts::tr("Cancel both");
    case S::kCount: break;
    }
    return {};
}

QString stateText(const api::OrderRow& order) {
    switch (order.state) {
    case api::OrderState::Open: return OrderTexts::tr("Open");
    case api::OrderState::Waiting: return OrderTexts::tr("Waiting");
    case api::OrderState::Filled: return OrderTexts::tr("Filled");
    case api::OrderState::Cancelled:
    case api::OrderState::kCount: break;
    }
    switch (order.cause.value_or(api::CancelCause::Asked)) {
    case api::CancelCause::NotFilled: return OrderTexts::tr("Nothing left to trade with");
    case api::CancelCause::SelfTrade: return OrderTexts::tr("Met an own order");
    case api::CancelCause::DeadMan: return OrderTexts::tr("Dead-man switch");
    case api::CancelCause::Disconnected: return OrderTexts::tr("Connection ended");
    case api::CancelCause::Collar: return OrderTexts::tr("Outside the collar");
    case api::CancelCause::Asked:
    case api::CancelCause::kCount: break;
    }
    return OrderTexts::tr("Cancelled");
}

} // namespace tallylock::ui

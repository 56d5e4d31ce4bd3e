// What whoever runs a coordinator says about the prices that it quotes.
#pragma once

#include "app/servers/Settings.h"
#include "core/host/Quotes.h"

namespace tallylock::app {

inline constexpr Setting kQuoteSettings[] = {
    {"quotes.float_cap", SettingKind::Text, false},
    {"quotes.valid_for_s", SettingKind::Number, false},
    {"quotes.down_to_bp", SettingKind::Number, false},
    {"quotes.converted_margin_bp", SettingKind::Number, false},
};

/// What is wrong with them, as sentences; may be none.
std::vector<std::string> faultsOfQuotes(const Settings& settings);
/// Of settings without faults.
host::QuoteSettings quotesIn(const Settings& settings);
/// How long every quote holds where the money is play money, whoever makes it; none: nothing is said of that.
std::optional<std::int64_t> practiceQuoteMs(const Settings& settings);

} // namespace tallylock::app

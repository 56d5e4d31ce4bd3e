#include "app/servers/QuoteRules.h"

#include "core/money/Decimal.h"

namespace tallylock::app {

namespace {
constexpr std::int64_t kSecondMs = 1'000;
constexpr std::int64_t kShortestS = 60; ///< a buyer needs that to pay at all
constexpr std::int64_t kLongestS = 24 * 60 * 60;
constexpr std::int64_t kAllBasisPoints = 10'000;
constexpr std::int64_t kMostMargin = 5'000; ///< half as much again as is needed: more is no quote

std::optional<money::Amount> floatCapIn(const Settings& settings) {
    if (!settings.has("quotes.float_cap")) return std::nullopt;
    const auto cap = money::parseAmount(settings.text("quotes.float_cap"), money::kUsd);
    return cap && cap->value >= 0 ? std::optional(*cap) : std::nullopt;
}
} // namespace

std::vector<std::string> faultsOfQuotes(const Settings& settings) {
    const host::QuoteSettings usual;
    std::vector<std::string> faults;
    if (settings.has("quotes.float_cap") && !floatCapIn(settings))
        faults.emplace_back("quotes.float_cap is to be an amount of dollars, as \"250000\"");
    const std::int64_t validS = settings.numberOr("quotes.valid_for_s", usual.validForMs / kSecondMs);
    if (validS < kShortestS || validS > kLongestS)
        faults.push_back("quotes.valid_for_s is to be from " + std::to_string(kShortestS) + " to " +
                         std::to_string(kLongestS));
    if (settings.numberOr("quotes.down_to_bp", 0) >= kAllBasisPoints)
        faults.push_back("quotes.down_to_bp is to be less than " + std::to_string(kAllBasisPoints));
    if (practiceQuoteMs(settings) == 0) faults.emplace_back("practice.quote_ms is to be more than 0");
    if (settings.numberOr("quotes.converted_margin_bp", 0) > kMostMargin)
        faults.push_back("quotes.converted_margin_bp is to be at most " + std::to_string(kMostMargin));
    return faults;
}

host::QuoteSettings quotesIn(const Settings& settings) {
    host::QuoteSettings quotes;
    quotes.floatCap = floatCapIn(settings);
    quotes.validForMs = settings.numberOr("quotes.valid_for_s", quotes.validForMs / kSecondMs) * kSecondMs;
    quotes.validForMs = practiceQuoteMs(settings).value_or(quotes.validForMs);
    quotes.downToBasisPoints =
        static_cast<std::uint32_t>(settings.numberOr("quotes.down_to_bp", quotes.downToBasisPoints));
    quotes.convertedMarginBasisPoints =
        static_cast<std::uint32_t>(settings.numberOr("quotes.converted_margin_bp", quotes.convertedMarginBasisPoints));
    return quotes;
}

std::optional<std::int64_t> practiceQuoteMs(const Settings& settings) {
    if (!settings.has("practice.quote_ms")) return std::nullopt;
    return settings.numberOr("practice.quote_ms", 0);
}

} // namespace tallylock::app

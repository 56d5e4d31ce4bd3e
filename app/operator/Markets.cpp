#include "app/operator/Acts.h"
#include "app/operator/Words.h"
#include "core/money/Decimal.h"

namespace tallylock::app {

namespace markets {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;

using Markets = std::vector<api::InstrumentRow>;

Said list(Talk& talk, const Words&) {
    const auto rows = talk.ask<Markets>([](auto& desk, auto done) { desk.markets(done); });
    if (!rows) return refused(rows.error());
    Said said;
    for (const api::InstrumentRow& row : *rows) {
        add(said, "%s  %s  tick %s  lot %s  from %s to %s  maker %u  taker %u  collar %u  reference %s\n",
            printable(row.symbol).c_str(), row.halted ? "halted" : "open", money::formatAmount(row.tick).c_str(),
            money::formatAmount(row.lot).c_str(), money::formatAmount(row.minimum).c_str(),
            money::formatAmount(row.maximum).c_str(), row.makerBasisPoints, row.takerBasisPoints, row.collarBasisPoints,
            row.reference.isZero() ? "none" : money::formatAmount(row.reference).c_str());
    }
    return said;
}

Result<api::InstrumentRow, Said> marketNamed(Talk& talk, const std::string& symbol) {
    const auto rows = talk.ask<Markets>([](auto& desk, auto done) { desk.markets(done); });
    if (!rows) return Err(refused(rows.error()));
    for (const api::InstrumentRow& row : *rows) {
        if (row.symbol == symbol) return row;
    }
    return Err(failed("no market is called " + symbol));
}

Said steer(Talk& talk, const std::string& symbol, bool halted) {
    const auto market = marketNamed(talk, symbol);
    if (!market) return market.error();
    return done(talk.ask<void>([&](auto& desk, auto reply) { desk.haltMarket(market->id, halted, reply); }));
}

Said reference(Talk& talk, const Words& a) {
    const auto market = marketNamed(talk, a[0]);
    if (!market) return market.error();
    api::Amount price{0, market->quote};
    if (a[1] != "none") {
        const auto given = money::parseAmount(a[1], market->quote);
        if (!given) return failed("not a price: " + a[1]);
        price = *given;
    }
    return done(talk.ask<void>([&](auto& desk, auto reply) { desk.setReference(market->id, price, reply); }));
}

Said window(Talk& talk, const Words& a) {
    const auto market = marketNamed(talk, a[0]);
    if (!market) return market.error();
    constexpr std::uint64_t kMostMinutes = 1'000'000;
    const auto minutes = numberFrom(a[1]);
    if (!minutes || *minutes > kMostMinutes) return failed("not a number of minutes: " + a[1]);
    const std::int64_t windowMs = static_cast<std::int64_t>(*minutes) * kMinuteMs;
    return done(talk.ask<void>([&](auto& desk, auto reply) { desk.setReferenceWindow(market->id, windowMs, reply); }));
}

Said open(Talk& talk, const Words& a) {
    api::InstrumentRow row;
    row.symbol = a[0];
    const money::Unit* base = money::findUnit(a[1]);
    const money::Unit* quote = money::findUnit(a[2]);
    if (!base) return failed("no such unit: " + a[1]);
    if (!quote) return failed("no such unit: " + a[2]);
    row.base = base->id;
    row.quote = quote->id;
    const struct {
        const std::string& text;
        api::UnitId unit;
        api::Amount& to;
    } amounts[] = {{a[3], row.quote, row.tick},
                   {a[4], row.base, row.lot},
                   {a[5], row.base, row.minimum},
                   {a[6], row.base, row.maximum}};
    for (const auto& amount : amounts) {
        const auto given = money::parseAmount(amount.text, amount.unit);
        if (!given) return failed("not an amount: " + amount.text);
        amount.to = *given;
    }
    std::uint32_t* const rates[] = {&row.makerBasisPoints, &row.takerBasisPoints, &row.collarBasisPoints};
    for (std::size_t i = 7; i < a.size(); ++i) {
        const auto given = numberFrom(a[i]);
        if (!given || *given > std::numeric_limits<std::uint32_t>::max())
            return failed("not a number of basis points: " + a[i]);
        *rates[i - 7] = static_cast<std::uint32_t>(*given);
    }
    return done(talk.ask<void>([&](auto& desk, auto reply) { desk.openMarket(row, reply); }));
}

constexpr Act kActs[] = {
    {"list", 0, 0, list},
    {"halt", 1, 1, [](Talk& talk, const Words& a) { return steer(talk, a[0], true); }},
    {"resume", 1, 1, [](Talk& talk, const Words& a) { return steer(talk, a[0], false); }},
    {"reference", 2, 2, reference},
    {"window", 2, 2, window},
    {"open", 9, 10, open},
};

} // namespace
} // namespace markets

const ActGroup kMarkets{"markets",
                        "[list | halt SYMBOL | resume SYMBOL | reference SYMBOL PRICE|none | window SYMBOL MINUTES | "
                        "open SYMBOL BASE QUOTE TICK LOT LEAST MOST MAKER-BP TAKER-BP [COLLAR-BP]]",
                        markets::kActs, "list"};

} // namespace tallylock::app

#include "app/operator/Acts.h"
#include "app/operator/Words.h"
#include "core/money/Decimal.h"

namespace tallylock::app {

namespace node {
namespace {

Said status(Talk& talk, const Words&) {
    const auto row = talk.ask<api::NodeRow>([](auto& desk, auto done) { desk.status(done); });
    if (!row) return refused(row.error());
    Said said;
    add(said, "batch %llu  command %llu  head %s\n", number(row->batch), number(row->sequence),
        toHex(row->head.view()).c_str());
    add(said, "%s\n",
        row->isClockHeld ? "the clock has jumped: deadlines wait; if it is right now: confirm-clock"
                         : "the clock runs");
    for (const api::Amount& fee : row->withdrawalFees)
        add(said, "a withdrawal costs %s\n", money::formatWithCode(fee).c_str());
    return said;
}

Said confirmClock(Talk& talk, const Words&) {
    return done(talk.ask<void>([](auto& desk, auto reply) { desk.confirmClock(reply); }));
}

Said fee(Talk& talk, const Words& a) {
    const money::Unit* unit = money::findUnit(a[0]);
    if (!unit) return failed("no such unit: " + a[0]);
    const auto amount = money::parseAmount(a[1], unit->id);
    if (!amount) return failed("not an amount: " + a[1]);
    return done(talk.ask<void>([&](auto& desk, auto reply) { desk.setWithdrawalFee(*amount, reply); }));
}

constexpr Act kActs[] = {
    {"status", 0, 0, status},
    {"confirm-clock", 0, 0, confirmClock},
    {"withdrawal-fee", 2, 2, fee},
};

} // namespace
} // namespace node

const ActGroup kNode{"node", "[status | confirm-clock | withdrawal-fee UNIT AMOUNT]", node::kActs, "status"};

} // namespace tallylock::app

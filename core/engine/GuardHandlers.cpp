// What cancels orders though nobody asks for it at that moment, and what a collar is measured from.
#include "core/base/Planted.h"
#include "core/engine/EngineState.h"

namespace tallylock::engine {

std::uint64_t Engine::State::cancelOrdersOf(HolderId holder, UserId user, market::CancelCause why) {
    std::uint64_t count = 0;
    for (const market::Order& order : market.openOrdersOf(holder)) {
        if (user && order.user != user) continue;
        cancelOrder(order, why);
        ++count;
    }
    return count;
}

/// NotRegistered, NotPermitted, DelayInvalid. Answers with the switch's number; zero if there was none to end. Also of
/// a restricted or frozen account: it only cancels.
Reply Engine::State::handle(const SetDeadMan& c) {
    const auto by = parties.actorOf(cause.signer);
    if (!by) return refuse(Refused::NotRegistered);
    if (!by->has(parties::kTrader)) return refuse(Refused::NotPermitted);
    const UserId user = c.account ? UserId{} : by->user;
    if (c.withinMs == 0) {
        const auto ended = deadMen.end(by->holder, user);
        if (!ended) return done();
        emit(Audience::only(by->holder), DeadManChanged{ended->number, by->holder, user, ended->withinMs, ended->dueMs,
                                                        DeadManState::Ended, 0, nowMs});
        return done(ended->number.value);
    }
    if (c.withinMs < kShortestDeadManMs || c.withinMs > kLongestDeadManMs) return refuse(Refused::DelayInvalid);
    const DeadMan& armed = deadMen.arm(by->holder, user, c.withinMs, nowMs);
    emit(Audience::only(by->holder),
         DeadManChanged{armed.number, by->holder, user, armed.withinMs, armed.dueMs, DeadManState::Armed, 0, nowMs});
    return done(armed.number.value);
}

/// What it promised happens also if its user may not trade any more, or has lost its last device.
void Engine::State::fireDeadMan() {
    const DeadMan fired = deadMen.fireNext();
    const std::uint64_t count = cancelOrdersOf(fired.holder, fired.user, market::CancelCause::DeadMan);
    emit(Audience::only(fired.holder), DeadManChanged{fired.number, fired.holder, fired.user, fired.withinMs,
                                                      fired.dueMs, DeadManState::Fired, count, nowMs});
}

/// NotPermitted, NotRegistered. Answers how many orders were cancelled.
Reply Engine::State::handle(const EndSession& c) {
    if (!isCoordinator()) return refuse(Refused::NotPermitted);
    const auto of = parties.actorOf(c.device);
    if (!of) return refuse(Refused::NotRegistered);
    const UserId whose = TALLYLOCK_PLANTED(SessionOfAll) ? UserId{} : of->user;
    return done(cancelOrdersOf(of->holder, whose, market::CancelCause::Disconnected));
}

/// NotPermitted, InstrumentUnknown, DelayInvalid.
Reply Engine::State::handle(const SetReferenceWindow& c) {
    if (!isCoordinator()) return refuse(Refused::NotPermitted);
    if (!market.instrument(c.instrument)) return refuse(Refused::InstrumentUnknown);
    if (!market.setReferenceWindow(c.instrument, c.windowMs)) return refuse(Refused::DelayInvalid);
    emit(Audience::everybody(), ReferenceWindowSet{c.instrument, c.windowMs});
    return done();
}

} // namespace tallylock::engine

// Money going out. The rules are core/treasury's; here they meet the parties, the ledger and the time.
#include "core/engine/EngineState.h"

#include <cassert>

namespace tallylock::engine {

using treasury::Withdrawal;
using treasury::WithdrawalPolicy;
using treasury::WithdrawalState;

namespace {
constexpr std::size_t kMaxRailNameBytes = 64;

ledger::AccountKey sourceOf(const Withdrawal& w) { return ledger::availableOf(w.holder, w.amount.unit); }
money::Int128 costOf(const Withdrawal& w) { return w.amount.value + w.fee.value; } // prepare has added them up
} // namespace

Refused refusedBy(treasury::WithdrawalError error) {
    using W = treasury::WithdrawalError;
    switch (error) {
    case W::AddressUnknown: return Refused::AddressUnknown;
    case W::AddressInvalid: return Refused::AddressInvalid;
    case W::AddressInUse: return Refused::AddressInUse;
    case W::AddressesTooMany: return Refused::AddressesTooMany;
    case W::AddressWaiting: return Refused::AddressWaiting;
    case W::AmountInvalid: return Refused::AmountInvalid;
    case W::WithdrawalUnknown: return Refused::WithdrawalUnknown;
    case W::WrongState: return Refused::WithdrawalWrongState;
    case W::ApproverIsMaker: return Refused::ApproverIsMaker;
    case W::AlreadyApproved: return Refused::AlreadyApproved;
    case W::WithdrawalsTooMany: return Refused::WithdrawalsTooMany;
    case W::UserDayLimit: return Refused::UserDayLimit;
    case W::HolderDayLimit: return Refused::HolderDayLimit;
    case W::PolicyInvalid: return Refused::PolicyInvalid;
    case W::PolicyChangeUnknown: return Refused::PolicyChangeUnknown;
    case W::Overflow: return Refused::AmountOverflow;
    }
    return Refused::NotPermitted;
}

WithdrawalPolicy Engine::State::policyOf(HolderId holder) const {
    if (const WithdrawalPolicy* own = withdrawals.policyOf(holder)) return *own;
    const parties::Holder* known = parties.holder(holder);
    return treasury::defaultPolicy(known && known->kind == parties::HolderKind::Institution, config.practice);
}

std::vector<UserId> Engine::State::treasurersOf(HolderId holder) const {
    std::vector<UserId> treasurers;
    const parties::Holder* known = parties.holder(holder);
    if (!known) return treasurers;
    for (const UserId id : known->users) {
        const parties::User& user = *parties.user(id);
        if ((user.roles & parties::kTreasurer) != 0 && !user.devices.empty()) treasurers.push_back(id);
    }
    return treasurers;
}

bool Engine::State::lacksSecondFactor(const parties::Actor& by, const WithdrawalPolicy& policy) const {
    return policy.secondFactor && !TALLYLOCK_PLANTED(CodeUnasked) && !withdrawals.isConfirmed(by.user, cause.command);
}

/// NotRegistered, NotPermitted, AccountPending, AccountFrozen, DeviceWaiting, SecondFactorMissing.
Result<parties::Actor, Refused> Engine::State::mover() const {
    const auto by = parties.actorOf(cause.signer);
    if (!by) return Err(Refused::NotRegistered);
    if (const auto may = parties.checkWithdraw(*by); !may) return Err(refusedBy(may.error()));
    if (!TALLYLOCK_PLANTED(DeviceAtOnce) && withdrawals.isHeldBack(by->device, nowMs)) {
        return Err(Refused::DeviceWaiting);
    }
    if (lacksSecondFactor(*by, policyOf(by->holder))) return Err(Refused::SecondFactorMissing);
    return *by;
}

std::int64_t Engine::State::holdBack(HolderId holder, const IdentityKey& device) {
    const std::int64_t usableFromMs = nowMs + policyOf(holder).waitingMs;
    withdrawals.holdBack(device, usableFromMs, nowMs);
    return usableFromMs;
}

void Engine::State::withdrawalChanged(const Withdrawal& w, EntryId entry) {
    emit(Audience::only(w.holder), WithdrawalChanged{w, entry});
}

void Engine::State::policyChanged(HolderId holder) {
    const treasury::PolicyChange* pending = withdrawals.pendingChange(holder);
    emit(Audience::only(holder),
         WithdrawalPolicyChanged{holder, policyOf(holder), pending ? std::optional(*pending) : std::nullopt});
}

void Engine::State::releaseHold(const Withdrawal& w) {
    const auto released = ledger.release(w.hold);
    assert(released && "an open withdrawal has its hold");
    (void)released;
    touch(w.holder, w.amount.unit);
}

// --- address book ---------------------------------------------------------------------------------------------------

/// As mover; then AddressInvalid, AddressInUse, AddressesTooMany.
Reply Engine::State::handle(const AddPayoutAddress& c) {
    const auto by = mover();
    if (!by) return refuse(by.error());
    const auto added =
        withdrawals.addAddress(by->holder, c.unit, c.address, c.label, nowMs + policyOf(by->holder).waitingMs);
    if (!added) return refuse(refusedBy(added.error()));
    emit(Audience::only(by->holder), PayoutAddressChanged{*added, false});
    watchMove(by->holder, treasury::Way::Out, {0, c.unit}, c.address);
    return done(added->id.value);
}

/// NotRegistered, NotPermitted, AddressUnknown. Also of a frozen account: nothing can go there any more.
Reply Engine::State::handle(const RemovePayoutAddress& c) {
    const auto by = parties.actorOf(cause.signer);
    if (!by) return refuse(Refused::NotRegistered);
    if (!by->has(parties::kTreasurer) && !by->has(parties::kAdministrator)) return refuse(Refused::NotPermitted);
    const auto removed = withdrawals.removeAddress(by->holder, c.address);
    if (!removed) return refuse(refusedBy(removed.error()));
    emit(Audience::only(by->holder), PayoutAddressChanged{*removed, true});
    return done();
}

// --- withdrawals ----------------------------------------------------------------------------------------------------

/// As mover; then AmountNegative, AmountZero, AmountOverflow, AddressUnknown, AddressWaiting, AmountInvalid,
/// WithdrawalsTooMany, UserDayLimit, HolderDayLimit, InsufficientFunds.
Reply Engine::State::handle(const RequestWithdrawal& c) {
    const auto by = mover();
    if (!by) return refuse(by.error());
    if (const auto bad = checkAmount(c.amount, c.amount.unit)) return refuse(*bad);
    auto prepared = withdrawals.prepare(by->holder, by->user, c.address, c.amount, policyOf(by->holder), nowMs);
    if (!prepared) return refuse(refusedBy(prepared.error()));
    const auto hold =
        ledger.hold(sourceOf(*prepared), costOf(*prepared), ledger::Reason::Withdrawal, withdrawals.nextId().value);
    if (!hold) {
        return refuse(hold.error() == ledger::LedgerError::Overflow ? Refused::AmountOverflow
                                                                    : Refused::InsufficientFunds);
    }
    return done(begin(std::move(*prepared), *hold).value);
}

treasury::WithdrawalId Engine::State::begin(Withdrawal prepared, HoldId hold) {
    const Withdrawal& begun = withdrawals.begin(std::move(prepared), hold);
    touch(begun.holder, begun.amount.unit);
    withdrawalChanged(begun);
    watchMove(begun.holder, treasury::Way::Out, begun.amount, begun.to, begun.id);
    return begun.id;
}

/// Coins of a sale that have come back to the buyer's account go on to where the offer has said. Where they cannot
/// (the address was removed, the fee leaves nothing, or withdrawals need approvals by now) they stay there.
void Engine::State::sendBack(HolderId buyer, SaleId sale, std::optional<treasury::PayoutAddressId> to,
                             const Amount& coins) {
    if (!to || policyOf(buyer).approvals > 0 || TALLYLOCK_PLANTED(RefundStays)) return;
    auto prepared = withdrawals.prepareRefund(buyer, sale, *to, coins, nowMs);
    if (!prepared) return;
    const auto hold =
        ledger.hold(sourceOf(*prepared), costOf(*prepared), ledger::Reason::Withdrawal, withdrawals.nextId().value);
    assert(hold && "it has just come");
    begin(std::move(*prepared), *hold);
}

/// A payment of this sale is about to leave the account again: so much of what waits to be sent back out of it is
/// kept, the newest first. Gives what was cancelled for it, which may be more than was needed.
std::vector<Withdrawal> Engine::State::keepBack(SaleId sale, const Amount& needed) {
    std::vector<Withdrawal> kept;
    money::Int128 sum = 0;
    for (const Withdrawal& waiting : withdrawals.refundsNotBegun(sale)) {
        if (sum >= needed.value) break;
        sum += costOf(waiting);
        kept.push_back(*withdrawals.cancel(waiting.holder, waiting.id, nowMs));
        releaseHold(kept.back());
        withdrawalChanged(kept.back());
    }
    return kept;
}

/// As mover; then WithdrawalUnknown, WithdrawalWrongState, ApproverIsMaker, AlreadyApproved.
Reply Engine::State::handle(const ApproveWithdrawal& c) {
    const auto by = mover();
    if (!by) return refuse(by.error());
    const auto approved = withdrawals.approve(by->holder, by->user, c.withdrawal, nowMs);
    if (!approved) return refuse(refusedBy(approved.error()));
    withdrawalChanged(*approved);
    return done();
}

/// NotRegistered, NotPermitted, WithdrawalUnknown, WithdrawalWrongState. Also of a frozen account: the money stays.
Reply Engine::State::handle(const CancelWithdrawal& c) {
    const auto by = parties.actorOf(cause.signer);
    if (!by) return refuse(Refused::NotRegistered);
    if (!by->has(parties::kTreasurer) && !by->has(parties::kAdministrator)) return refuse(Refused::NotPermitted);
    const auto cancelled = withdrawals.cancel(by->holder, c.withdrawal, nowMs);
    if (!cancelled) return refuse(refusedBy(cancelled.error()));
    releaseHold(*cancelled);
    withdrawalChanged(*cancelled);
    return done();
}

/// NotPermitted, RailInvalid, WithdrawalUnknown, AccountFrozen and WithdrawalHeld (unless it was named before),
/// WithdrawalWrongState.
Reply Engine::State::handle(const StartWithdrawal& c) {
    if (!isCoordinator()) return refuse(Refused::NotPermitted);
    if (c.rail.empty() || c.rail.size() > kMaxRailNameBytes) return refuse(Refused::RailInvalid);
    const Withdrawal* known = withdrawals.find(c.withdrawal);
    if (!known) return refuse(Refused::WithdrawalUnknown);
    const bool frozen = parties.holder(known->holder)->standing == parties::Standing::Frozen;
    if (frozen && known->state != WithdrawalState::Paying) return refuse(Refused::AccountFrozen);
    const bool held = watch.isHeld(known->holder) && !TALLYLOCK_PLANTED(HeldPaid);
    if (held && known->state != WithdrawalState::Paying) return refuse(Refused::WithdrawalHeld);
    const bool repeated = known->state == WithdrawalState::Paying;
    const auto started = withdrawals.start(c.withdrawal, c.rail, nowMs);
    if (!started) return refuse(refusedBy(started.error()));
    if (!repeated) withdrawalChanged(*started);
    return done();
}

/// NotPermitted, WithdrawalUnknown (also once it is over), WithdrawalWrongState.
Reply Engine::State::handle(const ReportWithdrawal& c) {
    if (!isCoordinator()) return refuse(Refused::NotPermitted);
    const auto ended = withdrawals.finish(c.withdrawal, c.sent, c.reference, nowMs);
    if (!ended) return refuse(refusedBy(ended.error()));
    const Withdrawal& w = *ended;
    if (!c.sent) {
        releaseHold(w);
        withdrawalChanged(w);
        return done();
    }
    const UnitId unit = w.amount.unit;
    const bool keepFee = !w.fee.isZero() && !TALLYLOCK_PLANTED(FeePaidOut);
    const money::Int128 leaves = keepFee ? w.amount.value : costOf(w);
    std::vector<ledger::Leg> legs{{sourceOf(w), -costOf(w)}, {custodyAccount(unit), leaves}};
    if (keepFee) legs.push_back({ledger::houseAccount(ledger::Purpose::Fees, unit), w.fee.value});
    const ledger::HoldUse whole{w.hold, costOf(w)};
    const EntryId entry = post(ledger::Reason::Withdrawal, {}, legs, {&whole, 1});
    withdrawalChanged(w, entry);
    return done(entry.value);
}

/// NotPermitted, UnitUnknown, AmountNegative, AmountOverflow. For withdrawals that are requested from now on.
Reply Engine::State::handle(const SetWithdrawalFee& c) {
    if (!isCoordinator()) return refuse(Refused::NotPermitted);
    if (!money::findUnit(c.fee.unit)) return refuse(Refused::UnitUnknown);
    if (c.fee.value < 0) return refuse(Refused::AmountNegative);
    if (c.fee.value > kLargestAmount) return refuse(Refused::AmountOverflow);
    withdrawals.setFee(c.fee);
    emit(Audience::everybody(), WithdrawalFeeSet{c.fee});
    return done();
}

// --- policy ---------------------------------------------------------------------------------------------------------

/// NotRegistered, NotPermitted, DeviceWaiting, PolicyInvalid, PolicyImpossible, SecondFactorMissing (also when the
/// policy would begin to ask for one, so that nobody locks the door without a key). The reply's value is the change's
/// number, or zero if it is in force.
Reply Engine::State::handle(const SetWithdrawalPolicy& c) {
    const auto by = parties.actorOf(cause.signer);
    if (!by) return refuse(Refused::NotRegistered);
    if (!by->has(parties::kAdministrator)) return refuse(Refused::NotPermitted);
    if (withdrawals.isHeldBack(by->device, nowMs)) return refuse(Refused::DeviceWaiting);
    if (const auto good = treasury::Withdrawals::checkPolicy(c.policy); !good) return refuse(refusedBy(good.error()));
    if (c.policy.approvals > 0 && treasurersOf(by->holder).size() <= c.policy.approvals) {
        return refuse(Refused::PolicyImpossible);
    }
    const WithdrawalPolicy inForce = policyOf(by->holder);
    if (lacksSecondFactor(*by, inForce) || lacksSecondFactor(*by, c.policy))
        return refuse(Refused::SecondFactorMissing);
    std::uint64_t change = 0;
    const bool atOnce = inForce.approvals == 0 && inForce.waitingMs == 0;
    if (treasury::isLooser(c.policy, inForce) && !atOnce && !TALLYLOCK_PLANTED(PolicyAtOnce)) {
        change = withdrawals.propose(by->holder, by->user, c.policy, inForce, nowMs).id.value;
    } else {
        withdrawals.setPolicy(by->holder, c.policy);
    }
    policyChanged(by->holder);
    return done(change);
}

/// As mover; then PolicyChangeUnknown, WithdrawalWrongState (approved already), ApproverIsMaker, AlreadyApproved.
Reply Engine::State::handle(const ApprovePolicyChange& c) {
    const auto by = mover();
    if (!by) return refuse(by.error());
    const auto approved = withdrawals.approveChange(by->holder, by->user, c.change, policyOf(by->holder), nowMs);
    if (!approved) return refuse(refusedBy(approved.error()));
    if (approved->approved && approved->dueMs <= nowMs) {
        withdrawals.setPolicy(by->holder, approved->policy);
    }
    policyChanged(by->holder);
    return done();
}

/// NotPermitted, NotRegistered, SecondFactorUsed.
Reply Engine::State::handle(const ConfirmSecondFactor& c) {
    if (!isCoordinator()) return refuse(Refused::NotPermitted);
    const auto of = parties.actorOf(c.device);
    if (!of) return refuse(Refused::NotRegistered);
    if (!withdrawals.confirm(of->user, c.command, c.step)) return refuse(Refused::SecondFactorUsed);
    return done();
}

void Engine::State::fireWithdrawalDeadline() {
    const auto fired = withdrawals.fireNext(nowMs);
    if (const auto* expired = std::get_if<Withdrawal>(&fired)) {
        releaseHold(*expired);
        withdrawalChanged(*expired);
    } else {
        policyChanged(std::get<treasury::PolicyChange>(fired).holder);
    }
}

} // namespace tallylock::engine

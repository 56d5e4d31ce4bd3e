#include "core/engine/EngineState.h"

#include <algorithm>
#include <cassert>

namespace tallylock::engine {

namespace {
using ledger::Purpose;

DepositState stateAfter(const treasury::DepositOutcome& outcome) {
    using E = treasury::DepositEffect;
    switch (outcome.effect) {
    case E::Credit: return DepositState::Credited;
    case E::Suspense: return DepositState::Suspense;
    case E::Restored:
        return outcome.cause == treasury::SuspenseCause::None ? DepositState::Credited : DepositState::Suspense;
    case E::Reversed:
    case E::Undone: return DepositState::Reversed;
    default: return DepositState::Pending;
    }
}

/// All that may lie outside of one unit at once. So no sum of what people own comes near 2^127.
constexpr money::Int128 kLargestTotal = kLargestAmount * 100;
} // namespace

ledger::AccountKey custodyAccount(UnitId unit) {
    const money::Unit* known = money::findUnit(unit);
    const bool fiat = known && known->kind == money::UnitKind::Fiat;
    return ledger::houseAccount(fiat ? Purpose::BankCustody : Purpose::Custody, unit);
}

/// NotRegistered, NotPermitted, UnitUnknown. Asking again while one is being made has no effect.
Reply Engine::State::handle(const RequestDepositIdentifier& c) {
    const auto by = actor(parties::kTreasurer);
    if (!by) return refuse(by.error());
    if (!money::findUnit(c.unit)) return refuse(Refused::UnitUnknown);
    const bool asked = std::any_of(identifiersWanted.begin(), identifiersWanted.end(), [&](const IdentifierWanted& w) {
        return w.holder == by->holder && w.unit == c.unit;
    });
    if (!asked || TALLYLOCK_PLANTED(AskedTwice)) {
        const IdentifierWanted wanted{by->holder, c.unit};
        identifiersWanted.push_back(wanted);
        emit(Audience::internal(), wanted);
    }
    return done();
}

/// NotPermitted, NotRegistered, UnitUnknown, IdentifierInUse. The same assignment again has no effect.
Reply Engine::State::handle(const AssignDepositIdentifier& c) {
    if (!isCoordinator()) return refuse(Refused::NotPermitted);
    if (!parties.holder(c.holder)) return refuse(Refused::NotRegistered);
    if (!money::findUnit(c.unit)) return refuse(Refused::UnitUnknown);
    const treasury::DepositOwner owner{c.holder, {}};
    const auto present = treasury.identifierOf(c.rail, owner, c.unit);
    if (present && *present != c.identifier) return refuse(Refused::IdentifierInUse);
    if (!present && !treasury.assign({c.rail, c.identifier, c.unit, owner})) return refuse(Refused::IdentifierInUse);
    std::erase_if(identifiersWanted,
                  [&](const IdentifierWanted& w) { return w.holder == c.holder && w.unit == c.unit; });
    emit(Audience::only(c.holder), IdentifierAssigned{c.holder, c.unit, c.rail, c.identifier});
    return done();
}

/// What was paid in lies in the funds of the sale, and can still be taken back from there.
static bool holdsCoins(const OpenSale& sale) {
    return escrow::findEdge(sale.view.state, escrow::SaleEvent::PaymentReversed) != nullptr;
}

/// Whether so much more of its unit may come from outside.
static bool fitsOutside(const ledger::Ledger& ledger, const Amount& more) {
    return more.value - ledger.balance(custodyAccount(more.unit)).total <= kLargestTotal; // custody is below zero
}

/// NotPermitted, UnitUnknown, AmountNegative, AmountZero, AmountOverflow (also of all payments together),
/// AmountInvalid. A repetition has no effect, unless somebody was named since whose payment it is: then it is told.
Reply Engine::State::handle(const ObservePayment& c) {
    if (!isCoordinator()) return refuse(Refused::NotPermitted);
    if (!money::findUnit(c.amount.unit)) return refuse(Refused::UnitUnknown);
    if (const auto bad = checkAmount(c.amount, c.amount.unit)) return refuse(*bad);
    if (!c.reversed && !fitsOutside(ledger, c.amount)) return refuse(Refused::AmountOverflow);
    const auto outcome = c.reversed ? treasury.vanish(c.rail, c.transaction, c.output)
                                    : treasury.observe(treasury::ChainDeposit{c.rail, c.transaction, c.output,
                                                                              c.identifier, c.amount, c.confirmations});
    if (!outcome) return refuse(Refused::AmountInvalid, treasury::nameOf(outcome.error()));
    if (outcome->effect == treasury::DepositEffect::Ignored) return done();

    const treasury::DepositOwner owner = outcome->owner;
    const bool isOfCoin = outcome->cause == treasury::SuspenseCause::None; // else it is in suspense, and pays nothing
    if (owner.sale && !c.reversed && isOfCoin) passDeadlinesBefore(c, owner.sale);
    emit(owner.holder ? Audience::only(owner.holder) : Audience::internal(),
         DepositChanged{owner.holder, owner.sale, c.rail, c.transaction, c.output, outcome->amount,
                        outcome->confirmations, outcome->required, stateAfter(*outcome)});
    OpenSale* sale = owner.sale ? findSale(owner.sale) : nullptr;
    const bool paysSale = sale && escrow::findEdge(sale->view.state, escrow::SaleEvent::PaymentSeen);
    const bool credited = bookPayment(c, *outcome, paysSale);
    if (outcome->effect == treasury::DepositEffect::Credit)
        watchMove(owner.holder, treasury::Way::In, outcome->amount, c.rail);

    if (isOfCoin && (paysSale || (sale && holdsCoins(*sale)))) {
        std::erase_if(sale->payments, [&](const SalePayment& one) { return one.isOf(c); });
        if (!c.reversed) {
            sale->payments.push_back({c.transaction, c.output, outcome->amount, outcome->confirmations, credited});
        }
        paymentChanged(*sale);
    }
    return done();
}

/// Posts what a payment's new standing means; true if its money is now in the funds of its sale or with its holder.
bool Engine::State::bookPayment(const ObservePayment& c, const treasury::DepositOutcome& outcome, bool paysSale) {
    const UnitId unit = outcome.amount.unit; // what was credited, whatever a report of its end names
    const treasury::DepositOwner owner = outcome.owner;
    const SaleId sale = owner.sale;
    OpenSale* open = sale ? findSale(sale) : nullptr;
    const auto custody = custodyAccount(unit);
    const auto loss = ledger::houseAccount(Purpose::Loss, unit);
    // Between outside and what lies here: `lost` of it is the house's, and `spare` lies in the funds of a sale still.
    const auto book = [&](ledger::Reason reason, const ledger::AccountKey& to, int sign, money::Int128 lost = 0,
                          money::Int128 spare = 0) {
        const Amount moved{outcome.amount.value - lost - spare, unit};
        std::vector<ledger::Leg> legs{{custody, -sign * outcome.amount.value}};
        if (!moved.isZero()) legs.push_back({to, sign * moved.value});
        if (spare != 0) legs.push_back({ledger::saleFundsOf(sale, unit), sign * spare});
        if (lost != 0) legs.push_back({loss, sign * lost});
        post(lost == outcome.amount.value ? ledger::Reason::CustodyLoss : reason, sale, legs);
    };

    // Money that nobody is known for waits in suspense; money of a sale that is over, or refunding, is the buyer's.
    auto account = ledger::availableOf(owner.holder, unit);
    if (!owner.holder || outcome.cause != treasury::SuspenseCause::None) {
        account = ledger::houseAccount(Purpose::Suspense, unit);
    } else if (paysSale || (open && holdsCoins(*open))) {
        account = ledger::saleFundsOf(sale, unit);
    }

    using Effect = treasury::DepositEffect;
    switch (outcome.effect) {
    case Effect::Restored: {
        const auto found =
            std::find_if(lostPayments.begin(), lostPayments.end(), [&](const LostPayment& one) { return one.isOf(c); });
        if (found != lostPayments.end()) {
            const money::Int128 lost = found->lost.value_or(outcome.amount).value;
            lostPayments.erase(found);
            book(ledger::Reason::Deposit, account, 1, lost);
            return lost != outcome.amount.value;
        }
        [[fallthrough]];
    }
    case Effect::Credit:
    case Effect::Suspense:
        book(paysSale ? ledger::Reason::SaleFunding : ledger::Reason::Deposit, account, 1);
        if (TALLYLOCK_PLANTED(DoubleCredit)) book(ledger::Reason::Deposit, account, 1);
        // Once: what had left the chain and comes back was sent on before, or stays.
        if (outcome.effect == Effect::Credit || TALLYLOCK_PLANTED(RefundAgain)) {
            if (account.purpose == Purpose::Available) sendBack(owner.holder, sale, owner.refundTo, outcome.amount);
        }
        return true;
    case Effect::Undone:
        if (open && account.purpose == Purpose::SaleFunds) bringCoinsBack(*open, outcome.amount);
        // Taken back from where it lies, as far as it is still there and free; the house bears the rest.
        {
            const bool isBuyers = sale && account.purpose == Purpose::Available;
            const bool isSpare = open && isBuyers && unit == open->view.coin;
            const money::Int128 spare = isSpare ? std::min(outcome.amount.value, spareOf(*open).value) : 0;
            const Amount wanted{outcome.amount.value - spare, unit};
            const auto kept = isBuyers ? keepBack(sale, wanted) : std::vector<treasury::Withdrawal>();
            const ledger::Balance there = ledger.balance(account);
            const bool tooMuch = TALLYLOCK_PLANTED(TakenBackTooMuch) && there.total < wanted.value;
            const money::Int128 free = std::max<money::Int128>(there.available(), 0);
            const money::Int128 lost = tooMuch ? 0 : std::max<money::Int128>(wanted.value - free, 0);
            if (lost != 0) lostPayments.push_back({c.rail, c.transaction, c.output, Amount{lost, unit}});
            book(ledger::Reason::DepositReversed, account, -1, lost, spare);
            money::Int128 more = -wanted.value; // what was kept goes on, but for what has left
            for (const treasury::Withdrawal& w : kept) more += w.amount.value + w.fee.value;
            if (more > 0) sendBack(owner.holder, sale, kept.back().address, {more, unit});
        }
        return false;
    default: return false;
    }
}

/// How a bank's entry is called among deposits.
static Hash nameOfEntry(const std::string& bank, const std::string& entry) {
    return crypto::labelledHash("bank-entry", crypto::cborList(bank, entry));
}

/// NotPermitted, UnitUnknown, AmountNegative, AmountZero, AmountOverflow (also of all entries together), AmountInvalid.
/// A repetition has no effect.
Reply Engine::State::handle(const ObserveBankEntry& c) {
    if (!isCoordinator()) return refuse(Refused::NotPermitted);
    const money::Unit* unit = money::findUnit(c.amount.unit);
    if (!unit || unit->kind != money::UnitKind::Fiat) return refuse(Refused::UnitUnknown);
    if (const auto bad = checkAmount(c.amount, c.amount.unit)) return refuse(*bad);
    if (!fitsOutside(ledger, c.amount)) return refuse(Refused::AmountOverflow);
    const auto outcome = treasury.observe(treasury::BankEntry{c.bank, c.entry, c.reference, c.amount, true});
    if (!outcome) return refuse(Refused::AmountInvalid, treasury::nameOf(outcome.error()));
    if (outcome->effect == treasury::DepositEffect::Ignored) return done();

    const HolderId holder = outcome->owner.holder;
    DepositChanged changed{holder, {}, c.bank, {}, 0, outcome->amount, 1, 1, stateAfter(*outcome)};
    changed.transaction = nameOfEntry(c.bank, c.entry);
    emit(holder ? Audience::only(holder) : Audience::internal(), changed);
    const auto bank = ledger::houseAccount(Purpose::BankCustody, c.amount.unit);
    const auto to = outcome->effect == treasury::DepositEffect::Credit
                        ? ledger::availableOf(holder, c.amount.unit)
                        : ledger::houseAccount(Purpose::Suspense, c.amount.unit);
    move(ledger::Reason::Deposit, {}, bank, to, outcome->amount.value);
    if (outcome->effect == treasury::DepositEffect::Credit)
        watchMove(holder, treasury::Way::In, outcome->amount, c.bank);
    return done();
}

/// NotPermitted, NotRegistered, InfoInvalid (no reason, or too much of it), DepositUnknown (also once it is assigned),
/// NotPermitted (somebody else's, who has paid it in another unit).
Reply Engine::State::handle(const AssignSuspense& c) {
    if (!isCoordinator()) return refuse(Refused::NotPermitted);
    if (!parties.holder(c.holder)) return refuse(Refused::NotRegistered);
    if (c.reason.empty() || c.reason.size() > kMostReasonBytes) return refuse(Refused::InfoInvalid);
    const auto outcome = treasury.settle(c.rail, c.transaction, c.output, c.entry, c.holder);
    if (!outcome) {
        const bool isAnothers = outcome.error() == treasury::TreasuryError::OwnerInvalid;
        return refuse(isAnothers ? Refused::NotPermitted : Refused::DepositUnknown);
    }
    const Amount& amount = outcome->amount;
    DepositChanged changed{c.holder, {}, c.rail, c.transaction, c.output, amount, 1, 1, DepositState::Credited};
    if (c.entry.empty()) {
        changed.confirmations = outcome->confirmations;
        changed.needed = outcome->required;
    } else {
        changed.transaction = nameOfEntry(c.rail, c.entry);
        changed.output = 0;
    }
    emit(Audience::only(c.holder), changed);
    move(ledger::Reason::Deposit, {}, ledger::houseAccount(Purpose::Suspense, amount.unit),
         ledger::availableOf(c.holder, amount.unit), amount.value);
    watchMove(c.holder, treasury::Way::In, amount, c.rail);
    return done();
}

} // namespace tallylock::engine

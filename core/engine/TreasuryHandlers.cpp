#include "core/engine/EngineState.h"

#include <algorithm>
#include <cassert>

namespace tallylock::engine {

namespace {
using ledger::Purpose;

Purpose custodyOf(UnitId unit) {
    const money::Unit* known = money::findUnit(unit);
    return known && known->kind == money::UnitKind::Fiat ? Purpose::BankCustody : Purpose::Custody;
}

DepositState stateAfter(treasury::DepositEffect effect) {
    using E = treasury::DepositEffect;
    switch (effect) {
    case E::Credit: return DepositState::Credited;
    case E::Suspense: return DepositState::Suspense;
    case E::Reversed:
    case E::Undone: return DepositState::Reversed;
    default: return DepositState::Pending;
    }
}
} // namespace

/// NotRegistered, NotPermitted, UnitUnknown. Asking again while one is being made has no effect.
Reply Engine::State::handle(const RequestDepositIdentifier& c) {
    const auto by = actor(parties::kTreasurer);
    if (!by) return refuse(by.error());
    if (!money::findUnit(c.unit)) return refuse(Refused::UnitUnknown);
    const bool asked = std::any_of(identifiersWanted.begin(), identifiersWanted.end(), [&](const IdentifierWanted& w) {
        return w.holder == by->holder && w.unit == c.unit;
    });
    if (!asked) {
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

/// NotPermitted, AmountInvalid and its kin. A repetition has no effect.
Reply Engine::State::handle(const ObservePayment& c) {
    if (!isCoordinator()) return refuse(Refused::NotPermitted);
    if (!money::findUnit(c.amount.unit)) return refuse(Refused::UnitUnknown);
    if (const auto bad = checkAmount(c.amount, c.amount.unit)) return refuse(*bad);
    const auto outcome = c.reversed ? treasury.vanish(c.rail, c.transaction, c.output)
                                    : treasury.observe(treasury::ChainDeposit{c.rail, c.transaction, c.output,
                                                                              c.identifier, c.amount, c.confirmations});
    if (!outcome) return refuse(Refused::AmountInvalid, treasury::nameOf(outcome.error()));
    using Effect = treasury::DepositEffect;
    if (outcome->effect == Effect::Ignored) return done();

    const UnitId unit = c.amount.unit;
    const Amount amount = outcome->amount;
    OpenSale* sale = outcome->owner.sale ? findSale(outcome->owner.sale) : nullptr;
    const bool intoSale = sale && (sale->view.state == SaleState::WalletOpen || sale->view.state == SaleState::Seen);
    const auto custody = ledger::houseAccount(custodyOf(unit), unit);
    // Late money of a sale that is over goes to the buyer.
    const auto owned =
        intoSale ? ledger::saleFundsOf(sale->view.sale, unit) : ledger::availableOf(outcome->owner.holder, unit);

    DepositChanged changed{outcome->owner.holder,
                           outcome->owner.sale,
                           c.rail,
                           c.transaction,
                           c.output,
                           amount,
                           outcome->confirmations,
                           outcome->required,
                           stateAfter(outcome->effect)};
    emit(outcome->owner.holder ? Audience::only(outcome->owner.holder) : Audience::internal(), changed);

    switch (outcome->effect) {
    case Effect::Credit:
        post(intoSale ? ledger::Reason::SaleFunding : ledger::Reason::Deposit, outcome->owner.sale.value,
             outcome->owner.sale, {{custody, -amount.value}, {owned, amount.value}});
        break;
    case Effect::Suspense:
        post(ledger::Reason::Deposit, 0, {},
             {{custody, -amount.value}, {ledger::houseAccount(Purpose::Suspense, unit), amount.value}});
        break;
    case Effect::Undone: {
        // Taken back from where it was credited, if it is still there; else the house bears it.
        const SaleId ref = outcome->owner.sale;
        auto from = sale ? ledger::saleFundsOf(ref, unit) : ledger::availableOf(outcome->owner.holder, unit);
        if (!outcome->owner.holder) from = ledger::houseAccount(Purpose::Suspense, unit);
        const bool there = ledger.balance(from).available() >= amount.value &&
                           (!sale || sale->view.state == SaleState::Seen || sale->view.state == SaleState::Funded);
        if (!there) from = ledger::houseAccount(Purpose::Loss, unit);
        post(there ? ledger::Reason::DepositReversed : ledger::Reason::CustodyLoss, ref.value, ref,
             {{from, -amount.value}, {custody, amount.value}});
        break;
    }
    default: break;
    }

    if (sale) {
        auto& payments = sale->payments;
        const auto same = [&](const SalePayment& p) { return p.transaction == c.transaction && p.output == c.output; };
        std::erase_if(payments, same);
        if (!c.reversed && (intoSale || sale->view.state == SaleState::Funded)) {
            payments.push_back(
                {c.transaction, c.output, amount, outcome->confirmations, outcome->effect == Effect::Credit});
        }
        if (intoSale || (c.reversed && sale->view.state == SaleState::Funded)) paymentChanged(*sale);
    }
    return done();
}

/// NotPermitted, AmountInvalid and its kin. A repetition has no effect.
Reply Engine::State::handle(const ObserveBankEntry& c) {
    if (!isCoordinator()) return refuse(Refused::NotPermitted);
    const money::Unit* unit = money::findUnit(c.amount.unit);
    if (!unit || unit->kind != money::UnitKind::Fiat) return refuse(Refused::UnitUnknown);
    if (const auto bad = checkAmount(c.amount, c.amount.unit)) return refuse(*bad);
    const auto outcome = treasury.observe(treasury::BankEntry{c.bank, c.entry, c.reference, c.amount, true});
    if (!outcome) return refuse(Refused::AmountInvalid, treasury::nameOf(outcome.error()));
    if (outcome->effect == treasury::DepositEffect::Ignored) return done();

    const HolderId holder = outcome->owner.holder;
    DepositChanged changed{holder, {}, c.bank, {}, 0, outcome->amount, 1, 1, stateAfter(outcome->effect)};
    changed.transaction = crypto::labelledHash("bank-entry", crypto::cborList(c.bank, c.entry));
    emit(holder ? Audience::only(holder) : Audience::internal(), changed);
    const auto bank = ledger::houseAccount(Purpose::BankCustody, c.amount.unit);
    const auto to = outcome->effect == treasury::DepositEffect::Credit
                        ? ledger::availableOf(holder, c.amount.unit)
                        : ledger::houseAccount(Purpose::Suspense, c.amount.unit);
    post(ledger::Reason::Deposit, 0, {}, {{bank, -outcome->amount.value}, {to, outcome->amount.value}});
    return done();
}

} // namespace tallylock::engine

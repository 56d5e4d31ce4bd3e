#include "core/ledger/Ledger.h"
#include "tests/support/Seed.h"

#include <map>
#include <random>

using namespace tallylock;
using namespace tallylock::ledger;
using money::kBtc;
using money::kInt128Max;
using money::kInt128Min;
using money::kUsd;

namespace {
const HolderId kAlice{1};
const HolderId kBob{2};
const AccountKey kAliceUsd = availableOf(kAlice, kUsd);
const AccountKey kBobUsd = availableOf(kBob, kUsd);
const AccountKey kBobBtc = availableOf(kBob, kBtc);
const AccountKey kAliceBtc = availableOf(kAlice, kBtc);
const AccountKey kBank = houseAccount(Purpose::BankCustody, kUsd);
const AccountKey kChain = houseAccount(Purpose::Custody, kBtc);
const AccountKey kFees = houseAccount(Purpose::Fees, kUsd);

Transfer move(const AccountKey& from, const AccountKey& to, Int128 amount, Reason reason = Reason::Deposit) {
    return {reason, 0, {{from, -amount}, {to, amount}}};
}
Bytes stateOf(const Ledger& ledger) {
    CborWriter writer;
    ledger.save(writer);
    return writer.take();
}
/// Alice has 1,000 dollars, Bob 10 bitcoin.
Ledger funded() {
    Ledger ledger;
    (void)ledger.post(move(kBank, kAliceUsd, 1000));
    (void)ledger.post(move(kChain, kBobBtc, 10));
    return ledger;
}
/// The name of a refusal, or "accepted".
template <class T>
std::string outcome(const Result<T, LedgerError>& result) {
    return result.ok() ? "accepted" : nameOf(result.error());
}
std::string name(LedgerError error) { return nameOf(error); }
} // namespace

class TestLedger : public QObject {
    Q_OBJECT
private slots:
    void refusedTransfersChangeNothing() {
        const Int128 most = kInt128Max;
        const std::tuple<const char*, std::vector<Leg>, LedgerError> rows[] = {
            {"no legs", {}, LedgerError::NoLegs},
            {"one leg", {{kAliceUsd, 0}}, LedgerError::NoLegs},
            {"money from nowhere", {{kAliceUsd, 5}, {kBobUsd, 5}}, LedgerError::Unbalanced},
            {"balanced only across units", {{kAliceUsd, -5}, {kBobBtc, 5}}, LedgerError::Unbalanced},
            {"one of two units",
             {{kAliceUsd, -5}, {kBobUsd, 5}, {kBobBtc, -1}, {kAliceBtc, 2}},
             LedgerError::Unbalanced},
            {"more than there is", {{kAliceUsd, -1001}, {kBobUsd, 1001}}, LedgerError::InsufficientFunds},
            {"from an account never used", {{kBobUsd, -1}, {kAliceUsd, 1}}, LedgerError::InsufficientFunds},
            {"fees cannot pay", {{kFees, -1}, {kAliceUsd, 1}}, LedgerError::InsufficientFunds},
            {"second leg fails",
             {{kAliceUsd, -5}, {kBobUsd, 5}, {kBobBtc, -11}, {kAliceBtc, 11}},
             LedgerError::InsufficientFunds},
            {"escrow below zero", {{escrowOf(SaleId{3}, kUsd), -1}, {kAliceUsd, 1}}, LedgerError::InsufficientFunds},
            {"beyond the range", {{kBank, -most}, {kAliceUsd, most}}, LedgerError::Overflow},
            {"a sum around the range", {{kAliceUsd, most}, {kBobUsd, most}, {kFees, 2}}, LedgerError::Overflow},
            {"the least number", {{kBank, kInt128Min}, {kAliceUsd, kInt128Min}}, LedgerError::Overflow},
        };
        for (const auto& [what, legs, error] : rows) {
            Ledger ledger = funded();
            const Bytes before = stateOf(ledger);
            const auto entry = ledger.post({Reason::Trade, 1, legs});
            QVERIFY2(outcome(entry) == name(error), what);
            QVERIFY2(stateOf(ledger) == before && ledger.checkSums(), what);
        }
    }

    void aDepositIsSpent() {
        Ledger ledger = funded();
        QVERIFY(ledger.lastEntry() == EntryId{2});
        QVERIFY((ledger.balance(kAliceUsd) == Balance{1000, 0}));
        QVERIFY((ledger.balance(kBank) == Balance{-1000, 0}));
        QVERIFY(*ledger.post(move(kAliceUsd, kBobUsd, 1000)) == EntryId{3});
        QVERIFY(ledger.balance(kAliceUsd).total == 0);
        QVERIFY(ledger.balance(kBobUsd).available() == 1000);
        QVERIFY(ledger.sumOf(kUsd) == 0 && ledger.sumOf(kBtc) == 0);
        QVERIFY(ledger.checkSums());
    }

    void legsOfOneAccountAreJudgedTogether() {
        Ledger ledger = funded();
        QVERIFY(ledger.post({Reason::Trade, 0, {{kBobUsd, -5}, {kAliceUsd, -5}, {kBobUsd, 10}}}).ok());
        QVERIFY(ledger.balance(kBobUsd).total == 5);
        QVERIFY(!ledger.post({Reason::Trade, 0, {{kBobUsd, -5}, {kBobUsd, -5}, {kAliceUsd, 10}}}).ok());
    }

    void holdsAreVerifiedAndMadeInOneAct() {
        Ledger ledger = funded();
        QVERIFY(ledger.hold(kAliceUsd, 0, Reason::Order, 1).error() == LedgerError::NotPositive);
        QVERIFY(ledger.hold(kAliceUsd, -1, Reason::Order, 1).error() == LedgerError::NotPositive);
        QVERIFY(ledger.hold(kAliceUsd, 1001, Reason::Order, 1).error() == LedgerError::InsufficientFunds);
        QVERIFY(ledger.hold(kBobUsd, 1, Reason::Order, 1).error() == LedgerError::InsufficientFunds);
        const HoldId first = *ledger.hold(kAliceUsd, 600, Reason::Order, 1);
        // The same money cannot be held twice, nor spent.
        QVERIFY(ledger.hold(kAliceUsd, 401, Reason::Order, 2).error() == LedgerError::InsufficientFunds);
        QVERIFY(ledger.post(move(kAliceUsd, kBobUsd, 401)).error() == LedgerError::InsufficientFunds);
        const HoldId second = *ledger.hold(kAliceUsd, 400, Reason::SaleFunding, 2);
        QVERIFY((ledger.balance(kAliceUsd) == Balance{1000, 1000}));
        QVERIFY(ledger.balance(kAliceUsd).available() == 0);
        QVERIFY(first < second);
        const auto rows = ledger.holdsOf(kAliceUsd);
        QCOMPARE(rows.size(), std::size_t{2});
        QVERIFY((rows[0] == HoldRow{first, kAliceUsd, 600, Reason::Order, 1}));
        QVERIFY((rows[1] == HoldRow{second, kAliceUsd, 400, Reason::SaleFunding, 2}));
        QVERIFY(ledger.checkSums());
    }

    void aHoldEndsOnce() {
        Ledger ledger = funded();
        const HoldId hold = *ledger.hold(kAliceUsd, 600, Reason::Order, 1);
        QVERIFY(ledger.releasePart(hold, 0).error() == LedgerError::NotPositive);
        QVERIFY(ledger.releasePart(hold, 601).error() == LedgerError::HoldTooSmall);
        QVERIFY(ledger.releasePart(hold, 100).ok());
        QVERIFY(ledger.balance(kAliceUsd).held == 500);
        QVERIFY(*ledger.release(hold) == 500);
        QVERIFY(ledger.release(hold).error() == LedgerError::UnknownHold);
        QVERIFY(ledger.releasePart(hold, 1).error() == LedgerError::UnknownHold);
        QVERIFY(!ledger.findHold(hold));
        QCOMPARE(ledger.holdCount(), std::size_t{0});
        const HoldId other = *ledger.hold(kAliceUsd, 7, Reason::Order, 1);
        QVERIFY(ledger.releasePart(other, 7).ok());
        QVERIFY(!ledger.findHold(other));
        QVERIFY(other.value == hold.value + 1); // numbers are not used again
    }

    /// A match takes a part of both holds, with fees; a better price sets the rest of the part free.
    void aMatchConsumesHolds() {
        Ledger ledger = funded();
        const HoldId dollars = *ledger.hold(kAliceUsd, 505, Reason::Order, 1); // 5 at 100, fee 5
        const HoldId coins = *ledger.hold(kBobBtc, 5, Reason::Order, 2);
        const Transfer match{
            Reason::Trade, 1, {{kAliceUsd, -182}, {kBobUsd, 178}, {kFees, 4}, {kBobBtc, -2}, {kAliceBtc, 2}}};
        const HoldUse uses[] = {{dollars, 202}, {coins, 2}};
        QVERIFY(ledger.post(match, uses).ok());
        QVERIFY((ledger.balance(kAliceUsd) == Balance{818, 303}));
        QVERIFY((ledger.balance(kBobBtc) == Balance{8, 3}));
        QVERIFY(ledger.balance(kAliceBtc).available() == 2);
        QVERIFY(ledger.balance(kFees).total == 4);
        QVERIFY(ledger.findHold(dollars)->remaining == 303);
        QVERIFY(ledger.checkSums());
        // The rest finishes both holds.
        const Transfer rest{
            Reason::Trade, 2, {{kAliceUsd, -303}, {kBobUsd, 300}, {kFees, 3}, {kBobBtc, -3}, {kAliceBtc, 3}}};
        const HoldUse all[] = {{dollars, 303}, {coins, 3}};
        QVERIFY(ledger.post(rest, all).ok());
        QCOMPARE(ledger.holdCount(), std::size_t{0});
        QVERIFY((ledger.balance(kAliceUsd) == Balance{515, 0}));
        QVERIFY(ledger.checkSums());
    }

    void aRefusedMatchPutsHoldsBack() {
        Ledger ledger = funded();
        const HoldId dollars = *ledger.hold(kAliceUsd, 500, Reason::Order, 1);
        const Bytes before = stateOf(ledger);
        const Transfer pay = move(kAliceUsd, kBobUsd, 500);
        const auto said = [&](const Transfer& transfer, std::vector<HoldUse> uses) {
            return outcome(ledger.post(transfer, uses));
        };
        QCOMPARE(said(pay, {{dollars, 501}}), name(LedgerError::HoldTooSmall));
        QCOMPARE(said(pay, {{dollars, 300}, {dollars, 201}}), name(LedgerError::HoldTooSmall));
        QCOMPARE(said(pay, {{dollars, 300}, {HoldId{99}, 1}}), name(LedgerError::UnknownHold));
        QCOMPARE(said(pay, {{dollars, 300}, {dollars, 0}}), name(LedgerError::NotPositive));
        // Taking 300 out of the hold frees only 800 of the thousand.
        QCOMPARE(said(move(kAliceUsd, kBobUsd, 801), {{dollars, 300}}), name(LedgerError::InsufficientFunds));
        QVERIFY(stateOf(ledger) == before);
        QVERIFY(ledger.checkSums());
        QCOMPARE(said(move(kAliceUsd, kBobUsd, 800), {{dollars, 100}, {dollars, 200}}), std::string("accepted"));
        QVERIFY((ledger.balance(kAliceUsd) == Balance{200, 200}));
    }

    /// What is wrong first is said first.
    void theOrderOfReasons() {
        Ledger ledger = funded();
        const HoldId hold = *ledger.hold(kAliceUsd, 5, Reason::Order, 1);
        const auto said = [&](std::vector<Leg> legs, std::vector<HoldUse> uses) {
            return outcome(ledger.post({Reason::Trade, 1, std::move(legs)}, uses));
        };
        const std::vector<Leg> tooMuch = {{kAliceUsd, kInt128Max}, {kBobUsd, -kInt128Max}};
        QCOMPARE(said({{kAliceUsd, 1}}, {{hold, -1}}), name(LedgerError::NoLegs));
        QCOMPARE(said({{kAliceUsd, 1}, {kBobUsd, 1}}, {{hold, -1}}), name(LedgerError::Unbalanced));
        QCOMPARE(said(tooMuch, {{HoldId{77}, -1}}), name(LedgerError::NotPositive));
        QCOMPARE(said(tooMuch, {{HoldId{77}, 9}}), name(LedgerError::UnknownHold));
        QCOMPARE(said(tooMuch, {{hold, 9}}), name(LedgerError::HoldTooSmall));
        QCOMPARE(said(tooMuch, {{hold, 5}}), name(LedgerError::Overflow));
        QCOMPARE(said({{kAliceUsd, 1}, {kBobUsd, -1}}, {{hold, 5}}), name(LedgerError::InsufficientFunds));
    }

    /// Escrow of a sale is an account that leaves memory when the sale is over.
    void escrowComesAndGoes() {
        Ledger ledger = funded();
        const AccountKey treasury = houseAccount(Purpose::Treasury, kUsd);
        const Bytes start = stateOf(ledger);
        for (std::uint64_t sale = 1; sale <= 1000; ++sale) {
            const AccountKey escrow = escrowOf(SaleId{sale}, kUsd);
            QVERIFY(ledger.post(move(treasury, escrow, 90, Reason::EscrowFunding)).ok());
            QVERIFY(ledger.balance(escrow).total == 90);
            QVERIFY(ledger.post({Reason::SellerPayout, sale, {{escrow, -80}, {kBobUsd, 79}, {kFees, 1}}}).ok());
            QVERIFY(ledger.post(move(escrow, kBobUsd, 10, Reason::Holdback)).ok());
            QVERIFY(ledger.balance(escrow).total == 0);
        }
        QVERIFY(ledger.balance(treasury).total == -90000);
        QCOMPARE(ledger.trialBalance().size(), std::size_t{7});
        QVERIFY(ledger.accountsInMemory() < 10);
        QVERIFY(ledger.checkSums());
        QVERIFY(stateOf(ledger).size() < start.size() + 200);
    }

    void theHouseMayHoldWhatItHasNot() {
        Ledger ledger;
        const AccountKey treasury = houseAccount(Purpose::Treasury, kUsd);
        const HoldId hold = *ledger.hold(treasury, 500, Reason::EscrowFunding, 1);
        const HoldUse use[] = {{hold, 500}};
        QVERIFY(ledger.post(move(treasury, escrowOf(SaleId{1}, kUsd), 500), use).ok());
        QVERIFY((ledger.balance(treasury) == Balance{-500, 0}));
        QVERIFY(ledger.hold(treasury, kInt128Max, Reason::Float, 1).ok());
        QVERIFY(ledger.hold(treasury, 1, Reason::Float, 1).error() == LedgerError::Overflow);
        QVERIFY(ledger.checkSums());
    }

    void handlesReachTheSameAccounts() {
        Ledger ledger = funded();
        const Bytes before = stateOf(ledger);
        const AccountHandle alice = ledger.handleOf(kAliceUsd);
        const AccountHandle bob = ledger.handleOf(kBobUsd);
        QVERIFY(stateOf(ledger) == before); // opening is no change of state
        QVERIFY(ledger.keyOf(alice) == kAliceUsd);
        const HoldId hold = *ledger.hold(alice, 10, Reason::Order, 1);
        const FastLeg legs[] = {{alice, -10}, {bob, 10}};
        const HoldUse uses[] = {{hold, 10}};
        QVERIFY(ledger.post(legs, uses).ok());
        QVERIFY(ledger.balance(bob).total == 10 && ledger.balance(kBobUsd).total == 10);
    }

    void rowsAreSorted() {
        Ledger ledger = funded();
        const auto rows = ledger.trialBalance();
        QCOMPARE(rows.size(), std::size_t{4});
        for (std::size_t i = 1; i < rows.size(); ++i) QVERIFY(rows[i - 1].account < rows[i].account);
        QCOMPARE(ledger.accountsOf(kAlice).size(), std::size_t{1});
        QVERIFY((ledger.accountsOf(kAlice)[0] == BalanceRow{kAliceUsd, {1000, 0}}));
        QCOMPARE(ledger.accountsOf(HolderId{55}).size(), std::size_t{0});
    }

    void randomWork();

    /// Equal balances and holds are equal bytes, whatever order accounts were opened in.
    void stateIsCanonical() {
        Ledger one;
        Ledger other;
        (void)one.handleOf(kBobBtc);
        QVERIFY(one.post(move(kBank, kAliceUsd, 5)).ok());
        QVERIFY(one.post(move(kChain, kBobBtc, 7)).ok());
        QVERIFY(other.post(move(kChain, kBobBtc, 7)).ok());
        QVERIFY(other.post(move(kBank, kAliceUsd, 5)).ok());
        QVERIFY(stateOf(one) == stateOf(other));
    }

    void damagedStateIsRefused() {
        Ledger ledger = funded();
        QVERIFY(ledger.hold(kAliceUsd, 600, Reason::Order, 1).ok());
        const Bytes good = stateOf(ledger);
        for (std::size_t size = 0; size < good.size(); ++size) {
            CborReader reader(ByteView(good).first(size));
            QVERIFY(!Ledger::load(reader).ok());
        }
        std::size_t refused = 0;
        for (std::size_t i = 0; i < good.size(); ++i) {
            for (int bit = 0; bit < 8; ++bit) {
                Bytes bad = good;
                bad[i] = static_cast<std::uint8_t>(bad[i] ^ (1 << bit));
                CborReader reader(bad);
                const auto loaded = Ledger::load(reader);
                if (loaded.ok()) QVERIFY(loaded->checkSums());
                refused += loaded.ok() ? 0u : 1u;
            }
        }
        QVERIFY(refused > good.size() * 4);
    }
};

namespace {
/// The ledger once more, written with plain maps and without any cleverness.
struct ModelLedger {
    std::map<AccountKey, Int128> totals;
    std::map<HoldId, std::pair<AccountKey, Int128>> holds;

    Int128 heldOf(const AccountKey& key) const {
        Int128 sum = 0;
        for (const auto& [id, hold] : holds) sum += hold.first == key ? hold.second : 0;
        return sum;
    }
    bool covers(const AccountKey& key) { return mayBeNegative(key.purpose) || totals[key] >= heldOf(key); }
    bool mayHold(const AccountKey& key, Int128 amount) {
        return amount > 0 && (mayBeNegative(key.purpose) || totals[key] - heldOf(key) >= amount);
    }
    bool post(const Transfer& transfer, const std::vector<HoldUse>& uses) {
        ModelLedger after = *this;
        for (const HoldUse& use : uses) {
            if (use.amount > after.holds[use.hold].second) return false;
            after.holds[use.hold].second -= use.amount;
            if (after.holds[use.hold].second == 0) after.holds.erase(use.hold);
        }
        for (const Leg& leg : transfer.legs) after.totals[leg.account] += leg.delta;
        for (const Leg& leg : transfer.legs) {
            if (!after.covers(leg.account)) return false;
        }
        *this = std::move(after);
        return true;
    }
};
} // namespace

/// Sums are zero after every operation, balances are the model's, and state survives saving and loading.
void TestLedger::randomWork() {
    std::mt19937_64 random(test::seedOr(20260104));
    Ledger ledger;
    ModelLedger model;
    const auto anyAccount = [&](money::UnitId unit) {
        switch (random() % 8) {
        case 0: return unit == kUsd ? houseAccount(Purpose::BankCustody, kUsd) : houseAccount(Purpose::Custody, kBtc);
        case 1: return houseAccount(Purpose::Fees, unit);
        case 2: return escrowOf(SaleId{1 + random() % 5}, unit);
        default: return availableOf(HolderId{1 + random() % 6}, unit);
        }
    };
    int posted = 0;
    int refused = 0;
    for (int i = 0; i < 6000; ++i) {
        const money::UnitId unit = random() % 2 == 0 ? kUsd : kBtc;
        const auto dice = random() % 10;
        auto someHold = model.holds.begin();
        if (!model.holds.empty()) {
            std::advance(someHold, static_cast<std::ptrdiff_t>(random() % model.holds.size()));
        }
        if (dice < 2) {
            const AccountKey key = anyAccount(unit);
            const auto amount = static_cast<Int128>(random() % 200);
            const auto made = ledger.hold(key, amount, Reason::Order, random() % 3);
            QCOMPARE(made.ok(), model.mayHold(key, amount));
            if (made.ok()) model.holds[*made] = {key, amount};
        } else if (dice < 3 && !model.holds.empty()) {
            const auto left = ledger.release(someHold->first);
            QVERIFY(left.ok() && *left == someHold->second.second);
            model.holds.erase(someHold);
        } else {
            const auto amount = static_cast<Int128>(random() % 300);
            AccountKey from = anyAccount(unit);
            std::vector<HoldUse> uses;
            if (dice == 9 && !model.holds.empty()) {
                from = someHold->second.first;
                uses.push_back({someHold->first, 1 + static_cast<Int128>(random() % 150)});
            }
            const Transfer transfer{
                Reason::Trade,
                0,
                {{from, -amount}, {anyAccount(from.unit), amount - amount / 3}, {anyAccount(from.unit), amount / 3}}};
            const bool done = ledger.post(transfer, uses).ok();
            QCOMPARE(done, model.post(transfer, uses));
            ++(done ? posted : refused);
        }
        QVERIFY(ledger.checkSums());
        QCOMPARE(ledger.holdCount(), model.holds.size());
        if (i % 10 != 0) continue;
        for (const auto& [key, total] : model.totals) {
            QVERIFY((ledger.balance(key) == Balance{total, model.heldOf(key)}));
        }
        const Bytes bytes = stateOf(ledger);
        CborReader reader(bytes);
        auto again = Ledger::load(reader);
        QVERIFY(again.ok() && reader.finish());
        QVERIFY(stateOf(*again) == bytes);
        if (i % 100 == 0) ledger = std::move(*again); // and goes on from there
    }
    QVERIFY(posted > 1000 && refused > 300);
}

QTEST_GUILESS_MAIN(TestLedger)
#include "tst_ledger.moc"

#include "core/treasury/Treasury.h"
#include "tests/support/Seed.h"

#include <random>

using namespace tallylock;
using namespace tallylock::treasury;
using money::Amount;
using money::kBtc;
using money::kEth;
using money::kEur;
using money::kUsd;

namespace {
const std::string kChain = "practice-chain";
const std::string kBank = "practice-bank";
const DepositOwner kAlice{HolderId{1}, {}};
const DepositOwner kSale{HolderId{1}, SaleId{7}};

Hash transaction(std::uint64_t n) {
    Hash hash;
    putBigEndian64(hash.data(), n);
    return hash;
}
ChainDeposit seen(std::uint32_t confirmations, std::uint64_t tx = 1, std::uint32_t output = 0) {
    return {kChain, transaction(tx), output, "alice-btc", {500, kBtc}, confirmations};
}
BankEntry booked(const std::string& entry, const std::string& reference = "ALICE-1", Amount amount = {900, kUsd}) {
    return {kBank, entry, reference, amount, true};
}
/// Alice has a bitcoin address and a bank reference; bitcoin is credited after 3 blocks and finished after 10.
Treasury ready() {
    Treasury treasury;
    treasury.setDepth(kBtc, {3, 10});
    (void)treasury.assign({kChain, "alice-btc", kBtc, kAlice});
    (void)treasury.assign({kChain, "sale-7", kBtc, kSale});
    (void)treasury.assign({kBank, "ALICE-1", kUsd, kAlice});
    return treasury;
}
std::string outcome(const Result<DepositOutcome, TreasuryError>& result) {
    return result.ok() ? nameOf(result->effect) : nameOf(result.error());
}
std::string outcome(const Result<void, TreasuryError>& result) {
    return result.ok() ? "accepted" : nameOf(result.error());
}
std::string name(DepositEffect effect) { return nameOf(effect); }
std::string name(TreasuryError error) { return nameOf(error); }
Bytes stateOf(const Treasury& treasury) {
    CborWriter writer;
    treasury.save(writer);
    return writer.take();
}
Treasury reloaded(const Treasury& treasury) {
    const Bytes bytes = stateOf(treasury);
    CborReader reader(bytes);
    auto again = Treasury::load(reader);
    if (!again.ok() || !reader.finish() || stateOf(*again) != bytes) qFatal("state does not survive");
    return std::move(*again);
}
} // namespace

class TestTreasury : public QObject {
    Q_OBJECT
private slots:
    void badAssignments() {
        Treasury treasury = ready();
        const Bytes before = stateOf(treasury);
        const DepositOwner bob{HolderId{2}, {}};
        const std::pair<Assignment, TreasuryError> rows[] = {
            {{"", "x", kBtc, bob}, TreasuryError::RailInvalid},
            {{std::string(65, 'r'), "x", kBtc, bob}, TreasuryError::RailInvalid},
            {{kChain, "", kBtc, bob}, TreasuryError::IdentifierInvalid},
            {{kChain, std::string(257, 'i'), kBtc, bob}, TreasuryError::IdentifierInvalid},
            {{kChain, "x", money::UnitId{99}, bob}, TreasuryError::UnknownUnit},
            {{kChain, "x", kBtc, {}}, TreasuryError::OwnerInvalid},
            {{kChain, "alice-btc", kBtc, bob}, TreasuryError::IdentifierInUse},
            {{kChain, "another", kBtc, kAlice}, TreasuryError::AlreadyAssigned},
        };
        for (const auto& [assignment, error] : rows) QCOMPARE(outcome(treasury.assign(assignment)), name(error));
        QVERIFY(stateOf(treasury) == before);
        // The same text on another rail is another identifier.
        QCOMPARE(outcome(treasury.assign({kBank, "alice-btc", kEur, bob})), std::string("accepted"));
    }

    void identifiersAreFound() {
        Treasury treasury = ready();
        QVERIFY((treasury.find(kChain, "sale-7") == Assignment{kChain, "sale-7", kBtc, kSale}));
        QVERIFY(!treasury.find(kBank, "sale-7") && !treasury.find("other", "sale-7"));
        QVERIFY(treasury.identifierOf(kBank, kAlice, kUsd) == "ALICE-1");
        QVERIFY(!treasury.identifierOf(kBank, kAlice, kEur));
        QVERIFY(treasury.unassign(kChain, "sale-7"));
        QVERIFY(!treasury.unassign(kChain, "sale-7"));
        QVERIFY(!treasury.find(kChain, "sale-7") && !treasury.identifierOf(kChain, kSale, kBtc));
    }

    void badReports() {
        Treasury treasury = ready();
        const Bytes before = stateOf(treasury);
        const auto said = [&](auto change) {
            ChainDeposit deposit = seen(5);
            change(deposit);
            return outcome(treasury.observe(deposit));
        };
        QCOMPARE(said([](auto& d) { d.rail = ""; }), name(TreasuryError::RailInvalid));
        QCOMPARE(said([](auto& d) { d.identifier = ""; }), name(TreasuryError::IdentifierInvalid));
        QCOMPARE(said([](auto& d) { d.amount.unit = {}; }), name(TreasuryError::UnknownUnit));
        QCOMPARE(said([](auto& d) { d.amount.value = 0; }), name(TreasuryError::NotPositive));
        QCOMPARE(said([](auto& d) { d.amount.value = -5; }), name(TreasuryError::NotPositive));
        QCOMPARE(outcome(treasury.vanish(kChain, transaction(1), 0)), name(TreasuryError::UnknownDeposit));
        QCOMPARE(outcome(treasury.vanish("nowhere", transaction(1), 0)), name(TreasuryError::UnknownDeposit));
        QCOMPARE(outcome(treasury.observe(BankEntry{"", "e", "r", {1, kUsd}, true})), name(TreasuryError::RailInvalid));
        QCOMPARE(outcome(treasury.observe(booked(""))), name(TreasuryError::IdentifierInvalid));
        QCOMPARE(outcome(treasury.observe(booked("e", "ALICE-1", {1, {}}))), name(TreasuryError::UnknownUnit));
        QCOMPARE(outcome(treasury.observe(booked("e", "ALICE-1", {0, kUsd}))), name(TreasuryError::NotPositive));
        QVERIFY(stateOf(treasury) == before);
    }

    void aDepositIsCreditedOnceAfterItsConfirmations() {
        Treasury treasury = ready();
        const std::pair<std::uint32_t, DepositEffect> story[] = {
            {0, DepositEffect::Pending},  {0, DepositEffect::Ignored},  {1, DepositEffect::Pending},
            {2, DepositEffect::Pending},  {2, DepositEffect::Ignored},  {3, DepositEffect::Credit},
            {3, DepositEffect::Ignored},  {4, DepositEffect::Ignored},  {9, DepositEffect::Ignored},
            {10, DepositEffect::Ignored}, {11, DepositEffect::Ignored}, {1, DepositEffect::Ignored},
        };
        for (const auto& [confirmations, effect] : story) {
            const auto said = treasury.observe(seen(confirmations));
            QVERIFY(said.ok());
            QCOMPARE(said->effect, effect);
            if (effect == DepositEffect::Credit) {
                QVERIFY(said->owner == kAlice && said->cause == SuspenseCause::None);
                QVERIFY((said->amount == Amount{500, kBtc}));
                QCOMPARE(said->required, 3u);
            }
            treasury = reloaded(treasury);
        }
        QCOMPARE(treasury.activeCount(), std::size_t{0}); // finished, and yet remembered
        QCOMPARE(outcome(treasury.vanish(kChain, transaction(1), 0)), name(TreasuryError::Final));
    }

    void pendingIsShown() {
        Treasury treasury = ready();
        (void)treasury.observe(seen(1));
        (void)treasury.observe(BankEntry{kBank, "e1", "ALICE-1", {900, kUsd}, false});
        const auto rows = treasury.pendingOf(kAlice);
        QCOMPARE(rows.size(), std::size_t{2});
        QVERIFY(treasury.pendingOf(kSale).empty());
        (void)treasury.observe(seen(3));
        (void)treasury.observe(booked("e1"));
        QVERIFY(treasury.pendingOf(kAlice).empty());
    }

    void outputsOfOneTransactionAreDifferentDeposits() {
        Treasury treasury = ready();
        QCOMPARE(outcome(treasury.observe(seen(3, 1, 0))), name(DepositEffect::Credit));
        QCOMPARE(outcome(treasury.observe(seen(3, 1, 1))), name(DepositEffect::Credit));
        QCOMPARE(outcome(treasury.observe(seen(3, 1, 1))), name(DepositEffect::Ignored));
        ChainDeposit elsewhere = seen(3, 1, 0);
        elsewhere.rail = "other-chain";
        QCOMPARE(outcome(treasury.observe(elsewhere)), name(DepositEffect::Suspense));
    }

    void aDepositForASaleNamesTheSale() {
        Treasury treasury = ready();
        ChainDeposit deposit = seen(3);
        deposit.identifier = "sale-7";
        QVERIFY(treasury.observe(deposit)->owner == kSale);
    }

    void aReorganisationBeforeTheCredit() {
        Treasury treasury = ready();
        (void)treasury.observe(seen(2));
        const auto gone = treasury.vanish(kChain, transaction(1), 0);
        QCOMPARE(outcome(gone), name(DepositEffect::Reversed));
        QVERIFY(gone->owner == kAlice);
        QCOMPARE(outcome(treasury.vanish(kChain, transaction(1), 0)), name(TreasuryError::UnknownDeposit));
        QCOMPARE(outcome(treasury.observe(seen(1))), name(DepositEffect::Pending));
        QCOMPARE(outcome(treasury.observe(seen(3))), name(DepositEffect::Credit));
        QCOMPARE(outcome(treasury.observe(seen(3))), name(DepositEffect::Ignored));
    }

    void aReorganisationAfterTheCredit() {
        Treasury treasury = ready();
        QCOMPARE(outcome(treasury.observe(seen(3))), name(DepositEffect::Credit));
        QCOMPARE(outcome(treasury.observe(seen(1))), name(DepositEffect::Ignored)); // in another block now
        QCOMPARE(outcome(treasury.vanish(kChain, transaction(1), 0)), name(DepositEffect::Undone));
        treasury = reloaded(treasury);
        QCOMPARE(outcome(treasury.vanish(kChain, transaction(1), 0)), name(DepositEffect::Ignored));
        QCOMPARE(outcome(treasury.observe(seen(2))), name(DepositEffect::Ignored));
        QCOMPARE(outcome(treasury.observe(seen(3))), name(DepositEffect::Restored));
        QCOMPARE(outcome(treasury.observe(seen(3))), name(DepositEffect::Ignored));
        QCOMPARE(outcome(treasury.observe(seen(0))), name(DepositEffect::Undone)); // back among the unconfirmed
        QCOMPARE(outcome(treasury.observe(seen(12))), name(DepositEffect::Restored));
        QCOMPARE(treasury.activeCount(), std::size_t{0});
    }

    void strangersGoToSuspense() {
        Treasury treasury = ready();
        ChainDeposit deposit = seen(1, 2);
        deposit.identifier = "nobody";
        QCOMPARE(outcome(treasury.observe(deposit)), name(DepositEffect::Pending));
        deposit.confirmations = 3;
        const auto said = treasury.observe(deposit);
        QCOMPARE(outcome(said), name(DepositEffect::Suspense));
        QCOMPARE(said->cause, SuspenseCause::UnknownIdentifier);
        QVERIFY(said->owner == DepositOwner{});
        QCOMPARE(outcome(treasury.observe(deposit)), name(DepositEffect::Ignored));
    }

    void theWrongAssetGoesToSuspense() {
        Treasury treasury = ready();
        ChainDeposit deposit = seen(5, 2);
        deposit.amount = {500, kEth};
        const auto said = treasury.observe(deposit);
        QCOMPARE(outcome(said), name(DepositEffect::Suspense));
        QCOMPARE(said->cause, SuspenseCause::WrongUnit);
        QVERIFY(said->owner == kAlice); // it is known whom to ask
    }

    void whatIsAssignedCountsAtTheCredit() {
        Treasury treasury = ready();
        ChainDeposit deposit = seen(1, 3);
        deposit.identifier = "sale-7";
        QCOMPARE(outcome(treasury.observe(deposit)), name(DepositEffect::Pending));
        QVERIFY(treasury.unassign(kChain, "sale-7")); // the sale is over
        deposit.confirmations = 3;
        QCOMPARE(outcome(treasury.observe(deposit)), name(DepositEffect::Suspense));
    }

    /// Whoever is named while a payment is under way hears of it with the next report, also if nothing else has
    /// changed.
    void anOwnerWhoIsNamedLaterIsTold() {
        Treasury treasury = ready();
        ChainDeposit deposit = seen(1, 4);
        deposit.identifier = "bob-btc";
        QCOMPARE(outcome(treasury.observe(deposit)), name(DepositEffect::Pending));
        QCOMPARE(outcome(treasury.observe(deposit)), name(DepositEffect::Ignored));
        const DepositOwner bob{HolderId{2}, {}};
        QVERIFY(treasury.assign({kChain, "bob-btc", kBtc, bob}).ok());
        const auto said = treasury.observe(deposit);
        QCOMPARE(outcome(said), name(DepositEffect::Pending));
        QVERIFY(said->owner == bob);
        QCOMPARE(outcome(treasury.observe(deposit)), name(DepositEffect::Ignored));
    }

    void contradictionsAreNamed() {
        Treasury treasury = ready();
        (void)treasury.observe(seen(1));
        ChainDeposit other = seen(2);
        other.amount.value = 501;
        QCOMPARE(outcome(treasury.observe(other)), name(TreasuryError::Conflict));
        other = seen(2);
        other.identifier = "sale-7";
        QCOMPARE(outcome(treasury.observe(other)), name(TreasuryError::Conflict));
        QCOMPARE(outcome(treasury.observe(seen(2))), name(DepositEffect::Pending));

        (void)treasury.observe(booked("e1"));
        const Bytes before = stateOf(treasury);
        QCOMPARE(outcome(treasury.observe(booked("e1", "ALICE-1", {901, kUsd}))), name(TreasuryError::Conflict));
        QCOMPARE(outcome(treasury.observe(booked("e1", "ALICE-2"))), name(TreasuryError::Conflict));
        QCOMPARE(outcome(treasury.observe(booked("e1", "ALICE-1", {900, kEur}))), name(TreasuryError::Conflict));
        QVERIFY(stateOf(treasury) == before);
    }

    void bankEntriesAreCreditedOnce() {
        Treasury treasury = ready();
        BankEntry announced = booked("2026-1");
        announced.booked = false;
        QCOMPARE(outcome(treasury.observe(announced)), name(DepositEffect::Pending));
        QCOMPARE(outcome(treasury.observe(announced)), name(DepositEffect::Ignored));
        QCOMPARE(treasury.activeCount(), std::size_t{1});
        const auto credited = treasury.observe(booked("2026-1"));
        QCOMPARE(outcome(credited), name(DepositEffect::Credit));
        QVERIFY(credited->owner == kAlice);
        QCOMPARE(treasury.activeCount(), std::size_t{0});
        treasury = reloaded(treasury);
        QCOMPARE(outcome(treasury.observe(booked("2026-1"))), name(DepositEffect::Ignored)); // re-import
        QCOMPARE(outcome(treasury.observe(announced)), name(DepositEffect::Ignored));
        QCOMPARE(outcome(treasury.observe(booked("2026-2"))), name(DepositEffect::Credit)); // paid twice
    }

    void bankEntriesOfStrangersAndWrongCurrency() {
        Treasury treasury = ready();
        const auto stranger = treasury.observe(booked("1", "ALICE-9"));
        QCOMPARE(outcome(stranger), name(DepositEffect::Suspense));
        QCOMPARE(stranger->cause, SuspenseCause::UnknownIdentifier);
        const auto silent = treasury.observe(booked("2", ""));
        QCOMPARE(silent->cause, SuspenseCause::UnknownIdentifier);
        const auto euros = treasury.observe(booked("3", "ALICE-1", {5, kEur}));
        QCOMPARE(euros->effect, DepositEffect::Suspense);
        QCOMPARE(euros->cause, SuspenseCause::WrongUnit);
    }

    /// What is in suspense is not forgotten, however deep it lies, until somebody is found for it.
    void whatIsInSuspenseIsSettledOnce() {
        Treasury treasury = ready();
        ChainDeposit stranger = seen(50, 2, 7);
        stranger.identifier = "nobody";
        ChainDeposit wrong = seen(50, 3);
        wrong.amount = {500, kEth};
        for (const ChainDeposit& deposit : {stranger, wrong})
            QCOMPARE(outcome(treasury.observe(deposit)), name(DepositEffect::Suspense));
        QCOMPARE(outcome(treasury.observe(booked("1", "ALICE-9"))), name(DepositEffect::Suspense));
        QCOMPARE(outcome(treasury.observe(booked("2"))), name(DepositEffect::Credit));
        QCOMPARE(outcome(treasury.observe(seen(3))), name(DepositEffect::Credit));
        treasury = reloaded(treasury);
        const auto rows = treasury.suspended();
        QCOMPARE(rows.size(), std::size_t{3});
        QVERIFY(rows[0].rail == kBank && rows[0].entry == "1" && rows[0].identifier == "ALICE-9");
        QVERIFY(rows[0].amount == (Amount{900, kUsd}) && rows[0].cause == SuspenseCause::UnknownIdentifier);
        QVERIFY(rows[1].transaction == transaction(2) && rows[1].output == 7 && rows[1].owner == DepositOwner{});
        QVERIFY(rows[2].owner == kAlice && rows[2].cause == SuspenseCause::WrongUnit);

        const auto settle = [&](const ChainDeposit& deposit, std::uint32_t output) {
            return treasury.settle(deposit.rail, deposit.transaction, output, {}, HolderId{2});
        };
        const Bytes before = stateOf(treasury);
        QCOMPARE(outcome(settle(stranger, 8)), name(TreasuryError::UnknownDeposit));
        QCOMPARE(outcome(settle(seen(3), 0)), name(TreasuryError::UnknownDeposit)); // that was credited
        QCOMPARE(outcome(treasury.settle("elsewhere", {}, 0, "1", HolderId{2})), name(TreasuryError::UnknownDeposit));
        QCOMPARE(outcome(treasury.settle(kBank, {}, 0, "2", HolderId{2})), name(TreasuryError::UnknownDeposit));
        QCOMPARE(outcome(settle(wrong, 0)), name(TreasuryError::OwnerInvalid)); // it is alice's
        QVERIFY(stateOf(treasury) == before);

        const auto settled = settle(stranger, 7);
        QCOMPARE(outcome(settled), name(DepositEffect::Credit));
        QVERIFY((settled->owner == DepositOwner{HolderId{2}, {}}) && settled->amount == stranger.amount);
        QCOMPARE(outcome(settle(stranger, 7)), name(TreasuryError::UnknownDeposit));
        QCOMPARE(outcome(treasury.settle(kBank, {}, 0, "1", HolderId{2})), name(DepositEffect::Credit));
        QCOMPARE(outcome(treasury.settle(kBank, {}, 0, "1", HolderId{2})), name(TreasuryError::UnknownDeposit));
        treasury = reloaded(treasury);
        QCOMPARE(treasury.suspended().size(), std::size_t{1});
        QCOMPARE(treasury.activeCount(), std::size_t{2}); // that and alice's, which is not deep yet
        QCOMPARE(outcome(treasury.observe(stranger)), name(DepositEffect::Ignored));
        QCOMPARE(outcome(treasury.observe(booked("1", "ALICE-9"))), name(DepositEffect::Ignored));
        QCOMPARE(outcome(treasury.vanish(stranger.rail, stranger.transaction, 7)), name(TreasuryError::Final));
        QCOMPARE(outcome(treasury.settle(wrong.rail, wrong.transaction, 0, {}, kAlice.holder)),
                 name(DepositEffect::Credit));
    }

    /// One that is not deep yet may vanish: then it is taken from whom it was given to, and comes back to the same.
    void whatWasSettledMayVanish() {
        Treasury treasury = ready();
        ChainDeposit deposit = seen(3, 2);
        deposit.identifier = "nobody";
        (void)treasury.observe(deposit);
        const auto settle = [&] { return treasury.settle(deposit.rail, deposit.transaction, 0, {}, HolderId{2}); };
        QCOMPARE(outcome(treasury.vanish(deposit.rail, deposit.transaction, 0)), name(DepositEffect::Undone));
        QVERIFY(treasury.suspended().empty());
        QCOMPARE(outcome(settle()), name(TreasuryError::UnknownDeposit)); // it is not there now
        QCOMPARE(outcome(treasury.observe(deposit)), name(DepositEffect::Restored));
        QCOMPARE(outcome(settle()), name(DepositEffect::Credit));
        treasury = reloaded(treasury);
        for (const auto effect : {DepositEffect::Undone, DepositEffect::Restored}) {
            deposit.confirmations = effect == DepositEffect::Undone ? 0 : 3;
            const auto said = treasury.observe(deposit);
            QCOMPARE(outcome(said), name(effect));
            QVERIFY((said->owner == DepositOwner{HolderId{2}, {}}) && said->cause == SuspenseCause::None);
        }
        deposit.confirmations = 10;
        (void)treasury.observe(deposit);
        QCOMPARE(treasury.activeCount(), std::size_t{0});
    }

    void depthsAreReasonable() {
        Treasury treasury;
        QVERIFY((treasury.depthOf(kBtc) == Depth{1, 100}));
        treasury.setDepth(kBtc, {6, 2});
        QVERIFY((treasury.depthOf(kBtc) == Depth{6, 6}));
    }

    /// Whatever is reported in whatever order: what was credited less what was undone is one credit for each deposit
    /// that is on the chain in the end, and nothing for the others.
    void randomReports() {
        std::mt19937_64 random(test::seedOr(20260105));
        Treasury treasury = ready();
        constexpr std::uint64_t kTransactions = 400;
        std::vector<int> credits(kTransactions);
        const auto report = [&](std::uint64_t tx, std::uint32_t confirmations) {
            const auto said = treasury.observe(seen(confirmations, tx));
            QVERIFY(said.ok());
            if (said->effect == DepositEffect::Credit || said->effect == DepositEffect::Restored) ++credits[tx];
            if (said->effect == DepositEffect::Undone) --credits[tx];
        };
        for (int i = 0; i < 30000; ++i) {
            const std::uint64_t tx = random() % kTransactions;
            if (random() % 4 == 0) {
                const auto said = treasury.vanish(kChain, transaction(tx), 0);
                if (said.ok() && said->effect == DepositEffect::Undone) --credits[tx];
            } else {
                report(tx, static_cast<std::uint32_t>(random() % 9)); // never deep enough to be finished
            }
            QVERIFY(credits[tx] == 0 || credits[tx] == 1);
            if (i % 1000 == 0) treasury = reloaded(treasury);
        }
        for (std::uint64_t tx = 0; tx < kTransactions; ++tx) report(tx, 10);
        for (std::uint64_t tx = 0; tx < kTransactions; ++tx) QCOMPARE(credits[tx], 1);
        QCOMPARE(treasury.activeCount(), std::size_t{0});
        for (std::uint64_t tx = 0; tx < kTransactions; ++tx) report(tx, 3);
        for (std::uint64_t tx = 0; tx < kTransactions; ++tx) QCOMPARE(credits[tx], 1);
        treasury = reloaded(treasury);
        for (std::uint64_t tx = 0; tx < kTransactions; ++tx) report(tx, 3);
        for (std::uint64_t tx = 0; tx < kTransactions; ++tx) QCOMPARE(credits[tx], 1);
    }

    void theCompactSetIsASet() {
        std::mt19937_64 random(test::seedOr(20260107));
        CompactSet<std::uint64_t> set;
        std::set<std::uint64_t> model;
        for (int i = 0; i < 20000; ++i) {
            const std::uint64_t element = random() % 30000;
            QCOMPARE(set.find(element) != nullptr, model.count(element) == 1);
            if (model.insert(element).second) set.insert(element);
        }
        QCOMPARE(set.size(), model.size());
        std::vector<std::uint64_t> all;
        set.forEach([&](std::uint64_t element) { all.push_back(element); });
        QVERIFY(std::equal(all.begin(), all.end(), model.begin(), model.end()));
    }

    void damagedStateIsRefused() {
        Treasury treasury = ready();
        (void)treasury.observe(seen(3));
        (void)treasury.observe(seen(30, 4));
        (void)treasury.observe(booked("e"));
        const Bytes good = stateOf(treasury);
        for (std::size_t size = 0; size < good.size(); ++size) {
            CborReader reader(ByteView(good).first(size));
            QVERIFY(!Treasury::load(reader).ok());
        }
    }
};

QTEST_GUILESS_MAIN(TestTreasury)
#include "tst_treasury.moc"

// Institutions with several users, and money going out: every refusal in its order, holds, approvals, limits, policies,
// deadlines, one-time codes, replay.
#include "EngineHarness.h"
#include "core/parties/Party.h"
#include "core/treasury/Withdrawals.h"
#include "tests/support/Seed.h"

#include <QRandomGenerator>
#include <random>

using namespace tallylock;
using namespace tallylock::engine;
using namespace tallylock::engine::test;
using parties::kAuditor;
using parties::kTrader;
using parties::kTreasurer;
using treasury::PayoutAddressId;
using treasury::WithdrawalId;
using treasury::WithdrawalPolicy;
using treasury::WithdrawalState;

namespace {
constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::int64_t kDayMs = 24 * kHourMs;
constexpr auto kPending = static_cast<std::uint8_t>(parties::Standing::Pending);
constexpr auto kVerified = static_cast<std::uint8_t>(parties::Standing::Verified);
constexpr auto kRestricted = static_cast<std::uint8_t>(parties::Standing::Restricted);
constexpr auto kFrozen = static_cast<std::uint8_t>(parties::Standing::Frozen);

/// Harbour Fund: "fund" with every role, two treasurers, a trader, an auditor; a person beside it.
struct House : EngineHarness {
    HolderId fund = join("fund", true);
    HolderId person = join("person");
    UserId first{1};
    UserId ann = addUser("ann", kTreasurer);
    UserId bob = addUser("bob", kTreasurer);
    UserId trader = addUser("trader", kTrader);
    UserId auditor = addUser("auditor", kAuditor);
    PayoutAddressId coins{};
    PayoutAddressId dollars{};
    PayoutAddressId own{};

    House() {
        deposit(fund, satoshi(1'000'000));
        deposit(fund, usd(100'000));
        deposit(person, satoshi(50'000));
        coins = {must("fund", AddPayoutAddress{money::kBtc, "bc1-cold", "Cold"})};
        dollars = {must("fund", AddPayoutAddress{money::kUsd, "DE00 1234", ""})};
        own = {must("person", AddPayoutAddress{money::kBtc, "bc1-own", ""})};
    }
    UserId addUser(const std::string& name, std::uint32_t roles) {
        return {must("fund", AddUser{name, keyNamed(name).publicKey(), roles})};
    }
    std::uint64_t must(const std::string& who, CommandBody body) {
        const Reply reply = send(who, std::move(body));
        if (reply.refused != Refused::No) qFatal("%s: %s", who.c_str(), nameOf(reply.refused));
        return reply.value;
    }
    Refused tries(const std::string& who, CommandBody body) { return send(who, std::move(body)).refused; }
    WithdrawalId request(const std::string& who, PayoutAddressId to, const Amount& amount) {
        return {must(who, RequestWithdrawal{to, amount})};
    }
    WithdrawalPolicy policy(HolderId holder) const { return engine.withdrawalPolicy(holder); }
    std::optional<WithdrawalState> lastState() const {
        const auto changes = freshOf<WithdrawalChanged>();
        return changes.empty() ? std::nullopt : std::optional(changes.back().withdrawal.state);
    }
    money::Int128 held(HolderId holder, money::UnitId unit) const {
        return engine.ledger().balance(ledger::availableOf(holder, unit)).held;
    }
};
} // namespace

class TestEngineWithdrawals : public QObject {
    Q_OBJECT
private slots:
    // --- users, devices, roles, standing --------------------------------------------------------------------------

    void usersAreRefusedInOrder() {
        House h;
        const IdentityKey key = keyNamed("new device").publicKey();
        const IdentityKey server = keyNamed("coordinator").publicKey();
        QCOMPARE(h.tries("nobody", AddUser{"x", key, kTrader}), Refused::NotRegistered);
        QCOMPARE(h.tries("trader", AddUser{"x", server, kTrader}), Refused::KeyInUse);
        QCOMPARE(h.tries("trader", AddUser{"x", key, kTrader}), Refused::NotPermitted);
        QCOMPARE(h.tries("person", AddUser{"", key, 0}), Refused::NotAnInstitution);
        QCOMPARE(h.tries("fund", AddUser{"", key, 0}), Refused::NameInvalid);
        QCOMPARE(h.tries("fund", AddUser{"x", keyNamed("ann").publicKey(), 0}), Refused::RolesInvalid);
        QCOMPARE(h.tries("fund", AddUser{"x", keyNamed("ann").publicKey(), 256 + 2}), Refused::RolesInvalid);
        QCOMPARE(h.tries("fund", AddUser{"x", keyNamed("ann").publicKey(), kTrader}), Refused::KeyInUse);
    }

    void devicesAreRefusedInOrder() {
        House h;
        const IdentityKey key = keyNamed("new device").publicKey();
        const IdentityKey taken = keyNamed("ann").publicKey();
        QCOMPARE(h.tries("nobody", AddDevice{{99}, key}), Refused::NotRegistered);
        QCOMPARE(h.tries("fund", AddDevice{{99}, keyNamed("key server").publicKey()}), Refused::KeyInUse);
        QCOMPARE(h.tries("trader", AddDevice{{99}, taken}), Refused::UserUnknown);
        QCOMPARE(h.tries("trader", AddDevice{h.trader, taken}), Refused::NotPermitted);
        QCOMPARE(h.tries("person", AddDevice{h.trader, key}), Refused::NotPermitted); // another holder's
        QCOMPARE(h.tries("fund", AddDevice{h.trader, taken}), Refused::KeyInUse);
        for (int i = 0; i < 15; ++i) {
            h.must("fund", AddDevice{h.trader, keyNamed("device " + std::to_string(i)).publicKey()});
        }
        QCOMPARE(h.tries("fund", AddDevice{h.trader, key}), Refused::DevicesTooMany);

        QCOMPARE(h.tries("nobody", RemoveDevice{key}), Refused::NotRegistered);
        QCOMPARE(h.tries("trader", RemoveDevice{key}), Refused::DeviceUnknown);
        QCOMPARE(h.tries("trader", RemoveDevice{taken}), Refused::NotPermitted);
        QCOMPARE(h.tries("fund", RemoveDevice{keyNamed("fund").publicKey()}), Refused::LastAdministrator);
        h.must("fund", RemoveDevice{keyNamed("device 3").publicKey()});
        QCOMPARE(h.tries("device 3", CancelOrder{{1}}), Refused::NotRegistered);
        QCOMPARE(h.tries("device 4", CancelOrder{{1}}), Refused::OrderUnknown);
        QVERIFY(h.isReproducible());
    }

    /// A key that spoke for a user, and then for nobody, opens an account of its own: that is remembered like any
    /// command.
    void aRemovedDeviceBeginsAnew() {
        House h;
        const IdentityKey key = keyNamed("spare").publicKey();
        h.must("fund", AddDevice{h.trader, key});
        QCOMPARE(h.tries("spare", CancelOrder{{1}}), Refused::OrderUnknown);
        h.must("fund", RemoveDevice{key});
        QCOMPARE(h.tries("spare", CancelOrder{{1}}), Refused::NotRegistered);
        h.must("spare", RegisterHolder{"Anew", false, {}});
        const Command registration = *h.history.back().second;
        const Reply again = h.sendRaw(registration);
        QCOMPARE(again.refused, Refused::No);
        QVERIFY(h.fresh.empty());
        QVERIFY(h.isReproducible());
    }

    void rolesLimitsAndAccountsAreRefusedInOrder() {
        House h;
        QCOMPARE(h.tries("nobody", SetRoles{{99}, 0}), Refused::NotRegistered);
        QCOMPARE(h.tries("ann", SetRoles{{99}, 0}), Refused::UserUnknown);
        QCOMPARE(h.tries("ann", SetRoles{h.ann, 0}), Refused::NotPermitted);
        QCOMPARE(h.tries("person", SetRoles{{2}, 0}), Refused::NotAnInstitution);
        QCOMPARE(h.tries("fund", SetRoles{h.ann, 16}), Refused::RolesInvalid);
        QCOMPARE(h.tries("fund", SetRoles{h.first, kTrader}), Refused::LastAdministrator);
        h.must("fund", SetRoles{h.ann, kAuditor});
        QCOMPARE(h.tries("ann", RequestWithdrawal{h.coins, satoshi(1)}), Refused::NotPermitted);

        QCOMPARE(h.tries("nobody", SetOrderLimit{{99}, usd(-1)}), Refused::NotRegistered);
        QCOMPARE(h.tries("trader", SetOrderLimit{{99}, usd(-1)}), Refused::UserUnknown);
        QCOMPARE(h.tries("trader", SetOrderLimit{h.trader, usd(-1)}), Refused::NotPermitted);
        QCOMPARE(h.tries("fund", SetOrderLimit{h.trader, usd(-1)}), Refused::InfoInvalid);
        h.must("fund", SetOrderLimit{h.trader, usd(500)});
        const InstrumentId market{
            h.must("coordinator", OpenInstrument{"BTC/USD", money::kBtc, money::kUsd, usd(1), satoshi(10'000),
                                                 satoshi(10'000), satoshi(100'000'000), 0, 0})};
        PlaceOrder order{};
        order.instrument = market;
        order.price = usd(5'000'000);
        order.quantity = satoshi(10'000); // worth five dollars
        QCOMPARE(h.tries("trader", order), Refused::No);
        order.quantity = satoshi(20'000);
        QCOMPARE(h.tries("trader", order), Refused::NotPermitted);

        QCOMPARE(h.tries("nobody", SetAssetAccount{money::kBtc, ""}), Refused::NotRegistered);
        QCOMPARE(h.tries("trader", SetAssetAccount{money::kBtc, ""}), Refused::NotPermitted);
        QCOMPARE(h.tries("fund", SetAssetAccount{money::kBtc, ""}), Refused::InfoInvalid);
        QCOMPARE(h.tries("fund", SetAssetAccount{money::UnitId{77}, "a"}), Refused::InfoInvalid);
        QCOMPARE(h.tries("fund", SetAssetAccount{money::kBtc, "bc1-cold"}), Refused::No);
        QCOMPARE(h.tries("fund", SetFiatAccount{"", "ref", "", {0, money::kUsd}, ""}), Refused::InfoInvalid);
        QCOMPARE(h.tries("fund", SetFiatAccount{"Bank", "ref", "Fund", usd(0), "note"}), Refused::InfoInvalid);
        QCOMPARE(h.tries("trader", SetFiatAccount{"", "ref", "", {0, money::kUsd}, ""}), Refused::NotPermitted);
        QVERIFY(h.isReproducible());
    }

    void standingIsTheOperators() {
        House h;
        QCOMPARE(h.tries("fund", SetStanding{{99}, 9, ""}), Refused::NotPermitted);
        QCOMPARE(h.tries("coordinator", SetStanding{{99}, 9, ""}), Refused::NotRegistered);
        QCOMPARE(h.tries("coordinator", SetStanding{h.person, 9, "x"}), Refused::InfoInvalid);
        QCOMPARE(h.tries("coordinator", SetStanding{h.person, kVerified, ""}), Refused::InfoInvalid);
        QCOMPARE(h.tries("coordinator", SetStanding{h.person, kPending, std::string(1001, 'x')}), Refused::InfoInvalid);
        const auto after = [&](std::uint8_t standing) {
            h.must("coordinator", SetStanding{h.person, standing, "case 7"});
            return std::pair{h.tries("person", RequestWithdrawal{h.own, satoshi(1)}),
                             h.tries("person", RequestDepositIdentifier{money::kBtc})};
        };
        QCOMPARE(after(kPending), std::pair(Refused::AccountPending, Refused::AccountPending));
        QCOMPARE(after(kRestricted), std::pair(Refused::No, Refused::AccountRestricted)); // may take out what is there
        QCOMPARE(after(kFrozen), std::pair(Refused::AccountFrozen, Refused::AccountFrozen));
        QCOMPARE(after(kVerified), std::pair(Refused::No, Refused::No));
    }

    // --- withdrawals ------------------------------------------------------------------------------------------------

    void addressBookIsRefusedInOrder() {
        House h;
        QCOMPARE(h.tries("nobody", AddPayoutAddress{money::kBtc, "", ""}), Refused::NotRegistered);
        QCOMPARE(h.tries("trader", AddPayoutAddress{money::kBtc, "", ""}), Refused::NotPermitted);
        for (const char* bad : {"", "two\nlines"}) {
            QCOMPARE(h.tries("ann", AddPayoutAddress{money::kBtc, bad, ""}), Refused::AddressInvalid);
        }
        QCOMPARE(h.tries("ann", AddPayoutAddress{money::kBtc, std::string(257, 'x'), ""}), Refused::AddressInvalid);
        QCOMPARE(h.tries("ann", AddPayoutAddress{money::UnitId{77}, "a", ""}), Refused::AddressInvalid);
        QCOMPARE(h.tries("ann", AddPayoutAddress{money::kBtc, "bc1-cold", "again"}), Refused::AddressInUse);
        QCOMPARE(h.tries("ann", RemovePayoutAddress{h.own}), Refused::AddressUnknown); // somebody else's
        QCOMPARE(h.tries("trader", RemovePayoutAddress{h.coins}), Refused::NotPermitted);
        h.must("ann", RemovePayoutAddress{h.coins});
        QCOMPARE(h.tries("ann", RequestWithdrawal{h.coins, satoshi(1)}), Refused::AddressUnknown);
        QVERIFY(h.must("ann", AddPayoutAddress{money::kBtc, "bc1-cold", ""}) != h.coins.value);
        for (int i = 0; i < 198; ++i) {
            h.must("ann", AddPayoutAddress{money::kBtc, "address " + std::to_string(i), ""});
        }
        QCOMPARE(h.tries("ann", AddPayoutAddress{money::kBtc, "one more", ""}), Refused::AddressesTooMany);
        QVERIFY(h.isReproducible());
    }

    void requestsAreRefusedInOrder() {
        House h;
        WithdrawalPolicy strict = h.policy(h.fund);
        strict.waitingMs = kHourMs;
        strict.userDay = {satoshi(400'000)};
        strict.holderDay = {satoshi(600'000)};
        h.must("fund", SetWithdrawalPolicy{strict});
        const PayoutAddressId fresh{h.must("ann", AddPayoutAddress{money::kBtc, "bc1-new", ""})};
        h.addUser("carl", kTreasurer); // waits an hour

        const auto refused = [&](const std::string& who, PayoutAddressId to, const Amount& amount) {
            return h.tries(who, RequestWithdrawal{to, amount});
        };
        QCOMPARE(refused("nobody", h.own, satoshi(-1)), Refused::NotRegistered);
        QCOMPARE(refused("trader", h.own, satoshi(-1)), Refused::NotPermitted);
        QCOMPARE(refused("carl", h.own, satoshi(-1)), Refused::DeviceWaiting);
        QCOMPARE(refused("ann", h.own, satoshi(-1)), Refused::AmountNegative);
        QCOMPARE(refused("ann", h.own, satoshi(0)), Refused::AmountZero);
        QCOMPARE(refused("ann", h.own, {money::kInt128Max, money::kBtc}), Refused::AmountOverflow);
        QCOMPARE(refused("ann", h.own, satoshi(500'000)), Refused::AddressUnknown); // somebody else's
        QCOMPARE(refused("ann", fresh, usd(500'000)), Refused::AddressWaiting);
        QCOMPARE(refused("ann", h.coins, usd(500'000)), Refused::AmountInvalid);
        QCOMPARE(refused("ann", h.dollars, {usd(1).value + 1, money::kUsd}), Refused::AmountInvalid); // under a cent
        QCOMPARE(refused("ann", h.coins, satoshi(400'001)), Refused::UserDayLimit);
        QCOMPARE(refused("ann", h.coins, satoshi(400'000)), Refused::No);
        QCOMPARE(refused("ann", h.coins, satoshi(1)), Refused::UserDayLimit);
        QCOMPARE(refused("bob", h.coins, satoshi(200'001)), Refused::HolderDayLimit);
        QCOMPARE(refused("bob", h.dollars, usd(100'001)), Refused::InsufficientFunds);
        QCOMPARE(refused("bob", h.coins, satoshi(200'000)), Refused::No);
        QVERIFY(h.held(h.fund, money::kBtc) == 600'000);

        h.tick(kHourMs);
        QCOMPARE(refused("carl", h.coins, satoshi(1)), Refused::HolderDayLimit); // waits no more
        h.tick(kDayMs);                                                          // another day
        QCOMPARE(refused("carl", fresh, satoshi(400'000)), Refused::No);
        QCOMPARE(refused("ann", h.coins, satoshi(1)), Refused::InsufficientFunds); // all of it is held
        QVERIFY(h.isReproducible());
    }

    /// One request, all the way, and each command once more where it does not belong.
    void makerCheckerAndRail() {
        House h;
        h.must("coordinator", SetWithdrawalFee{satoshi(500)});
        const WithdrawalId id = h.request("ann", h.coins, satoshi(300'000));
        QCOMPARE(h.lastState(), WithdrawalState::Requested);
        QVERIFY(h.held(h.fund, money::kBtc) == 300'500);
        QVERIFY(h.available(h.fund, money::kBtc) == 699'500);

        QCOMPARE(h.tries("coordinator", StartWithdrawal{id, "chain"}), Refused::WithdrawalWrongState);
        QCOMPARE(h.tries("coordinator", ReportWithdrawal{id, true, "tx"}), Refused::WithdrawalWrongState);
        QCOMPARE(h.tries("nobody", ApproveWithdrawal{id}), Refused::NotRegistered);
        QCOMPARE(h.tries("trader", ApproveWithdrawal{id}), Refused::NotPermitted);
        QCOMPARE(h.tries("person", ApproveWithdrawal{id}), Refused::WithdrawalUnknown);
        QCOMPARE(h.tries("ann", ApproveWithdrawal{id}), Refused::ApproverIsMaker);
        h.must("bob", ApproveWithdrawal{id});
        QCOMPARE(h.lastState(), WithdrawalState::Approved);
        QCOMPARE(h.tries("bob", ApproveWithdrawal{id}), Refused::WithdrawalWrongState);
        QCOMPARE(h.engine.withdrawals().toCarryOut().size(), std::size_t{1});

        QCOMPARE(h.tries("ann", StartWithdrawal{id, "chain"}), Refused::NotPermitted);
        QCOMPARE(h.tries("coordinator", StartWithdrawal{id, ""}), Refused::RailInvalid);
        QCOMPARE(h.tries("coordinator", StartWithdrawal{{99}, "chain"}), Refused::WithdrawalUnknown);
        h.must("coordinator", SetStanding{h.fund, kFrozen, "case 8"});
        QCOMPARE(h.tries("coordinator", StartWithdrawal{id, "chain"}), Refused::AccountFrozen);
        h.must("coordinator", SetStanding{h.fund, kVerified, "case 8"});
        h.must("coordinator", StartWithdrawal{id, "chain"});
        QCOMPARE(h.lastState(), WithdrawalState::Paying);
        h.must("coordinator", StartWithdrawal{id, "chain"}); // again, without effect
        QVERIFY(h.fresh.empty());
        QCOMPARE(h.tries("coordinator", StartWithdrawal{id, "bank"}), Refused::WithdrawalWrongState);
        QCOMPARE(h.tries("fund", CancelWithdrawal{id}), Refused::WithdrawalWrongState); // too late
        QVERIFY(h.isReproducible());

        QCOMPARE(h.tries("ann", ReportWithdrawal{id, true, "tx"}), Refused::NotPermitted);
        h.must("coordinator", ReportWithdrawal{id, true, "tx"});
        QCOMPARE(h.lastState(), WithdrawalState::Sent);
        const auto posted = h.freshOf<LedgerPosted>();
        QCOMPARE(posted.size(), std::size_t{1});
        QCOMPARE(posted[0].reason, std::string("withdrawal"));
        QCOMPARE(posted[0].legs.size(), std::size_t{3});
        QCOMPARE(h.tries("coordinator", ReportWithdrawal{id, true, "tx"}), Refused::WithdrawalUnknown); // once
        QVERIFY(h.available(h.fund, money::kBtc) == 699'500 && h.held(h.fund, money::kBtc) == 0);
        const auto house = [&](ledger::Purpose purpose) {
            return h.engine.ledger().balance(ledger::houseAccount(purpose, money::kBtc)).total;
        };
        QVERIFY(house(ledger::Purpose::Custody) == -750'000); // 1,050,000 came in, 300,000 left
        QVERIFY(house(ledger::Purpose::Fees) == 500);
        QCOMPARE(h.engine.withdrawals().openCount(), std::size_t{0});
        QVERIFY(h.isReproducible());
    }

    void whatEndsOtherwiseFreesTheMoney() {
        House h;
        WithdrawalPolicy limits = h.policy(h.fund);
        limits.userDay = {satoshi(600'000)};
        h.must("fund", SetWithdrawalPolicy{limits});
        const auto freed = [&] { return h.held(h.fund, money::kBtc) == 0; };

        const WithdrawalId cancelled = h.request("ann", h.coins, satoshi(600'000));
        QCOMPARE(h.tries("trader", CancelWithdrawal{cancelled}), Refused::NotPermitted);
        QCOMPARE(h.tries("person", CancelWithdrawal{cancelled}), Refused::WithdrawalUnknown);
        h.must("coordinator", SetStanding{h.fund, kFrozen, "case 9"});
        h.must("fund", CancelWithdrawal{cancelled}); // also when frozen
        h.must("coordinator", SetStanding{h.fund, kVerified, "case 9"});
        QVERIFY(freed());

        const WithdrawalId failed = h.request("ann", h.coins, satoshi(600'000)); // the day's limit is free again
        h.must("bob", ApproveWithdrawal{failed});
        h.must("coordinator", StartWithdrawal{failed, "chain"});
        h.must("coordinator", ReportWithdrawal{failed, false, "refused"});
        QCOMPARE(h.lastState(), WithdrawalState::Failed);
        QVERIFY(freed());

        const WithdrawalId late = h.request("ann", h.coins, satoshi(600'000));
        h.tick(treasury::kApprovalMs - 1);
        QVERIFY(!freed());
        h.tick(1);
        QCOMPARE(h.lastState(), WithdrawalState::Expired);
        QVERIFY(freed());
        QCOMPARE(h.tries("bob", ApproveWithdrawal{late}), Refused::WithdrawalUnknown);
        QVERIFY(!h.engine.nextDeadlineMs());
        QVERIFY(h.isReproducible());
    }

    void individualsNeedNobody() {
        House h;
        const WithdrawalId id = h.request("person", h.own, satoshi(50'000));
        QCOMPARE(h.lastState(), WithdrawalState::Approved);
        QVERIFY(h.available(h.person, money::kBtc) == 0);
        QCOMPARE(h.tries("person", RequestWithdrawal{h.own, satoshi(1)}), Refused::InsufficientFunds);
        h.must("person", CancelWithdrawal{id});
        QVERIFY(h.available(h.person, money::kBtc) == 50'000);
    }

    // --- policy -----------------------------------------------------------------------------------------------------

    void policiesAreRefusedInOrder() {
        House h;
        WithdrawalPolicy bad = h.policy(h.fund);
        bad.approvals = 3;
        bad.waitingMs = -1;
        QCOMPARE(h.tries("nobody", SetWithdrawalPolicy{bad}), Refused::NotRegistered);
        QCOMPARE(h.tries("ann", SetWithdrawalPolicy{bad}), Refused::NotPermitted);
        QCOMPARE(h.tries("fund", SetWithdrawalPolicy{bad}), Refused::PolicyInvalid);
        bad.waitingMs = 0;
        for (const auto& limits : {std::vector{usd(1), satoshi(1)}, {usd(1), usd(2)}, {usd(-1)}}) {
            bad.userDay = limits;
            QCOMPARE(h.tries("fund", SetWithdrawalPolicy{bad}), Refused::PolicyInvalid);
        }
        bad.userDay.clear();
        bad.secondFactor = true;
        QCOMPARE(h.tries("fund", SetWithdrawalPolicy{bad}), Refused::PolicyImpossible); // four of three
        bad.approvals = 2;
        QCOMPARE(h.tries("fund", SetWithdrawalPolicy{bad}), Refused::SecondFactorMissing);
    }

    void looserPoliciesWaitForOthersAndForTime() {
        House h;
        const WithdrawalPolicy before = h.policy(h.fund);
        QCOMPARE(before.approvals, 1u);
        WithdrawalPolicy strict = before;
        strict.approvals = 2;
        strict.waitingMs = kDayMs;
        strict.holderDay = {satoshi(100'000)};
        QCOMPARE(h.must("fund", SetWithdrawalPolicy{strict}), std::uint64_t{0}); // at once
        QVERIFY(h.policy(h.fund) == strict);

        const treasury::PolicyChangeId change{h.must("fund", SetWithdrawalPolicy{before})};
        QVERIFY(change && h.policy(h.fund) == strict);
        QCOMPARE(h.tries("trader", ApprovePolicyChange{change}), Refused::NotPermitted);
        QCOMPARE(h.tries("ann", ApprovePolicyChange{{99}}), Refused::PolicyChangeUnknown);
        QCOMPARE(h.tries("fund", ApprovePolicyChange{change}), Refused::ApproverIsMaker);
        h.must("ann", ApprovePolicyChange{change});
        QCOMPARE(h.tries("ann", ApprovePolicyChange{change}), Refused::AlreadyApproved);
        h.tick(2 * kDayMs);
        QVERIFY(h.policy(h.fund) == strict); // one of two
        h.must("bob", ApprovePolicyChange{change});
        QCOMPARE(h.tries("bob", ApprovePolicyChange{change}), Refused::WithdrawalWrongState);
        h.tick(kDayMs - 1);
        QVERIFY(h.policy(h.fund) == strict);
        QVERIFY(h.isReproducible());
        h.tick(1);
        QVERIFY(h.policy(h.fund) == before);
        QCOMPARE(h.freshOf<WithdrawalPolicyChanged>().size(), std::size_t{1});
        QVERIFY(h.isReproducible());
    }

    void policyChangesAreGivenUp() {
        House h;
        const WithdrawalPolicy before = h.policy(h.fund);
        WithdrawalPolicy loose = before;
        loose.approvals = 0;
        const treasury::PolicyChangeId late{h.must("fund", SetWithdrawalPolicy{loose})};
        h.tick(treasury::kApprovalMs);
        QCOMPARE(h.tries("ann", ApprovePolicyChange{late}), Refused::PolicyChangeUnknown);
        const treasury::PolicyChangeId dropped{h.must("fund", SetWithdrawalPolicy{loose})};
        h.must("fund", SetWithdrawalPolicy{before}); // what is in force takes the place of what was proposed
        QCOMPARE(h.tries("ann", ApprovePolicyChange{dropped}), Refused::PolicyChangeUnknown);
        QVERIFY(h.policy(h.fund) == before && !h.engine.nextDeadlineMs());
    }

    void everyLoosePointIsLooser_data() {
        QTest::addColumn<int>("point");
        for (int i = 0; i < 6; ++i) QTest::addRow("%d", i) << i;
    }
    void everyLoosePointIsLooser() {
        QFETCH(const int, point);
        const WithdrawalPolicy now{2, kHourMs, {satoshi(10)}, {satoshi(20)}, true};
        QVERIFY(!treasury::isLooser(now, now));
        WithdrawalPolicy next{3, kDayMs, {satoshi(9), usd(1)}, {satoshi(19)}, true}; // stricter in every other point
        QVERIFY(!treasury::isLooser(next, now));
        if (point == 0) next.approvals = 1;
        if (point == 1) next.waitingMs = kHourMs - 1;
        if (point == 2) next.userDay = {satoshi(11), usd(1)};
        if (point == 3) next.holderDay = {satoshi(21)};
        if (point == 4) next.userDay = {usd(1)}; // a limit is gone
        if (point == 5) next.secondFactor = false;
        QVERIFY(treasury::isLooser(next, now));
    }

    void whoCouldMove_data() {
        QTest::addColumn<int>("approvals");
        QTest::addColumn<int>("userLimit"); // -1: none
        QTest::addColumn<int>("holderLimit");
        QTest::addColumn<int>("amount");
        QTest::addColumn<int>("needed"); // of three; 0: nobody, whoever joins
        QTest::newRow("alone") << 0 << -1 << -1 << 1'000 << 1;
        QTest::newRow("two eyes more") << 1 << -1 << -1 << 1'000 << 2;
        QTest::newRow("all") << 2 << -1 << -1 << 1'000 << 3;
        QTest::newRow("more than there are") << 3 << -1 << -1 << 1'000 << 4;
        QTest::newRow("split over two days' limits") << 0 << 600 << -1 << 1'000 << 2;
        QTest::newRow("just within the limit") << 0 << 1'000 << -1 << 1'000 << 1;
        QTest::newRow("approvals ask for more than limits") << 2 << 600 << -1 << 1'000 << 3;
        QTest::newRow("too much for all three") << 0 << 300 << -1 << 1'000 << 4;
        QTest::newRow("above the holder's limit") << 0 << -1 << 999 << 1'000 << 0;
        QTest::newRow("forbidden") << 0 << 0 << -1 << 1'000 << 0;
        QTest::newRow("nothing") << 0 << -1 << -1 << 0 << 0;
    }
    void whoCouldMove() {
        QFETCH(const int, approvals);
        QFETCH(const int, userLimit);
        QFETCH(const int, holderLimit);
        QFETCH(const int, amount);
        QFETCH(const int, needed);
        House h;
        WithdrawalPolicy policy;
        policy.approvals = static_cast<std::uint32_t>(approvals);
        if (userLimit >= 0) policy.userDay = {satoshi(userLimit)};
        if (holderLimit >= 0) policy.holderDay = {satoshi(holderLimit)};
        const treasury::Movers movers = h.engine.whoCouldMove(h.fund, policy, satoshi(amount));
        QCOMPARE(movers.of, (std::vector<UserId>{h.first, h.ann, h.bob}));
        QCOMPARE(movers.needed, static_cast<std::size_t>(needed));
        QCOMPARE(movers.possible(), needed >= 1 && needed <= 3);
    }

    // --- one-time codes ---------------------------------------------------------------------------------------------

    void secondFactorCountsOnceForOneCommand() {
        House h;
        WithdrawalPolicy policy = h.policy(h.fund);
        policy.secondFactor = true;
        std::uint64_t step = 100;
        const auto withCode = [&](const std::string& who, const CommandBody& body) {
            const std::uint64_t counter = h.counters[who] + 1;
            CborWriter writer;
            std::visit([&](const auto& b) { writeCbor(writer, b); }, body);
            const IdentityKey signer = keyNamed(who).publicKey();
            const Hash hash = crypto::labelledHash("command", crypto::cborList(signer, counter, writer.bytes()));
            h.must("coordinator", ConfirmSecondFactor{signer, hash, ++step});
            return h.send(who, body);
        };
        QCOMPARE(withCode("fund", SetWithdrawalPolicy{policy}).refused, Refused::No);
        const RequestWithdrawal request{h.coins, satoshi(10)};
        QCOMPARE(h.tries("ann", request), Refused::SecondFactorMissing);
        const Reply begun = withCode("ann", request);
        QCOMPARE(begun.refused, Refused::No);
        QCOMPARE(h.tries("ann", request), Refused::SecondFactorMissing); // the code was for the other command
        QCOMPARE(h.tries("bob", ApproveWithdrawal{{begun.value}}), Refused::SecondFactorMissing);
        QCOMPARE(withCode("bob", ApproveWithdrawal{{begun.value}}).refused, Refused::No);

        const IdentityKey ann = keyNamed("ann").publicKey();
        QCOMPARE(h.tries("ann", ConfirmSecondFactor{ann, {}, 500}), Refused::NotPermitted);
        QCOMPARE(h.tries("coordinator", ConfirmSecondFactor{keyNamed("nobody").publicKey(), {}, 500}),
                 Refused::NotRegistered);
        QCOMPARE(h.tries("coordinator", ConfirmSecondFactor{ann, hashNamed("x"), 102}), Refused::SecondFactorUsed);
        QCOMPARE(h.tries("coordinator", ConfirmSecondFactor{ann, hashNamed("x"), 103}), Refused::No);
        QVERIFY(h.isReproducible());
    }

    /// Thousands of random commands about payouts by everybody: what is held is the sum of what is open, nothing is
    /// negative, and a replay gives the same state.
    void randomWithdrawals() {
        std::mt19937_64 random(tallylock::test::seedOr(QRandomGenerator::global()->generate())); // another each time
        const auto upTo = [&](std::uint32_t n) { return static_cast<std::int64_t>(random() % n); };
        House h;
        const std::vector<std::string> names{"fund", "ann", "bob", "trader", "person"};
        std::uint64_t last = 1;
        std::size_t sent = 0;
        // Some seeds send little at first: those go on until they have.
        for (int i = 0; i < 3'000 || (sent <= 10 && i < 30'000); ++i) {
            const std::string& who = names[static_cast<std::size_t>(upTo(5))];
            const WithdrawalId some{static_cast<std::uint64_t>(1 + upTo(static_cast<std::uint32_t>(last)))};
            switch (upTo(9)) {
            case 0:
            case 1: {
                const bool own = who == "person";
                const Reply reply = h.send(who, RequestWithdrawal{own ? h.own : h.coins, satoshi(1 + upTo(5'000))});
                if (reply.refused == Refused::No) last = reply.value;
                break;
            }
            case 2:
            case 3: (void)h.send(who, ApproveWithdrawal{{last}}); break;
            case 4: (void)h.send(who, CancelWithdrawal{some}); break;
            case 5: (void)h.send("coordinator", StartWithdrawal{{last}, "chain"}); break;
            case 6:
                (void)h.send("coordinator", ReportWithdrawal{{last}, upTo(4) != 0, "tx"});
                sent += h.freshOf<LedgerPosted>().size();
                break;
            case 7: h.tick(upTo(10) == 0 ? kDayMs : 1'000); break;
            default: {
                WithdrawalPolicy policy = h.policy(h.fund);
                policy.approvals = static_cast<std::uint32_t>(upTo(3));
                policy.waitingMs = upTo(2) * kHourMs;
                policy.userDay = {satoshi(1'000 + upTo(50'000))};
                if (i % 10 == 0) (void)h.send("fund", SetWithdrawalPolicy{policy});
                if (const auto* change = h.engine.withdrawals().pendingChange(h.fund)) {
                    (void)h.send(who, ApprovePolicyChange{change->id});
                }
            }
            }
            if (QTest::currentTestFailed()) return;
        }
        QVERIFY(sent > 10);
        QVERIFY(h.isReproducible());
        // What is open is what is held.
        h.tick(treasury::kApprovalMs);
        for (std::uint64_t id = 1; id <= last; ++id) {
            (void)h.send("fund", CancelWithdrawal{{id}});
            (void)h.send("person", CancelWithdrawal{{id}});
            (void)h.send("coordinator", ReportWithdrawal{{id}, false, "no"});
        }
        QCOMPARE(h.engine.withdrawals().openCount(), std::size_t{0});
        QCOMPARE(h.engine.ledger().holdCount(), std::size_t{0});
    }
};

QTEST_GUILESS_MAIN(TestEngineWithdrawals)
#include "tst_engine_withdrawals.moc"

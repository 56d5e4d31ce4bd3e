// A seeded stream of commands to the exchange: people and institutions, deposits of all kinds, instruments, orders and
// cancellations, and among them what must be refused, for every reason there is. The same seed and the same replies
// give the same commands. kKinds in Workload.cpp is the list of what it does; a new kind of command is a line there.
#pragma once

#include "core/engine/Commands.h"
#include "core/engine/Engine.h"

#include <map>
#include <random>
#include <set>

namespace tallylock::audit {

class Workload {
public:
    /// `practice`: whoever registers is verified, and by itself nothing waits. Else both take their time.
    Workload(std::uint64_t seed, bool practice) : m_practice(practice), m_random(seed) {}

    engine::Config config() const;
    /// 0 is the coordinator, 1 the key server, 2 a stranger.
    static IdentityKey keyOf(std::uint64_t number);

    /// The next command. Its batch starts at nowMs().
    engine::Command next();
    std::int64_t nowMs() const { return m_nowMs; }
    /// What was answered to the last one, and what came of it.
    void heard(const engine::Reply& reply, const std::vector<engine::Event>& events);

private:
    using Body = engine::CommandBody;
    struct Kind {
        const char* name;
        unsigned weight;
        Body (Workload::*make)();
    };
    struct User {
        IdentityKey key;
        std::uint64_t holder = 0;
        std::uint32_t roles = 0;
        UserId id;
    };
    struct Market {
        InstrumentId id;
        engine::UnitId base;
        engine::UnitId quote;
        money::Int128 tick = 0;
        money::Int128 lot = 0;
        std::int64_t midTicks = 0;
    };
    struct Placed {
        OrderId order;
        IdentityKey key;
        engine::PlaceOrder asked;
    };
    static constexpr std::size_t kMostOpen = 1'500; ///< orders; above, more is cancelled than placed
    static constexpr std::uint64_t kWatchedPlaces = 8;

    Body registerHolder();
    Body setFiatAccount();
    Body addUser();
    Body keepRecord();
    Body changeDevice();
    Body setRoles();
    Body setOrderLimit();
    Body setAssetAccount();
    Body setStanding();
    Body payoutAddress();
    Body requestWithdrawal();
    Body decideWithdrawal();
    Body payWithdrawal();
    Body setWithdrawalFee();
    Body setPolicy();
    Body approvePolicy();
    Body requestIdentifier();
    Body assignIdentifier();
    Body newPayment();
    Body oldPayment();
    Body bankEntry();
    Body assignSuspense();
    Body openInstrument();
    Body placeOrder();
    Body cancelOrder();
    Body replaceOrder();
    Body cancelAll();
    Body steerInstrument();
    Body setDeadMan();
    Body endSession();
    Body setReferenceWindow();
    Body setWatchRule();
    Body changeWatched();
    Body decideCase();

    std::uint64_t below(std::uint64_t bound) { return m_random() % bound; }
    bool oneIn(std::uint64_t n) { return below(n) == 0; }
    IdentityKey freshKey();
    const User& someUser(std::uint32_t role);
    void signAs(const IdentityKey& key) { m_signer = key; }
    void signAsCoordinator();
    void spoil(engine::PlaceOrder& order);
    void spoil(engine::ReplaceOrder& change);
    void spoil(treasury::WithdrawalPolicy& policy);
    void spoil(treasury::WatchRule& rule);
    void chooseType(engine::PlaceOrder& order, const Market& market);
    Market* marketOf(InstrumentId id);
    std::size_t somePlaced();
    engine::Command signedAs(const IdentityKey& signer, Body body);
    std::uint64_t holderOf(const IdentityKey& key) const;
    /// Somebody of this holder, mostly a treasurer.
    IdentityKey someOf(std::uint64_t holder);
    /// Whether a one-time code is to come before it.
    bool wantsCode(const engine::Command& command);
    Body codeFor(const engine::Command& command);
    static money::Int128 oneOf(engine::UnitId unit);
    /// About the largest that this workload moves at once.
    static engine::Amount largeAmount(engine::UnitId unit, treasury::Way way);
    void heardOf(const treasury::Case& one);
    std::string somewhereWatched();
    std::optional<engine::ObserveBankEntry> entryAtAnEdge();

    bool m_practice = true;
    std::mt19937_64 m_random;
    std::int64_t m_nowMs = 1'700'000'000'000;
    std::uint64_t m_steps = 0;
    std::uint64_t m_keys = 0;
    IdentityKey m_signer;
    engine::Command m_last;
    std::map<IdentityKey, std::vector<engine::Command>> m_sent; ///< some of each signer's, to be repeated
    std::map<IdentityKey, std::uint64_t> m_counters;
    std::vector<User> m_users;
    std::uint64_t m_lastUser = 0;
    std::vector<IdentityKey> m_devices; ///< beside each user's first
    std::vector<std::pair<treasury::PayoutAddressId, engine::AddPayoutAddress>> m_addresses;
    std::vector<IdentityKey> m_addressOwners;                                    ///< of each of them
    std::vector<std::pair<treasury::WithdrawalId, std::uint64_t>> m_withdrawals; ///< with their holders
    std::pair<std::uint64_t, std::uint64_t> m_lastChange;                        ///< of a policy, with its holder
    std::set<std::uint64_t> m_withCodes;                                         ///< holders
    std::uint64_t m_codeStep = 0;
    std::optional<engine::Command> m_queued; ///< comes next
    std::vector<engine::AssignDepositIdentifier> m_identifiers;
    std::vector<engine::ObservePayment> m_payments;
    std::vector<engine::ObserveBankEntry> m_lines;
    std::vector<treasury::Case> m_cases; ///< open or held
    std::uint64_t m_lastCase = 0;
    std::vector<HolderId> m_frozen; ///< with a case, and not thawed since
    std::vector<Market> m_markets;
    InstrumentId m_halted;
    std::vector<Placed> m_orders;                       ///< perhaps open
    std::map<std::uint64_t, std::uint64_t> m_clientIds; ///< the last of each holder
};

} // namespace tallylock::audit

// A seeded stream of commands to the exchange: people and institutions, deposits of all kinds, instruments, orders and
// cancellations, and among them what must be refused, for every reason there is. The same seed and the same replies
// give the same commands. kKinds in Workload.cpp is the list of what it does; a new kind of command is a line there.
#pragma once

#include "core/engine/Commands.h"
#include "core/engine/Engine.h"

#include <map>
#include <random>

namespace tallylock::audit {

class Workload {
public:
    explicit Workload(std::uint64_t seed) : m_random(seed) {}

    static engine::Config config();
    /// 0 is the coordinator, 1 the key server, 2 a stranger.
    static IdentityKey keyOf(std::uint64_t number);

    /// The next command. Its batch starts at nowMs().
    engine::Command next();
    std::int64_t nowMs() const { return m_nowMs; }
    /// What was answered to the last one.
    void heard(const engine::Reply& reply);

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
    Body requestIdentifier();
    Body assignIdentifier();
    Body newPayment();
    Body oldPayment();
    Body bankEntry();
    Body openInstrument();
    Body placeOrder();
    Body cancelOrder();

    std::uint64_t below(std::uint64_t bound) { return m_random() % bound; }
    bool oneIn(std::uint64_t n) { return below(n) == 0; }
    IdentityKey freshKey();
    const User& someUser(std::uint32_t role);
    void signAs(const IdentityKey& key) { m_signer = key; }
    void signAsCoordinator();
    void spoil(engine::PlaceOrder& order);

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
    std::vector<IdentityKey> m_addressOwners; ///< of each of them
    std::uint64_t m_lastWithdrawal = 0;
    std::vector<engine::AssignDepositIdentifier> m_identifiers;
    std::vector<engine::ObservePayment> m_payments;
    std::vector<engine::ObserveBankEntry> m_lines;
    std::vector<Market> m_markets;
    std::vector<std::pair<OrderId, IdentityKey>> m_orders; ///< placed, perhaps open
    std::map<std::uint64_t, std::uint64_t> m_clientIds;    ///< the last of each holder
};

} // namespace tallylock::audit

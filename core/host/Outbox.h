// Carries out what sales ask for at the rim: quotes, wallets, escrow, payout, coins, release of the key.
//
// An effect is open in the engine until the command that answers it is applied. So this thread keeps nothing on disk:
// after a restart it starts from the engine's open effects, and every port is idempotent by the sale. Effects do not
// wait for each other; one that fails is tried again, later and later.
#pragma once

#include "core/base/JobControl.h"
#include "core/base/TaskThread.h"
#include "core/host/Sequencer.h"
#include "core/ports/Exchanges.h"
#include "core/ports/FileStore.h"
#include "core/ports/Link.h"

#include <map>
#include <set>

namespace tallylock::host {

struct OutboxPorts {
    ports::FirstExchange& firstExchange;
    ports::DollarExchange& dollarExchange;
    ports::SecondExchange& secondExchange;
    ports::FileStore* files = nullptr; ///< none: nothing counts as delivered but by the buyer's word
};

class Outbox {
public:
    struct Pace {
        std::int64_t firstRetryMs = 50;
        std::int64_t lastRetryMs = 5000;
        std::int64_t resendMs = 2000;   ///< of a release that the key server has taken
        std::int64_t answerMs = 10'000; ///< how long the key server may take
    };
    Outbox(OutboxPorts ports, const keys::Identity& identity, Sequencer& sequencer, TrustedTime& time, Pace pace);
    ~Outbox();

    void start();
    /// Any thread. Effects that need the key server wait for it.
    void setKeyServer(std::shared_ptr<ports::Link> keyServer);
    /// Any thread; an effect that is known already stays as it is.
    void open(const engine::EffectOpened& effect);
    void closed(const engine::EffectClosed& effect);
    /// Ends after the call that is running. Does not wait.
    void close();
    /// Waits for the end, and lets go of the key server.
    void stop();

private:
    using SteadyTime = std::chrono::steady_clock::time_point;
    using Key = std::pair<SaleId, engine::SaleEffect>;
    struct Job {
        std::uint64_t order = 0; ///< as it was opened
        std::uint32_t attempt = 0;
        unsigned tries = 0;
        SteadyTime due;
    };
    enum class Outcome {
        Done,    ///< the engine has taken the answer
        Sent,    ///< the answer comes from somebody else; sent again if it does not
        Failed,  ///< the outside did not do it
        Refused, ///< the engine did not take the answer
        Gone,    ///< the sale is over
        Ending,
    };
    struct Exchange;

    void run();
    std::map<Key, Job>::iterator nextJob();
    void reschedule(const Key& key, std::uint64_t order, Outcome outcome);
    Outcome carryOut(const Key& key, const Job& job);
    Outcome perform(engine::CommandBody body);
    Outcome freezeQuote(const engine::SaleChanged& sale);
    Outcome openWallet(const engine::SaleChanged& sale);
    Outcome provideEscrow(const engine::SaleChanged& sale, std::uint32_t attempt);
    Outcome paySeller(const engine::SaleChanged& sale);
    Outcome moveCoins(const engine::SaleChanged& sale);
    Outcome releaseParts(const engine::SaleChanged& sale);
    Outcome closeWallet(const engine::SaleChanged& sale);
    Outcome proveStored(const engine::SaleChanged& sale);
    Outcome judgeData(const engine::SaleChanged& sale);
    /// Waits for the key server; nothing when it does not answer, or has a problem.
    std::optional<wire::Answer> askKeyServer(const wire::Request& request);

    OutboxPorts m_ports;
    const keys::Identity& m_identity;
    Sequencer& m_sequencer;
    TrustedTime& m_time;
    Pace m_pace;

    std::mutex m_mutex;
    std::condition_variable m_news;
    std::map<Key, Job> m_jobs;
    std::uint64_t m_lastOrder = 0;
    std::shared_ptr<ports::Link> m_keyServer;
    std::shared_ptr<Exchange> m_exchange; ///< the one that is waited for
    bool m_closed = false;
    std::set<SaleId> m_beingRead;
    JobControl m_reading;
    std::thread m_thread;
    TaskThread m_reader; ///< of stored files: nothing else waits for a long one. Last: its tasks use the others
};

} // namespace tallylock::host

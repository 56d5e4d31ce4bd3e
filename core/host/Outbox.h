// Carries out what sales ask for at the rim: quotes, wallets, escrow, payout, coins, release of the key.
//
// An effect is open in the engine until the command that answers it is applied. So this thread keeps nothing on disk:
// after a restart it starts from the engine's open effects, and every port is idempotent by the sale. Effects do not
// wait for each other; one that fails is tried again, later and later.
//
// They go in rounds: one look at the engine, one bundle of questions to the key server and one batch of commands for as
// many as are due. Each of the three costs as much for one effect as for sixty.
#pragma once

#include "core/base/JobControl.h"
#include "core/base/TaskThread.h"
#include "core/host/Quotes.h"
#include "core/host/Sequencer.h"
#include "core/ports/Exchanges.h"
#include "core/ports/FileStore.h"
#include "core/ports/Link.h"

#include <map>
#include <set>
#include <variant>

namespace tallylock::host {

struct OutboxPorts {
    ports::FirstExchange& firstExchange;
    ports::DollarExchange& dollarExchange;
    ports::SecondExchange* secondExchange = nullptr; ///< none: CoinSeller sells the coins on our own book
    ports::FileStore* files = nullptr;               ///< none: nothing counts as delivered but by the buyer's word
};

class Outbox {
public:
    struct Pace {
        std::int64_t firstRetryMs = 50;
        std::int64_t lastRetryMs = 5000;
        std::int64_t seldomMs = 60'000; ///< where somebody takes his time
        std::int64_t resendMs = 2000;   ///< of a release that the key server has taken
        std::int64_t answerMs = 10'000; ///< how long the key server may take
    };
    Outbox(OutboxPorts ports, const keys::Identity& identity, Sequencer& sequencer, TrustedTime& time, Pace pace,
           QuoteSettings quotes = {});
    ~Outbox();

    void start();
    /// Any thread. Effects that need the key server wait for it.
    void setKeyServer(std::shared_ptr<ports::Link> keyServer);
    /// The one that takes over from a silent one.
    void setStandby(std::shared_ptr<ports::Link> standby);
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
        SteadyTime due; ///< of one that waits for its next try
    };
    using Jobs = std::map<Key, Job>;
    enum class Outcome {
        Done,    ///< the engine has taken the answer
        Sent,    ///< the answer comes from somebody else; sent again if it does not
        Failed,  ///< the outside did not do it
        NotYet,  ///< somebody takes his time, hours perhaps
        Refused, ///< the engine did not take the answer
        Gone,    ///< the sale is over
        Untried, ///< the round was too long, or the host ends
    };
    /// What comes of an effect: the command that answers it, or why there is none.
    using Answer = std::variant<Outcome, engine::CommandBody>;
    /// One of a round.
    struct Task {
        Key key;
        Job job;
        std::optional<engine::SaleChanged> sale{};      ///< as the engine knows it
        std::optional<engine::Conversion> conversion{}; ///< B9 of a converted sale: the order for its coins
        std::optional<wire::Answer> keyServer{};        ///< what the key server says to it, if it was asked
        Outcome outcome = Outcome::Failed;
    };
    struct Questions;
    /// What takes long is begun once, and not waited for: a stored file is read, or the key server judges one.
    class UnderWay {
    public:
        bool begin(SaleId sale) {
            const std::lock_guard lock(m_mutex);
            return m_sales.insert(sale).second;
        }
        void end(SaleId sale) {
            const std::lock_guard lock(m_mutex);
            m_sales.erase(sale);
        }

    private:
        std::mutex m_mutex;
        std::set<SaleId> m_sales;
    };

    /// Each may be absent.
    struct KeyServers {
        std::shared_ptr<ports::Link> first;
        std::shared_ptr<ports::Link> standby;
        const std::shared_ptr<ports::Link>& of(const engine::SaleChanged& sale) const {
            return sale.standbyReceipt ? standby : first;
        }
    };

    void run();
    void retryAll();
    std::vector<Task> takeRound();
    void drop(Jobs::iterator job);
    void reschedule(const Task& task);
    void carryOut(std::vector<Task>& round);
    bool look(std::vector<Task>& round);
    void askKeyServer(std::vector<Task>& round);
    static bool waitsForBids(const Task& task);
    std::optional<wire::Request> questionOf(const Task& task) const;
    void perform(std::vector<Task>& round);
    bool isClosed() const;
    Answer answerTo(const Task& task);
    Answer freezeQuote(const engine::SaleChanged& sale);
    Answer openWallet(const engine::SaleChanged& sale);
    Answer provideEscrow(const engine::SaleChanged& sale, const Task& task);
    Answer paySeller(const engine::SaleChanged& sale);
    Answer moveCoins(const engine::SaleChanged& sale);
    Answer closeWallet(const engine::SaleChanged& sale);
    Outcome proveStored(const engine::SaleChanged& sale);
    Outcome judgeData(const engine::SaleChanged& sale);

    OutboxPorts m_ports;
    const keys::Identity& m_identity;
    Sequencer& m_sequencer;
    TrustedTime& m_time;
    Pace m_pace;
    QuoteSettings m_quoteSettings;
    std::optional<Quotes> m_quotes; ///< of the round under way, if it makes any; the outbox's own thread

    mutable std::mutex m_mutex;
    std::condition_variable m_news;
    Jobs m_jobs;
    std::map<std::uint64_t, Key> m_ready;         ///< to be carried out, in the order in which they were opened
    std::set<std::pair<SteadyTime, Key>> m_later; ///< to be tried again
    std::uint64_t m_lastOrder = 0;
    KeyServers m_keyServers;
    std::shared_ptr<Questions> m_questions; ///< those that are waited for
    bool m_closed = false;
    std::shared_ptr<UnderWay> m_underWay = std::make_shared<UnderWay>(); ///< an answer may come after this has ended
    JobControl m_reading;
    std::thread m_thread;
    TaskThread m_reader; ///< of stored files: nothing else waits for a long one. Last: its tasks use the others
};

} // namespace tallylock::host

#include "core/host/Host.h"

#include "core/host/LocalLink.h"
#include "core/host/Payouts.h"

#include <tuple>

namespace tallylock::host {

using ports::StoreError;
using ports::StoreFailure;

class Host::Core {
public:
    explicit Core(Options options);
    ~Core() { stop(); }

    Result<void, StoreFailure> start();
    void stop();
    LinkEnds ends() {
        return {m_projection,
                m_sequencer,
                m_sessions,
                m_factors,
                m_trails,
                m_witnesses,
                m_trialBalances,
                m_options.config.coordinator.identity,
                [this] { return newNonce(); }};
    }

    const engine::Config& config() const { return m_options.config; }
    Sequencer& sequencer() { return m_sequencer; }
    Outbox& outbox() { return m_outbox; }
    Projection& projection() { return m_projection; }
    SecondFactors& factors() { return m_factors; }
    const std::vector<Holding>& holdings() const { return m_holdings; }
    TrustedTime& time() { return m_time; }
    std::optional<StoreFailure> failure() const {
        const std::lock_guard lock(m_mutex);
        return m_failure;
    }

private:
    void tell(const std::vector<ports::Projected>& batch);
    void fail(const StoreFailure& failure);
    Hash newNonce();
    void addWatcher(std::unique_ptr<Source> source);
    void want(const engine::IdentifierWanted& wanted);
    Result<void, StoreFailure> resumeOpenWork();

    Options m_options;
    TrustedTime m_time;
    mutable std::mutex m_mutex;
    std::optional<StoreFailure> m_failure;
    std::mutex m_stopMutex;
    std::mutex m_randomMutex;
    // In the order of use: each is stopped before those above it.
    TrialBalances m_trialBalances;
    Projection m_projection;
    Sequencer m_sequencer;
    Sessions m_sessions;
    SecondFactors m_factors;
    TrailDesk m_trails;
    WitnessDesk m_witnesses;
    Outbox m_outbox;
    Payouts m_payouts;
    CoinSeller m_coinSeller;
    std::vector<std::unique_ptr<Watcher>> m_watchers;
    std::vector<Holding> m_holdings;
};

static std::vector<Payer> payersOf(const Options& options) {
    std::vector<Payer> payers;
    for (ports::Rail* rail : options.rails) payers.push_back(payerOf(*rail));
    for (ports::Bank* bank : options.banks) payers.push_back(payerOf(*bank));
    return payers;
}

static ports::SecondExchange* secondExchangeOf(const Options& options) {
    return options.config.secondExchange == engine::SecondExchange::OwnBook ? nullptr : &options.secondExchange;
}

Host::Core::Core(Options options)
    : m_options(std::move(options)),
      m_time(m_options.clock, m_options.longestPauseMs),
      m_projection([this](const auto& f) { fail(f); }, m_options.tablesBacklog),
      m_sequencer(
          {m_options.identity, m_options.config, m_options.openJournal, m_options.openProjector, *m_options.snapshots,
           m_time, m_options.random, m_options.queueLimit, m_options.batchLimit, m_options.snapshotEvery,
           m_options.smallSnapshot, std::exchange(m_options.warm, std::nullopt)},
          m_projection, [this](const auto& batch) { tell(batch); }, [this](const auto& f) { fail(f); }),
      m_sessions(m_sequencer),
      m_factors(m_options.identity, m_options.openFactors, m_sequencer, m_time, m_options.random,
                [this](const auto& f) { fail(f); }),
      m_trails(m_options.identity, m_options.openJournal, m_projection),
      m_witnesses(m_options.identity, m_projection),
      m_outbox({m_options.firstExchange, m_options.dollarExchange, secondExchangeOf(m_options), m_options.files},
               m_options.identity, m_sequencer, m_time, m_options.outbox, m_options.quotes),
      m_payouts(payersOf(m_options), m_sequencer, m_options.outbox),
      m_coinSeller(m_sequencer, m_options.outbox, m_options.quotes) {
    for (ports::Rail* rail : m_options.rails) {
        addWatcher(sourceOf(*rail));
        m_holdings.push_back(holdingOf(*rail));
    }
    for (ports::Bank* bank : m_options.banks) {
        addWatcher(sourceOf(*bank));
        m_holdings.push_back(holdingOf(*bank));
    }
    m_sequencer.setWantRails([this] {
        for (const auto& watcher : m_watchers) watcher->look();
    });
}

void Host::Core::addWatcher(std::unique_ptr<Source> source) {
    OpenJournal openCursors = m_options.cursorsOf ? m_options.cursorsOf(source->name()) : OpenJournal();
    m_watchers.push_back(std::make_unique<Watcher>(std::move(source), std::move(openCursors), m_sequencer, m_time,
                                                   m_options.watch, [this](const auto& f) { fail(f); }));
}

Result<void, StoreFailure> Host::Core::start() {
    if (m_options.config.coordinator.identity != m_options.identity.key()) {
        return Err(StoreFailure{StoreError::OtherOwner, "the config names another coordinator"});
    }
    auto started = m_sequencer.start();
    if (started && m_options.openFactors) started = m_factors.start();
    if (started) started = resumeOpenWork();
    for (const auto& watcher : m_watchers) {
        if (started) started = watcher->start();
    }
    if (!started) return started;
    m_outbox.start();
    m_payouts.start();
    m_coinSeller.start();
    return {};
}

Hash Host::Core::newNonce() {
    const std::lock_guard lock(m_randomMutex);
    return m_options.random.fixed<Hash>();
}

/// What was open when the host ended.
Result<void, StoreFailure> Host::Core::resumeOpenWork() {
    const auto open = m_sequencer.askNow([](const Sight& sight) {
        return std::tuple{sight.engine.openEffects(), sight.engine.openIdentifierRequests(),
                          sight.engine.withdrawals().toCarryOut()};
    });
    if (!open) return Err(failure().value_or(StoreFailure{}));
    const auto& [effects, identifiers, withdrawals] = *open;
    for (const engine::EffectOpened& effect : effects) m_outbox.open(effect);
    for (const engine::IdentifierWanted& wanted : identifiers) want(wanted);
    for (const treasury::Withdrawal& withdrawal : withdrawals) m_payouts.changed(withdrawal);
    return {};
}

void Host::Core::stop() {
    const std::lock_guard lock(m_stopMutex);
    m_sessions.endAll();
    m_sequencer.close(); // wakes whoever waits for a reply
    m_outbox.close();
    m_payouts.close();
    m_coinSeller.close();
    for (const auto& watcher : m_watchers) watcher->close();
    for (const auto& watcher : m_watchers) watcher->stop();
    m_outbox.stop();
    m_payouts.stop();
    m_coinSeller.stop();
    m_factors.stop();
    m_sequencer.stop();
    m_projection.stop(); // answers what the desks wait for
    m_trails.stop();
    m_witnesses.stop();
}

/// On the sequencer's thread, when the batch is durable.
void Host::Core::tell(const std::vector<ports::Projected>& batch) {
    for (const ports::Projected& cause : batch) {
        for (const engine::Event& event : cause.events) {
            if (const auto* opened = std::get_if<engine::EffectOpened>(&event.body)) m_outbox.open(*opened);
            if (const auto* closed = std::get_if<engine::EffectClosed>(&event.body)) m_outbox.closed(*closed);
            if (const auto* payout = engine::bodyIf<engine::WithdrawalChanged>(event.body))
                m_payouts.changed(payout->withdrawal);
            if (std::holds_alternative<engine::CoinStockChanged>(event.body)) m_coinSeller.changed();
            if (const auto* wanted = std::get_if<engine::IdentifierWanted>(&event.body)) want(*wanted);
        }
    }
}

void Host::Core::want(const engine::IdentifierWanted& wanted) {
    for (const auto& watcher : m_watchers) {
        if (!watcher->carries(wanted.unit)) continue;
        watcher->want(wanted);
        return;
    }
}

/// On whichever thread has met it.
void Host::Core::fail(const StoreFailure& failure) {
    {
        const std::lock_guard lock(m_mutex);
        if (m_failure) return;
        m_failure = failure;
    }
    m_sequencer.close();
    if (m_options.onFailure) m_options.onFailure(failure);
}

// --- the public face ------------------------------------------------------------------------------------------------

Result<std::unique_ptr<Host>, StoreFailure> Host::start(Options options) {
    auto core = std::make_shared<Core>(std::move(options));
    const auto started = core->start();
    if (!started) return Err(started.error());
    return std::unique_ptr<Host>(new Host(std::move(core)));
}

Host::~Host() { stop(); }
void Host::stop() { m_core->stop(); }
const engine::Config& Host::config() const { return m_core->config(); }

std::unique_ptr<ports::Link> Host::connect(const IdentityKey& who) {
    return std::make_unique<LocalLink>(m_core, m_core->ends(), who);
}

void Host::setKeyServer(std::unique_ptr<ports::Link> link) { m_core->outbox().setKeyServer(std::move(link)); }
void Host::setStandby(std::unique_ptr<ports::Link> link) { m_core->outbox().setStandby(std::move(link)); }

std::optional<std::vector<engine::Reply>> Host::perform(std::vector<engine::CommandBody> commands) {
    return m_core->sequencer().perform(std::move(commands));
}

bool Host::visit(const std::function<void(const engine::Engine&)>& visitor) const {
    const auto seen = m_core->sequencer().askNow([&visitor](const Sight& sight) {
        visitor(sight.engine);
        return true;
    });
    return seen.has_value();
}

bool Host::visitWithin(std::chrono::milliseconds patience, std::function<void(const engine::Engine&)> visitor) const {
    const auto seen = std::make_shared<std::promise<void>>();
    auto isSeen = seen->get_future();
    const auto taken = m_core->sequencer().ask(
        [seen, visitor = std::move(visitor)](const Sight& sight) {
            visitor(sight.engine);
            seen->set_value();
        },
        Sequencer::Bound::None);
    return taken == Sequencer::Taken::Yes && isSeen.wait_for(patience) == std::future_status::ready;
}

std::optional<wire::HistoryPage> Host::history(HolderId reader, const wire::HistoryQuery& query) const {
    const auto promise = std::make_shared<std::promise<std::optional<wire::HistoryPage>>>();
    auto page = promise->get_future();
    auto reply = std::make_shared<Once<std::optional<wire::HistoryPage>>>(
        [promise](auto answer) { promise->set_value(std::move(answer)); }, std::nullopt);
    m_core->projection().history(reader, query, [reply](wire::HistoryPage found) { (*reply)(std::move(found)); });
    reply.reset(); // so that tables which cannot answer say so
    return std::move(page).get();
}

std::optional<std::vector<Reconciled>> Host::reconcile() const {
    // What moves while the rails are asked would look like a difference.
    constexpr int kTries = 5;
    std::optional<std::vector<Reconciled>> rows;
    for (int i = 0; i < kTries; ++i) {
        std::vector<Inside> before;
        std::vector<Inside> after;
        if (!visit([&](const engine::Engine& engine) { before = insideOf(engine); })) return std::nullopt;
        rows = host::reconcile(before, m_core->holdings());
        if (!visit([&](const engine::Engine& engine) { after = insideOf(engine); })) return std::nullopt;
        if (before == after) break;
    }
    return rows;
}

bool Host::resetFactor(UserId user) { return m_core->factors().reset(user); }

Status Host::status() const {
    const Position at = m_core->sequencer().position();
    return {at.batch, at.sequence, at.head, m_core->time().isHeld(), m_core->failure()};
}

void Host::confirmClock() {
    m_core->time().confirm();
    wake();
}

void Host::wake() { m_core->sequencer().wake(); }

std::optional<Hash> Host::stateHash() const {
    return m_core->sequencer().askNow([](const Sight& sight) { return sight.engine.stateHash(); });
}

} // namespace tallylock::host

#include "core/host/Outbox.h"

#include "core/asset/Edition.h"
#include "core/crypto/Hash.h"
#include "core/host/Conversions.h"
#include "core/ports/StoredFile.h"

#include <algorithm>
#include <cassert>

namespace tallylock::host {

using engine::SaleChanged;
using engine::SaleEffect;

namespace {
/// A refusal is journaled each time, so it is not asked for often.
constexpr std::int64_t kRefusedRetryMs = 60'000;
constexpr const char* kOwnBook = "own book";
constexpr std::size_t kMostInRound = 64;
/// Where the outside is slow, what is done already is not kept waiting for the rest.
constexpr auto kLongestRound = std::chrono::milliseconds(50);
} // namespace

/// Questions to the key server and their answers. An answer may come after nobody waits any more.
struct Outbox::Questions {
    explicit Questions(std::size_t count) : answers(count), missing(count) {}
    std::mutex mutex;
    std::condition_variable news;
    std::vector<std::optional<Result<Bytes, ports::LinkError>>> answers;
    std::size_t missing;
    bool over = false;

    void put(std::size_t at, Result<Bytes, ports::LinkError> frame) {
        const std::lock_guard lock(mutex);
        if (answers[at]) return;
        answers[at] = std::move(frame);
        if (--missing == 0) news.notify_one();
    }
    void giveUp() {
        const std::lock_guard lock(mutex);
        over = true;
        news.notify_one();
    }
    std::vector<std::optional<Result<Bytes, ports::LinkError>>> wait(std::int64_t atMostMs) {
        std::unique_lock lock(mutex);
        news.wait_for(lock, std::chrono::milliseconds(atMostMs), [&] { return over || missing == 0; });
        return answers;
    }
};

Outbox::Outbox(OutboxPorts ports, const keys::Identity& identity, Sequencer& sequencer, TrustedTime& time, Pace pace,
               QuoteSettings quotes)
    : m_ports(ports),
      m_identity(identity),
      m_sequencer(sequencer),
      m_time(time),
      m_pace(pace),
      m_quoteSettings(quotes) {}

Outbox::~Outbox() { stop(); }

void Outbox::stop() {
    close();
    if (m_thread.joinable()) m_thread.join();
    m_reader.stop();
    KeyServers ending; // without the lock
    const std::lock_guard lock(m_mutex);
    std::swap(ending, m_keyServers);
}

void Outbox::start() {
    m_thread = std::thread([this] { run(); });
}

void Outbox::setKeyServer(std::shared_ptr<ports::Link> keyServer) {
    const std::lock_guard lock(m_mutex);
    m_keyServers.first = std::move(keyServer);
    retryAll();
}

void Outbox::setStandby(std::shared_ptr<ports::Link> standby) {
    const std::lock_guard lock(m_mutex);
    m_keyServers.standby = std::move(standby);
    retryAll();
}

/// Under the lock.
void Outbox::retryAll() {
    for (const auto& [due, key] : m_later) m_ready.emplace(m_jobs.at(key).order, key);
    m_later.clear();
    m_news.notify_one();
}

void Outbox::open(const engine::EffectOpened& effect) {
    const std::lock_guard lock(m_mutex);
    const Key key{effect.sale, effect.effect};
    if (!m_jobs.try_emplace(key, Job{m_lastOrder + 1, effect.attempt, 0, {}}).second) return;
    m_ready.emplace(++m_lastOrder, key);
    m_news.notify_one();
}

void Outbox::closed(const engine::EffectClosed& effect) {
    const std::lock_guard lock(m_mutex);
    const auto found = m_jobs.find({effect.sale, effect.effect});
    if (found != m_jobs.end()) drop(found);
}

/// Wherever it waits, or is being carried out.
void Outbox::drop(Jobs::iterator job) {
    m_ready.erase(job->second.order);
    m_later.erase({job->second.due, job->first});
    m_jobs.erase(job);
}

void Outbox::close() {
    const std::lock_guard lock(m_mutex);
    m_closed = true;
    m_reading.interrupt();
    if (m_questions) m_questions->giveUp();
    m_news.notify_one();
}

bool Outbox::isClosed() const {
    const std::lock_guard lock(m_mutex);
    return m_closed;
}

void Outbox::run() {
    std::unique_lock lock(m_mutex);
    while (!m_closed) {
        auto round = takeRound();
        if (!round.empty()) {
            lock.unlock();
            carryOut(round);
            lock.lock();
            for (const Task& task : round) reschedule(task);
        } else if (m_later.empty()) {
            m_news.wait(lock);
        } else {
            const SteadyTime due = m_later.begin()->first;
            m_news.wait_until(lock, due);
        }
    }
}

/// Of those that are due, the ones that were opened first.
std::vector<Outbox::Task> Outbox::takeRound() {
    const SteadyTime now = std::chrono::steady_clock::now();
    while (!m_later.empty() && m_later.begin()->first <= now) {
        const Key key = m_later.begin()->second;
        m_later.erase(m_later.begin());
        m_ready.emplace(m_jobs.at(key).order, key);
    }
    std::vector<Task> round;
    while (!m_ready.empty() && round.size() < kMostInRound) {
        const Key key = m_ready.begin()->second;
        m_ready.erase(m_ready.begin());
        round.push_back({key, m_jobs.at(key)});
    }
    return round;
}

void Outbox::reschedule(const Task& task) {
    const auto found = m_jobs.find(task.key);
    if (found == m_jobs.end() || found->second.order != task.job.order) return; // closed, or opened anew, meanwhile
    Job& job = found->second;
    switch (task.outcome) {
    case Outcome::Done:
    case Outcome::Gone: drop(found); return;
    case Outcome::Untried: m_ready.emplace(job.order, task.key); return;
    default: break;
    }
    std::int64_t waitMs = m_pace.firstRetryMs << std::min(job.tries, 20u);
    waitMs = std::min(waitMs, task.outcome == Outcome::NotYet ? m_pace.seldomMs : m_pace.lastRetryMs);
    if (task.outcome == Outcome::Sent) waitMs = m_pace.resendMs;
    if (task.outcome == Outcome::Refused) waitMs = std::min(waitMs << std::min(job.tries, 10u), kRefusedRetryMs);
    ++job.tries;
    job.due = std::chrono::steady_clock::now() + std::chrono::milliseconds(waitMs);
    m_later.insert({job.due, task.key});
}

// --- a round ------------------------------------------------------------------------------------------------------

void Outbox::carryOut(std::vector<Task>& round) {
    if (!look(round)) return;
    askKeyServer(round);
    perform(round);
}

/// Finds the sales as they are when everything that the engine has applied is durable. False: there is no engine.
bool Outbox::look(std::vector<Task>& round) {
    std::vector<Key> keys;
    keys.reserve(round.size());
    for (const Task& task : round) keys.push_back(task.key);
    const bool quoting = std::any_of(round.begin(), round.end(),
                                     [](const Task& task) { return task.key.second == SaleEffect::FreezeQuote; });
    struct Seen {
        std::vector<std::optional<SaleChanged>> sales;
        std::vector<std::optional<engine::Conversion>> conversions;
        std::optional<Quotes> quotes;
    };
    auto seen = m_sequencer.askNow([keys = std::move(keys), quoting, settings = m_quoteSettings](const Sight& sight) {
        Seen found;
        Conversions orders(sight.engine, settings.downToBasisPoints);
        for (const auto& [id, effect] : keys) {
            const SaleChanged* sale = sight.engine.sale(id);
            const bool converts = sale && effect == SaleEffect::ProvideEscrow;
            found.conversions.push_back(converts ? orders.make(*sale) : std::nullopt);
            found.sales.push_back(sale ? std::optional(*sale) : std::nullopt);
        }
        if (quoting) found.quotes.emplace(settings, sight.engine);
        return found;
    });
    if (!seen) return false;
    for (std::size_t i = 0; i < round.size(); ++i) {
        round[i].sale = std::move(seen->sales[i]);
        round[i].conversion = seen->conversions[i];
    }
    m_quotes = std::move(seen->quotes);
    return true;
}

static engine::Contract contractOf(const SaleChanged& sale) {
    return {*sale.terms, *sale.sellerSignature, *sale.buyerSignature, *sale.keyReceipt};
}

/// B9 of a sale whose coins nobody buys for its price now.
bool Outbox::waitsForBids(const Task& task) { return isConverted(*task.sale->terms) && !task.conversion; }

/// What the key server is asked before the outside is. Nothing: it has no part in this effect.
std::optional<wire::Request> Outbox::questionOf(const Task& task) const {
    if (!task.sale) return std::nullopt;
    const SaleChanged& sale = *task.sale;
    switch (task.key.second) {
    case SaleEffect::ProvideEscrow:
        if (waitsForBids(task)) return std::nullopt; // it would be asked in vain
        return wire::KeyReadyRequest{contractOf(sale), {*sale.contract, task.job.attempt}};
    case SaleEffect::ReleaseParts: // signed here, since only the host knows the journal's head
        return wire::releaseOf(sale, m_identity, m_sequencer.position().head);
    case SaleEffect::GivePart1: return wire::GivePart1{sale.sale, contractOf(sale)};
    default: return std::nullopt;
    }
}

/// Waits for the key server; a task stays without its answer when there is none.
void Outbox::askKeyServer(std::vector<Task>& round) {
    KeyServers servers;
    {
        const std::lock_guard lock(m_mutex);
        if (m_closed) return;
        servers = m_keyServers;
    }
    std::vector<Task*> asking;
    std::vector<Bytes> frames;
    for (Task& task : round) {
        const auto question = questionOf(task);
        if (!question || !servers.of(*task.sale)) continue;
        asking.push_back(&task);
        frames.push_back(encodeCbor(*question));
    }
    if (asking.empty()) return;
    const auto questions = std::make_shared<Questions>(asking.size());
    {
        const std::lock_guard lock(m_mutex);
        if (m_closed) return;
        m_questions = questions;
    }
    for (std::size_t i = 0; i < frames.size(); ++i) {
        const auto& keyServer = servers.of(*asking[i]->sale);
        keyServer->request(std::move(frames[i]), [questions, i](Result<Bytes, ports::LinkError> frame) {
            questions->put(i, std::move(frame));
        });
    }
    const auto answers = questions->wait(m_pace.answerMs);
    for (std::size_t i = 0; i < asking.size(); ++i) {
        if (!answers[i] || !answers[i]->ok()) continue;
        if (auto answer = decodeCbor<wire::Answer>(**answers[i])) asking[i]->keyServer = std::move(*answer);
    }
}

/// Asks the outside in the order of the round, and gives the engine all answers at once.
void Outbox::perform(std::vector<Task>& round) {
    const SteadyTime end = std::chrono::steady_clock::now() + kLongestRound;
    std::vector<Task*> answered;
    std::vector<engine::CommandBody> commands;
    for (Task& task : round) {
        if (isClosed() || std::chrono::steady_clock::now() > end) {
            task.outcome = Outcome::Untried;
            continue;
        }
        Answer answer = answerTo(task);
        if (const auto* outcome = std::get_if<Outcome>(&answer)) {
            task.outcome = *outcome;
            continue;
        }
        answered.push_back(&task);
        commands.push_back(std::move(std::get<engine::CommandBody>(answer)));
    }
    if (commands.empty()) return;
    const auto replies = m_sequencer.perform(std::move(commands));
    for (std::size_t i = 0; replies && i < answered.size(); ++i) {
        const bool taken = (*replies)[i].refused == engine::Refused::No;
        answered[i]->outcome = taken ? Outcome::Done : Outcome::Refused;
    }
}

Outbox::Answer Outbox::answerTo(const Task& task) {
    if (!task.sale) return Outcome::Gone;
    const SaleChanged& sale = *task.sale;
    switch (task.key.second) {
    case SaleEffect::FreezeQuote: return freezeQuote(sale);
    case SaleEffect::OpenWallet: return openWallet(sale);
    case SaleEffect::ProvideEscrow: return provideEscrow(sale, task);
    case SaleEffect::PaySeller: return paySeller(sale);
    case SaleEffect::MoveCoins: return moveCoins(sale);
    case SaleEffect::GivePart1:
    case SaleEffect::ReleaseParts: // the key server's own commands answer it
        return task.keyServer && std::holds_alternative<wire::Accepted>(*task.keyServer) ? Outcome::Sent
                                                                                         : Outcome::Failed;
    case SaleEffect::CloseWallet: return closeWallet(sale);
    case SaleEffect::ProveStored: return proveStored(sale);
    case SaleEffect::JudgeData: return judgeData(sale);
    case SaleEffect::None:
    case SaleEffect::kCount: break;
    }
    assert(false && "no such effect");
    return Outcome::Gone;
}

/// B5, and again for a quote that has lapsed. What is not quoted now is asked for again until the sale's deadline.
Outbox::Answer Outbox::freezeQuote(const SaleChanged& sale) {
    const auto quote = isConverted(*sale.terms)
                           ? m_quotes->makeConverted(sale.coin, sale.terms->price)
                           : m_quotes->make({sale.sale, sale.coin, sale.terms->price, sale.quoteUntilMs.value_or(0)},
                                            m_ports.firstExchange);
    if (!quote) return Outcome::Failed;
    return engine::FreezeQuote{sale.sale, quote->coins, m_time.nowMs() + quote->validForMs, true};
}

/// B6. The wallet's deadline counts from now.
Outbox::Answer Outbox::openWallet(const SaleChanged& sale) {
    const auto wallet = m_ports.firstExchange.openWallet(sale.sale, sale.coin);
    if (!wallet) return Outcome::Failed;
    engine::OpenWallet command;
    command.sale = sale.sale;
    command.contract = *sale.contract;
    command.rail = wallet->rail;
    command.address = wallet->address;
    command.coins = *sale.coins;
    command.deadlineMs = m_time.nowMs() + sale.terms->deadlines.paymentMs;
    command.epoch = wire::kEpoch;
    return engine::CommandBody(std::move(command));
}

/// B9. The key server's fresh word comes first: no dollars move for a key that is gone. What is bid too little for now
/// is tried again until the deadline refunds it.
Outbox::Answer Outbox::provideEscrow(const SaleChanged& sale, const Task& task) {
    const auto* word = task.keyServer ? std::get_if<wire::KeyReadyReply>(&*task.keyServer) : nullptr;
    if (!word) return Outcome::Failed;
    const engine::KeyReady ready{*sale.contract, task.job.attempt};
    if (isConverted(*sale.terms))
        return engine::ProvideEscrow{sale.sale, kOwnBook, ready, word->signature, task.conversion};
    const auto reference = m_ports.firstExchange.provide(sale.sale, sale.terms->price);
    if (!reference) return Outcome::Failed;
    return engine::ProvideEscrow{sale.sale, *reference, ready, word->signature};
}

/// B10.
Outbox::Answer Outbox::paySeller(const SaleChanged& sale) {
    const engine::Terms& terms = *sale.terms;
    const money::Amount dollars{terms.price.value - terms.fee.value - terms.holdback.value, terms.price.unit};
    const auto reference = m_ports.dollarExchange.pay(sale.sale, dollars);
    if (!reference) return Outcome::Failed;
    return engine::PaySeller{sale.sale, *reference};
}

/// B11. On our own book the quoted coins are the treasury's at once: what they fetch is its own affair. Where B9 has
/// sold the coins, all that is left of them is the buyer's.
Outbox::Answer Outbox::moveCoins(const SaleChanged& sale) {
    if (isConverted(*sale.terms)) return engine::MoveCoins{sale.sale, kOwnBook, {0, sale.coin}};
    if (!m_ports.secondExchange) return engine::MoveCoins{sale.sale, kOwnBook, *sale.coins};
    const auto receipt = m_ports.secondExchange->receive(sale.sale, *sale.coins);
    if (!receipt) return Outcome::Failed;
    return engine::MoveCoins{sale.sale, receipt->reference, receipt->used};
}

Outbox::Answer Outbox::closeWallet(const SaleChanged& sale) {
    const auto reference = m_ports.firstExchange.closeWallet(sale.sale);
    if (!reference) return Outcome::Failed;
    return engine::CloseWallet{sale.sale, *reference};
}

/// B8: the store has the whole file, and it is the one that was agreed. Read beside the rounds. Thousands of sales may
/// wait for their sellers, so each is looked at seldom; nobody's turn depends on it but where the buyer stays silent.
Outbox::Outcome Outbox::proveStored(const SaleChanged& sale) {
    if (!m_ports.files) return Outcome::NotYet;
    const auto size = m_ports.files->sizeOf(sale.terms->sealedRoot);
    if (!size || *size != sale.terms->sealedSize) return Outcome::NotYet;
    if (!m_underWay->begin(sale.sale)) return Outcome::NotYet;
    m_reader.post([this, id = sale.sale, contract = *sale.contract, root = sale.terms->sealedRoot] {
        auto file = ports::StoredFile::open(*m_ports.files, root);
        asset::Work work;
        work.control = &m_reading;
        if (file && asset::verifySealed(*file, root, work)) {
            const engine::StoreReceipt receipt{contract, root, m_time.nowMs()};
            (void)m_sequencer.perform({engine::ConfirmStored{id, receipt, m_identity.sign("r8-store", receipt)}});
        }
        m_underWay->end(id);
    });
    return Outcome::NotYet; // nor is a file that is not sound read again and again
}

/// The verdict comes from the key server itself, which reads a whole file for it: nobody waits here.
Outbox::Outcome Outbox::judgeData(const SaleChanged& sale) {
    std::shared_ptr<ports::Link> keyServer;
    {
        const std::lock_guard lock(m_mutex);
        keyServer = m_keyServers.of(sale);
    }
    if (!keyServer) return Outcome::Failed;
    if (!m_underWay->begin(sale.sale)) return Outcome::Sent;
    const wire::Request question = wire::JudgeRequest{sale.sale, *sale.dispute->receipt, *sale.dispute->signature};
    keyServer->request(encodeCbor(question), [underWay = m_underWay, id = sale.sale](
                                                 const Result<Bytes, ports::LinkError>&) { underWay->end(id); });
    return Outcome::Sent;
}

} // namespace tallylock::host

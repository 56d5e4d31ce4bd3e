#include "core/host/Outbox.h"

#include "core/asset/Edition.h"
#include "core/crypto/Hash.h"
#include "core/ports/StoredFile.h"

#include <algorithm>
#include <cassert>

namespace tallylock::host {

using engine::SaleChanged;
using engine::SaleEffect;

namespace {
/// A refusal is journaled each time, so it is not asked for often.
constexpr std::int64_t kRefusedRetryMs = 60'000;
constexpr std::uint64_t kEpoch = 1;
} // namespace

/// One question to the key server and its answer. The answer may come after nobody waits any more.
struct Outbox::Exchange {
    std::mutex mutex;
    std::condition_variable news;
    std::optional<Result<Bytes, ports::LinkError>> answer;
    bool over = false;

    void put(Result<Bytes, ports::LinkError> frame) {
        const std::lock_guard lock(mutex);
        if (!answer) answer = std::move(frame);
        over = true;
        news.notify_one();
    }
    void giveUp() {
        const std::lock_guard lock(mutex);
        over = true;
        news.notify_one();
    }
};

Outbox::Outbox(OutboxPorts ports, const keys::Identity& identity, Sequencer& sequencer, TrustedTime& time, Pace pace)
    : m_ports(ports),
      m_identity(identity),
      m_sequencer(sequencer),
      m_time(time),
      m_pace(pace) {}

Outbox::~Outbox() { stop(); }

void Outbox::stop() {
    close();
    if (m_thread.joinable()) m_thread.join();
    m_reader.stop();
    std::shared_ptr<ports::Link> keyServer; // ends without the lock
    const std::lock_guard lock(m_mutex);
    std::swap(keyServer, m_keyServer);
}

void Outbox::start() {
    m_thread = std::thread([this] { run(); });
}

void Outbox::setKeyServer(std::shared_ptr<ports::Link> keyServer) {
    const std::lock_guard lock(m_mutex);
    m_keyServer = std::move(keyServer);
    for (auto& [key, job] : m_jobs) job.due = {};
    m_news.notify_one();
}

void Outbox::open(const engine::EffectOpened& effect) {
    const std::lock_guard lock(m_mutex);
    m_jobs.try_emplace({effect.sale, effect.effect}, Job{++m_lastOrder, effect.attempt, 0, {}});
    m_news.notify_one();
}

void Outbox::closed(const engine::EffectClosed& effect) {
    const std::lock_guard lock(m_mutex);
    m_jobs.erase({effect.sale, effect.effect});
}

void Outbox::close() {
    const std::lock_guard lock(m_mutex);
    m_closed = true;
    m_reading.interrupt();
    if (m_exchange) m_exchange->giveUp();
    m_news.notify_one();
}

void Outbox::run() {
    std::unique_lock lock(m_mutex);
    while (!m_closed) {
        const auto next = nextJob();
        if (next == m_jobs.end()) {
            m_news.wait(lock);
        } else if (next->second.due > std::chrono::steady_clock::now()) {
            const SteadyTime due = next->second.due;
            m_news.wait_until(lock, due);
        } else {
            const Key key = next->first;
            const Job job = next->second;
            lock.unlock();
            const Outcome outcome = carryOut(key, job);
            lock.lock();
            reschedule(key, job.order, outcome);
        }
    }
}

/// The one that is due first; of those that are due, the one that was opened first.
std::map<Outbox::Key, Outbox::Job>::iterator Outbox::nextJob() {
    const SteadyTime now = std::chrono::steady_clock::now();
    return std::min_element(m_jobs.begin(), m_jobs.end(), [now](const auto& a, const auto& b) {
        const bool aIsDue = a.second.due <= now;
        const bool bIsDue = b.second.due <= now;
        if (aIsDue && bIsDue) return a.second.order < b.second.order;
        return a.second.due < b.second.due;
    });
}

void Outbox::reschedule(const Key& key, std::uint64_t order, Outcome outcome) {
    const auto found = m_jobs.find(key);
    if (found == m_jobs.end() || found->second.order != order) return; // closed, or opened anew, meanwhile
    if (outcome == Outcome::Done || outcome == Outcome::Gone) {
        m_jobs.erase(found);
        return;
    }
    Job& job = found->second;
    std::int64_t waitMs = m_pace.firstRetryMs << std::min(job.tries, 20u);
    waitMs = std::min(waitMs, m_pace.lastRetryMs);
    if (outcome == Outcome::Sent) waitMs = m_pace.resendMs;
    if (outcome == Outcome::Refused) waitMs = std::min(waitMs << std::min(job.tries, 10u), kRefusedRetryMs);
    ++job.tries;
    job.due = std::chrono::steady_clock::now() + std::chrono::milliseconds(waitMs);
}

Outbox::Outcome Outbox::carryOut(const Key& key, const Job& job) {
    const auto view = m_sequencer.askNow([id = key.first](const Sight& sight) {
        const SaleChanged* sale = sight.engine.sale(id);
        return sale ? std::optional<SaleChanged>(*sale) : std::nullopt;
    });
    if (!view) return m_sequencer.isClosed() ? Outcome::Ending : Outcome::Failed;
    if (!*view) return Outcome::Gone;
    const SaleChanged& sale = **view;
    switch (key.second) {
    case SaleEffect::FreezeQuote: return freezeQuote(sale);
    case SaleEffect::OpenWallet: return openWallet(sale);
    case SaleEffect::ProvideEscrow: return provideEscrow(sale, job.attempt);
    case SaleEffect::PaySeller: return paySeller(sale);
    case SaleEffect::MoveCoins: return moveCoins(sale);
    case SaleEffect::ReleaseParts: return releaseParts(sale);
    case SaleEffect::CloseWallet: return closeWallet(sale);
    case SaleEffect::ProveStored: return proveStored(sale);
    case SaleEffect::JudgeData: return judgeData(sale);
    case SaleEffect::None:
    case SaleEffect::kCount: break;
    }
    assert(false && "no such effect");
    return Outcome::Gone;
}

Outbox::Outcome Outbox::perform(engine::CommandBody body) {
    const auto replies = m_sequencer.perform({std::move(body)});
    if (!replies) return Outcome::Ending;
    return replies->front().refused == engine::Refused::No ? Outcome::Done : Outcome::Refused;
}

/// B5.
Outbox::Outcome Outbox::freezeQuote(const SaleChanged& sale) {
    const auto quote = m_ports.firstExchange.quote(sale.sale, sale.coin, sale.terms->price);
    if (!quote) return Outcome::Failed;
    return perform(engine::FreezeQuote{sale.sale, quote->coins, m_time.nowMs() + quote->validForMs});
}

/// B6. The wallet's deadline counts from now.
Outbox::Outcome Outbox::openWallet(const SaleChanged& sale) {
    const auto wallet = m_ports.firstExchange.openWallet(sale.sale, sale.coin);
    if (!wallet) return Outcome::Failed;
    engine::OpenWallet command;
    command.sale = sale.sale;
    command.contract = *sale.contract;
    command.rail = wallet->rail;
    command.address = wallet->address;
    command.coins = *sale.coins;
    command.deadlineMs = m_time.nowMs() + sale.terms->deadlines.paymentMs;
    command.epoch = kEpoch;
    return perform(std::move(command));
}

/// B9. The key server's fresh word comes first: no dollars move for a key that is gone.
Outbox::Outcome Outbox::provideEscrow(const SaleChanged& sale, std::uint32_t attempt) {
    const engine::KeyReady ready{*sale.contract, attempt};
    const auto answer = askKeyServer(
        wire::KeyReadyRequest{{*sale.terms, *sale.sellerSignature, *sale.buyerSignature, *sale.keyReceipt}, ready});
    const auto* word = answer ? std::get_if<wire::KeyReadyReply>(&*answer) : nullptr;
    if (!word) return Outcome::Failed;
    const auto reference = m_ports.firstExchange.provide(sale.sale, sale.terms->price);
    if (!reference) return Outcome::Failed;
    return perform(engine::ProvideEscrow{sale.sale, *reference, ready, word->signature});
}

/// B10.
Outbox::Outcome Outbox::paySeller(const SaleChanged& sale) {
    const engine::Terms& terms = *sale.terms;
    const money::Amount dollars{terms.price.value - terms.fee.value - terms.holdback.value, terms.price.unit};
    const auto reference = m_ports.dollarExchange.pay(sale.sale, sale.seller, dollars);
    if (!reference) return Outcome::Failed;
    return perform(engine::PaySeller{sale.sale, *reference});
}

/// B11.
Outbox::Outcome Outbox::moveCoins(const SaleChanged& sale) {
    const auto receipt = m_ports.secondExchange.receive(sale.sale, *sale.coins);
    if (!receipt) return Outcome::Failed;
    return perform(engine::MoveCoins{sale.sale, receipt->reference, receipt->used});
}

/// B12 and B13: R10, signed here, since only the host knows the journal's head.
Outbox::Outcome Outbox::releaseParts(const SaleChanged& sale) {
    wire::Release release;
    release.sale = sale.sale;
    if (sale.deliveryReceipt) {
        release.delivery = *sale.deliveryReceipt;
        release.deliverySignature = *sale.deliverySignature;
        release.payout.deliveryReceipt = crypto::labelledHash("r8", release.delivery);
    } else {
        release.delivery = {sale.stored->contract, sale.stored->sealedRoot};
        release.stored = sale.stored;
        release.storedSignature = sale.storedSignature;
        release.payout.deliveryReceipt = crypto::labelledHash("r8-store", *sale.stored);
    }
    release.keyReady = *sale.keyReady;
    release.payout.contract = *sale.contract;
    release.payout.keyReady = crypto::labelledHash("key-ready", release.keyReady);
    release.payout.entry = *sale.payoutEntry;
    release.payout.journalHead = m_sequencer.position().head; // durable, and after the payout
    release.payout.epoch = kEpoch;
    release.payoutSignature = m_identity.sign("r10", release.payout);
    const auto answer = askKeyServer(release);
    return answer && std::holds_alternative<wire::Accepted>(*answer) ? Outcome::Sent : Outcome::Failed;
}

Outbox::Outcome Outbox::closeWallet(const SaleChanged& sale) {
    const auto reference = m_ports.firstExchange.closeWallet(sale.sale);
    if (!reference) return Outcome::Failed;
    return perform(engine::CloseWallet{sale.sale, *reference});
}

/// B8: the store has the whole file, and it is the one that was agreed.
Outbox::Outcome Outbox::proveStored(const SaleChanged& sale) {
    if (!m_ports.files) return Outcome::Failed;
    if (m_ports.files->sizeOf(sale.terms->sealedRoot) != sale.terms->sealedSize) return Outcome::Failed; // it may come
    {
        const std::lock_guard lock(m_mutex);
        if (m_closed || !m_beingRead.insert(sale.sale).second) return Outcome::Sent;
    }
    m_reader.post([this, id = sale.sale, contract = *sale.contract, root = sale.terms->sealedRoot] {
        ports::StoredFile file(*m_ports.files, root);
        asset::Work work;
        work.control = &m_reading;
        if (asset::verifySealed(file, root, work)) {
            const engine::StoreReceipt receipt{contract, root, m_time.nowMs()};
            (void)perform(engine::ConfirmStored{id, receipt, m_identity.sign("r8-store", receipt)});
        }
        const std::lock_guard lock(m_mutex);
        m_beingRead.erase(id);
    });
    return Outcome::Sent;
}

/// The verdict comes from the key server itself.
Outbox::Outcome Outbox::judgeData(const SaleChanged& sale) {
    const engine::Dispute& dispute = *sale.dispute;
    const auto answer = askKeyServer(wire::JudgeRequest{sale.sale, *dispute.receipt, *dispute.signature});
    return answer && std::holds_alternative<wire::Accepted>(*answer) ? Outcome::Sent : Outcome::Failed;
}

std::optional<wire::Answer> Outbox::askKeyServer(const wire::Request& request) {
    std::shared_ptr<ports::Link> keyServer;
    const auto exchange = std::make_shared<Exchange>();
    {
        const std::lock_guard lock(m_mutex);
        if (m_closed || !m_keyServer) return std::nullopt;
        keyServer = m_keyServer;
        m_exchange = exchange;
    }
    keyServer->request(encodeCbor(request),
                       [exchange](Result<Bytes, ports::LinkError> frame) { exchange->put(std::move(frame)); });
    std::optional<Result<Bytes, ports::LinkError>> frame;
    {
        std::unique_lock lock(exchange->mutex);
        exchange->news.wait_for(lock, std::chrono::milliseconds(m_pace.answerMs), [&] { return exchange->over; });
        frame = exchange->answer;
    }
    if (!frame || !frame->ok()) return std::nullopt;
    auto answer = decodeCbor<wire::Answer>(**frame);
    if (!answer) return std::nullopt;
    return std::move(*answer);
}

} // namespace tallylock::host

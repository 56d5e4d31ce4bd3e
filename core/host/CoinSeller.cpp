#include "core/host/CoinSeller.h"

#include "core/market/DepthPrice.h"

#include <algorithm>

namespace tallylock::host {

CoinSeller::CoinSeller(Sequencer& sequencer, Outbox::Pace pace, const QuoteSettings& settings)
    : m_sequencer(sequencer),
      m_pace(pace),
      m_downToBasisPoints(settings.downToBasisPoints) {}

CoinSeller::~CoinSeller() { stop(); }

void CoinSeller::start() {
    m_thread = std::thread([this] { run(); });
}

void CoinSeller::changed() {
    const std::lock_guard lock(m_mutex);
    m_changed = true;
    m_news.notify_one();
}

void CoinSeller::close() {
    const std::lock_guard lock(m_mutex);
    m_closed = true;
    m_news.notify_one();
}

void CoinSeller::stop() {
    close();
    if (m_thread.joinable()) m_thread.join();
}

void CoinSeller::run() {
    unsigned tries = 0;
    std::unique_lock lock(m_mutex);
    while (!m_closed) {
        if (std::exchange(m_changed, false)) tries = 0;
        lock.unlock();
        Seen seen = look();
        const bool waits = seen.waits || !seen.orders.empty(); // an order that is refused is tried again, too
        if (!seen.orders.empty()) (void)m_sequencer.perform(std::move(seen.orders));
        lock.lock();
        const auto isNews = [this] { return m_closed || m_changed; };
        if (waits) {
            const std::int64_t waitMs = std::min(m_pace.firstRetryMs << std::min(tries++, 20u), m_pace.lastRetryMs);
            m_news.wait_for(lock, std::chrono::milliseconds(waitMs), isNews);
        } else {
            m_news.wait(lock, isNews);
        }
    }
}

/// As much of each coin as the bids take now, in one order.
CoinSeller::Seen CoinSeller::look() const {
    const auto seen = m_sequencer.askNow([downTo = m_downToBasisPoints](const Sight& sight) {
        Seen found;
        const engine::Engine& engine = sight.engine;
        for (const auto& [coin, stock] : engine.coinStocks()) {
            const auto bids = market::bidsFor(engine.market(), coin, engine.config().dollars, downTo);
            const std::int64_t lots = bids ? market::sellableLots(*bids, stock.left) : 0;
            const bool isSold =
                bids ? stock.left.value < bids->scale.quantityOf(bids->minLots).value : stock.left.isZero();
            found.waits |= !isSold;
            if (lots == 0) continue;
            found.orders.emplace_back(engine::SellCoins{bids->instrument, bids->scale.priceOf(bids->lowestTicks),
                                                        bids->scale.quantityOf(lots), stock.nextAttempt});
        }
        return found;
    });
    return seen.value_or(Seen{});
}

} // namespace tallylock::host

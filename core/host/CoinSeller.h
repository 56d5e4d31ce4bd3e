// Sells on our own order book the coins that sales have brought the house (B11).
//
//   MoveCoins (journaled: the coins are the treasury's) -> SellCoins (journaled: an order of the house) -> SellCoins
//   ...
//
// Like the outbox it keeps nothing on disk: what is still to be sold stands in the engine, and each attempt counts once
// there, so whoever is unsure after a crash simply tries again. It asks for an order only where bids would take it;
// what they do not take waits for others. No sale waits for this: what the price does meanwhile is the treasury's risk.
#pragma once

#include "core/host/Outbox.h"

namespace tallylock::host {

class CoinSeller {
public:
    CoinSeller(Sequencer& sequencer, Outbox::Pace pace, const QuoteSettings& settings);
    ~CoinSeller();

    void start();
    /// Any thread: there is more to sell, or less.
    void changed();
    /// Ends after the order that is being placed. Does not wait.
    void close();
    void stop();

private:
    struct Seen {
        std::vector<engine::CommandBody> orders;
        bool waits = false; ///< for bids
    };
    void run();
    Seen look() const;

    Sequencer& m_sequencer;
    const Outbox::Pace m_pace;
    const std::uint32_t m_downToBasisPoints;

    std::mutex m_mutex;
    std::condition_variable m_news;
    bool m_changed = true; ///< what was open when the host ended
    bool m_closed = false;
    std::thread m_thread;
};

} // namespace tallylock::host

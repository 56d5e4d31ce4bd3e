#include "core/party/PeerBoard.h"

#include "core/base/Once.h"

namespace tallylock::party {

using ports::LinkError;
using ports::Peers;
using Answered = Result<Bytes, LinkError>;

/// One who answers. Whoever leaves waits for the question in hand.
class PeerBoard::Seat {
public:
    explicit Seat(Peers::Answerer answerer) : m_answerer(std::move(answerer)) {}
    void ask(const IdentityKey& asker, Bytes frame, Peers::Done done) {
        const std::lock_guard lock(m_mutex);
        if (m_answerer) m_answerer(asker, std::move(frame), std::move(done));
    }
    void leave() {
        const std::lock_guard lock(m_mutex);
        m_answerer = {};
    }

private:
    std::mutex m_mutex;
    Peers::Answerer m_answerer;
};

class PeerBoard::Line final : public Peers {
public:
    Line(std::shared_ptr<PeerBoard> board, const IdentityKey& identity)
        : m_board(std::move(board)),
          m_identity(identity) {}

    void request(const IdentityKey& to, Bytes frame, Done done) override {
        const auto once = std::make_shared<Once<Answered>>(std::move(done), Answered(Err(LinkError::Closed)));
        if (frame.size() > ports::kMostPeerQuestion) return (*once)(Err(LinkError::TooLarge));
        std::shared_ptr<Seat> seat;
        {
            const std::lock_guard lock(m_board->m_mutex);
            const auto behind = m_board->m_seats.upper_bound(to);
            if (behind != m_board->m_seats.begin() && std::prev(behind)->first == to) seat = std::prev(behind)->second;
        }
        if (seat) seat->ask(m_identity, std::move(frame), [once](Answered answer) { (*once)(std::move(answer)); });
    }

    std::unique_ptr<ports::Subscription> serve(Answerer answerer) override {
        auto seat = std::make_shared<Seat>(std::move(answerer));
        const std::lock_guard lock(m_board->m_mutex);
        m_board->m_seats.emplace(m_identity, seat); // behind those that are there
        return std::make_unique<Taken>(m_board, std::move(seat));
    }

private:
    class Taken final : public ports::Subscription {
    public:
        Taken(std::shared_ptr<PeerBoard> board, std::shared_ptr<Seat> seat)
            : m_board(std::move(board)),
              m_seat(std::move(seat)) {}
        ~Taken() override {
            {
                const std::lock_guard lock(m_board->m_mutex);
                std::erase_if(m_board->m_seats, [this](const auto& entry) { return entry.second == m_seat; });
            }
            m_seat->leave();
        }

    private:
        std::shared_ptr<PeerBoard> m_board;
        std::shared_ptr<Seat> m_seat;
    };
    std::shared_ptr<PeerBoard> m_board;
    IdentityKey m_identity;
};

std::unique_ptr<Peers> PeerBoard::connect(const IdentityKey& identity) {
    return std::make_unique<Line>(shared_from_this(), identity);
}

} // namespace tallylock::party

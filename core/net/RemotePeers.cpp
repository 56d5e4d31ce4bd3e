#include "core/net/RemotePeers.h"

#include "core/base/Once.h"

namespace tallylock::net {

using ports::LinkError;
using PeerOutcome = Result<Bytes, LinkError>;

// --- asking ----------------------------------------------------------------------------------------------------------

void Remote::Core::askPeer(const IdentityKey& to, Bytes question, Answered done) {
    if (question.size() > ports::kMostPeerQuestion) return done(Err(LinkError::TooLarge));
    put(
        [to, question = std::move(question)](std::uint64_t number) {
            return wire::PeerAsk{number, to, question};
        },
        true, std::move(done));
}

// --- answering -------------------------------------------------------------------------------------------------------

class Remote::Core::Served final : public ports::Subscription {
public:
    Served(std::shared_ptr<Core> core, std::shared_ptr<Seat> seat) : m_core(std::move(core)), m_seat(std::move(seat)) {}
    ~Served() override {
        {
            const std::lock_guard lock(m_seat->mutex);
            m_seat->answerer = nullptr;
        }
        (void)m_core->post([core = m_core.get(), seat = m_seat] {
            for (auto at = core->m_seats.begin(); at != core->m_seats.end(); ++at) {
                if (at->second != seat) continue;
                if (core->m_isLoggedIn && core->m_relays) core->send(wire::PeerLeave{at->first});
                core->m_seats.erase(at);
                return;
            }
        });
    }

private:
    std::shared_ptr<Core> m_core;
    std::shared_ptr<Seat> m_seat;
};

std::unique_ptr<ports::Subscription> Remote::Core::serve(ports::Peers::Answerer answerer) {
    const auto seat = std::make_shared<Seat>();
    seat->answerer = std::move(answerer);
    (void)post([this, seat] {
        if (m_isStopping) return;
        const std::uint64_t number = ++m_number;
        m_seats[number] = seat;
        if (m_isLoggedIn && m_relays) send(wire::PeerServe{number});
    });
    return std::make_unique<Served>(shared_from_this(), seat);
}

/// To a server that does not know of peers nothing is said of them.
void Remote::Core::sayWhoServes() {
    if (!m_relays) return;
    for (const auto& [number, seat] : m_seats) send(wire::PeerServe{number});
}

void Remote::Core::dropSeats() {
    for (const auto& [number, seat] : std::exchange(m_seats, {})) {
        const std::lock_guard lock(seat->mutex);
        seat->answerer = nullptr;
    }
}

void Remote::Core::on(wire::PeerAsked& message) {
    // An answer that comes when the connection is another one is not said there: the number may be another question's.
    const auto reply = [core = shared_from_this(), attempt = m_attempt, number = message.number](PeerOutcome outcome) {
        const auto shared = std::make_shared<PeerOutcome>(std::move(outcome));
        (void)core->post([core = core.get(), attempt, number, shared] {
            if (core->m_isLoggedIn && core->m_attempt == attempt) core->answerPeer(number, std::move(*shared));
        });
    };
    const auto once = std::make_shared<Once<PeerOutcome>>(reply, PeerOutcome(Err(LinkError::Closed)));
    const auto found = m_seats.find(message.served);
    if (found == m_seats.end()) return; // it has left meanwhile
    const auto seat = found->second;
    const std::lock_guard lock(seat->mutex);
    if (seat->answerer)
        seat->answerer(message.asker, std::move(message.question),
                       [once](PeerOutcome outcome) { (*once)(std::move(outcome)); });
}

void Remote::Core::answerPeer(std::uint64_t number, PeerOutcome answer) {
    if (answer && m_channel->waiting() > kMostAnswersUnsent) answer = Err(LinkError::Busy);
    if (answer && answer->size() > wire::kMostToServer - kAround) answer = Err(LinkError::TooLarge);
    if (answer) return send(wire::PeerAnswer{number, {std::move(*answer)}});
    send(wire::PeerNoAnswer{number, static_cast<wire::NoAnswer>(answer.error())});
}

} // namespace tallylock::net

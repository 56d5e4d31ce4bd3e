#include "core/party/LinkSession.h"

namespace tallylock::party {

void LinkSession::wish() {
    if (m_isOpen || m_isBusy || !m_coordinator) return;
    m_isBusy = true;
    m_server.ask<wire::Challenge>(wire::ChallengeRequest{}, [this](Result<wire::Challenge, wire::Problem> challenge) {
        if (!challenge) return pause();
        prove(challenge->nonce);
    });
}

void LinkSession::prove(const Hash& nonce) {
    const wire::SessionNote note{*m_coordinator, nonce};
    m_server.ask<wire::Accepted>(wire::OpenSession{m_identity.sign(wire::kSessionLabel, note)},
                                 [this](Result<wire::Accepted, wire::Problem> accepted) {
                                     if (!accepted) return pause();
                                     m_isBusy = false;
                                     m_isOpen = true;
                                     remind();
                                 });
}

void LinkSession::lost() {
    // With a pause, too: what is granted and not honoured is asked for no more often than what is refused.
    if (std::exchange(m_isOpen, false)) pause([this] { wish(); });
}

void LinkSession::setCancelOnDisconnect(bool on, Server::Then<wire::Accepted> done) {
    m_cancelOnDisconnect = on;
    m_server.ask<wire::Accepted>(wire::SessionSetting{on}, std::move(done));
}

void LinkSession::remind() {
    if (!m_cancelOnDisconnect) return;
    m_server.ask<wire::Accepted>(wire::SessionSetting{true}, [this](const Result<wire::Accepted, wire::Problem>& said) {
        if (!said && Server::worthRetrying(said.error())) lost();
    });
}

void LinkSession::pause(std::function<void()> then) {
    m_isBusy = true;
    m_poster.postAfter(m_backoff.nextMs(), [this, then = std::move(then)] {
        m_isBusy = false;
        if (then) then();
    });
}

} // namespace tallylock::party

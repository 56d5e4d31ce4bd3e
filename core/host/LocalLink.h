// The link of a party in the same process: admission and answers, in the same encoded frames as over a wire.
//
// A session (wire::OpenSession) begins here and ends with the link: whoever has proved its key on it may send orders
// without a signature. See docs/decisions/sessions.md.
//
// Form and signature of a command are checked on the caller's thread; what fails there is never journaled. `done` is
// called exactly once, on the caller's thread or one of the host's, also after the link has ended.
#pragma once

#include "core/host/SecondFactors.h"
#include "core/host/Sessions.h"
#include "core/host/TrailDesk.h"
#include "core/host/TrialBalances.h"
#include "core/host/WitnessDesk.h"

namespace tallylock::host {

/// What a link needs of the host, which may end before it.
struct LinkEnds {
    Projection& projection;
    Sequencer& sequencer;
    Sessions& sessions;
    SecondFactors& factors;
    TrailDesk& trails;
    WitnessDesk& witnesses;
    TrialBalances& trialBalances;
    const IdentityKey& coordinator;
    std::function<Hash()> newNonce; ///< any thread
};

class LocalLink final : public ports::Link {
public:
    /// `host` keeps `ends` alive.
    LocalLink(std::shared_ptr<void> host, LinkEnds ends, const IdentityKey& identity)
        : m_host(std::move(host)),
          m_ends(std::move(ends)),
          m_identity(identity) {}
    ~LocalLink() override { m_ends.sessions.ended(this); }

    void request(Bytes frame, std::function<void(Result<Bytes, ports::LinkError>)> done) override;
    std::unique_ptr<ports::Subscription> subscribe(Stream stream, std::uint64_t cursor,
                                                   std::function<void(const wire::StreamItem&)> onItem) override;

private:
    using Reply = std::shared_ptr<Once<Result<Bytes, ports::LinkError>>>;
    void on(wire::Submit& request, const Reply& reply);
    void on(wire::SubmitUnsigned& request, const Reply& reply);
    void on(const wire::ChallengeRequest& request, const Reply& reply);
    void on(const wire::OpenSession& request, const Reply& reply);
    void on(const wire::Hello& request, const Reply& reply);
    void on(const wire::HistoryQuery& request, const Reply& reply);
    void on(const wire::TrialBalanceQuery& request, const Reply& reply);
    void on(const wire::SessionSetting& request, const Reply& reply);
    void on(const wire::FactorRequest& request, const Reply& reply);
    void on(const wire::BookQuery& request, const Reply& reply);
    void on(const wire::CandleQuery& request, const Reply& reply);
    void on(const wire::TrailQuery& request, const Reply& reply);
    void on(const wire::WitnessQuery& request, const Reply& reply);
    void on(const wire::OwedQuery& request, const Reply& reply);
    template <class Other>
    void on(const Other& request, const Reply& reply);
    void take(Arrival arrival, const Reply& reply);
    void ask(const Reply& reply, std::function<void(const Sight&)> question);

    std::shared_ptr<void> m_host;
    LinkEnds m_ends;
    IdentityKey m_identity;
    std::mutex m_mutex;
    std::optional<Hash> m_nonce; ///< of the challenge that is not answered yet
    std::atomic<bool> m_sessionOpen{false};
};

} // namespace tallylock::host

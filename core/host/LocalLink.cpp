#include "core/host/LocalLink.h"
#include "core/ledger/Ledger.h"

#include <map>

namespace tallylock::host {

using ports::LinkError;
using wire::FrameProblem;

namespace {

constexpr std::size_t kMostFrameBytes = wire::kMaxEnvelopeSize + 1024;

Bytes frameOf(wire::Answer answer) { return encodeCbor(answer); }
Bytes problemFrame(FrameProblem problem, std::string detail = {}) {
    return frameOf(wire::Problem{problem, std::move(detail)});
}

FrameProblem problemOf(wire::WireError error) {
    switch (error) {
    case wire::WireError::UnknownVersion: return FrameProblem::UnknownVersion;
    case wire::WireError::SignatureInvalid: return FrameProblem::SignatureInvalid;
    case wire::WireError::SignatureNeeded: return FrameProblem::SignatureNeeded;
    default: return FrameProblem::Malformed;
    }
}

} // namespace

void LocalLink::request(Bytes frame, std::function<void(Result<Bytes, LinkError>)> done) {
    using Answered = Result<Bytes, LinkError>;
    const Reply reply = std::make_shared<Once<Answered>>(std::move(done), Answered(Err(LinkError::Closed)));
    if (frame.size() > kMostFrameBytes) {
        (*reply)(Err(LinkError::TooLarge));
        return;
    }
    auto request = decodeCbor<wire::Request>(frame);
    if (!request) {
        (*reply)(problemFrame(FrameProblem::Malformed, nameOf(request.error())));
        return;
    }
    std::visit([&](auto& body) { on(body, reply); }, *request);
}

void LocalLink::on(wire::Submit& request, const Reply& reply) {
    auto command = wire::openCommand(request.envelope);
    if (!command) {
        (*reply)(problemFrame(problemOf(command.error()), wire::nameOf(command.error())));
        return;
    }
    take({std::move(*command), std::move(request.envelope), true}, reply);
}

void LocalLink::on(wire::SubmitUnsigned& request, const Reply& reply) {
    if (!m_sessionOpen) {
        (*reply)(problemFrame(FrameProblem::SessionNeeded));
        return;
    }
    auto command = wire::openUnsigned(m_identity, {request.counter, request.type, request.body});
    if (!command) {
        (*reply)(problemFrame(problemOf(command.error()), wire::nameOf(command.error())));
        return;
    }
    take({std::move(*command), std::move(request.body), false}, reply);
}

void LocalLink::take(Arrival arrival, const Reply& reply) {
    const auto taken = m_ends.sequencer.submit(
        std::move(arrival), [reply](wire::Submitted submitted) { (*reply)(frameOf(std::move(submitted))); });
    if (taken == Sequencer::Taken::Busy) (*reply)(Err(LinkError::Busy));
}

void LocalLink::on(const wire::ChallengeRequest&, const Reply& reply) {
    const Hash nonce = m_ends.newNonce();
    {
        const std::lock_guard lock(m_mutex);
        m_nonce = nonce;
    }
    (*reply)(frameOf(wire::Challenge{nonce}));
}

void LocalLink::on(const wire::OpenSession& request, const Reply& reply) {
    std::optional<Hash> nonce;
    {
        const std::lock_guard lock(m_mutex);
        std::swap(nonce, m_nonce);
    }
    const bool proven = nonce && crypto::verify(m_identity, wire::kSessionLabel,
                                                wire::SessionNote{m_ends.coordinator, *nonce}, request.signature);
    if (proven) m_sessionOpen = true;
    (*reply)(proven ? frameOf(wire::Accepted{}) : problemFrame(FrameProblem::SignatureInvalid));
}

void LocalLink::ask(const Reply& reply, std::function<void(const Sight&)> question) {
    if (m_ends.sequencer.ask(std::move(question)) == Sequencer::Taken::Busy) (*reply)(Err(LinkError::Busy));
}

void LocalLink::on(const wire::Hello& request, const Reply& reply) {
    if (request.version != wire::kVersion) {
        (*reply)(problemFrame(FrameProblem::UnknownVersion));
        return;
    }
    ask(reply, [reply, identity = m_identity](const Sight& sight) {
        const engine::Engine& engine = sight.engine;
        (*reply)(frameOf(wire::Welcome{engine.config(), engine.holderOf(identity), engine.lastCounter(identity),
                                       sight.position.sequence, sight.position.head}));
    });
}

void LocalLink::on(const wire::HistoryQuery& request, const Reply& reply) {
    ask(reply, [reply, identity = m_identity, request, &projection = m_ends.projection](const Sight& sight) {
        projection.history(sight.engine.holderOf(identity), request,
                           [reply](wire::HistoryPage page) { (*reply)(frameOf(std::move(page))); });
    });
}

void LocalLink::on(const wire::TrialBalanceQuery&, const Reply& reply) {
    ask(reply, [reply, &sums = m_ends.trialBalances](const Sight& sight) { (*reply)(sums.of(sight.engine.ledger())); });
}

void LocalLink::on(const wire::SessionSetting& request, const Reply& reply) {
    m_ends.sessions.set(this, m_identity, request.cancelOnDisconnect);
    (*reply)(frameOf(wire::Accepted{}));
}

void LocalLink::on(const wire::FactorRequest& request, const Reply& reply) {
    const bool taken =
        m_ends.factors.ask(m_identity, request, [reply](wire::Answer answer) { (*reply)(frameOf(std::move(answer))); });
    if (!taken) (*reply)(Err(LinkError::Busy));
}

void LocalLink::on(const wire::BookQuery& request, const Reply& reply) {
    m_ends.projection.read([reply, request](ports::Projector& tables) {
        if (auto book = tables.book(request)) (*reply)(frameOf(std::move(*book)));
    });
}

void LocalLink::on(const wire::CandleQuery& request, const Reply& reply) {
    m_ends.projection.read([reply, request](ports::Projector& tables) {
        if (auto candles = tables.candles(request)) (*reply)(frameOf(std::move(*candles)));
    });
}

void LocalLink::on(const wire::TrailQuery& request, const Reply& reply) {
    ask(reply, [reply, request, identity = m_identity, &trails = m_ends.trails](const Sight& sight) {
        const bool taken = trails.ask(sight.engine.holderOf(identity), sight.position, request,
                                      [reply](wire::Answer answer) { (*reply)(frameOf(std::move(answer))); });
        if (!taken) (*reply)(Err(LinkError::Busy));
    });
}

void LocalLink::on(const wire::WitnessQuery& request, const Reply& reply) {
    ask(reply, [reply, request, identity = m_identity, &witnesses = m_ends.witnesses](const Sight& sight) {
        witnesses.witness(sight.engine.holderOf(identity), request,
                          [reply](wire::Answer answer) { (*reply)(frameOf(std::move(answer))); });
    });
}

void LocalLink::on(const wire::OwedQuery&, const Reply& reply) {
    ask(reply, [reply, identity = m_identity, &witnesses = m_ends.witnesses](const Sight& sight) {
        const bool taken = witnesses.owed(sight.engine.holderOf(identity),
                                          [reply](wire::Answer answer) { (*reply)(frameOf(std::move(answer))); });
        if (!taken) (*reply)(Err(LinkError::Busy));
    });
}

/// What is meant for the key server.
template <class Other>
void LocalLink::on(const Other&, const Reply& reply) {
    (*reply)(problemFrame(FrameProblem::NotFound));
}

std::unique_ptr<ports::Subscription> LocalLink::subscribe(Stream stream, std::uint64_t cursor,
                                                          std::function<void(const wire::StreamItem&)> onItem) {
    auto prepared = m_ends.projection.subscribe(stream, m_identity, cursor, std::move(onItem));
    const bool isPublic = stream == Stream::Public;
    (void)m_ends.sequencer.ask(
        [isPublic, identity = m_identity, flowFor = std::move(prepared.flowFor)](const Sight& sight) {
            flowFor(isPublic ? HolderId{} : sight.engine.holderOf(identity));
        },
        Sequencer::Bound::None);
    return std::move(prepared.subscription);
}

} // namespace tallylock::host

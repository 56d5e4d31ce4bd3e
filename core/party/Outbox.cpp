#include "core/party/Outbox.h"

#include "core/wire/Envelope.h"

#include <type_traits>

namespace tallylock::party {

namespace {
template <class Body, class... Kinds>
constexpr bool isAmong(std::type_identity<std::variant<Kinds...>>) {
    return (std::is_same_v<Body, Kinds> || ...);
}

/// Nothing for a kind that is always signed.
std::optional<wire::SubmitUnsigned> withoutSignature(const engine::Command& command) {
    return std::visit(
        [&]<class Body>(const Body& body) -> std::optional<wire::SubmitUnsigned> {
            if constexpr (isAmong<Body>(std::type_identity<wire::UnsignedKinds>()))
                return wire::SubmitUnsigned{command.counter, Body::kType, encodeCbor(body)};
            else
                return std::nullopt;
        },
        command.body);
}
} // namespace

void Outbox::submit(engine::CommandBody body, Replied replied, std::string code) {
    if (!m_begun) {
        m_waiting.push_back({std::move(body), std::move(replied), std::move(code)});
        return;
    }
    sign(body, std::move(replied), std::move(code));
    sendFirst();
}

void Outbox::begin(std::uint64_t lastCounter) {
    if (m_begun) return;
    m_begun = true;
    m_diary.skipTo(lastCounter);
    if (!m_diary.signsOrders()) m_session.wish();
    for (const auto& [counter, envelope] : m_diary.unanswered()) enqueue(counter, envelope, {}, {});
    while (!m_waiting.empty()) {
        Waiting next = std::move(m_waiting.front());
        m_waiting.pop_front();
        sign(next.body, std::move(next.replied), std::move(next.code));
    }
    sendFirst();
}

void Outbox::sign(const engine::CommandBody& body, Replied replied, std::string code,
                  std::optional<std::uint64_t> inPlaceOf) {
    const std::uint64_t counter = m_diary.lastCounter() + 1;
    Bytes envelope = wire::sealCommand(m_identity, counter, body);
    // Nobody waits for what an earlier run has left: the next one tries again. Who is refused does not want it later.
    const auto refuse = [&](api::Refusal refusal) {
        if (!replied) return;
        if (inPlaceOf) m_diary.putLater(CommandAnswered{*inPlaceOf});
        replied(Err(std::move(refusal)));
    };
    if (envelope.size() > kMaxCborBytes)
        return refuse(api::Refusal{api::Problem::Malformed, "the command is too large"});
    const CommandQueued queued{counter, envelope};
    const auto put = inPlaceOf ? m_diary.putInPlaceOf(*inPlaceOf, queued) : m_diary.put(queued);
    if (!put) return refuse(refusalOf(put.error()));
    enqueue(counter, std::move(envelope), std::move(replied), std::move(code));
}

void Outbox::enqueue(std::uint64_t counter, Bytes envelope, Replied replied, std::string code) {
    const auto command = wire::readCommand(envelope); // our own: it can be read
    auto bare = command ? withoutSignature(*command) : std::nullopt;
    m_queue.push_back({counter, std::move(envelope), std::move(bare), std::move(replied), std::move(code)});
}

/// Decided here alone, and anew each time it is sent.
bool Outbox::goesUnsigned(const Item& item) {
    if (!item.bare || m_diary.signsOrders()) return false;
    m_session.wish();
    return m_session.isOpen();
}

void Outbox::sendFirst() {
    if (m_sending || m_queue.empty()) return;
    m_sending = true;
    const Item& item = m_queue.front();
    if (!item.code.empty()) return showCode();
    const bool isUnsigned = goesUnsigned(item);
    if (!isUnsigned) m_session.remind();
    m_coordinator.ask<wire::Submitted>(
        isUnsigned ? wire::Request(*item.bare) : wire::Request(wire::Submit{item.envelope}),
        [this, isUnsigned](Result<wire::Submitted, wire::Problem> answer) { answered(std::move(answer), isUnsigned); });
}

/// The code counts for the command that comes next, by its hash, and for no other.
void Outbox::showCode() {
    const Item& item = m_queue.front();
    const auto command = wire::readCommand(item.envelope); // our own: it can be read
    m_coordinator.ask<wire::FactorStatus>(
        wire::FactorRequest{wire::FactorAct::Use, item.code, command ? command->hash : Hash{}},
        [this](Result<wire::FactorStatus, wire::Problem> status) {
            m_sending = false;
            if (!status && Server::worthRetrying(status.error())) {
                m_poster.postAfter(m_backoff.nextMs(), [this] { sendFirst(); });
                return;
            }
            if (!status) return codeRefused(status.error());
            wipe(m_queue.front().code);
            m_queue.front().code.clear();
            sendFirst();
        });
}

void Outbox::codeRefused(const wire::Problem& problem) {
    m_backoff.reset();
    const Item item = std::move(m_queue.front());
    m_queue.pop_front();
    m_diary.putLater(CommandAnswered{item.counter});
    sendFirst();
    if (item.replied) item.replied(Err(refusalOf(problem)));
    if (isEmpty() && m_whenEmpty) m_whenEmpty();
}

void Outbox::renumber(const Item& item) {
    m_sending = true; // what is behind it waits
    m_coordinator.ask<wire::Welcome>(wire::Hello{}, [this, item](Result<wire::Welcome, wire::Problem> welcome) {
        if (!welcome) {
            m_poster.postAfter(m_backoff.nextMs(), [this, item] { renumber(item); });
            return;
        }
        m_sending = false;
        m_diary.skipTo(welcome->lastCounter);
        const auto command = wire::readCommand(item.envelope); // our own: it can be read
        if (command) sign(command->body, item.replied, item.code, item.counter);
        sendFirst();
    });
}

void Outbox::answered(Result<wire::Submitted, wire::Problem> answer, bool wentUnsigned) {
    m_sending = false;
    if (!answer && answer.error().problem == wire::FrameProblem::Stopping) m_session.lost();
    if (!answer && Server::worthRetrying(answer.error())) {
        m_poster.postAfter(m_backoff.nextMs(), [this] { sendFirst(); });
        return;
    }
    m_backoff.reset();
    if (!answer && wentUnsigned) { // no word on the order itself: with its signature it is as good as ever
        m_session.lost();
        m_queue.front().bare.reset();
        return sendFirst();
    }
    if (answer && wentUnsigned) m_session.worked();
    if (answer) m_lastSequence = std::max(m_lastSequence, answer->sequence);
    const Item item = std::move(m_queue.front());
    m_queue.pop_front();
    if (answer && answer->reply.refused == engine::Refused::IdReused) return renumber(item);
    m_diary.putLater(CommandAnswered{item.counter});
    sendFirst();
    if (item.replied) {
        if (answer)
            item.replied(std::move(*answer));
        else
            item.replied(Err(refusalOf(answer.error())));
    }
    if (isEmpty() && m_whenEmpty) m_whenEmpty();
}

} // namespace tallylock::party

#include "core/net/PeerRelay.h"

#include "core/net/Channel.h"

namespace tallylock::net {

using wire::NoAnswer;

PeerRelay::PeerRelay(const Service& service, const Limits& limits, Post post)
    : m_service(service),
      m_limits(limits),
      m_post(std::move(post)) {
    if (m_service.mayAskPeers) m_checks.emplace();
}

void PeerRelay::stop() {
    if (m_checks) m_checks->stop();
}

void PeerRelay::addTo(Traffic& seen) const {
    seen.peerAnswered = m_answered;
    seen.peerBytes = m_bytes;
    seen.peerRefused = m_refused;
}

// --- who answers -----------------------------------------------------------------------------------------------------

bool PeerRelay::serve(End& end, const IdentityKey& who, std::uint64_t number) {
    auto& seats = m_here[&end].seats;
    if (seats.size() >= m_limits.peerServesAtOnce || !seats.emplace(number, who).second) return false;
    m_seats[who].push_back({&end, number});
    return true;
}

/// What it has been asked it may still answer.
void PeerRelay::leave(End& end, std::uint64_t number) {
    const auto here = m_here.find(&end);
    if (here == m_here.end()) return;
    const auto seat = here->second.seats.find(number);
    if (seat == here->second.seats.end()) return;
    const auto ofIdentity = m_seats.find(seat->second);
    std::erase_if(ofIdentity->second, [&](const Seat& one) { return one.end == &end && one.number == number; });
    if (ofIdentity->second.empty()) m_seats.erase(ofIdentity);
    here->second.seats.erase(seat);
}

void PeerRelay::left(End& end) {
    const auto there = m_here.find(&end);
    if (there == m_here.end()) return;
    for (const auto& [number, who] : std::map(there->second.seats)) leave(end, number);
    for (const std::uint64_t number : std::set(there->second.asked)) take(number);
    for (const std::uint64_t number : std::set(there->second.toAnswer)) refuse(number, NoAnswer::Closed);
    m_here.erase(there);
}

// --- questions -------------------------------------------------------------------------------------------------------

void PeerRelay::ask(End& end, const IdentityKey& who, wire::PeerAsk message) {
    const std::int64_t now = Channel::nowMs();
    const auto perSecond = static_cast<std::int64_t>(m_limits.peerAsksPerSecond);
    Asker& asker = m_askers.try_emplace(who, perSecond).first->second;
    const bool isTooMuch = asker.inHand >= m_limits.peerAsksAtOnce || m_questions.size() >= m_limits.peerAsks ||
                           !asker.allowance.take(now);
    if (isTooMuch) {
        ++m_refused;
        return end.tell(wire::NotAnswered{message.number, NoAnswer::Busy});
    }
    const std::uint64_t number = ++m_number;
    const std::int64_t dueMs = now + m_limits.peerAnswerMs;
    m_questions[number] = {&end, message.number, who, message.to, std::move(message.question), nullptr, dueMs};
    m_here[&end].asked.insert(number);
    ++asker.inHand;
    const bool isKnown = asker.standing == Standing::May || asker.standing == Standing::MayNot;
    if (isKnown && now < asker.untilMs) {
        if (asker.standing == Standing::May) return passOn(number);
        return refuse(number, NoAnswer::Closed);
    }
    asker.waiting.push_back(number);
    if (asker.standing != Standing::InHand) findOut(who, asker);
}

/// It may wait for the coordinator, so it is asked elsewhere.
void PeerRelay::findOut(const IdentityKey& who, Asker& asker) {
    asker.standing = Standing::InHand;
    const bool posted = m_checks->post(
        [this, who] {
            const bool may = m_service.mayAskPeers(who);
            m_post([this, who, may] { found(who, may); });
        },
        kMostChecks);
    if (posted) return;
    asker.standing = Standing::Unknown;
    for (const std::uint64_t number : std::exchange(asker.waiting, {})) refuse(number, NoAnswer::Busy);
}

void PeerRelay::found(const IdentityKey& who, bool may) {
    const auto at = m_askers.find(who);
    if (at == m_askers.end()) return;
    Asker& asker = at->second;
    asker.standing = may ? Standing::May : Standing::MayNot;
    asker.untilMs = Channel::nowMs() + (may ? kMayMs : kMayNotMs);
    for (const std::uint64_t number : std::exchange(asker.waiting, {})) {
        if (!m_questions.contains(number)) continue; // its connection has ended meanwhile, or its time
        if (may) {
            passOn(number);
        } else {
            refuse(number, NoAnswer::Closed); // as if nobody were there
        }
    }
}

void PeerRelay::passOn(std::uint64_t number) {
    Question& question = m_questions.at(number);
    const auto seats = m_seats.find(question.to);
    if (seats == m_seats.end()) return refuse(number, NoAnswer::Closed);
    const Seat seat = seats->second.back();
    Here& there = m_here[seat.end];
    if (there.toAnswer.size() >= m_limits.peerAsksToOne || seat.end->unread() > kMostOut)
        return refuse(number, NoAnswer::Busy);
    there.toAnswer.insert(number);
    question.at = seat.end;
    seat.end->tell(wire::PeerAsked{number, seat.number, question.who, std::exchange(question.question, {})});
}

PeerRelay::Question* PeerRelay::askedOf(End& end, std::uint64_t number) {
    const auto at = m_questions.find(number);
    return at != m_questions.end() && at->second.at == &end ? &at->second : nullptr;
}

void PeerRelay::answer(End& end, wire::PeerAnswer& message) {
    const Question* question = askedOf(end, message.number);
    if (!question) return;
    if (question->from->unread() + message.frame.bytes.size() > m_limits.peerUnread)
        return refuse(message.number, NoAnswer::Busy);
    const Question done = take(message.number);
    ++m_answered;
    m_bytes += message.frame.bytes.size();
    done.from->tell(wire::Answered{done.number, std::move(message.frame)});
}

void PeerRelay::answer(End& end, const wire::PeerNoAnswer& message) {
    if (askedOf(end, message.number)) refuse(message.number, message.why);
}

void PeerRelay::refuse(std::uint64_t number, NoAnswer why) {
    const Question done = take(number);
    ++m_refused;
    done.from->tell(wire::NotAnswered{done.number, why});
}

PeerRelay::Question PeerRelay::take(std::uint64_t number) {
    const auto at = m_questions.find(number);
    Question done = std::move(at->second);
    m_questions.erase(at);
    --m_askers.at(done.who).inHand;
    m_here.at(done.from).asked.erase(number);
    if (done.at) m_here.at(done.at).toAnswer.erase(number);
    return done;
}

void PeerRelay::sweep() {
    const std::int64_t now = Channel::nowMs();
    while (!m_questions.empty() && m_questions.begin()->second.dueMs <= now)
        refuse(m_questions.begin()->first, NoAnswer::Closed);
    std::erase_if(m_askers, [&](const auto& entry) {
        const Asker& asker = entry.second;
        return asker.inHand == 0 && asker.standing != Standing::InHand && asker.untilMs <= now;
    });
}

} // namespace tallylock::net

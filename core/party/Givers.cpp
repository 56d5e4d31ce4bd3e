#include "core/party/Givers.h"

#include "core/party/Problems.h"

#include <chrono>
#include <thread>

namespace tallylock::party {

using api::Problem;
using api::Refusal;
using wire::FrameProblem;

static constexpr unsigned kMostAttempts = 6; // each waits twice as long as the one before
static constexpr std::chrono::milliseconds kFirstPause{10};
static constexpr std::chrono::seconds kSilence{10};
static constexpr std::chrono::milliseconds kLook{100}; // how soon a job notices that it is to end

// --- the file store --------------------------------------------------------------------------------------------------

Outcome<asset::PortionHashes> StoreGiver::hashes() {
    auto sealed = ports::StoredFile::open(m_files, m_order.sealedRoot);
    if (!sealed) return Err(refusalOf(sealed.error()));
    if (sealed->size() == 0) return Err(Refusal{Problem::FileUnreadable, "not in the file store"});
    if (sealed->size() != m_order.sealedSize) return Err(Refusal{Problem::SealedFileDamaged, "size"});
    auto stored = ports::StoredFile::open(m_files, ports::storedHashesName(m_order.sealedRoot));
    if (!stored) return Err(refusalOf(stored.error()));
    if (auto kept = readHashes(*stored, m_order.sealedRoot, m_order.sealedSize)) return std::move(*kept);
    asset::Work work;
    work.control = &m_control;
    auto computed = asset::hashPortions(*sealed, m_order.sealedRoot, work);
    if (!computed) return Err(Refusal{problemOf(computed.error()), asset::nameOf(computed.error())});
    return std::move(*computed);
}

Giver::Given StoreGiver::next() {
    const Wanted wanted = m_asked.front();
    m_asked.pop_front();
    if (!m_control.goOn()) return {wanted.index, Err(Refusal{Problem::Cancelled, {}})};
    Bytes portion(wanted.size);
    for (std::size_t at = 0; at < portion.size();) {
        const auto got = m_files.read(m_order.sealedRoot, wanted.offset + at, std::span(portion).subspan(at));
        if (!got) return {wanted.index, Err(refusalOf(got.error()))};
        if (*got == 0) return {wanted.index, Err(Refusal{Problem::SealedFileTruncated, "in the file store"})};
        at += *got;
    }
    return {wanted.index, std::move(portion)};
}

// --- the seller's app ------------------------------------------------------------------------------------------------

void SellerGiver::send(std::uint64_t index, const wire::Request& request) {
    m_peers.request(m_order.seller, encodeCbor(request), [mailbox = m_mailbox, index](Frame frame) {
        const std::lock_guard lock(mailbox->mutex);
        mailbox->letters.emplace_back(index, std::move(frame));
        mailbox->changed.notify_all();
    });
}

std::optional<std::pair<std::uint64_t, SellerGiver::Frame>> SellerGiver::receive() {
    const auto end = std::chrono::steady_clock::now() + kSilence;
    while (m_control.goOn() && std::chrono::steady_clock::now() < end) {
        std::unique_lock lock(m_mailbox->mutex);
        if (!m_mailbox->changed.wait_for(lock, kLook, [this] { return !m_mailbox->letters.empty(); })) continue;
        auto letter = std::move(m_mailbox->letters.front());
        m_mailbox->letters.pop_front();
        return letter;
    }
    return std::nullopt;
}

bool SellerGiver::pause(unsigned attempt) {
    if (attempt >= kMostAttempts || !m_control.goOn()) return false;
    std::this_thread::sleep_for(kFirstPause * (1u << attempt));
    return true;
}

namespace {
/// What a letter holds: an answer of this type, or why not, and whether asking again may help.
template <class Reply>
struct Opened {
    std::optional<Reply> reply{};
    bool isWorthAsking = false;
    Refusal refusal{Problem::Malformed, "the seller's app"};
};
template <class Reply>
Opened<Reply> open(const Result<Bytes, ports::LinkError>& frame) {
    if (!frame) {
        const bool busy = frame.error() == ports::LinkError::Busy;
        return {{}, busy, {busy ? Problem::Busy : Problem::Unreachable, "the seller's app"}};
    }
    const auto answer = decodeCbor<wire::Answer>(*frame);
    if (!answer) return {};
    if (const auto* reply = std::get_if<Reply>(&*answer)) return {*reply};
    const auto* problem = std::get_if<wire::Problem>(&*answer);
    if (!problem) return {};
    // Our own view of the sale may be ahead of the seller's for a moment, to whom we are then nobody.
    const FrameProblem why = problem->problem;
    const bool again =
        why == FrameProblem::DeliveryTooEarly || why == FrameProblem::NotFound || why == FrameProblem::DeliveryCrowded;
    return {{}, again, {problemOf(problem->problem), wire::nameOf(problem->problem)}};
}
Refusal silent(const JobControl& control) {
    if (control.cancelled()) return {Problem::Cancelled, {}};
    return {Problem::Unreachable, "the seller's app says nothing"};
}
} // namespace

Outcome<wire::PortionHashPage> SellerGiver::page(std::uint64_t first) {
    for (unsigned attempt = 0;; ++attempt) {
        send(first, wire::PortionHashQuery{m_order.sale, first});
        const auto letter = receive();
        if (!letter) return Err(silent(m_control));
        auto opened = open<wire::PortionHashPage>(letter->second);
        if (opened.reply) return std::move(*opened.reply);
        if (!opened.isWorthAsking || !pause(attempt)) return Err(opened.refusal);
    }
}

// Whatever comes is bounded by what the signed size allows.
Outcome<asset::PortionHashes> SellerGiver::hashes() {
    const Refusal wrong{Problem::SealedFileDamaged, "portion hashes"};
    asset::PortionHashes all;
    for (std::uint64_t count = 1; all.leaves.size() < count;) {
        const auto page = this->page(all.leaves.size());
        if (!page) return Err(page.error());
        const bool isNext =
            page->first == all.leaves.size() && !page->leaves.empty() && page->leaves.size() <= wire::kHashesAPage;
        if (!isNext || page->count > m_order.sealedSize / asset::kSealedPortionSize + 1) return Err(wrong);
        count = page->count;
        all.frontSize = page->frontSize;
        all.leaves.insert(all.leaves.end(), page->leaves.begin(), page->leaves.end());
    }
    if (!areOf(all, m_order.sealedRoot, m_order.sealedSize)) return Err(wrong);
    return all;
}

void SellerGiver::ask(const Wanted& wanted) {
    send(wanted.index, wire::SealedPortionQuery{m_order.sale, wanted.index});
}

Giver::Given SellerGiver::next() {
    for (;;) {
        const auto letter = receive();
        if (!letter) return {0, Err(silent(m_control))};
        auto opened = open<wire::SealedPortion>(letter->second);
        if (opened.reply) {
            m_attempt = 0;
            return {letter->first, wire::joined(*opened.reply)};
        }
        if (!opened.isWorthAsking || !pause(m_attempt++)) return {letter->first, Err(opened.refusal)};
        ask({letter->first});
    }
}

} // namespace tallylock::party

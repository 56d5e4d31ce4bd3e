#include "core/party/PortionDesk.h"

#include "core/crypto/Merkle.h"
#include "core/party/Core.h"

#include <algorithm>
#include <iterator>

namespace tallylock::party {

using engine::SaleState;
using ports::LinkError;
using wire::FrameProblem;

static constexpr std::size_t kMostPosted = 1000; // of this party's tasks

/// Why nothing is given out in a state, in the order of the enum; nothing: it is.
static constexpr std::optional<FrameProblem> kRefusedIn[] = {
    FrameProblem::DeliveryTooEarly, // Offered
    FrameProblem::DeliveryTooEarly, // Accepted
    FrameProblem::DeliveryTooEarly, // KeyDeposited
    FrameProblem::DeliveryTooEarly, // KeyWrapped
    FrameProblem::DeliveryTooEarly, // Ready
    FrameProblem::DeliveryTooEarly, // WalletOpen
    FrameProblem::DeliveryTooEarly, // Seen: also again, after a reorganisation
    std::nullopt,                   // Funded
    std::nullopt,                   // Delivered
    std::nullopt,                   // Escrowed
    std::nullopt,                   // SellerPaid
    std::nullopt,                   // KeySent1
    std::nullopt,                   // KeySent2
    std::nullopt,                   // Unlocked
    std::nullopt,                   // Completed
    FrameProblem::DeliveryOver,     // Refunding
    FrameProblem::DeliveryOver,     // Refunded
    FrameProblem::DeliveryOver,     // Void
    std::nullopt,                   // Rekeying
    FrameProblem::DeliveryOver,     // KeyLost
    FrameProblem::DeliveryTooEarly, // Countered
    std::nullopt,                   // Disputed
    std::nullopt,                   // Resolved
};
static_assert(std::size(kRefusedIn) == static_cast<std::size_t>(SaleState::kCount));

static Bytes frameOf(wire::Answer answer) { return encodeCbor(answer); }
static Bytes problemFrame(FrameProblem problem, std::string detail = {}) {
    return frameOf(wire::Problem{problem, std::move(detail)});
}

/// Shared by the link's threads and whoever holds a question.
class PortionDesk::Counter : public std::enable_shared_from_this<Counter> {
public:
    /// Null if too many are in hand.
    std::shared_ptr<void> take(const IdentityKey& asker) {
        const std::lock_guard lock(m_mutex);
        std::size_t& ofOne = m_inHand[asker];
        if (ofOne >= kMostOfOne || m_ofAll >= kMostOfAll) return nullptr;
        ++ofOne;
        ++m_ofAll;
        return {this, [self = shared_from_this(), asker](void*) { self->release(asker); }};
    }

private:
    void release(const IdentityKey& asker) {
        const std::lock_guard lock(m_mutex);
        --m_ofAll;
        const auto found = m_inHand.find(asker);
        if (--found->second == 0) m_inHand.erase(found);
    }
    std::mutex m_mutex;
    std::map<IdentityKey, std::size_t> m_inHand;
    std::size_t m_ofAll = 0;
};

PortionDesk::~PortionDesk() {
    m_served.reset(); // no more questions
    m_control->interrupt();
    m_reader.stop();
}

void PortionDesk::open() {
    ports::Peers* const peers = m_core.setup().peers.get();
    if (!peers) return;
    const auto counter = std::make_shared<Counter>();
    m_served =
        peers->serve([this, counter, poster = m_core.poster()](const IdentityKey& asker, Bytes frame, Done done) {
            auto counted = counter->take(asker);
            if (!counted) return done(Err(LinkError::Busy));
            auto request = decodeCbor<wire::Request>(frame);
            if (!request) return done(problemFrame(FrameProblem::Malformed, nameOf(request.error())));
            const auto question =
                std::make_shared<Question>(Question{asker, std::move(*request), done, std::move(counted)});
            const bool posted = poster.postBounded(kMostPosted, [this, question] {
                m_core.whenSynced([this, question] { answer(std::move(*question)); });
            });
            if (!posted) done(Err(LinkError::Busy));
        });
}

// A stranger is not told how a sale stands.
Result<PortionDesk::Subject, FrameProblem> PortionDesk::permit(const IdentityKey& asker, SaleId id) const {
    const KnownSale* known = m_core.replica().sale(id);
    if (!known || known->last.sellerKeys.identity != m_core.identity().key()) return Err(FrameProblem::NotFound);
    const engine::SaleChanged& sale = known->last;
    if (sale.buyerKeys.identity != asker) return Err(FrameProblem::DeliveryNotYours);
    if (const auto refused = kRefusedIn[static_cast<std::size_t>(sale.state)]) return Err(*refused);
    const auto path = m_core.seller().sealedCopyOf(sale.listing);
    if (!path || !sale.terms) return Err(FrameProblem::SealedCopyMissing);
    return Subject{*path, sale.terms->sealedRoot, sale.terms->sealedSize};
}

void PortionDesk::answer(Question question) {
    const auto give = [&](const auto& query) {
        auto subject = permit(question.asker, query.sale);
        if (!subject) return question.done(problemFrame(subject.error()));
        m_reader.poster().post([this, query, subject = std::move(*subject), done = question.done,
                                counted = question.counted] { done(frameOf(read(subject, query))); });
    };
    if (const auto* hashes = std::get_if<wire::PortionHashQuery>(&question.request)) return give(*hashes);
    if (const auto* portion = std::get_if<wire::SealedPortionQuery>(&question.request)) return give(*portion);
    question.done(problemFrame(FrameProblem::NotFound, "not a question to a party"));
}

// --- reading --------------------------------------------------------------------------------------------------------

Result<PortionDesk::Opened*, FrameProblem> PortionDesk::openedOf(const Subject& subject) {
    if (m_opened && m_opened->root == subject.root) return m_opened.get();
    m_opened.reset();
    auto file = asset::FileSource::open(subject.path);
    if (!file) return Err(FrameProblem::SealedCopyMissing);
    if (file->size() != subject.size) return Err(FrameProblem::SealedCopyDamaged);
    asset::Work work;
    work.control = m_control.get();
    auto hashes = hashesOf(subject.path, *file, subject.root, work);
    if (!hashes) {
        const bool cut = hashes.error().problem == api::Problem::Cancelled;
        return Err(cut ? FrameProblem::Stopping : FrameProblem::SealedCopyDamaged);
    }
    m_opened = std::make_unique<Opened>(Opened{subject.root, std::move(*file), std::move(*hashes)});
    return m_opened.get();
}

wire::Answer PortionDesk::read(const Subject& subject, const wire::PortionHashQuery& query) {
    const auto opened = openedOf(subject);
    if (!opened) return wire::Problem{opened.error(), {}};
    const asset::PortionHashes& hashes = (*opened)->hashes;
    if (query.first >= hashes.leaves.size()) return wire::Problem{FrameProblem::NotFound, "no such portion"};
    const auto from = hashes.leaves.begin() + static_cast<std::ptrdiff_t>(query.first);
    const std::size_t count = std::min<std::size_t>(hashes.leaves.size() - query.first, wire::kHashesAPage);
    return wire::PortionHashPage{
        hashes.frontSize, hashes.leaves.size(), query.first, {from, from + static_cast<std::ptrdiff_t>(count)}};
}

wire::Answer PortionDesk::read(const Subject& subject, const wire::SealedPortionQuery& query) {
    const auto opened = openedOf(subject);
    if (!opened) return wire::Problem{opened.error(), {}};
    const asset::PortionHashes& hashes = (*opened)->hashes;
    if (query.index >= hashes.leaves.size()) return wire::Problem{FrameProblem::NotFound, "no such portion"};
    auto portion = asset::readSealedPortion((*opened)->file, hashes.layout(subject.size), query.index);
    if (!portion || crypto::merkleLeaf(*portion) != hashes.leaves[query.index]) {
        m_opened.reset(); // it may be mended
        return wire::Problem{FrameProblem::SealedCopyDamaged, "portion " + std::to_string(query.index)};
    }
    return wire::inPieces(query.index, *portion);
}

} // namespace tallylock::party

#include "core/party/PortionDesk.h"

#include "core/crypto/Merkle.h"
#include "core/party/Core.h"

#include <algorithm>
#include <functional>
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

/// Who may ask, before anything is looked into. Shared by the link's threads, whoever holds a question, and the worker,
/// which says who is a buyer.
class PortionDesk::Gate : public std::enable_shared_from_this<Gate> {
public:
    enum class Turned { Busy, Crowded };
    /// In hand, for as long as what is given is held.
    Result<std::shared_ptr<void>, Turned> take(const IdentityKey& asker, std::int64_t nowMs) {
        const std::lock_guard lock(m_mutex);
        if (!m_buyers.contains(asker)) {
            if (m_strangers >= kMostOfStrangers || !m_forStrangers.take(nowMs)) return Err(Turned::Crowded);
            ++m_strangers;
            return held([this] { --m_strangers; });
        }
        std::size_t& ofOne = m_inHand[asker];
        if (ofOne >= kMostOfOne || m_ofAll >= kMostOfAll) return Err(Turned::Busy);
        ++ofOne;
        ++m_ofAll;
        return held([this, asker] {
            --m_ofAll;
            const auto found = m_inHand.find(asker);
            if (--found->second == 0) m_inHand.erase(found);
        });
    }
    /// None: nobody is expected because of this sale.
    void expect(SaleId sale, const std::optional<IdentityKey>& buyer) {
        const std::lock_guard lock(m_mutex);
        if (const auto before = m_ofSale.find(sale); before != m_ofSale.end()) {
            const auto known = m_buyers.find(before->second);
            if (--known->second == 0) m_buyers.erase(known);
            m_ofSale.erase(before);
        }
        if (!buyer) return;
        m_ofSale[sale] = *buyer;
        ++m_buyers[*buyer];
    }

private:
    std::shared_ptr<void> held(std::function<void()> release) {
        return {this, [self = shared_from_this(), release = std::move(release)](void*) {
                    const std::lock_guard lock(self->m_mutex);
                    release();
                }};
    }
    std::mutex m_mutex;
    std::map<SaleId, IdentityKey> m_ofSale;
    std::map<IdentityKey, std::size_t> m_buyers; ///< of how many sales
    std::map<IdentityKey, std::size_t> m_inHand; ///< of buyers
    std::size_t m_ofAll = 0;
    std::size_t m_strangers = 0; ///< questions of theirs
    Allowance m_forStrangers{kStrangersASecond};
};

PortionDesk::PortionDesk(Core& core) : m_core(core), m_gate(std::make_shared<Gate>()) {}

PortionDesk::~PortionDesk() {
    m_served.reset(); // no more questions
    m_control->interrupt();
    m_reader.stop();
}

void PortionDesk::open() {
    ports::Peers* const peers = m_core.setup().peers.get();
    if (!peers) return;
    m_served = peers->serve([this, gate = m_gate, poster = m_core.poster(),
                             clock = &m_core.setup().clock](const IdentityKey& asker, Bytes frame, Done done) {
        auto taken = gate->take(asker, clock->steadyMs());
        if (!taken && taken.error() == Gate::Turned::Crowded) return done(problemFrame(FrameProblem::DeliveryCrowded));
        if (!taken) return done(Err(LinkError::Busy));
        auto request = decodeCbor<wire::Request>(frame);
        if (!request) return done(problemFrame(FrameProblem::Malformed, nameOf(request.error())));
        const auto question = std::make_shared<Question>(Question{asker, std::move(*request), done, std::move(*taken)});
        const bool posted = poster.postBounded(
            kMostPosted, [this, question] { m_core.whenSynced([this, question] { answer(std::move(*question)); }); });
        if (!posted) done(Err(LinkError::Busy));
    });
}

// From when both have agreed until it has come to nothing: before and after that its buyer is anybody.
static bool isUnderWay(SaleState state) {
    const bool isOffer = state == SaleState::Offered || state == SaleState::Countered;
    return !isOffer && kRefusedIn[static_cast<std::size_t>(state)] != FrameProblem::DeliveryOver;
}

void PortionDesk::note(SaleId id) {
    const KnownSale* known = m_core.replica().sale(id);
    if (!known || known->last.sellerKeys.identity != m_core.identity().key()) return;
    const engine::SaleChanged& sale = known->last;
    m_gate->expect(id, isUnderWay(sale.state) ? std::optional(sale.buyerKeys.identity) : std::nullopt);
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

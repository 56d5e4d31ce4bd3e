#include "core/keyserver/CourierDesk.h"

#include "core/crypto/Aead.h"
#include "core/crypto/Kdf.h"

namespace tallylock::keyserver {

using wire::CourierFailure;
using wire::CourierStage;
using wire::FrameProblem;
using wire::PartTwoWay;

// --- the address at rest ------------------------------------------------------------------------------------------

// AEAD(KDF(master, salt t, "courier-rest", []); address; frame("courier-rest", [t, number]))

static constexpr const char* kRest = "courier-rest";

static SecretBytes restKey(const SecretBytes& master, const Hash& terms) {
    return crypto::labelledKdf(master.view(), terms.view(), kRest, crypto::cborList());
}

static Bytes restFrame(const WishId& wish) { return crypto::frame(kRest, crypto::cborList(wish.terms, wish.number)); }

std::optional<std::string> CourierDesk::addressOf(const Hash& terms, const Wish& wish) const {
    if (wish.address.empty()) return std::string();
    const auto plain = crypto::aeadOpen(restKey(m_master, terms), wish.address, restFrame({terms, wish.number}));
    if (!plain) return std::nullopt;
    return std::string(plain->view().begin(), plain->view().end());
}

// --- what the buyer says and asks ------------------------------------------------------------------------------------

Result<const Deal*, FrameProblem> CourierDesk::dealFor(const IdentityKey& who, const Hash& terms) const {
    const Deal* deal = m_book.deal(terms);
    if (!deal) return Err(FrameProblem::NotFound);
    if (who != deal->terms.buyer.identity) return Err(FrameProblem::CourierNotYours);
    if (!deal->receipt) return Err(FrameProblem::NotFound); // nothing that could be sent
    return deal;
}

ports::WordCourier* CourierDesk::courierFor(PartTwoWay way) const {
    for (const auto& courier : m_couriers) {
        if (courier->way() == way) return courier.get();
    }
    return nullptr;
}

wire::CourierState CourierDesk::stateOf(const Hash& terms, const Deal& deal) const {
    wire::CourierState state;
    state.offersMail = courierFor(PartTwoWay::Mail) != nullptr;
    state.offersCard = courierFor(PartTwoWay::Card) != nullptr;
    if (!deal.wish) return state;
    const Wish& wish = *deal.wish;
    state.way = wish.way;
    state.stage = wish.stage;
    state.failure = wish.failure;
    state.attempts = wish.attempts;
    state.timeMs = wish.timeMs;
    state.address = addressOf(terms, wish).value_or(std::string());
    return state;
}

CourierDesk::Stated CourierDesk::set(const IdentityKey& who, const wire::SetCourier& request) {
    const auto found = dealFor(who, request.terms);
    if (!found) return Err(found.error());
    const Deal& deal = **found;
    const auto* courier = courierFor(request.way);
    if (request.way == PartTwoWay::Endpoint) {
        if (!request.address.empty()) return Err(FrameProblem::AddressUnfit);
    } else if (!courier) {
        return Err(FrameProblem::CourierNotOffered);
    } else if (request.address.size() > wire::kMostCourierAddress || !courier->takes(request.address)) {
        return Err(FrameProblem::AddressUnfit);
    }
    const bool isSame = deal.wish && deal.wish->way == request.way &&
                        addressOf(request.terms, *deal.wish) == std::optional(request.address);
    const bool isOver =
        deal.wish && (deal.wish->stage == CourierStage::Sent || deal.wish->stage == CourierStage::Failed);
    if ((isSame && !isOver) || (!deal.wish && !courier)) return stateOf(request.terms, deal);
    const std::uint64_t number = deal.wish ? deal.wish->number + 1 : 1;
    if (courier && number > kMostWishes) return Err(FrameProblem::CourierNotOffered);

    Bytes sealed;
    if (courier) {
        const ByteView plain{reinterpret_cast<const std::uint8_t*>(request.address.data()), request.address.size()};
        sealed =
            crypto::aeadSeal(restKey(m_master, request.terms), plain, restFrame({request.terms, number}), m_random);
    }
    if (!m_book.write({CourierSet{request.terms, number, request.way, std::move(sealed)}}))
        return Err(FrameProblem::Internal);
    return stateOf(request.terms, deal);
}

CourierDesk::Stated CourierDesk::state(const IdentityKey& who, const wire::CourierQuery& request) const {
    const auto found = dealFor(who, request.terms);
    if (!found) return Err(found.error());
    return stateOf(request.terms, **found);
}

// --- letters ---------------------------------------------------------------------------------------------------------

std::optional<LetterJob> CourierDesk::next(const std::set<WishId>& notNow) {
    for (const Hash& terms : m_book.openLetters()) {
        const Deal& deal = *m_book.deal(terms);
        const Wish& wish = *deal.wish;
        const WishId id{terms, wish.number};
        ports::WordCourier* courier = courierFor(wish.way);
        if (!courier || notNow.contains(id)) continue; // one that is not offered any more waits until it is again
        const auto address = addressOf(terms, wish);
        if (!address) continue;
        LetterJob job;
        job.wish = id;
        job.courier = courier;
        job.letter.id = crypto::labelledHash("letter", crypto::cborList(terms, wish.number));
        job.letter.sale = deal.sale;
        job.letter.address = *address;
        job.letter.timeMs = m_clock->wallMs();
        return job;
    }
    return std::nullopt;
}

bool CourierDesk::sent(const WishId& wish, const ports::LetterOutcome& outcome) {
    const Deal& deal = *m_book.deal(wish.terms);
    const std::uint32_t attempts = deal.wish->number == wish.number ? deal.wish->attempts + 1 : 1;
    LetterTried tried{wish.terms, wish.number, CourierStage::Sent, outcome.failure, m_clock->wallMs()};
    if (outcome.failure != CourierFailure::None) {
        const bool isOver = outcome.isForGood || attempts >= kMostLetterAttempts;
        tried.stage = isOver ? CourierStage::Failed : CourierStage::Waiting;
    }
    if (m_book.write({tried})) {
        m_untold.erase(wish);
        return true;
    }
    m_untold[wish] = outcome;
    return false;
}

const ports::LetterOutcome* CourierDesk::untold(const WishId& wish) const {
    const auto found = m_untold.find(wish);
    return found == m_untold.end() ? nullptr : &found->second;
}

bool CourierDesk::isOpen(const WishId& wish) const {
    return m_book.openLetters().contains(wish.terms) && m_book.deal(wish.terms)->wish->number == wish.number;
}

} // namespace tallylock::keyserver

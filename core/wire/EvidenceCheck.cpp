#include "core/wire/EvidenceCheck.h"

#include "core/engine/Ownership.h"

#include <algorithm>
#include <map>
#include <set>

namespace tallylock::wire {

using namespace tallylock::engine;
using escrow::SaleEvent;

namespace {
using E = SaleEvent;
using A = SaleActor;

// One row for each way in which the engine makes the event happen. What follows by itself (the money was final already
// when the buyer signed, the file delivered before the money was lost for a while) has the command that it followed.
constexpr EventCause kCauses[] = {
    {E::OfferMade, MakeOffer::kType, A::Buyer},
    {E::OfferWithdrawn, WithdrawOffer::kType, A::Buyer},
    {E::OfferRejected, RejectOffer::kType, A::Seller},
    {E::OfferAccepted, AcceptOffer::kType, A::Seller},
    {E::OfferCountered, CounterOffer::kType, A::Seller},
    {E::OfferRenewed, RenewOffer::kType, A::Buyer},
    {E::TermsSigned, SignTerms::kType, A::Buyer},
    {E::KeyDeposited, DepositKey::kType, A::Seller},
    {E::KeyWrapped, WrapKey::kType, A::KeyServer},
    {E::QuoteFrozen, FreezeQuote::kType, A::Coordinator},
    {E::QuoteLapsed, 0, A::Coordinator},
    {E::QuoteAsked, AskQuote::kType, A::Buyer},
    {E::WalletOpened, OpenWallet::kType, A::Coordinator},
    {E::FundingSigned, SignFunding::kType, A::Buyer},
    {E::PaymentSeen, ObservePayment::kType, A::Coordinator},
    {E::PaymentReversed, ObservePayment::kType, A::Coordinator},
    {E::PaymentFinal, ObservePayment::kType, A::Coordinator},
    {E::PaymentFinal, SignFunding::kType, A::Buyer},
    {E::DeliveryConfirmed, ConfirmDelivery::kType, A::Buyer},
    {E::DeliveryConfirmed, ObservePayment::kType, A::Coordinator},
    {E::DeliveryConfirmed, SignFunding::kType, A::Buyer}, // by another quote, when coins had left the chain
    {E::EscrowProvided, ProvideEscrow::kType, A::Coordinator},
    {E::SellerPaid, PaySeller::kType, A::Coordinator},
    {E::CoinsMoved, MoveCoins::kType, A::Coordinator},
    {E::Part1Sent, SendPart::kType, A::KeyServer},
    {E::Part2Sent, SendPart::kType, A::KeyServer},
    {E::UnlockConfirmed, ConfirmUnlock::kType, A::Buyer},
    {E::SettlementDone, ConfirmUnlock::kType, A::Buyer},
    {E::SettlementDone, MoveCoins::kType, A::Coordinator},
    {E::SettlementDone, 0, A::Coordinator},
    {E::DeadlinePassed, 0, A::Coordinator},
    {E::WalletClosed, CloseWallet::kType, A::Coordinator},
    {E::DeliveryStored, ConfirmStored::kType, A::Coordinator},
    {E::DeliveryCounted, 0, A::Coordinator},
    {E::DisputeRaised, RaiseDispute::kType, A::Buyer},
    {E::BuyerStated, MakeStatement::kType, A::Buyer},
    {E::SellerStated, MakeStatement::kType, A::Seller},
    {E::DataFoundSound, JudgeData::kType, A::KeyServer},
    {E::DataFoundBad, JudgeData::kType, A::KeyServer},
    {E::DisputeDecided, DecideDispute::kType, A::Arbiter},
    {E::HoldbackReleased, ReleaseHoldback::kType, A::Buyer},
    {E::SettlementDone, ReleaseHoldback::kType, A::Buyer},
    {E::KeyRewrapped, RewrapKey::kType, A::StandbyServer},
    {E::Part1Given, SendPart::kType, A::KeyServer},
    {E::PayoutTargetSet, SetPayoutTarget::kType, A::Seller},
    {E::OwnershipPassed, PassOwnership::kType, A::Seller},
    {E::OwnershipPassed, ObservePayment::kType, A::Coordinator},
    {E::OwnershipPassed, SignFunding::kType, A::Buyer},
};

std::optional<EvidenceError> unless(bool holds, EvidenceError error) {
    return holds ? std::nullopt : std::optional(error);
}
} // namespace

std::span<const EventCause> eventCauses() { return kCauses; }

bool sumsToZero(const LedgerPosted& entry) {
    std::map<UnitId, money::Int128> sums;
    for (const PostedLeg& leg : entry.legs) {
        if (leg.delta.unit != leg.account.unit || !money::addTo(sums[leg.delta.unit], leg.delta.value)) return false;
    }
    return std::all_of(sums.begin(), sums.end(), [](const auto& sum) { return sum.second == 0; });
}

// --- who ---------------------------------------------------------------------------------------------------------

/// The terms' own, or a deputy; who of them may decide when is the engine's to say.
bool TrailFacts::isArbiter(const IdentityKey& key) const {
    if (!terms || !terms->arbitration) return false;
    const std::vector<IdentityKey>& deputies = terms->arbitration->deputies;
    return key == terms->arbitration->arbiter || std::find(deputies.begin(), deputies.end(), key) != deputies.end();
}

const IdentityKey* TrailFacts::keyOf(SaleActor signer) {
    switch (signer) {
    case A::Buyer: return buyer ? &*buyer : nullptr;
    case A::Seller: return seller ? &*seller : nullptr;
    case A::KeyServer: return terms ? &keyServer() : nullptr;
    case A::StandbyServer: return terms && terms->standby ? &terms->standby->identity : nullptr;
    default: return &coordinator;
    }
}

/// Before there are terms, whoever first acts as the seller is the seller by the coordinator's word.
TrailFacts::Wrong TrailFacts::checkSigner(const ReceiptMade& receipt, SaleActor signer) {
    if (signer == A::Buyer && !buyer) buyer = receipt.signer;
    if (signer == A::Seller && !seller) seller = receipt.signer;
    if (signer == A::Arbiter) return unless(isArbiter(receipt.signer), EvidenceError::SignerWrong);
    const IdentityKey* key = keyOf(signer);
    return unless(key && *key == receipt.signer, EvidenceError::SignerWrong);
}

// --- what ----------------------------------------------------------------------------------------------------------

/// What was signed for already counts again, by whatever the money comes back; the first time it takes the signature
/// itself. One from the store counts by itself, but never in the place of the seller's word that the ownership has
/// passed.
bool TrailFacts::mayFollow(const StoryLine& line) const {
    const auto wasProven = [this](Proven what) { return proven[static_cast<std::size_t>(what)]; };
    switch (line.event) {
    case E::DeliveryConfirmed:
        return (line.command && std::holds_alternative<ConfirmDelivery>(*line.command)) || wasProven(Proven::Delivered);
    case E::OwnershipPassed:
        return (line.command && std::holds_alternative<PassOwnership>(*line.command)) ||
               wasProven(Proven::OwnershipPassed);
    case E::DeliveryCounted: return !(terms && terms->ownership);
    default: return true;
    }
}

TrailFacts::Wrong TrailFacts::learn(const StoryLine& line, SaleActor signer) {
    if (!mayFollow(line)) return EvidenceError::CommandUnfit;
    if (const auto wrong = checkSigner(line.receipt, signer)) return wrong;
    if (!line.command) return checkContract(line.receipt);
    const auto named = std::visit(
        [&](const auto& c) -> Wrong {
            if constexpr (requires { c.sale; }) return unless(c.sale == sale, EvidenceError::CommandUnfit);
            return std::nullopt;
        },
        *line.command);
    if (named) return named;
    if (const auto* part = std::get_if<SendPart>(&*line.command)) {
        if (part->note.part != (line.event == E::Part2Sent ? 2 : 1)) return EvidenceError::CommandUnfit;
        const bool mayFollow = proven[static_cast<std::size_t>(Proven::Part1Sent)] ||
                               (terms->keyWay == KeyWay::PartOneEarly && !isRekeyed);
        if (line.event == E::Part2Sent && !mayFollow) return EvidenceError::CommandUnfit;
    }
    // A contract that is made by this command is what its receipt names; statements in it name one made before.
    if (std::holds_alternative<WrapKey>(*line.command) || std::holds_alternative<AcceptOffer>(*line.command)) {
        if (const auto wrong = std::visit([this](const auto& c) { return on(c); }, *line.command)) return wrong;
        return checkContract(line.receipt);
    }
    if (const auto wrong = checkContract(line.receipt)) return wrong;
    return std::visit([this](const auto& c) { return on(c); }, *line.command);
}

TrailFacts::Wrong TrailFacts::checkContract(const ReceiptMade& receipt) {
    const Hash& named = receipt.contract;
    if (contract || (termsHash && named != *termsHash)) {
        const auto made = contractMade();
        if (!made || named != *made) return EvidenceError::ContractWrong;
        contract = made;
        return std::nullopt;
    }
    // No money moves without a contract.
    constexpr int kQuote = 5;
    if (receipt.step >= kQuote) return EvidenceError::ContractWrong;
    return unless(named == termsHash.value_or(Hash{}), EvidenceError::ContractWrong);
}

bool TrailFacts::isContract(const Hash& named) const { return contract && named == *contract; }

bool TrailFacts::buyerSigned() const {
    return termsHash && buyerSignature &&
           crypto::verify(*buyer, "accept-terms", TermsAcceptance{*termsHash}, *buyerSignature);
}

std::optional<Hash> TrailFacts::contractMade() const {
    if (!terms || !keyReceipt || !buyerSigned()) return std::nullopt;
    return crypto::labelledHash("contract", Contract{*terms, *sellerSignature, *buyerSignature, *keyReceipt});
}

TrailFacts::Wrong TrailFacts::on(const MakeOffer& c) {
    offer = c;
    return std::nullopt;
}
TrailFacts::Wrong TrailFacts::on(const RenewOffer& c) {
    const bool fits = c.offer.listing == offer->listing;
    offer = c.offer;
    return unless(fits, EvidenceError::CommandUnfit);
}

static bool hasDelivery(const Terms& t, const MakeOffer& offer) {
    return t.ownership.has_value() == (offer.delivery == DeliveryKind::OwnershipOnly);
}

TrailFacts::Wrong TrailFacts::on(const AcceptOffer& c) {
    const Terms& t = c.terms;
    const bool fits = t.buyer.identity == *buyer && t.seller.identity == *seller && t.coordinator == coordinator &&
                      t.buyerNonce == offer->nonce && t.listing == offer->listing && t.coin == offer->coin &&
                      t.keyWay == offer->keyWay && hasDelivery(t, *offer) && t.funding == offer->funding &&
                      t.escrowAsset == offer->escrowAsset && t.price.unit == offer->bid.unit &&
                      t.price.value <= offer->bid.value && t.price.value >= offer->minimum.value;
    if (!fits) return EvidenceError::TermsWrong;
    termsHash = crypto::labelledHash("terms", t);
    terms = t;
    sellerSignature = c.signature;
    return unless(crypto::verify(*seller, "accept-terms", TermsAcceptance{*termsHash}, c.signature),
                  EvidenceError::StatementForged);
}

bool TrailFacts::isVouched(const KeyReceipt& receipt, const IdentityKey& by) const {
    const KeyReceiptBody& body = receipt.body;
    return body.terms == *termsHash && body.recipient == terms->recipient && body.sealedRoot == terms->sealedRoot &&
           body.plainRoot == terms->plainRoot && crypto::verify(by, "r4", body, receipt.signature);
}

TrailFacts::Wrong TrailFacts::on(const WrapKey& c) {
    if (!keyReceipt) keyReceipt = c.receipt;
    return unless(isVouched(c.receipt, terms->keyServer.identity), EvidenceError::StatementForged);
}

/// What the first key server has sent counts no more.
TrailFacts::Wrong TrailFacts::on(const RewrapKey& c) {
    if (!isVouched(c.receipt, terms->standby->identity)) return EvidenceError::StatementForged;
    isRekeyed = true;
    proven[static_cast<std::size_t>(Proven::Part1Sent)] = false;
    return std::nullopt;
}

/// A new quote changes what is to be paid into the same wallet.
TrailFacts::Wrong TrailFacts::on(const FreezeQuote& c) {
    if (wallet) wallet->coins = c.coins;
    return std::nullopt;
}
TrailFacts::Wrong TrailFacts::on(const OpenWallet& c) {
    wallet = c;
    return unless(isContract(c.contract), EvidenceError::ContractWrong);
}
TrailFacts::Wrong TrailFacts::on(const SignFunding& c) const {
    const bool fits = isContract(c.contract) && wallet && c.walletReceipt == crypto::labelledHash("r6", *wallet);
    return unless(fits, EvidenceError::ContractWrong);
}
TrailFacts::Wrong TrailFacts::on(const ObservePayment& c) const {
    const bool fits = wallet && c.rail == wallet->rail && c.identifier == wallet->address;
    return unless(fits, EvidenceError::CommandUnfit);
}
TrailFacts::Wrong TrailFacts::on(const ConfirmDelivery& c) const {
    const bool fits = !terms->ownership && isContract(c.receipt.contract) &&
                      c.receipt.sealedRoot == terms->sealedRoot && crypto::verify(*buyer, "r8", c.receipt, c.signature);
    return unless(fits, EvidenceError::StatementForged);
}
TrailFacts::Wrong TrailFacts::on(const PassOwnership& c) const {
    return unless(contract && isDelivery(c.entry, *terms, *contract), EvidenceError::StatementForged);
}
TrailFacts::Wrong TrailFacts::on(const ProvideEscrow& c) const {
    if (c.conversion.has_value() != isConverted(*terms)) return EvidenceError::CommandUnfit;
    const bool fits = isContract(c.keyReady.contract) &&
                      crypto::verify(terms->keyServer.identity, "key-ready", c.keyReady, c.keyReadySignature);
    return unless(fits, EvidenceError::StatementForged);
}
TrailFacts::Wrong TrailFacts::on(const SendPart& c) const {
    const bool boxFits = c.box.empty() || crypto::labelledHash("part", encodeCbor(c.box)) == c.note.partHash;
    const bool fits =
        boxFits && isContract(c.note.contract) && crypto::verify(keyServer(), "key-part", c.note, c.signature);
    return unless(fits, EvidenceError::StatementForged);
}
TrailFacts::Wrong TrailFacts::on(const ConfirmUnlock& c) const {
    const bool fits =
        isContract(c.receipt.contract) && c.receipt.opened && crypto::verify(*buyer, "r14", c.receipt, c.signature);
    return unless(fits, EvidenceError::StatementForged);
}

TrailFacts::Wrong TrailFacts::on(const RaiseDispute& c) const {
    if (!c.receipt) return unless(!c.signature, EvidenceError::StatementForged);
    const bool fits = isContract(c.receipt->contract) && !c.receipt->opened && c.signature &&
                      crypto::verify(*buyer, "r14", *c.receipt, *c.signature);
    return unless(fits, EvidenceError::StatementForged);
}
TrailFacts::Wrong TrailFacts::on(const JudgeData& c) const {
    const bool fits = isContract(c.verdict.contract) && c.verdict.bad && // else nothing ends, and there is no receipt
                      crypto::verify(keyServer(), "verdict", c.verdict, c.signature);
    return unless(fits, EvidenceError::StatementForged);
}
TrailFacts::Wrong TrailFacts::on(const DecideDispute& c) const {
    const bool fits =
        c.toBuyer.unit == terms->holdback.unit && c.toBuyer.value >= 0 && c.toBuyer.value <= terms->holdback.value;
    return unless(fits, EvidenceError::PaymentDiffers);
}

// --- what follows ----------------------------------------------------------------------------------------------------

std::optional<std::map<HolderId, money::Int128>> TrailFacts::paidTo(const LedgerPosted& entry) const {
    std::map<HolderId, money::Int128> paid;
    for (const PostedLeg& leg : entry.legs) {
        if (!leg.account.holder) continue;
        if (leg.account.purpose != ledger::Purpose::Available || leg.delta.unit != terms->price.unit)
            return std::nullopt;
        if (!money::addTo(paid[leg.account.holder], leg.delta.value)) return std::nullopt;
    }
    return paid;
}

/// One holder gets the price less fee and holdback, and nobody else gets any of the dollars but the house.
bool TrailFacts::isPaidAsAgreed(const LedgerPosted& entry) {
    const auto paid = paidTo(entry);
    money::Int128 due = terms->price.value;
    const bool inRange = money::subtractFrom(due, terms->fee.value) && money::subtractFrom(due, terms->holdback.value);
    if (!inRange || !paid || paid->size() != 1 || paid->begin()->second != due) return false;
    m_payee = paid->begin()->first;
    return true;
}

/// Coins of this sale go to one holder, and nothing else moves.
bool TrailFacts::isRefund(const LedgerPosted& entry) const {
    std::set<HolderId> holders;
    for (const PostedLeg& leg : entry.legs) {
        const bool isFunds = leg.account == ledger::saleFundsOf(entry.sale, terms->coin);
        const bool isHolders = leg.account.holder && leg.account.purpose == ledger::Purpose::Available;
        if (leg.delta.unit != terms->coin || (isFunds ? leg.delta.value >= 0 : !isHolders || leg.delta.value <= 0))
            return false;
        if (isHolders) holders.insert(leg.account.holder);
    }
    return holders.size() == 1;
}

/// Somebody else than the seller gets the whole price.
bool TrailFacts::isMadeWhole(const LedgerPosted& entry) const {
    const auto paid = paidTo(entry);
    return paid && paid->size() == 1 && paid->begin()->first != m_payee && paid->begin()->second == terms->price.value;
}

/// Of what was held back the buyer gets what was decided (where silence has decided: all or nothing), and whom B10 has
/// paid the rest.
bool TrailFacts::isDividedAsDecided(const std::optional<LedgerPosted>& entry) const {
    const money::Int128 held = terms->holdback.value;
    if (held == 0) return true;
    const auto paid = entry ? paidTo(*entry) : std::nullopt;
    if (!paid) return false;
    money::Int128 toBuyer = 0;
    money::Int128 rest = 0;
    std::size_t buyers = 0;
    for (const auto& [holder, amount] : *paid) {
        (holder == m_payee ? rest : toBuyer) = amount;
        if (holder != m_payee) ++buyers;
    }
    const bool isWhole = toBuyer >= 0 && rest >= 0 && toBuyer <= held && rest == held - toBuyer;
    const bool isDecided = m_toBuyer ? toBuyer == m_toBuyer->value : toBuyer == 0 || toBuyer == held;
    return isWhole && isDecided && buyers <= 1;
}

/// As long as the terms give, at least: an outage makes it longer.
bool TrailFacts::isDue(const StoryLine& line) const {
    if ((line.event != E::DeadlinePassed && line.event != E::DeliveryCounted) || !terms) return true;
    const Deadlines& spans = terms->deadlines;
    const LateDeadlines late = spans.late.value_or(LateDeadlines{});
    std::int64_t spanMs = 0;
    switch (escrow::deadlineOf(m_state)) {
    case escrow::DeadlineKind::Delivery:
    case escrow::DeadlineKind::Opening: spanMs = spans.deliveryMs; break;
    case escrow::DeadlineKind::Escrow: spanMs = late.escrowMs; break;
    case escrow::DeadlineKind::Payout: spanMs = late.payoutMs; break;
    case escrow::DeadlineKind::Release: spanMs = late.releaseMs; break;
    case escrow::DeadlineKind::Rekeying: spanMs = late.rekeyingMs; break;
    case escrow::DeadlineKind::Refund: spanMs = late.refundMs; break;
    case escrow::DeadlineKind::Dispute: spanMs = terms->arbitration ? terms->arbitration->disputeMs : 0; break;
    // Their moments are in statements, or begin before the state does.
    case escrow::DeadlineKind::None:
    case escrow::DeadlineKind::Offer:
    case escrow::DeadlineKind::Key:
    case escrow::DeadlineKind::Payment:
    case escrow::DeadlineKind::Settlement: break;
    }
    std::int64_t earliestMs = 0;
    return !__builtin_add_overflow(m_sinceMs, spanMs, &earliestMs) && line.receipt.timeMs >= earliestMs;
}

/// B9 brings what the terms say into escrow of this sale, and B10 takes it out: the price, but for what is held back,
/// or what was changed for it. Nobody but the house gives anything.
bool TrailFacts::isEscrowedAsAgreed(const LedgerPosted& entry, bool isPaidOut) const {
    std::map<UnitId, money::Int128> moved;
    for (const PostedLeg& leg : entry.legs) {
        const ledger::AccountKey& account = leg.account;
        if (account.holder && leg.delta.value < 0) return false;
        if (account.purpose == ledger::Purpose::SaleFunds && account != ledger::saleFundsOf(entry.sale, leg.delta.unit))
            return false;
        if (account.purpose != ledger::Purpose::Escrow) continue;
        if (account != ledger::escrowOf(entry.sale, leg.delta.unit)) return false;
        if (!money::addTo(moved[leg.delta.unit], leg.delta.value)) return false;
    }
    const Amount& price = terms->price;
    Amount held = price;
    if (terms->escrowAsset == EscrowAsset::DigitalDollars) held.unit = money::kDusd;
    if (escrowsCoins(*terms)) {
        if (!wallet) return false;
        held = wallet->coins;
    }
    std::map<UnitId, money::Int128> agreed;
    if (!isPaidOut) {
        agreed[held.unit] = held.value;
    } else {
        if (!money::subtractFrom(agreed[held.unit], held.value)) return false;
        if (!money::addTo(agreed[price.unit], terms->holdback.value)) return false; // kept until the end
    }
    std::erase_if(moved, [](const auto& one) { return one.second == 0; });
    std::erase_if(agreed, [](const auto& one) { return one.second == 0; });
    return moved == agreed;
}

TrailFacts::Wrong TrailFacts::conclude(const StoryLine& line) {
    if (!isDue(line)) return EvidenceError::DeadlineEarly;
    if (contract) prove(Proven::TermsAgreed);
    switch (line.event) {
    case E::KeyWrapped: prove(Proven::KeyVouched); break;
    case E::PaymentFinal: prove(Proven::BuyerPaid); break;
    case E::DeliveryConfirmed: prove(Proven::Delivered); break;
    case E::OwnershipPassed: prove(Proven::OwnershipPassed); break;
    case E::Part1Sent: prove(Proven::Part1Sent); break;
    case E::Part2Sent: prove(Proven::Part2Sent); break;
    case E::UnlockConfirmed: prove(Proven::Opened); break;
    case E::DataFoundBad:
        m_toBuyer = terms->holdback;
        prove(Proven::DataFoundBad);
        break;
    case E::DisputeDecided:
        m_toBuyer = std::get<DecideDispute>(*line.command).toBuyer;
        prove(Proven::Decided);
        break;
    case E::EscrowProvided:
        if (!line.entry || !isEscrowedAsAgreed(*line.entry, false)) return EvidenceError::PaymentDiffers;
        break;
    default: break;
    }
    const auto wrong = concludeState(line);
    if (line.receipt.stateAfter != m_state) m_sinceMs = line.receipt.timeMs;
    m_state = line.receipt.stateAfter;
    return wrong;
}

/// What must have been moved where a sale comes to be in this state.
TrailFacts::Wrong TrailFacts::concludeState(const StoryLine& line) {
    switch (line.receipt.stateAfter) {
    case SaleState::SellerPaid: {
        constexpr int kPayout = 10;
        if (line.receipt.step != kPayout) break;
        if (!line.entry || !isPaidAsAgreed(*line.entry) || !isEscrowedAsAgreed(*line.entry, true))
            return EvidenceError::PaymentDiffers;
        prove(Proven::SellerPaid);
        break;
    }
    case SaleState::Refunded:
        if (!line.entry) break; // everything had left the chain
        if (!isRefund(*line.entry)) return EvidenceError::PaymentDiffers;
        prove(Proven::Refunded);
        break;
    case SaleState::KeyLost:
        if (!line.entry || !isMadeWhole(*line.entry)) return EvidenceError::PaymentDiffers;
        prove(Proven::BuyerMadeWhole);
        break;
    case SaleState::Completed: m_toBuyer = Amount{0, terms->holdback.unit}; [[fallthrough]];
    case SaleState::Resolved: return unless(isDividedAsDecided(line.entry), EvidenceError::PaymentDiffers);
    default: break;
    }
    return std::nullopt;
}

} // namespace tallylock::wire

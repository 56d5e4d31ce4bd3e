#include "core/party/BuyerSide.h"

#include "core/party/Core.h"
#include "core/party/Marks.h"
#include "core/party/SaleChecks.h"

#include <filesystem>

namespace tallylock::party {

namespace fs = std::filesystem;
using api::Answer;
using api::Done;
using api::Problem;
using api::Refusal;
using engine::SaleState;

static constexpr std::int64_t kUnlockedBoundMs = 10'000;
static constexpr std::int64_t kDamagedDelayMs = 30'000; // whoever gives wrong portions is not asked again at once

// --- B1 ------------------------------------------------------------------------------------------------------------

void BuyerSide::makeOffer(const api::OfferRequest& request, const Done<SaleId>& done) {
    const KnownListing* listing = m_core.replica().listing(request.listing);
    if (listing && !listing->sound) {
        const auto why = checkListing(listing->published);
        return done(Err(why.error()));
    }
    m_core.withHolder([this, request, done](const Answer<HolderId>& holder) {
        if (!holder) return done(Err(holder.error()));
        m_core.command(
            offerOf(request), [this](std::uint64_t value) { return m_core.replica().sale({value}) != nullptr; },
            [done](const Answer<std::uint64_t>& value) {
                if (!value) return done(Err(value.error()));
                done(SaleId{*value});
            });
    });
}

engine::MakeOffer BuyerSide::offerOf(const api::OfferRequest& request) {
    engine::MakeOffer body;
    body.listing = request.listing;
    body.coin = request.coin;
    body.bid = request.bid;
    body.minimum = request.minimum;
    body.expiresMs = m_core.nowMs() + request.expiresInMs;
    body.nonce = m_core.random().fixed<Hash>();
    if (request.keyWay != api::KeyWay::TwoChannels) body.keyWay = static_cast<engine::KeyWay>(request.keyWay);
    if (request.delivery != api::DeliveryKind::SealedFile)
        body.delivery = static_cast<engine::DeliveryKind>(request.delivery);
    if (request.funding != api::FundingMode::Fronted) body.funding = static_cast<engine::FundingMode>(request.funding);
    if (request.escrowAsset != api::EscrowAsset::Dollars)
        body.escrowAsset = static_cast<engine::EscrowAsset>(request.escrowAsset);
    if (request.refundTo) body.refundTo = treasury::PayoutAddressId{*request.refundTo};
    return body;
}

void BuyerSide::withdraw(SaleId sale, const Done<void>& done) {
    m_core.commandSale(sale, engine::WithdrawOffer{sale}, SaleState::Void, done);
}

void BuyerSide::renew(SaleId sale, const api::OfferRequest& request, const Done<void>& done) {
    const KnownSale* known = m_core.replica().sale(sale);
    if (!known) return done(Err(Refusal{Problem::SaleUnknown, {}}));
    api::OfferRequest whole = request;
    whole.listing = known->last.listing;
    whole.keyWay = static_cast<api::KeyWay>(known->last.keyWay.value_or(engine::KeyWay::TwoChannels));
    whole.delivery = static_cast<api::DeliveryKind>(known->last.delivery.value_or(engine::DeliveryKind::SealedFile));
    whole.funding = static_cast<api::FundingMode>(known->last.funding.value_or(engine::FundingMode::Fronted));
    whole.escrowAsset = static_cast<api::EscrowAsset>(known->last.escrowAsset.value_or(engine::EscrowAsset::Dollars));
    whole.refundTo.reset();
    const auto& rules = m_core.replica().withdrawalPolicy();
    const bool mayName = !rules || rules->policy.approvals == 0;
    if (mayName && known->refundTo && m_core.replica().payoutAddresses().contains(known->refundTo->id))
        whole.refundTo = known->refundTo->id.value;
    m_core.commandSale(sale, engine::RenewOffer{sale, offerOf(whole)}, SaleState::Offered, done);
}

/// There is a quote, and the buyer has not agreed to it.
static bool isUnsigned(const engine::SaleChanged& sale) {
    return sale.wallet && !sale.quoteLapsed && !sale.fundingSigned.value_or(false);
}

void BuyerSide::askQuote(SaleId sale, const Done<void>& done) { m_core.commandOnly(engine::AskQuote{sale}, done); }

void BuyerSide::agreeToQuote(SaleId sale, const engine::Amount& coins, const Done<void>& done) {
    const KnownSale* known = m_core.replica().sale(sale);
    if (!known) return done(Err(Refusal{Problem::SaleUnknown, {}}));
    if (!isUnsigned(known->last)) return done(Err(Refusal{Problem::PaymentNotOpen, {}}));
    const auto contract = checkWallet(known->last, m_core.setup().keyServerIdentity);
    if (!contract) return done(Err(contract.error()));
    if (known->last.coins != coins) return done(Err(Refusal{Problem::QuoteLapsed, {}}));
    const auto tell = [done](const Answer<void>& answer) {
        // The contract fits: it is another quote that was made while the word was on its way.
        if (!answer && answer.error().problem == Problem::TermsMismatch)
            return done(Err(Refusal{Problem::QuoteLapsed, {}}));
        done(answer);
    };
    m_core.commandOnly(engine::SignFunding{sale, *contract, *known->last.walletReceipt}, tell);
}

// --- what happens by itself ------------------------------------------------------------------------------------------

void BuyerSide::drive(const KnownSale& known) {
    const engine::SaleChanged& sale = known.last;
    if (sale.buyerKeys.identity != m_core.identity().key()) return; // another user of the same account buys
    switch (sale.state) {
    case SaleState::Accepted:
    case SaleState::KeyDeposited:
    case SaleState::KeyWrapped:
        if (!sale.buyerSignature) signTerms(sale);
        break;
    case SaleState::WalletOpen:
    case SaleState::Seen:
        if (isUnsigned(sale) && sale.received->isZero()) signFunding(sale);
        break;
    case SaleState::Funded:
        if (!sale.terms->ownership) confirmDelivery(sale); // else the seller signs, and nothing is fetched
        break;
    case SaleState::SellerPaid: demandKey(known); break;
    case SaleState::Rekeying: demandKey(known); [[fallthrough]];
    case SaleState::KeySent1:
    case SaleState::KeySent2:
    case SaleState::Unlocked:
    case SaleState::Completed:
    case SaleState::Disputed:
    case SaleState::Resolved:
        if (const CopyKept* copy = m_core.diary().copy(sale.sale); !copy) {
            if (sale.terms->courier1 == engine::CourierKind::KeyServerEndpoint && !m_parts.part1(known))
                fetchPart(sale, 1, Act::FetchPart1);
            if (!m_parts.part2(known)) fetchPart(sale, 2, Act::FetchPart2);
            if (sale.terms->ownership) keepKey(known);
        } else if (sale.state == SaleState::KeySent2) {
            confirmUnlock(sale, *copy);
        }
        break;
    default: break;
    }
}

void BuyerSide::act(SaleId sale, Act what, engine::CommandBody body,
                    std::function<bool(const engine::SaleChanged&)> landed) {
    m_core.command(
        std::move(body),
        [this, sale, landed = std::move(landed)](std::uint64_t) { return landed(m_core.replica().sale(sale)->last); },
        [this, sale, what](const Answer<std::uint64_t>& value) {
            if (value) return m_attempts.succeeded(sale, what);
            // Refused: the sale has gone on meanwhile. Its next change says what is to be done.
            m_attempts.failed(sale, what);
        });
}

void BuyerSide::signTerms(const engine::SaleChanged& sale) {
    const engine::MakeOffer* offer = m_core.diary().offer(sale.buyerNonce);
    const KnownListing* listing = m_core.replica().listing(sale.listing);
    if (!offer || !listing || !sale.terms) return; // not offered from here: another device signs
    const keys::Identity& me = m_core.identity();
    const BuyerView view{m_core.welcome()->config,
                         m_core.setup().keyServerIdentity,
                         m_core.setup().standbyIdentity,
                         {me.key(), me.boxKey()},
                         *offer,
                         listing->published};
    if (!checkTerms(sale, view) || !m_attempts.begin(sale.sale, Act::SignTerms)) return;
    const Signature signature = me.sign("accept-terms", engine::TermsAcceptance{termsHash(*sale.terms)});
    act(sale.sale, Act::SignTerms, engine::SignTerms{sale.sale, signature},
        [](const engine::SaleChanged& now) { return now.buyerSignature.has_value(); });
}

void BuyerSide::signFunding(const engine::SaleChanged& sale) {
    const auto contract = checkWallet(sale, m_core.setup().keyServerIdentity);
    if (!contract || !m_attempts.begin(sale.sale, Act::SignFunding)) return;
    act(sale.sale, Act::SignFunding, engine::SignFunding{sale.sale, *contract, *sale.walletReceipt},
        [](const engine::SaleChanged& now) { return now.fundingSigned.value_or(false); });
}

void BuyerSide::confirmDelivery(const engine::SaleChanged& sale) {
    const auto contract = contractOf(sale);
    if (!contract || !m_attempts.begin(sale.sale, Act::ConfirmDelivery)) return;
    const ControlPointer control = newControl();
    const engine::DeliveryReceipt receipt{contractHash(*contract), contract->terms.sealedRoot};
    m_core.jobs().start(control, [this, control, receipt, id = sale.sale, order = m_deliveries.orderOf(sale)] {
        auto received = m_deliveries.receive(order, *control);
        m_core.poster().post([this, received = std::move(received), receipt, id] {
            if (!received) { // the rest may still arrive; what does not is refunded at the deadline
                const std::int64_t delayMs = m_attempts.failed(id, Act::ConfirmDelivery);
                const bool isDamaged = received.error().problem == Problem::SealedFileDamaged;
                return m_core.driveAgain(id, isDamaged ? kDamagedDelayMs : delayMs);
            }
            const Signature signature = m_core.identity().sign("r8", receipt);
            act(id, Act::ConfirmDelivery, engine::ConfirmDelivery{id, receipt, signature},
                [](const engine::SaleChanged& now) { return now.state != SaleState::Funded; });
        });
    });
}

// --- B12, B13 -------------------------------------------------------------------------------------------------------

/// The seller is paid, and for a while nobody has had the key sent: coordinator and key server may not reach each
/// other, or the one may be gone. The buyer holds the proof and needs nobody for it.
void BuyerSide::demandKey(const KnownSale& known) {
    const engine::SaleChanged& sale = known.last;
    if (m_core.diary().copy(sale.sale) || (m_parts.part1(known) && m_parts.part2(known))) return;
    const std::int64_t nowMs = m_core.setup().clock.steadyMs();
    const auto [since, isNew] = m_paidSince.try_emplace(sale.sale, nowMs);
    const std::int64_t leftMs = since->second + m_core.setup().keyPatienceMs - nowMs;
    if (leftMs > 0) {
        if (isNew) m_core.driveAgain(sale.sale, leftMs);
        return;
    }
    const wire::Release* proof = m_parts.proofOfPayout(sale.sale);
    if (!proof || !m_attempts.begin(sale.sale, Act::ShowPayout)) return;
    m_parts.showProof(sale, *proof, [this, id = sale.sale](const Result<wire::Accepted, wire::Problem>& taken) {
        if (!taken) {
            const std::int64_t delayMs = m_attempts.failed(id, Act::ShowPayout);
            if (Server::worthRetrying(taken.error())) m_core.driveAgain(id, delayMs);
            return;
        }
        m_attempts.succeeded(id, Act::ShowPayout);
        const engine::SaleChanged& now = m_core.replica().sale(id)->last;
        if (!m_parts.part1(*m_core.replica().sale(id))) fetchPart(now, 1, Act::FetchPart1);
        if (!m_parts.part2(*m_core.replica().sale(id))) fetchPart(now, 2, Act::FetchPart2);
    });
}

void BuyerSide::fetchPart(const engine::SaleChanged& sale, std::uint8_t part, Act act) {
    const auto contract = contractOf(sale);
    if (!contract || !m_attempts.begin(sale.sale, act)) return;
    const auto failed = [this, act, id = sale.sale](const wire::Problem& problem) {
        const std::int64_t delayMs = m_attempts.failed(id, act);
        const bool notYet = problem.problem == wire::FrameProblem::NotFound ||
                            problem.problem == wire::FrameProblem::NotPaid ||
                            problem.problem == wire::FrameProblem::SignatureInvalid; // the nonce was used up
        if (notYet || Server::worthRetrying(problem)) m_core.driveAgain(id, delayMs);
    };
    m_parts.fetch(sale, part, [this, sale, part, act, failed](Result<wire::KeyPart, wire::Problem> sent) {
        if (!sent) return failed(sent.error());
        if (m_parts.take(sale, part, *sent)) {
            m_attempts.succeeded(sale.sale, act);
            if (sale.terms->ownership) m_core.drive(sale.sale); // nobody needs to unlock a file
            return;
        }
        m_core.driveAgain(sale.sale, m_attempts.failed(sale.sale, act));
    });
}

// --- B14 -------------------------------------------------------------------------------------------------------------

Answer<keys::EditionSecrets> BuyerSide::secretsOf(const KnownSale& sale) const {
    const engine::Terms& terms = *sale.last.terms;
    if (const CopyKept* copy = m_core.diary().copy(sale.last.sale)) {
        auto own = keys::unwrapForOwner(m_core.identity().vaultKey(), copy->copy, copy->contract);
        if (!own) return Err(Refusal{Problem::VaultDamaged, {}});
        return std::move(*own);
    }
    const auto first = m_parts.part1(sale);
    if (!first) return Err(first.error());
    const auto second = m_parts.part2(sale);
    if (!second) return Err(second.error());
    auto secrets = keys::unwrapFirstPassword(*second, first->fingerprintPart, termsHash(terms), first->c1);
    // The seal does not commit to its key: that P1 is the recipient's secret is what counts.
    if (!secrets || crypto::boxKeyOf(secrets->firstPassword) != terms.recipient)
        return Err(Refusal{Problem::KeyPartsWrong, "part 1"});
    return std::move(*secrets);
}

std::string BuyerSide::placeFor(const KnownSale& sale, const std::string& wanted) const {
    std::string name = "sale-" + std::to_string(sale.last.sale.value);
    if (const KnownListing* listing = m_core.replica().listing(sale.last.listing))
        if (const auto manifest = checkListing(listing->published)) name += "-" + manifest->name;
    std::error_code error;
    if (!wanted.empty() && !fs::is_directory(wanted, error)) return wanted;
    const fs::path folder = wanted.empty() ? fs::path(m_core.setup().folder) / "library" : fs::path(wanted);
    return (folder / name).string();
}

std::uint64_t BuyerSide::plainSizeOf(const KnownSale& sale) const {
    const KnownListing* listing = m_core.replica().listing(sale.last.listing);
    return listing ? listing->published.sizeBytes : 0;
}

void BuyerSide::unlock(SaleId sale, const std::string& path, const ControlPointer& control,
                       const UnlockProgress& progress, const Done<std::string>& done) {
    const KnownSale* known = m_core.replica().sale(sale);
    if (!known) return done(Err(Refusal{Problem::SaleUnknown, {}}));
    if (known->last.buyer != m_core.replica().holder()) return done(Err(Refusal{Problem::SaleNotYours, {}}));
    if (!known->last.terms) return done(Err(Refusal{Problem::KeyPartsMissing, {}}));
    auto found = secretsOf(*known);
    if (!found) return done(Err(found.error()));
    const auto secrets = std::make_shared<keys::EditionSecrets>(std::move(*found));
    const engine::Terms& terms = *known->last.terms;
    const asset::EditionClaim claim{terms.recipient, terms.sealedRoot, terms.plainRoot};
    std::optional<std::string> trackingMark;
    if (const KnownListing* listing = m_core.replica().listing(known->last.listing))
        if (const auto manifest = checkListing(listing->published)) trackingMark = manifest->trackingMark;
    m_core.jobs().startWatched(control, [this, control, progress, sale, secrets, claim, done, trackingMark,
                                         place = placeFor(*known, path), total = plainSizeOf(*known),
                                         order = m_deliveries.orderOf(known->last)] {
        asset::Work work;
        work.progress = [&](std::uint64_t doneBytes) { progress(doneBytes, total); };
        work.control = control.get();
        auto outcome = m_deliveries.open(order, claim, *secrets, place, work);
        if (outcome) writeSidecar(place, trackingMark);
        m_core.poster().post([this, outcome = std::move(outcome), sale, secrets, place, done] {
            if (!outcome) return done(Err(outcome.error()));
            opened(sale, place, secrets, done);
        });
    });
}

void BuyerSide::verifyOpened(SaleId sale, const ControlPointer& control, const UnlockProgress& progress,
                             const Done<void>& done) {
    const KnownSale* known = m_core.replica().sale(sale);
    if (!known) return done(Err(Refusal{Problem::SaleUnknown, {}}));
    if (known->last.buyer != m_core.replica().holder()) return done(Err(Refusal{Problem::SaleNotYours, {}}));
    const std::string* path = m_core.diary().path(sale);
    if (!path || !known->last.terms) return done(Err(Refusal{Problem::SaleWrongState, {}}));
    auto found = secretsOf(*known);
    if (!found) return done(Err(found.error()));
    const auto secrets = std::make_shared<keys::EditionSecrets>(std::move(*found));
    m_core.jobs().startWatched(control, [this, control, progress, secrets, done, path = *path,
                                         root = known->last.terms->plainRoot, total = plainSizeOf(*known)] {
        asset::Work work;
        work.progress = [&](std::uint64_t doneBytes) { progress(doneBytes, total); };
        work.control = control.get();
        auto outcome = verifyFile(path, secrets->plainSalt, root, work);
        m_core.poster().post([outcome = std::move(outcome), done] { done(outcome); });
    });
}

Answer<void> BuyerSide::keepCopy(const engine::SaleChanged& sale, const keys::EditionSecrets& secrets) {
    if (m_core.diary().copy(sale.sale)) return {};
    const Hash k = contractHash(*contractOf(sale));
    const Bytes copy = keys::wrapForOwner(m_core.identity().vaultKey(), secrets, k, m_core.random());
    if (const auto put = m_core.diary().put(CopyKept{sale.sale, k, copy}); !put) return Err(refusalOf(put.error()));
    return {};
}

/// B14 where only the ownership passes: the file stays where it is, so the key is proven by being the recipient's
/// secret. The file can be opened with the own copy whenever it is obtained.
void BuyerSide::keepKey(const KnownSale& known) {
    if (!checkOwner(known.last)) return; // R14 would say that all is well
    const auto secrets = secretsOf(known);
    if (!secrets || !keepCopy(known.last, *secrets)) return;
    m_core.changed(api::Topic::Library);
    const CopyKept* copy = m_core.diary().copy(known.last.sale);
    if (copy && known.last.state == SaleState::KeySent2) confirmUnlock(known.last, *copy);
}

// The own copy is durable before R14 says that the file opens.
void BuyerSide::opened(SaleId sale, const std::string& path, const std::shared_ptr<keys::EditionSecrets>& secrets,
                       const Done<std::string>& done) {
    const engine::SaleChanged& last = m_core.replica().sale(sale)->last;
    if (const auto kept = keepCopy(last, *secrets); !kept) return done(Err(kept.error()));
    if (const auto put = m_core.diary().put(FileOpened{sale, path}); !put) return done(Err(refusalOf(put.error())));
    m_core.changed(api::Topic::Library);
    m_core.drive(sale);
    m_core.until([this, sale] { return m_core.replica().sale(sale)->last.state != SaleState::KeySent2; },
                 kUnlockedBoundMs, [done, path](bool) { done(path); });
}

void BuyerSide::confirmUnlock(const engine::SaleChanged& sale, const CopyKept& copy) {
    if (!m_attempts.begin(sale.sale, Act::ConfirmUnlock)) return;
    const engine::UnlockReceipt receipt{copy.contract, true};
    const Signature signature = m_core.identity().sign("r14", receipt);
    act(sale.sale, Act::ConfirmUnlock, engine::ConfirmUnlock{sale.sale, receipt, signature},
        [](const engine::SaleChanged& now) { return now.state != SaleState::KeySent2; });
}

} // namespace tallylock::party

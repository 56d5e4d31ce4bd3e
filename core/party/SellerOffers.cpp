// The seller's answers to offers: B2, or a price of its own.
#include "core/crypto/Kdf.h"
#include "core/party/Core.h"
#include "core/party/SaleChecks.h"
#include "core/party/SellerSide.h"

namespace tallylock::party {

using api::Answer;
using api::Done;
using api::Problem;
using api::Refusal;

static Hash payoutSalt(const keys::Identity& seller, const Hash& nonce) {
    const SecretBytes salt =
        crypto::labelledKdf(seller.vaultKey().view(), nonce.view(), "payout-salt", crypto::cborList());
    return *Hash::from(salt.view());
}

Answer<engine::AcceptOffer> SellerSide::acceptanceOf(SaleId sale, const Amount& price) {
    const KnownSale* known = m_core.replica().sale(sale);
    if (!known) return Err(Refusal{Problem::SaleUnknown, {}});
    const engine::SaleChanged& offer = known->last;
    if (offer.seller != m_core.replica().holder()) return Err(Refusal{Problem::SaleNotYours, {}});
    if (offer.state != engine::SaleState::Offered)
        return Err(Refusal{offer.terms ? Problem::SaleAlreadyAccepted : Problem::SaleWrongState, nameOf(offer.state)});
    const auto enough = money::notMoreThan(offer.minimum, price);
    const auto noMore = money::notMoreThan(price, offer.bid);
    if (!enough || !noMore) return Err(Refusal{Problem::AmountInvalid, {}});
    if (!*enough || !*noMore) return Err(Refusal{Problem::PriceBelowMinimum, {}});
    const KnownListing* listing = m_core.replica().listing(offer.listing);
    if (!listing || !m_core.diary().editionOf(offer.listing))
        return Err(Refusal{Problem::NotAvailable, "this edition was sealed elsewhere"});
    const engine::Config& config = m_core.welcome()->config;
    if (config.keyServer.identity != m_core.setup().keyServerIdentity)
        return Err(Refusal{Problem::TermsMismatch, "key server"});

    const Hash nonce = m_core.random().fixed<Hash>();
    auto terms = makeTerms({config, offer, listing->published, price, nonce, payoutSalt(m_core.identity(), nonce)});
    if (!terms) return Err(terms.error());
    engine::AcceptOffer body;
    body.sale = sale;
    body.signature = m_core.identity().sign("accept-terms", engine::TermsAcceptance{termsHash(*terms)});
    body.terms = *terms;
    return body;
}

void SellerSide::accept(SaleId sale, const Amount& price, const Done<void>& done) {
    m_core.withHolder([this, sale, price, done](const Answer<HolderId>& holder) {
        if (!holder) return done(Err(holder.error()));
        auto body = acceptanceOf(sale, price);
        if (!body) return done(Err(body.error()));
        m_core.command(
            *body, [this, sale](std::uint64_t) { return m_core.replica().sale(sale)->last.terms.has_value(); },
            [done](const Answer<std::uint64_t>& value) {
                if (!value) return done(Err(value.error()));
                done({});
            });
    });
}

void SellerSide::reject(SaleId sale, const Done<void>& done) {
    m_core.commandSale(sale, engine::RejectOffer{sale}, engine::SaleState::Void, done);
}

void SellerSide::setPayee(SaleId sale, const api::PayeeRow& payee, const Done<void>& done) {
    m_core.commandOnly(engine::SetPayoutTarget{sale, payee.holder, payee.name}, done);
}

void SellerSide::counter(SaleId sale, const Amount& price, std::int64_t expiresInMs, const Done<void>& done) {
    m_core.commandSale(sale, engine::CounterOffer{sale, price, m_core.nowMs() + expiresInMs},
                       engine::SaleState::Countered, done);
}

/// The buyer bids what was asked for: accepted, as the counter-offer has promised.
void SellerSide::acceptCounter(const engine::SaleChanged& sale) {
    if (sale.sellerKeys.identity != m_core.identity().key() || !m_core.diary().editionOf(sale.listing)) return;
    if (!m_attempts.begin(sale.sale, Act::AcceptCounter)) return;
    const Amount& price = sale.counter->value < sale.minimum.value ? sale.minimum : *sale.counter;
    accept(sale.sale, price, [this, id = sale.sale](const Answer<void>& accepted) {
        if (accepted) return m_attempts.succeeded(id, Act::AcceptCounter);
        m_core.driveAgain(id, m_attempts.failed(id, Act::AcceptCounter));
    });
}

} // namespace tallylock::party

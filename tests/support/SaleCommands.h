// The commands of a sale as its parties sign them, made from what the sale has come to.
#pragma once

#include "core/crypto/Sign.h"
#include "core/engine/Commands.h"
#include "core/engine/Engine.h"

namespace tallylock::test {

/// Who signs. The coordinator's commands carry no further signature.
struct SaleSigners {
    const crypto::SigningKey& buyer;
    const crypto::SigningKey& seller;
    const crypto::SigningKey& keyServer;
    const crypto::SigningKey* standby = nullptr;

    /// The one whose parts count.
    const crypto::SigningKey& releaser(const engine::SaleChanged& sale) const {
        return sale.standbyReceipt ? *standby : keyServer;
    }
};

inline Hash saleHash(const std::string& name) { return crypto::labelledHash("test-hash", crypto::cborList(name)); }

/// At the buyer's bid.
inline engine::Terms termsOf(const engine::SaleChanged& sale, const engine::PublishListing& listed,
                             const engine::Config& config) {
    engine::Terms t;
    t.buyerNonce = sale.buyerNonce;
    t.sellerNonce = saleHash("seller nonce");
    t.listing = sale.listing;
    t.manifestHash = listed.manifestHash;
    t.recipient = listed.recipient;
    t.sealedRoot = listed.sealedRoot;
    t.plainRoot = listed.plainRoot;
    t.sealedSize = listed.sealedSize;
    t.buyer = sale.buyerKeys;
    t.seller = sale.sellerKeys;
    t.keyServer = config.keyServer;
    t.coordinator = config.coordinator.identity;
    t.coin = sale.coin;
    t.price = sale.bid;
    t.fee = *money::feeOf(t.price, config.saleFeeBasisPoints);
    t.holdback = *money::feeOf(t.price, config.holdbackBasisPoints);
    t.deadlines = config.deadlines;
    t.arbitration = config.arbitration;
    t.standby = config.standby;
    t.keyWay = sale.keyWay;
    t.funding = sale.funding;
    t.escrowAsset = sale.escrowAsset;
    t.oneServer = config.oneServer;
    t.courier1 = engine::courierOfPartOne(sale.keyWay.value_or(engine::KeyWay::TwoChannels));
    if (sale.delivery == engine::DeliveryKind::OwnershipOnly)
        t.ownership = engine::Ownership{listed.assetId, 1, saleHash("first custody entry"), 1'000};
    return t;
}
inline engine::AcceptOffer acceptanceOf(SaleId sale, const engine::Terms& terms, const crypto::SigningKey& seller) {
    return {sale, terms, seller.sign("accept-terms", engine::TermsAcceptance{crypto::labelledHash("terms", terms)})};
}
inline engine::SignTerms buyersSignatureOn(const engine::SaleChanged& sale, const SaleSigners& by) {
    return {sale.sale, by.buyer.sign("accept-terms", engine::TermsAcceptance{*sale.termsHash})};
}
inline engine::WrapKey wrappingOf(const engine::SaleChanged& sale, const SaleSigners& by) {
    const engine::KeyReceiptBody body{
        *sale.termsHash,        saleHash("c1"),        saleHash("c2"), sale.terms->recipient,
        sale.terms->sealedRoot, sale.terms->plainRoot, "full"};
    return {sale.sale, {body, by.keyServer.sign("r4", body)}};
}
/// By the standby key server, with commitments of its own.
inline engine::RewrapKey rewrappingOf(const engine::SaleChanged& sale, const SaleSigners& by) {
    engine::KeyReceiptBody body = sale.keyReceipt->body;
    body.commitment1 = saleHash("c1 of the standby");
    body.commitment2 = saleHash("c2 of the standby");
    return {sale.sale, {body, by.standby->sign("r4", body)}};
}
inline std::string walletNamed(SaleId sale) { return "wallet " + std::to_string(sale.value); }
inline engine::OpenWallet walletOf(const engine::SaleChanged& sale, std::int64_t deadlineMs) {
    return {sale.sale, *sale.contract, "chain", walletNamed(sale.sale), *sale.coins, deadlineMs, 1};
}
inline engine::ConfirmDelivery deliveryOf(const engine::SaleChanged& sale, const SaleSigners& by) {
    const engine::DeliveryReceipt r8{*sale.contract, sale.terms->sealedRoot};
    return {sale.sale, r8, by.buyer.sign("r8", r8)};
}
/// The seller's word that the buyer owns the asset now.
inline engine::PassOwnership ownershipOf(const engine::SaleChanged& sale, const SaleSigners& by) {
    const engine::Ownership wanted = sale.terms->ownership.value_or(engine::Ownership{});
    custody::SignedCustody passed;
    passed.entry = {wanted.assetId,           wanted.number,           custody::CustodyKind::Sold,
                    sale.sellerKeys.identity, sale.buyerKeys.identity, wanted.previous,
                    *sale.contract,           wanted.sinceMs + 1};
    passed.signature = by.seller.sign(custody::kCustodyLabel, passed.entry);
    return {sale.sale, passed};
}
/// With the key server's word as the open effect asks for it; without one, of the first attempt. The order is that of a
/// converted sale.
inline engine::ProvideEscrow escrowingOf(const engine::SaleChanged& sale, const engine::Engine& engine,
                                         const SaleSigners& by,
                                         const std::optional<engine::Conversion>& order = std::nullopt) {
    std::uint64_t attempt = 1;
    for (const engine::EffectOpened& effect : engine.openEffects()) {
        if (effect.sale == sale.sale && effect.effect == engine::SaleEffect::ProvideEscrow) attempt = effect.attempt;
    }
    const engine::KeyReady ready{*sale.contract, attempt};
    return {sale.sale, "reference", ready, by.keyServer.sign("key-ready", ready), order};
}
inline engine::SendPart partOf(const engine::SaleChanged& sale, std::uint8_t number, const SaleSigners& by) {
    const Bytes box = bytesOf("boxed part 1");
    const engine::KeyPartNote note{*sale.contract, number, crypto::labelledHash("part", encodeCbor(box))};
    const bool isRelayed = number == 1 && sale.terms->courier1 == engine::CourierKind::CoordinatorMailbox;
    return {sale.sale, note, by.releaser(sale).sign("key-part", note), isRelayed ? box : Bytes()};
}
inline engine::ConfirmStored storingOf(const engine::SaleChanged& sale, std::int64_t sinceMs,
                                       const crypto::SigningKey& coordinator) {
    const engine::StoreReceipt r8{*sale.contract, sale.terms->sealedRoot, sinceMs};
    return {sale.sale, r8, coordinator.sign("r8-store", r8)};
}
inline engine::RaiseDispute objectionOf(const engine::SaleChanged& sale, engine::Claim claim, const SaleSigners& by) {
    engine::RaiseDispute c{sale.sale, claim, "Half of it is missing.", {}, {}};
    if (claim != engine::Claim::BadData) return c;
    c.receipt = engine::UnlockReceipt{*sale.contract, false};
    c.signature = by.buyer.sign("r14", *c.receipt);
    return c;
}
inline engine::JudgeData judgingOf(const engine::SaleChanged& sale, bool bad, const SaleSigners& by) {
    const engine::DataVerdict verdict{*sale.contract, bad};
    return {sale.sale, verdict, by.releaser(sale).sign("verdict", verdict)};
}
inline engine::ConfirmUnlock unlockingOf(const engine::SaleChanged& sale, const SaleSigners& by) {
    const engine::UnlockReceipt r14{*sale.contract, true};
    return {sale.sale, r14, by.buyer.sign("r14", r14)};
}

} // namespace tallylock::test

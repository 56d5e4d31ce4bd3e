// The buyer's side: offers, the checks before every signature, B8 and B14.
//
// What acts by itself, each idempotent and driven by the sale's state: the signature under the terms, the funding
// signature of B6, the check of B8, fetching part 2 of B13, the receipt of B14. A check that fails signs nothing.
#pragma once

#include "core/party/Attempts.h"
#include "core/party/CourierWish.h"
#include "core/party/Deliveries.h"
#include "core/party/Diary.h"
#include "core/party/Files.h"
#include "core/party/Jobs.h"
#include "core/party/KeyParts.h"
#include "core/party/Replica.h"
#include "core/party/SpotSide.h"

namespace tallylock::party {

class Core;

/// Worker thread.
class BuyerSide {
public:
    explicit BuyerSide(Core& core) : m_core(core), m_parts(core), m_courier(core), m_spots(core), m_deliveries(core) {}

    void makeOffer(const api::OfferRequest& request, const api::Done<SaleId>& done); ///< B1
    /// The answer to a counter-offer; the listing is the sale's.
    void renew(SaleId sale, const api::OfferRequest& request, const api::Done<void>& done);
    void withdraw(SaleId sale, const api::Done<void>& done);
    void askQuote(SaleId sale, const api::Done<void>& done);
    /// Session::agreeToQuote.
    void agreeToQuote(SaleId sale, const engine::Amount& coins, const api::Done<void>& done);
    // Disputes.cpp
    void raiseDispute(SaleId sale, api::Claim claim, const std::string& text, const api::Done<void>& done);
    void releaseHoldback(SaleId sale, const api::Done<void>& done);
    /// Job thread.
    using UnlockProgress = std::function<void(std::uint64_t doneBytes, std::uint64_t totalBytes)>;
    /// B14. `done` gets the path.
    void unlock(SaleId sale, const std::string& path, const ControlPointer& control, const UnlockProgress& progress,
                const api::Done<std::string>& done);
    /// Session::verifyOpened.
    void verifyOpened(SaleId sale, const ControlPointer& control, const UnlockProgress& progress,
                      const api::Done<void>& done);

    void drive(const KnownSale& sale);

    KeyParts& parts() { return m_parts; }
    CourierWish& courier() { return m_courier; }
    SpotSide& spots() { return m_spots; }
    const Deliveries& deliveries() const { return m_deliveries; }

private:
    void signTerms(const engine::SaleChanged& sale);
    void signFunding(const engine::SaleChanged& sale);
    void confirmDelivery(const engine::SaleChanged& sale);
    void demandKey(const KnownSale& known);
    void fetchPart(const engine::SaleChanged& sale, std::uint8_t part, Act act);
    void confirmUnlock(const engine::SaleChanged& sale, const CopyKept& copy);
    void keepKey(const KnownSale& known);
    api::Answer<void> keepCopy(const engine::SaleChanged& sale, const keys::EditionSecrets& secrets);
    /// Submits a command of an act and ends the attempt.
    engine::MakeOffer offerOf(const api::OfferRequest& request);
    void act(SaleId sale, Act what, engine::CommandBody body, std::function<bool(const engine::SaleChanged&)> landed);

    /// P1 and S, from the own copy or from the two parts.
    api::Answer<keys::EditionSecrets> secretsOf(const KnownSale& sale) const;
    /// 0 if it cannot be told.
    std::uint64_t plainSizeOf(const KnownSale& sale) const;
    std::string placeFor(const KnownSale& sale, const std::string& wanted) const;
    void opened(SaleId sale, const std::string& path, const std::shared_ptr<keys::EditionSecrets>& secrets,
                const api::Done<std::string>& done);

    Core& m_core;
    Attempts m_attempts;
    std::map<SaleId, std::int64_t> m_paidSince; ///< when we first saw its payout, by the steady clock
    KeyParts m_parts;
    CourierWish m_courier;
    SpotSide m_spots;
    Deliveries m_deliveries;
};

} // namespace tallylock::party

// The terms of a sale, T: what the seller signs at B2 and the buyer signs before B6. t = labelledHash("terms", T) binds
// every later message. Shape frozen by tests/vectors; see docs/decisions/terms-and-contract.md.
#pragma once

#include "core/base/CborFields.h"
#include "core/money/Amount.h"

#include <optional>

namespace tallylock::engine {

using money::Amount;
using money::UnitId;

/// Somebody who signs, and to whom things can be boxed.
struct PartyKeys {
    IdentityKey identity;
    BoxKey box;
    bool operator==(const PartyKeys&) const = default;
    static constexpr void fields(auto use) { use(field(1, &PartyKeys::identity), field(2, &PartyKeys::box)); }
};

/// By which means a key part travels.
enum class CourierKind : std::uint8_t {
    CoordinatorMailbox, ///< boxed to the buyer, relayed by the coordinator
    KeyServerEndpoint,  ///< fetched by the buyer from the key server itself
    kCount
};

/// How the two parts of the key reach the buyer, who asks for it with the offer; both sign it with the terms.
enum class KeyWay : std::uint8_t {
    TwoChannels,  ///< once the seller is paid: part 1 through the coordinator, part 2 from the key server
    PartOneEarly, ///< part 1 comes with B8, and opens nothing; part 2 opens the file, and then B12 confirms part 1
    OneChannel,   ///< both parts from the key server: whoever reads that one channel has both
    kCount
};
/// By which means part 1 travels; part 2 never goes through the coordinator.
constexpr CourierKind courierOfPartOne(KeyWay way) {
    return way == KeyWay::OneChannel ? CourierKind::KeyServerEndpoint : CourierKind::CoordinatorMailbox;
}

/// What is delivered at B8. The buyer asks for it with the offer; both sign it with the terms.
enum class DeliveryKind : std::uint8_t {
    SealedFile,    ///< the file goes over to the buyer
    OwnershipOnly, ///< the file stays where it is: the custody entry that the seller signs is the delivery
    kCount
};
/// Ownership only: what the custody entry of B8 says beside seller, buyer and contract. Out of the listing's manifest,
/// so that whoever has the terms can judge the entry.
struct Ownership {
    Hash assetId;
    std::uint64_t number = 0; ///< of the entry that is to come
    Hash previous;            ///< the hash of the one before
    std::int64_t sinceMs = 0; ///< the time of the one before
    bool operator==(const Ownership&) const = default;
    static constexpr void fields(auto use) {
        use(field(1, &Ownership::assetId), field(2, &Ownership::number), field(3, &Ownership::previous),
            field(4, &Ownership::sinceMs));
    }
};

/// Where the dollars of B9 come from. The buyer asks for it with the offer; both sign it with the terms.
enum class FundingMode : std::uint8_t {
    Fronted,   ///< from the treasury, which sells the quoted coins later: what that fetches is its own affair
    Converted, ///< from the sale's own coins, which are sold at B9; what is not needed is the buyer's
    kCount
};

/// What lies in escrow from B9 until the seller is paid in dollars (B10). The buyer asks for it with the offer; both
/// sign it with the terms. Where the treasury does not front the dollars it is always dollars.
enum class EscrowAsset : std::uint8_t {
    Dollars,        ///< of the ledger
    DigitalDollars, ///< as many (Config::digitalDollar), out of the treasury: changed for dollars at par
    Coin,           ///< the quoted coins themselves: the treasury gives the dollars for them at B10
    kCount
};

/// How long each stretch of the sale may take once the money is there, in milliseconds.
struct LateDeadlines {
    static constexpr std::int64_t kDayMs = std::int64_t{24} * 60 * 60 * 1000;
    std::int64_t confirmationMs = 3 * kDayMs; ///< from a sufficient payment's first sighting until it is final
    std::int64_t escrowMs = 1 * kDayMs;       ///< from the delivery to B9; then refund
    std::int64_t payoutMs = 1 * kDayMs;       ///< from B9 to B10; then a credit on the seller's ledger account
    std::int64_t releaseMs = 1 * kDayMs;      ///< until each part of the key is sent; then Rekeying
    std::int64_t rekeyingMs = 7 * kDayMs;     ///< then the key is lost
    std::int64_t settlementMs = 3 * kDayMs;   ///< from B14 to the end of B11; then the treasury takes the coins
    std::int64_t refundMs = 1 * kDayMs;       ///< then to the buyer's ledger account
    bool operator==(const LateDeadlines&) const = default;
    static constexpr void fields(auto use) {
        using L = LateDeadlines;
        use(field(1, &L::confirmationMs), field(2, &L::escrowMs), field(3, &L::payoutMs), field(4, &L::releaseMs),
            field(5, &L::rekeyingMs), field(6, &L::settlementMs), field(7, &L::refundMs));
    }
};

/// How long each stretch of the sale may take, in milliseconds, counted from the step before.
struct Deadlines {
    std::int64_t keyMs = 60 * 60 * 1000;           ///< from B2 to B6
    std::int64_t paymentMs = 24 * 60 * 60 * 1000;  ///< from B6 to a sufficient payment
    std::int64_t deliveryMs = 24 * 60 * 60 * 1000; ///< from B8 to the buyer's confirmation, and from B13 to B14
    std::optional<LateDeadlines> late{};           ///< none, in terms of old: as these are by default
    bool operator==(const Deadlines&) const = default;
    static constexpr void fields(auto use) {
        use(field(1, &Deadlines::keyMs), field(2, &Deadlines::paymentMs), field(3, &Deadlines::deliveryMs),
            field(4, &Deadlines::late));
    }
};

/// Who decides about the holdback if the buyer objects, and how long each may take, in milliseconds.
struct Arbitration {
    static constexpr std::size_t kMostDeputies = 8;
    IdentityKey arbiter;
    std::vector<IdentityKey> deputies;                   ///< each may decide one `deputyMs` later than the one before
    std::int64_t inspectionMs = 0;                       ///< from B14 until the holdback goes to the seller; 0: at once
    std::int64_t disputeMs = 14 * LateDeadlines::kDayMs; ///< then silence decides
    std::int64_t deputyMs = 4 * LateDeadlines::kDayMs;
    bool operator==(const Arbitration&) const = default;
    static constexpr void fields(auto use) {
        using A = Arbitration;
        use(field(1, &A::arbiter), field(2, &A::deputies), field(3, &A::inspectionMs), field(4, &A::disputeMs),
            field(5, &A::deputyMs));
    }
};

struct Terms {
    Hash buyerNonce;
    Hash sellerNonce;
    ListingId listing;
    Hash manifestHash;
    std::uint64_t edition = 1;
    BoxKey recipient; ///< P1's public half
    Hash sealedRoot;
    Hash plainRoot;
    std::uint64_t sealedSize = 0;
    PartyKeys buyer;
    PartyKeys seller;
    PartyKeys keyServer;
    IdentityKey coordinator;
    UnitId coin{};
    Amount price;    ///< dollars
    Amount fee;      ///< dollars, out of the price
    Amount holdback; ///< dollars, paid to the seller at the end
    Hash payoutHash; ///< labelledHash("payout", salt, target); the target is the seller's ledger account
    Deadlines deadlines;
    CourierKind courier1 = CourierKind::CoordinatorMailbox;
    CourierKind courier2 = CourierKind::KeyServerEndpoint;
    std::optional<Arbitration> arbitration{}; ///< none, in terms of old: the key server and silence decide alone
    std::optional<PartyKeys> standby{};       ///< another key server, which takes over in Rekeying; none: nobody does
    std::optional<KeyWay> keyWay{};           ///< none: TwoChannels
    /// The second server is the first: coordinator and key server are one process or host, so that whoever has it has
    /// both channels. Recorded, and signed by both parties, where it is so.
    std::optional<bool> oneServer{};
    std::optional<Ownership> ownership{};     ///< DeliveryKind::OwnershipOnly; none: SealedFile
    std::optional<FundingMode> funding{};     ///< none: Fronted
    std::optional<EscrowAsset> escrowAsset{}; ///< none: Dollars
    bool operator==(const Terms&) const = default;
    static constexpr void fields(auto use) {
        use(field(1, &Terms::buyerNonce), field(2, &Terms::sellerNonce), field(3, &Terms::listing),
            field(4, &Terms::manifestHash), field(5, &Terms::edition), field(6, &Terms::recipient),
            field(7, &Terms::sealedRoot), field(8, &Terms::plainRoot), field(9, &Terms::sealedSize),
            field(10, &Terms::buyer), field(11, &Terms::seller), field(12, &Terms::keyServer),
            field(13, &Terms::coordinator), field(14, &Terms::coin), field(15, &Terms::price), field(16, &Terms::fee),
            field(17, &Terms::holdback), field(18, &Terms::payoutHash), field(19, &Terms::deadlines),
            field(20, &Terms::courier1), field(21, &Terms::courier2), field(22, &Terms::funding),
            field(23, &Terms::arbitration), field(24, &Terms::standby), field(25, &Terms::keyWay),
            field(26, &Terms::oneServer), field(27, &Terms::ownership), field(28, &Terms::escrowAsset));
    }
};

/// Whether B9 sells the sale's own coins.
inline bool isConverted(const Terms& terms) { return terms.funding == FundingMode::Converted; }
/// Whether B9 puts them into escrow as they are.
inline bool escrowsCoins(const Terms& terms) { return terms.escrowAsset == EscrowAsset::Coin; }

/// R4: the key server's word that P1 opens these very bytes and is wrapped. Signed under the label "r4".
struct KeyReceiptBody {
    Hash terms;       ///< t
    Hash commitment1; ///< c1, of C1 and F
    Hash commitment2; ///< c2, of P2
    BoxKey recipient;
    Hash sealedRoot;
    Hash plainRoot;
    std::string check = "full"; ///< the extent of the check
    bool operator==(const KeyReceiptBody&) const = default;
    static constexpr void fields(auto use) {
        use(field(1, &KeyReceiptBody::terms), field(2, &KeyReceiptBody::commitment1),
            field(3, &KeyReceiptBody::commitment2), field(4, &KeyReceiptBody::recipient),
            field(5, &KeyReceiptBody::sealedRoot), field(6, &KeyReceiptBody::plainRoot),
            field(7, &KeyReceiptBody::check));
    }
};
struct KeyReceipt {
    KeyReceiptBody body;
    Signature signature;
    bool operator==(const KeyReceipt&) const = default;
    static constexpr void fields(auto use) { use(field(1, &KeyReceipt::body), field(2, &KeyReceipt::signature)); }
};

/// The contract: k = labelledHash("contract", Contract).
struct Contract {
    Terms terms;
    Signature sellerSignature; ///< over t, label "accept-terms"
    Signature buyerSignature;  ///< over t, label "accept-terms"
    KeyReceipt keyReceipt;
    static constexpr void fields(auto use) {
        use(field(1, &Contract::terms), field(2, &Contract::sellerSignature), field(3, &Contract::buyerSignature),
            field(4, &Contract::keyReceipt));
    }
};

/// What both parties sign to accept the terms: {t}, label "accept-terms".
struct TermsAcceptance {
    Hash terms;
    static constexpr void fields(auto use) { use(field(1, &TermsAcceptance::terms)); }
};

/// R8, label "r8": the buyer holds the whole sealed file and every portion fits the root.
struct DeliveryReceipt {
    Hash contract;
    Hash sealedRoot;
    static constexpr void fields(auto use) {
        use(field(1, &DeliveryReceipt::contract), field(2, &DeliveryReceipt::sealedRoot));
    }
};

/// R8 in the buyer's place, label "r8-store": the store holds the whole sealed file, and every portion fits the root.
struct StoreReceipt {
    Hash contract;
    Hash sealedRoot;
    std::int64_t sinceMs = 0;
    static constexpr void fields(auto use) {
        use(field(1, &StoreReceipt::contract), field(2, &StoreReceipt::sealedRoot), field(3, &StoreReceipt::sinceMs));
    }
};

/// R9, label "key-ready": the key server still holds both passwords and can release them.
struct KeyReady {
    Hash contract;
    std::uint64_t challenge = 0; ///< the number of the sale's escrow attempt: makes the answer fresh
    static constexpr void fields(auto use) { use(field(1, &KeyReady::contract), field(2, &KeyReady::challenge)); }
};

/// R10, label "r10": the coordinator's word that the seller is paid. The key server releases nothing without it.
struct PayoutReceipt {
    Hash contract;
    Hash deliveryReceipt; ///< labelledHash("r8", R8), or labelledHash("r8-store", the store's), or of the custody entry
    Hash keyReady;        ///< labelledHash("key-ready", R9)
    EntryId entry;        ///< the ledger entry that paid the seller
    Hash journalHead;     ///< of the batch that holds that entry
    std::uint64_t epoch = 1;
    /// In the hands of a party: until when it counts, which is before the buyer can have been made whole for a key that
    /// did not come. None: in those of the coordinator, who knows.
    std::optional<std::int64_t> untilMs{};
    static constexpr void fields(auto use) {
        use(field(1, &PayoutReceipt::contract), field(2, &PayoutReceipt::deliveryReceipt),
            field(3, &PayoutReceipt::keyReady), field(4, &PayoutReceipt::entry), field(5, &PayoutReceipt::journalHead),
            field(6, &PayoutReceipt::epoch), field(7, &PayoutReceipt::untilMs));
    }
};

/// What the key server signs with each key part, label "key-part".
struct KeyPartNote {
    Hash contract;
    std::uint8_t part = 0; ///< 1: C1 and F; 2: P2
    Hash partHash;         ///< labelledHash("part", boxed bytes)
    static constexpr void fields(auto use) {
        use(field(1, &KeyPartNote::contract), field(2, &KeyPartNote::part), field(3, &KeyPartNote::partHash));
    }
};

/// R14, label "r14".
struct UnlockReceipt {
    Hash contract;
    bool opened = false;
    static constexpr void fields(auto use) {
        use(field(1, &UnlockReceipt::contract), field(2, &UnlockReceipt::opened));
    }
};

/// What the key server finds when it opens the whole file anew, label "verdict".
struct DataVerdict {
    Hash contract;
    bool bad = false; ///< it does not open, or not to the content that the plain root names
    bool operator==(const DataVerdict&) const = default;
    static constexpr void fields(auto use) { use(field(1, &DataVerdict::contract), field(2, &DataVerdict::bad)); }
};

} // namespace tallylock::engine

// What a party writes into its own journal, one struct a record. Everything else it knows is rebuilt from the
// coordinator's streams. No secret stands here in clear: W is under the asset's fingerprint key, boxes are boxed, the
// own copy is under the vault key. kType and the field keys are never reused.
#pragma once

#include "core/engine/Commands.h"
#include "core/wire/Trail.h"
#include "core/wire/Witness.h"

#include <variant>

namespace tallylock::party {

using money::Amount;
using money::UnitId;

/// A signed command, before it is sent. It is sent again until CommandAnswered; the coordinator executes it once.
struct CommandQueued {
    static constexpr std::uint64_t kType = 1;
    std::uint64_t counter = 0;
    Bytes envelope;
    static constexpr void fields(auto use) {
        use(field(1, &CommandQueued::counter), field(2, &CommandQueued::envelope));
    }
};
struct CommandAnswered {
    static constexpr std::uint64_t kType = 2;
    std::uint64_t counter = 0;
    static constexpr void fields(auto use) { use(field(1, &CommandAnswered::counter)); }
};
/// Before sealing begins: this child phrase belongs to this asset, whatever becomes of it.
struct AssetBegun {
    static constexpr std::uint64_t kType = 3;
    Hash assetId;
    std::uint32_t assetIndex = 0;
    static constexpr void fields(auto use) { use(field(1, &AssetBegun::assetId), field(2, &AssetBegun::assetIndex)); }
};
/// The sealed file is whole and lies in the folder.
struct EditionSealed {
    static constexpr std::uint64_t kType = 4;
    Hash assetId;
    std::uint32_t assetIndex = 0;
    std::uint64_t edition = 1;
    Bytes wrapped;  ///< W
    Bytes manifest; ///< signed
    std::string name;
    std::string description;
    std::string mediaType;
    Amount price;
    std::string previewType;
    Bytes preview;
    static constexpr void fields(auto use) {
        using R = EditionSealed;
        use(field(1, &R::assetId), field(2, &R::assetIndex), field(3, &R::edition), field(4, &R::wrapped),
            field(5, &R::manifest), field(6, &R::name), field(7, &R::description), field(8, &R::mediaType),
            field(9, &R::price), field(10, &R::previewType), field(11, &R::preview));
    }
};
struct DraftDiscarded {
    static constexpr std::uint64_t kType = 5;
    Hash assetId;
    std::optional<std::uint64_t> edition; ///< none: the first
    static constexpr void fields(auto use) {
        use(field(1, &DraftDiscarded::assetId), field(2, &DraftDiscarded::edition));
    }
};
/// The coordinator has the listing; the sealed file is in the file store.
struct EditionListed {
    static constexpr std::uint64_t kType = 6;
    Hash assetId;
    ListingId listing;
    std::optional<std::uint64_t> edition; ///< none: the first
    static constexpr void fields(auto use) {
        use(field(1, &EditionListed::assetId), field(2, &EditionListed::listing), field(3, &EditionListed::edition));
    }
};
/// B3: what is sent to the key server, until it is accepted. Only the key server can open the box.
struct DepositMade {
    static constexpr std::uint64_t kType = 7;
    SaleId sale;
    Hash terms;
    std::uint32_t disclosureIndex = 0;
    Bytes box;
    std::optional<bool> toStandby{}; ///< in Rekeying; none: to the key server of the terms
    static constexpr void fields(auto use) {
        use(field(1, &DepositMade::sale), field(2, &DepositMade::terms), field(3, &DepositMade::disclosureIndex),
            field(4, &DepositMade::box), field(5, &DepositMade::toStandby));
    }
};
/// B13: part 2, checked, as the key server boxed it.
struct Part2Fetched {
    static constexpr std::uint64_t kType = 8;
    SaleId sale;
    Bytes box;
    static constexpr void fields(auto use) { use(field(1, &Part2Fetched::sale), field(2, &Part2Fetched::box)); }
};
/// B14, before R14: the buyer's own copy of P1 under the vault key.
struct CopyKept {
    static constexpr std::uint64_t kType = 9;
    SaleId sale;
    Hash contract;
    Bytes copy;
    static constexpr void fields(auto use) {
        use(field(1, &CopyKept::sale), field(2, &CopyKept::contract), field(3, &CopyKept::copy));
    }
};
struct FileOpened {
    static constexpr std::uint64_t kType = 10;
    SaleId sale;
    std::string path;
    static constexpr void fields(auto use) { use(field(1, &FileOpened::sale), field(2, &FileOpened::path)); }
};

/// Child phrases of this folder are numbered from lane * kLaneSize on. Each folder draws a lane of its own, so that two
/// folders of one phrase, at the same time or one after the other, do not hand out the same child.
struct LaneDrawn {
    static constexpr std::uint64_t kType = 11;
    std::uint32_t lane = 0;
    static constexpr void fields(auto use) { use(field(1, &LaneDrawn::lane)); }
};
/// What is kept of an edition: enough to deposit its key once it is listed.
struct EditionKept {
    static constexpr std::uint64_t kType = 12;
    Hash assetId;
    std::uint32_t assetIndex = 0;
    std::uint64_t edition = 1;
    Bytes wrapped; ///< W
    std::string name;
    Amount price;
    static constexpr void fields(auto use) {
        using R = EditionKept;
        use(field(1, &R::assetId), field(2, &R::assetIndex), field(3, &R::edition), field(4, &R::wrapped),
            field(5, &R::name), field(6, &R::price));
    }
};
/// What is kept of an offer: what the terms are compared with.
struct OfferKept {
    static constexpr std::uint64_t kType = 13;
    engine::MakeOffer offer;
    static constexpr void fields(auto use) { use(field(1, &OfferKept::offer)); }
};
/// Before sealing begins: all that it needs, so that it goes on after a crash without asking. W is under the asset's
/// fingerprint key, as ever.
struct SealingBegun {
    static constexpr std::uint64_t kType = 14;
    Hash assetId;
    std::uint32_t assetIndex = 0;
    Bytes wrapped;
    std::string path;             ///< of the file
    std::uint64_t sourceSize = 0; ///< it is the same file as long as size and time are
    std::int64_t sourceTimeNs = 0;
    std::string name;
    std::string description;
    std::string mediaType;
    Amount price;
    std::string previewType;
    Bytes preview;
    std::optional<std::int64_t> markedMs; ///< when the file was marked; nothing: it is sold without a tracking mark
    static constexpr void fields(auto use) {
        using R = SealingBegun;
        use(field(1, &R::assetId), field(2, &R::assetIndex), field(3, &R::wrapped), field(4, &R::path),
            field(5, &R::sourceSize), field(6, &R::sourceTimeNs), field(7, &R::name), field(8, &R::description),
            field(9, &R::mediaType), field(10, &R::price), field(11, &R::previewType), field(12, &R::preview),
            field(13, &R::markedMs));
    }
};

/// Part 1, checked, as the key server itself sent it: where the courier's copy did not fit, or did not come.
struct Part1Fetched {
    static constexpr std::uint64_t kType = 20;
    SaleId sale;
    Bytes box;
    static constexpr void fields(auto use) { use(field(1, &Part1Fetched::sale), field(2, &Part1Fetched::box)); }
};
/// A spot check that was passed: what the key server signed, and which portions it was about. None of their content.
struct SpotChecked {
    static constexpr std::uint64_t kType = 21;
    SaleId sale;
    Bytes nonce;  ///< wire::SpotNonce
    Bytes attest; ///< wire::SpotAttest
    std::vector<std::uint64_t> indices;
    std::vector<std::uint32_t> again; ///< for each index: 1 if it was open before
    std::uint64_t opened = 0;         ///< of the asset, ever, with these
    std::int64_t timeMs = 0;
    static constexpr void fields(auto use) {
        using R = SpotChecked;
        use(field(1, &R::sale), field(2, &R::nonce), field(3, &R::attest), field(4, &R::indices), field(5, &R::again),
            field(6, &R::opened), field(7, &R::timeMs));
    }
};

/// Whether orders are to be signed one by one, too; the newest counts.
struct SigningChosen {
    static constexpr std::uint64_t kType = 22;
    bool each = false;
    static constexpr void fields(auto use) { use(field(1, &SigningChosen::each)); }
};

/// What came of a sale's trail behind its first `after` receipts, checked.
struct TrailKept {
    static constexpr std::uint64_t kType = 30;
    SaleId sale;
    IdentityKey coordinator;
    std::uint64_t after = 0;
    wire::Trail trail;
    static constexpr void fields(auto use) {
        using R = TrailKept;
        use(field(1, &R::sale), field(2, &R::coordinator), field(3, &R::after), field(4, &R::trail));
    }
};

/// A bought file is whole in the folder, and who has given how much of it, as far as it came in one run.
struct FileArrived {
    static constexpr std::uint64_t kType = 40;
    SaleId sale;
    std::uint64_t bytes = 0;
    std::uint64_t fromSeller = 0;
    std::uint64_t fromStore = 0;
    static constexpr void fields(auto use) {
        using R = FileArrived;
        use(field(1, &R::sale), field(2, &R::bytes), field(3, &R::fromSeller), field(4, &R::fromStore));
    }
};

/// What an account held after this batch, which is the last that changed it; `first`: the first that did.
struct BalanceKept {
    Amount total;
    std::uint64_t batch = 0;
    std::uint64_t first = 0;
    static constexpr void fields(auto use) {
        use(field(1, &BalanceKept::total), field(2, &BalanceKept::batch), field(3, &BalanceKept::first));
    }
};
/// What is kept of the coordinator's history: the newest head that was checked, and how far the own stream is proven to
/// be in it. With an alarm, what was signed against it. The last one counts.
struct HistoryKept {
    static constexpr std::uint64_t kType = 50;
    IdentityKey coordinator;
    wire::HistoryHead head;
    Signature signature;
    std::uint64_t position = 0; ///< of the own stream: proven up to here
    Hash digest;                ///< of it up to here
    std::uint64_t batch = 0;    ///< where the last of it lies
    std::uint64_t leaf = 0;     ///< one behind its place there
    std::vector<BalanceKept> balances;
    std::vector<Amount> owedOwn;
    std::optional<wire::OwedNote> owed{}; ///< the newest day that was checked
    std::optional<Signature> owedSignature{};
    std::optional<std::uint8_t> alarm{}; ///< api::HistoryAlarm
    std::optional<std::string> alarmDetail{};
    std::optional<std::int64_t> alarmMs{};
    std::optional<wire::HistoryHead> other{}; ///< that does not follow from `head`
    std::optional<wire::OwedNote> otherOwed{};
    std::optional<Signature> otherSignature{}; ///< of either
    std::optional<std::int64_t> heardMs{};     ///< when the coordinator last answered, by this app's clock
    std::optional<std::uint64_t> unproven{};   ///< of the own stream: the first event that is not proven,
    std::optional<std::int64_t> sinceMs{};     ///< and when it came
    static constexpr void fields(auto use) {
        using R = HistoryKept;
        use(field(1, &R::coordinator), field(2, &R::head), field(3, &R::signature), field(4, &R::position),
            field(5, &R::digest), field(6, &R::batch), field(7, &R::leaf), field(8, &R::balances),
            field(9, &R::owedOwn), field(10, &R::owed), field(11, &R::owedSignature), field(12, &R::alarm),
            field(13, &R::alarmDetail), field(14, &R::alarmMs), field(15, &R::other), field(16, &R::otherOwed),
            field(17, &R::otherSignature), field(18, &R::heardMs), field(19, &R::unproven), field(20, &R::sinceMs));
    }
};

using Record =
    std::variant<CommandQueued, CommandAnswered, AssetBegun, EditionSealed, DraftDiscarded, EditionListed, DepositMade,
                 Part2Fetched, CopyKept, FileOpened, LaneDrawn, EditionKept, OfferKept, SealingBegun, Part1Fetched,
                 SpotChecked, SigningChosen, TrailKept, FileArrived, HistoryKept>;
/// What else a folder of the same phrase could not learn again: kept at the coordinator too, each under the vault key.
using Kept = std::variant<DraftDiscarded, DepositMade, CopyKept, EditionKept, OfferKept>;

} // namespace tallylock::party

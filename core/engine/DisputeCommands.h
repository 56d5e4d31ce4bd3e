// What the end of a sale may need when somebody is not content, or silent. Part of Commands.h.
#pragma once

#include "core/engine/Terms.h"
#include "core/escrow/SaleTable.h"

namespace tallylock::engine {

using escrow::Claim;

inline constexpr std::size_t kMaxStatement = 2000; ///< bytes, of one statement or reason
inline constexpr std::size_t kMaxStatements = 20;  ///< of each side, in one dispute

/// After B13, the buyer.
struct RaiseDispute {
    static constexpr std::uint64_t kType = 62;
    SaleId sale;
    Claim claim{};
    std::string text; ///< in the buyer's words
    /// BadData: R14 that says so, signed under the label "r14", for the key server to read.
    std::optional<UnlockReceipt> receipt{};
    std::optional<Signature> signature{};
    static constexpr void fields(auto use) {
        use(field(1, &RaiseDispute::sale), field(2, &RaiseDispute::claim), field(3, &RaiseDispute::text),
            field(4, &RaiseDispute::receipt), field(5, &RaiseDispute::signature));
    }
};
/// The buyer or the seller, in a dispute.
struct MakeStatement {
    static constexpr std::uint64_t kType = 63;
    SaleId sale;
    std::string text;
    static constexpr void fields(auto use) { use(field(1, &MakeStatement::sale), field(2, &MakeStatement::text)); }
};
/// The key server.
struct JudgeData {
    static constexpr std::uint64_t kType = 64;
    SaleId sale;
    DataVerdict verdict;
    Signature signature; ///< label "verdict"
    static constexpr void fields(auto use) {
        use(field(1, &JudgeData::sale), field(2, &JudgeData::verdict), field(3, &JudgeData::signature));
    }
};
/// The arbiter, or a deputy in its time.
struct DecideDispute {
    static constexpr std::uint64_t kType = 65;
    SaleId sale;
    Amount toBuyer; ///< of the holdback; the rest is the seller's
    std::string reason;
    static constexpr void fields(auto use) {
        use(field(1, &DecideDispute::sale), field(2, &DecideDispute::toBuyer), field(3, &DecideDispute::reason));
    }
};
/// B8, the coordinator: its store holds the sealed file.
struct ConfirmStored {
    static constexpr std::uint64_t kType = 80;
    SaleId sale;
    StoreReceipt receipt;
    Signature signature; ///< label "r8-store"
    static constexpr void fields(auto use) {
        use(field(1, &ConfirmStored::sale), field(2, &ConfirmStored::receipt), field(3, &ConfirmStored::signature));
    }
};
/// After B14, the buyer: it is content, and the seller need not wait.
struct ReleaseHoldback {
    static constexpr std::uint64_t kType = 81;
    SaleId sale;
    static constexpr void fields(auto use) { use(field(1, &ReleaseHoldback::sale)); }
};

/// A dispute as far as it has come.
struct Dispute {
    Claim claim{};
    std::int64_t raisedMs = 0;
    bool sellerAnswered = false;
    std::optional<UnlockReceipt> receipt{}; ///< BadData, with the buyer's signature
    std::optional<Signature> signature{};
    std::optional<DataVerdict> verdict{};
    std::optional<IdentityKey> decidedBy{}; ///< arbiter, deputy or key server; none: silence, or not yet
    std::optional<Amount> toBuyer{};        ///< of the holdback, once it is decided
    static constexpr void fields(auto use) {
        using D = Dispute;
        use(field(1, &D::claim), field(2, &D::raisedMs), field(3, &D::sellerAnswered), field(4, &D::receipt),
            field(5, &D::signature), field(6, &D::verdict), field(7, &D::decidedBy), field(8, &D::toBuyer));
    }
};

} // namespace tallylock::engine

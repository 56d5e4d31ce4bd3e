#include "tests/audit/SaleBugs.h"

#include "core/base/Planted.h"
#include "tests/audit/SaleWorld.h"

#include <cstdio>
#include <iterator>

namespace tallylock::audit {

namespace {
constexpr struct {
    Planted bug;
    const char* name;
    SaleInvariant caughtBy;
} kRows[] = {
    {Planted::KeyEarly, "KeyEarly", SaleInvariant::PaymentBeforeKey},
    {Planted::PaidTwice, "PaidTwice", SaleInvariant::PaidOnce},
    {Planted::ForgedAcknowledgement, "ForgedAcknowledgement", SaleInvariant::SignedByWhomItTakes},
    {Planted::DeadlineIgnored, "DeadlineIgnored", SaleInvariant::DeadlinesFire},
    {Planted::RefundLost, "RefundLost", SaleInvariant::EveryCentIsAccountedFor},
    {Planted::EscrowStays, "EscrowStays", SaleInvariant::EveryCentIsAccountedFor},
    {Planted::WaitsForEver, "WaitsForEver", SaleInvariant::DeadlinesFire},
    {Planted::DeliveryUnproven, "DeliveryUnproven", SaleInvariant::EdgesAsListed},
    {Planted::VerdictIgnored, "VerdictIgnored", SaleInvariant::EveryCentIsAccountedFor},
    {Planted::StrangerDecides, "StrangerDecides", SaleInvariant::SignedByWhomItTakes},
    {Planted::NoTimeToLook, "NoTimeToLook", SaleInvariant::LookedAt},
    {Planted::StockKept, "StockKept", SaleInvariant::CoinsSoldOnce},
    {Planted::StockUncounted, "StockUncounted", SaleInvariant::CoinsSoldOnce},
    {Planted::PayeeIgnored, "PayeeIgnored", SaleInvariant::EveryCentIsAccountedFor},
    {Planted::RefundStays, "RefundStays", SaleInvariant::RefundsGoWhereAsked},
    {Planted::RefundAgain, "RefundAgain", SaleInvariant::RefundsGoWhereAsked},
    {Planted::OwnershipAssumed, "OwnershipAssumed", SaleInvariant::ProofBeforePayment},
    {Planted::ProceedsKept, "ProceedsKept", SaleInvariant::EveryCentIsAccountedFor},
    {Planted::CoinsStaySold, "CoinsStaySold", SaleInvariant::EveryCentIsAccountedFor},
    {Planted::OutageCounts, "OutageCounts", SaleInvariant::OutagesCountForNobody},
    {Planted::OutageForAll, "OutageForAll", SaleInvariant::EdgesAsListed},
    {Planted::AlwaysDollars, "AlwaysDollars", SaleInvariant::EveryCentIsAccountedFor},
    {Planted::LapsedCounts, "LapsedCounts", SaleInvariant::QuoteHolds},
    {Planted::LateCoinsCount, "LateCoinsCount", SaleInvariant::QuoteHolds},
    {Planted::QuoteUnsigned, "QuoteUnsigned", SaleInvariant::QuoteHolds},
    {Planted::SignatureIgnored, "SignatureIgnored", SaleInvariant::SignedByWhomItTakes},
    {Planted::AcknowledgedEarly, "AcknowledgedEarly", SaleInvariant::AcknowledgedIsKept},
    {Planted::TornAccepted, "TornAccepted", SaleInvariant::StartsFromItsDisk},
    {Planted::FullIgnored, "FullIgnored", SaleInvariant::SavingChangesNothing},
    {Planted::HalfWritten, "HalfWritten", SaleInvariant::WholeOrNothing},
};
constexpr std::uint64_t kWorlds = 30; // a bug shows only where somebody happens to try it
} // namespace

SaleBugs catchSaleBugs() {
    SaleBugs bugs;
    for (const auto& row : kRows) {
        plantedBug = row.bug;
        bool caught = false;
        for (std::uint64_t seed = 1; seed <= kWorlds && !caught; ++seed) {
            const auto finding = runSales({seed, 50}).finding;
            if (!finding) continue;
            caught = finding->violation.invariant == row.caughtBy;
            std::printf("%-22s %s at step %llu of seed %llu: %s\n", row.name, nameOf(finding->violation.invariant),
                        static_cast<unsigned long long>(finding->step), static_cast<unsigned long long>(seed),
                        finding->violation.what.c_str());
        }
        if (!caught) std::printf("%-22s NOT CAUGHT by %s\n", row.name, nameOf(row.caughtBy));
        ++bugs.planted;
        bugs.caught += caught ? 1u : 0u;
    }
    plantedBug = Planted::None;
    return bugs;
}

} // namespace tallylock::audit

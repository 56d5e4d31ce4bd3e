// The two parts of a key on the buyer's side: what came, whether it fits, whose doing it is if not, and the ways to get
// them again or by hand. What does not fit is never kept and unlocks nothing.
#pragma once

#include "core/party/Replica.h"
#include "core/party/SaleChecks.h"
#include "core/wire/Deposit.h"

namespace tallylock::party {

class Core;
class Server;

/// Worker thread.
class KeyParts {
public:
    explicit KeyParts(Core& core) : m_core(core) {}

    /// Checked against the key server's signature, the contract and the commitments of R4.
    api::Answer<wire::KeyPart1> part1(const KnownSale& sale) const;
    api::Answer<SecretBytes> part2(const KnownSale& sale) const;
    /// Part 1, then part 2.
    std::vector<api::KeyPartRow> rows(const KnownSale& sale) const;

    /// Asks the key server itself, with a signed request.
    using Fetched = std::function<void(Result<wire::KeyPart, wire::Problem>)>;
    void fetch(const engine::SaleChanged& sale, std::uint8_t part, Fetched then);
    /// Keeps what the key server sent, if it fits. False: it does not, or could not be kept.
    bool take(const engine::SaleChanged& sale, std::uint8_t part, const wire::KeyPart& sent);

    /// R10, as the coordinator has signed it and our own journal keeps it: nullptr if the seller is not paid, or we
    /// have not heard of it. A key server needs nobody's order beyond it.
    const wire::Release* proofOfPayout(SaleId sale) const;
    /// Shows it to the key server whose parts count. Accepted: it has boxed them.
    using Shown = std::function<void(const Result<wire::Accepted, wire::Problem>&)>;
    void showProof(const engine::SaleChanged& sale, const wire::Release& proof, Shown then);

    /// Both parts anew. `done` gets how they stand; a refusal means that the key server could not be asked.
    void fetchAgain(SaleId sale, const api::Done<std::vector<api::KeyPartRow>>& done);
    /// Part 2 as twelve words.
    void enterSecond(SaleId sale, const SecretBytes& words, const api::Done<void>& done);
    /// Whose parts count. The sale has its terms and R4.
    Server& serverOf(const engine::SaleChanged& sale) const { return sourceOf(sale).server; }
    api::Answer<std::shared_ptr<const SecretBytes>> wordsOf(const KnownSale& sale) const;

private:
    /// The key server whose parts count: the standby once it has taken over, by a receipt that holds.
    struct Source {
        const IdentityKey& identity;
        const engine::KeyReceiptBody& receipt;
        Server& server;
    };
    Source sourceOf(const engine::SaleChanged& sale) const;
    api::Answer<wire::KeyPart1> openPart1(const engine::SaleChanged& sale, ByteView box) const;
    api::Answer<SecretBytes> openPart2(const engine::SaleChanged& sale, ByteView box) const;
    const KnownSale* bought(SaleId sale, api::Refusal& why) const;
    void askNext(SaleId sale, std::uint8_t part, const api::Done<std::vector<api::KeyPartRow>>& done);

    Core& m_core;
    std::set<std::pair<SaleId, std::uint8_t>> m_wrong; // what the key server itself sent last did not fit
};

} // namespace tallylock::party

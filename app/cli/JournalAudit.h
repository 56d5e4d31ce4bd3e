// What an audit of a journal checks beyond its own chain: the signatures of commands, the receipts and contracts of
// sales, the instructions of trades.
#pragma once

#include "core/host/Recovery.h"

#include <map>
#include <set>
#include <string>

namespace tallylock::cli {

class JournalAudit {
public:
    explicit JournalAudit(const engine::Config& config) : m_config(config) {}

    void batch(const wire::Batch& batch, const host::Applied& applied);

    /// The first thing that was wrong; empty if nothing was.
    const std::string& problem() const { return m_problem; }

    struct Listing {
        std::string name;
        Hash sealedRoot;
    };
    const std::map<ListingId, Listing>& listings() const { return m_listings; }
    const std::map<SaleId, engine::SaleChanged>& sales() const { return m_sales; }
    std::string holderName(HolderId holder) const;
    std::size_t commands() const { return m_commands; }
    std::size_t onSessions() const { return m_onSessions; } ///< commands without a signature of their own
    std::size_t signatures() const { return m_signatures; }
    /// One line a receipt or instruction, without times and without what follows from fresh randomness.
    const std::vector<std::string>& story() const { return m_story; }

private:
    void command(const wire::Batch& batch, ByteView entry);
    void event(const engine::EventBody& body);
    void receipt(const engine::ReceiptMade& receipt);
    void sale(const engine::SaleChanged& sale);
    void instruction(const engine::InstructionExecuted& executed);
    bool signedBy(const IdentityKey& key, std::string_view label, ByteView cbor, const Signature& signature);
    void fail(const std::string& problem) {
        if (m_problem.empty()) m_problem = problem;
    }

    const engine::Config& m_config;
    std::string m_problem;
    std::set<Hash> m_commandHashes;
    std::map<SaleId, Hash> m_lastReceipt;
    std::map<SaleId, engine::SaleChanged> m_sales;
    std::map<ListingId, Listing> m_listings;
    std::map<HolderId, std::string> m_holders;
    std::vector<std::string> m_story;
    std::uint64_t m_lastInstruction = 0;
    std::size_t m_commands = 0;
    std::size_t m_onSessions = 0;
    std::size_t m_signatures = 0;
};

} // namespace tallylock::cli

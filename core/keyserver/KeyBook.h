// The key server's memory: three journals and what follows from them. Everything is durable before it counts.
//
// Owned by one thread. Secrets are read from their journal when they are needed and not kept.
#pragma once

#include "core/keys/TwoPasswords.h"
#include "core/keyserver/Records.h"
#include "core/keyserver/Standing.h"
#include "core/keyserver/StoredFile.h"
#include "core/ports/Journal.h"

#include <map>
#include <memory>
#include <set>

namespace tallylock::keyserver {

struct Journals {
    std::unique_ptr<ports::Journal> firstParts;
    std::unique_ptr<ports::Journal> secondParts;
    std::unique_ptr<ports::Journal> state;
};

/// The spot check of one set of terms.
struct SpotCheck {
    wire::SpotCommit commit;
    wire::SpotNonceNote nonce;
    std::optional<SpotDrawn> drawn;
};

/// How part 2 is to be sent, and what became of it.
struct Wish {
    std::uint64_t number = 0; ///< of these terms
    wire::PartTwoWay way{};
    Bytes address; ///< sealed
    wire::CourierStage stage{};
    wire::CourierFailure failure{}; ///< of the last attempt
    std::uint32_t attempts = 0;
    std::int64_t timeMs = 0; ///< of the last attempt
};

/// All that is known of one set of terms.
struct Deal {
    engine::Terms terms;
    BoxKey depositKey;
    SaleId sale;      ///< from B3 on
    Bytes depositBox; ///< empty before B3 and after B4
    Hash depositHash; ///< zero before B3
    std::optional<wire::FrameProblem> failed;
    std::optional<engine::KeyReceipt> receipt;
    std::uint64_t firstRecord = 0; ///< where C1 and F lie; zero: nowhere yet
    std::uint64_t secondRecord = 0;
    std::vector<std::uint64_t> leafRecords; ///< where the leaves lie, in order
    std::uint64_t portionCount = 0;         ///< zero before the full check
    std::optional<SpotCheck> spot;
    bool agreed = false; ///< a contract was presented, B9
    std::optional<Wish> wish;
    bool partTwoIsOut = false; ///< B13

    /// B3 was, and the sealed file is still to be looked at.
    bool isUnfinished() const { return !depositHash.isZero() && !receipt && !failed; }
};

/// All that is known of one contract.
struct Agreement {
    Hash terms;
    std::set<std::uint64_t> challenges; ///< for which a "key ready" was signed
    std::optional<wire::KeyPart> part1;
    std::optional<wire::KeyPart> part2;
    bool judged = false; ///< the verdict is in the outbox, or was
};

struct QueuedCommand {
    std::uint64_t counter = 0;
    SaleId sale;
    Bytes envelope;
};

using Stored = Result<void, ports::StoreFailure>;

class KeyBook {
public:
    /// Replays the journals.
    static Result<std::unique_ptr<KeyBook>, ports::StoreFailure> open(Journals journals);

    const Deal* deal(const Hash& terms) const;
    const Agreement* agreement(const Hash& contract) const;
    const std::map<Hash, Deal>& deals() const { return m_deals; }
    /// By item, oldest first.
    const std::map<std::uint64_t, QueuedCommand>& outbox() const { return m_outbox; }
    std::uint64_t lastCounter() const { return m_lastCounter; }
    std::uint64_t lastItem() const { return m_lastItem; }

    /// Terms whose part 2 is out and is still to be sent.
    const std::set<Hash>& openLetters() const { return m_openLetters; }

    /// As one act.
    Stored write(const std::vector<Record>& records);
    Standing standing() const;

    struct FirstSecret {
        Bytes c1;
        SecretBytes fingerprintPart;
    };
    Stored keepFirst(const Hash& terms, ByteView c1, const SecretBytes& fingerprintPart);
    Stored keepSecond(const Hash& terms, ByteView sealed);
    /// Only where the deal has the record.
    Result<FirstSecret, ports::StoreFailure> readFirst(const Deal& deal);
    Result<Bytes, ports::StoreFailure> readSecond(const Deal& deal);

    Stored keepLeaves(const Hash& terms, const Leaves& leaves);
    Result<Leaves, ports::StoreFailure> readLeaves(const Deal& deal);
    /// Portions of an asset that any spot check has opened, by plain root: editions of one asset have it in common.
    const std::set<std::uint64_t>& opened(const Hash& plainRoot) const;

private:
    explicit KeyBook(Journals journals) : m_journals(std::move(journals)) {}
    Stored replay();
    Stored replayParts();
    bool apply(const Record& record, std::uint64_t number);
    bool on(const TermsTaken& r);
    bool on(const DepositTaken& r);
    bool on(const CheckFailed& r);
    bool on(const KeyWrapped& r);
    bool on(const ContractTaken& r);
    bool on(const ReadyGiven& r);
    bool on(const PaymentProven& r);
    bool on(const PartBoxed& r);
    bool on(const CommandQueued& r);
    bool on(const CommandAnswered& r);
    bool on(const LeavesFound& r, std::uint64_t number);
    bool on(const SpotCommitted& r);
    bool on(const SpotDrawn& r);
    bool on(const Judged& r);
    bool on(const CourierSet& r);
    bool on(const LetterTried& r);
    void sortLetter(const Hash& terms, const Deal& deal);
    Stored append(ports::Journal& journal, const std::vector<Bytes>& records);

    Journals m_journals;
    std::map<const ports::Journal*, ports::StoreFailure> m_failures; ///< of those whose last write was not kept
    std::map<Hash, Deal> m_deals;
    std::map<Hash, Agreement> m_agreements;
    std::map<Hash, std::set<std::uint64_t>> m_opened; // by plain root
    std::set<Hash> m_openLetters;
    std::map<std::uint64_t, QueuedCommand> m_outbox;
    std::uint64_t m_lastCounter = 0;
    std::uint64_t m_lastItem = 0;
};

} // namespace tallylock::keyserver

// What the key server does with each frame, and with the outcome of a check. Knows no thread and no link.
//
// Order of proof. R4 is signed only when P1 has opened the whole sealed file, both roots matched, and both parts are
// durable. No part leaves before the receipts prove that the seller is paid. After that no one can stop it.
//
// Owned by one thread.
#pragma once

#include "core/asset/Edition.h"
#include "core/base/JobControl.h"
#include "core/keys/Identity.h"
#include "core/keyserver/CourierDesk.h"
#include "core/keyserver/DepositKeys.h"
#include "core/keyserver/KeyBook.h"
#include "core/keyserver/SpotDesk.h"

#include <deque>

namespace tallylock::keyserver {

/// A sealed file that is to be checked whole, B4.
struct CheckJob {
    Hash terms;
    asset::EditionClaim claim;
    std::uint64_t sealedSize = 0;
    keys::EditionSecrets secrets;
};

/// What must be read from the file store before there is an answer: run on the thread that reads, and what it gives on
/// the clerk's.
using Reading = std::function<std::function<wire::Answer()>(JobControl& control)>;
using Step = std::variant<wire::Answer, Reading>;

class Clerk {
public:
    Clerk(keys::Identity identity, SecretBytes master, std::string depositFolder, std::unique_ptr<KeyBook> book,
          ports::FileStore& files, Random& random, WordCouriers couriers, std::shared_ptr<Clock> clock);

    /// `who` is the identity that the link belongs to. An answer, or what must be read before there is one. Nothing
    /// here waits for anything but the disk.
    Step answer(const IdentityKey& who, const wire::Request& request);

    Standing standing() const { return m_book->standing(); }
    /// Deposits whose check has not ended, for a start.
    std::vector<Hash> unfinished() const;
    bool isUnfinished(const Hash& terms) const;
    /// What must be checked before these terms can be wrapped. Finishes by itself, and gives nothing, where the check
    /// had been passed before a crash, or where there is nothing to check any more.
    std::optional<CheckJob> nextCheck(const Hash& terms);
    /// B4, after the check.
    void checkPassed(const CheckJob& job, const Leaves& leaves);
    void checkFailed(const Hash& terms, wire::FrameProblem problem);

    // The outbox, worked by KeyServer.
    const std::map<std::uint64_t, QueuedCommand>& outbox() const { return m_book->outbox(); }
    void commandAnswered(std::uint64_t item, engine::Refused refused);
    /// The same command under a new id: the coordinator remembers a refusal under the old one.
    void signAnew(std::uint64_t item);

    // Letters, sent by KeyServer.
    std::optional<LetterJob> nextLetter(const std::set<WishId>& notNow);
    CourierDesk& couriers() { return m_couriers; }

    const keys::Identity& identity() const { return m_identity; }

private:
    using Problem = wire::FrameProblem;
    static wire::Answer problemAnswer(Problem problem, std::string detail = {}) {
        return wire::Problem{problem, std::move(detail)};
    }
    static wire::Answer storeProblem() { return problemAnswer(Problem::Internal, "journal"); }
    wire::Answer on(const IdentityKey& who, const wire::DepositKeyRequest& request);
    Step on(const IdentityKey& who, const wire::Deposit& request);
    Step on(const IdentityKey& who, const wire::KeyReadyRequest& request);
    wire::Answer on(const IdentityKey& who, const wire::GivePart1& request);
    wire::Answer on(const IdentityKey& who, const wire::Release& request);
    Step on(const IdentityKey& who, const wire::JudgeRequest& request);
    wire::Answer on(const IdentityKey& who, const wire::ChallengeRequest& request);
    wire::Answer on(const IdentityKey& who, const wire::FetchPart& request);
    wire::Answer on(const IdentityKey& who, const wire::SpotCommit& request);
    Step on(const IdentityKey& who, const wire::SpotReveal& request);
    Step on(const IdentityKey& who, const wire::SpotOpen& request);
    wire::Answer on(const IdentityKey& who, const wire::SetCourier& request);
    wire::Answer on(const IdentityKey& who, const wire::CourierQuery& request);
    template <class Other>
    wire::Answer on(const IdentityKey&, const Other&) {
        return wire::Problem{Problem::Malformed, "not for a key server"};
    }

    wire::DepositKeyReply depositKeyReply(const Hash& terms, const Deal& deal) const;
    std::optional<Problem> contractFault(const Deal& deal, const engine::Contract& contract) const;
    /// Without an agreement: whatever the coordinator says was ready at B9 was.
    std::optional<Problem> releaseFault(const engine::Terms& terms, const Agreement* agreement,
                                        const wire::Release& proof) const;
    Result<Hash, Problem> termsOfRelease(const wire::Release& request) const;
    /// In these terms this is the key server that takes over.
    bool isStandby(const engine::Terms& terms) const { return terms.keyServer.identity != m_identity.key(); }
    /// Both passwords, as they are kept; nothing if they are not what R4 commits to.
    struct Parts {
        KeyBook::FirstSecret first;
        SecretBytes second;
    };
    std::optional<Parts> readParts(const Hash& terms, const Deal& deal);
    /// Opens portions of the stored file and proves them, with P1 as it comes out of what is kept. `answer` gets all of
    /// them.
    Step openPortions(const Hash& terms, std::vector<std::uint64_t> indices,
                      std::function<wire::Answer(std::vector<ProvenPortion>&)> answer);
    wire::Answer judged(SaleId sale, const Hash& contract, bool bad);
    std::vector<std::uint64_t> someOf(std::uint64_t count);
    wire::Answer keyReady(const wire::KeyReadyRequest& request);
    bool wrap(const Hash& terms, const keys::EditionSecrets& secrets, const SecretBytes& fingerprintPart);
    bool signReceipt(const Hash& terms);
    wire::KeyPart boxed(const Hash& contract, std::uint8_t part, Bytes box) const;
    wire::KeyPart boxedPartOne(const Hash& contract, const Deal& deal, Parts& parts) const;
    CommandQueued queued(std::uint64_t step, SaleId sale, const engine::CommandBody& command) const;

    keys::Identity m_identity;
    SecretBytes m_master;
    DepositKeys m_depositKeys;
    std::unique_ptr<KeyBook> m_book;
    ports::FileStore& m_files;
    Random& m_random;
    SpotDesk m_spots;
    std::shared_ptr<Clock> m_clock;
    CourierDesk m_couriers;
    /// Given out and not yet used, oldest first; each belongs to the link's identity.
    std::deque<std::pair<IdentityKey, Hash>> m_nonces;
};

} // namespace tallylock::keyserver

// The key server ("first server" of a sale): wraps the first password with the second, keeps both, and releases them
// on the proof that the seller has been paid, by the ways that the terms name.
//
// The room `keyserver` owns the two passwords between B3 and B13. It has its own identity, folder and databases; it is
// reached through Links only and reaches the coordinator through one. It refuses to believe the coordinator: it checks
// every receipt itself. Nothing secret is in an answer, an error or the state journal.
//
// Threads: one worker owns journals and clerk; one checker streams sealed files, so that a long file delays no answer;
// one sends letters, so that a slow mail server delays nothing else.
#pragma once

#include "core/keys/Identity.h"
#include "core/keyserver/CourierDesk.h"
#include "core/keyserver/Standing.h"
#include "core/ports/FileStore.h"
#include "core/ports/Link.h"

#include <chrono>

namespace tallylock::keyserver {

using OpenJournal = std::function<Result<std::unique_ptr<ports::Journal>, ports::StoreFailure>()>;

struct Options {
    keys::Identity identity;
    SecretBytes master;        ///< 32 bytes: what P2 at rest is sealed under
    std::string depositFolder; ///< exists, and is nobody else's: one-sale keys until their wrap is durable
    /// Called once each, on the worker, which owns the journals from then on.
    OpenJournal openFirstParts;
    OpenJournal openSecondParts;
    OpenJournal openState;
    ports::FileStore& files;      ///< outlives the server
    Random& random;               ///< outlives the server
    std::size_t queueLimit = 256; ///< waiting requests; beyond that, Busy
    std::int64_t firstRetryMs = 20;
    std::int64_t lastRetryMs = 5'000;
    WordCouriers couriers = {}; ///< which ways of part 2 are offered besides the endpoint
    std::int64_t firstLetterRetryMs = 30'000;
    std::int64_t lastLetterRetryMs = 3'600'000;
    std::shared_ptr<Clock> clock = std::make_shared<SystemClock>();
};

class KeyServer {
public:
    /// Opens and replays the journals, and goes on with whatever a crash has interrupted.
    static Result<std::unique_ptr<KeyServer>, ports::StoreFailure> start(Options options);
    /// Ends a running check, answers what waits with Closed, and joins its threads.
    ~KeyServer();

    const IdentityKey& key() const { return m_key; }
    const BoxKey& boxKey() const { return m_boxKey; }

    /// Any thread. Whoever opens the link has proved to be `who`. It may outlive the server: it is then Closed.
    std::unique_ptr<ports::Link> connect(const IdentityKey& who);
    /// Where its own signed commands go. Without a coordinator they wait.
    void setCoordinator(std::unique_ptr<ports::Link> link);
    /// Any thread. Nothing: it did not come to answer for so long.
    std::optional<Standing> standing(std::chrono::milliseconds patience) const;

private:
    class Worker;
    explicit KeyServer(std::shared_ptr<Worker> worker) : m_worker(std::move(worker)) {}
    std::shared_ptr<Worker> m_worker;
    IdentityKey m_key;
    BoxKey m_boxKey;
};

} // namespace tallylock::keyserver

// One-time codes: the secrets that users share with their authenticators, and the check of a code.
//
// The secrets are in a store of their own, sealed under the coordinator's vault key; they are in no command, event,
// table or log. A code that is right counts once: its step is durable here before the engine is told, by a command of
// the coordinator's own, that it was right for this one command. Wrong codes make a user wait, longer each time.
// See docs/decisions/one-time-codes.md.
#pragma once

#include "core/crypto/Totp.h"
#include "core/host/Sequencer.h"

#include <map>

namespace tallylock::host {

class SecondFactors {
public:
    static constexpr unsigned kFreeFailures = 3;
    static constexpr std::int64_t kFirstWaitMs = 30'000;
    static constexpr std::int64_t kLongestWaitMs = std::int64_t{24} * 3600 * 1000;
    /// How long no code of a user is looked at after its last wrong one.
    static std::int64_t waitMs(unsigned failures);

    SecondFactors(const keys::Identity& identity, OpenJournal openStore, Sequencer& sequencer, TrustedTime& time,
                  Random& random, Sequencer::Fail fail)
        : m_identity(identity),
          m_openStore(std::move(openStore)),
          m_sequencer(sequencer),
          m_time(time),
          m_random(random),
          m_fail(std::move(fail)) {}
    ~SecondFactors() { stop(); }

    /// Opens the store. Damaged: a record that was not sealed here, or not in this place.
    Result<void, ports::StoreFailure> start();
    /// Any thread. False: too much is waiting. Called once with the answer; dropped when the host is stopping.
    using Done = std::function<void(wire::Answer)>;
    bool ask(const IdentityKey& device, const wire::FactorRequest& request, Done done);
    /// An operator's: this user has none any more. Waits; false if it cannot be written.
    bool reset(UserId user);
    void stop();

private:
    enum class Kind : std::uint8_t { Offered, Confirmed, Used, Failed, Removed, kCount };
    struct Record {
        UserId user;
        Kind kind{};
        Bytes secret;           ///< Offered
        std::uint64_t step = 0; ///< Confirmed, Used
        Hash command;           ///< Used
        std::int64_t timeMs = 0;
        static constexpr void fields(auto use) {
            using R = Record;
            use(field(1, &R::user), field(2, &R::kind), field(3, &R::secret), field(4, &R::step), field(5, &R::command),
                field(6, &R::timeMs));
        }
    };
    struct Factor {
        SecretBytes secret;  ///< empty: none is confirmed
        SecretBytes offered; ///< empty: none waits for its first code
        std::int64_t offeredMs = 0;
        std::optional<std::uint64_t> lastStep;
        Hash lastCommand;
        unsigned failures = 0; ///< since the last right one
        std::int64_t lastFailureMs = 0;
        wire::FactorState state() const;
    };

    wire::Answer answer(const IdentityKey& device, const wire::FactorRequest& request);
    wire::Answer enrol(UserId user, Factor& factor, const std::string& code);
    wire::Answer use(const IdentityKey& device, UserId user, Factor& factor, const wire::FactorRequest& request);
    /// The step of a right code, or why it is none.
    Result<std::uint64_t, wire::Problem> check(UserId user, Factor& factor, const SecretBytes& secret,
                                               const std::string& code);
    /// Durable, and then in memory.
    bool put(Record record);
    void apply(Record& record);
    Bytes contextOf(std::uint64_t number) const;

    static constexpr std::size_t kMostWaiting = 1000;
    const keys::Identity& m_identity;
    OpenJournal m_openStore;
    Sequencer& m_sequencer;
    TrustedTime& m_time;
    Random& m_random;
    Sequencer::Fail m_fail; ///< a store that has refused once takes nothing more
    // On the thread.
    std::unique_ptr<ports::Journal> m_store;
    std::map<UserId, Factor> m_factors;
    TaskThread m_thread; // last: its tasks use the others
};

} // namespace tallylock::host

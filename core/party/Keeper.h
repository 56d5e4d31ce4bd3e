// What a party keeps at the coordinator, so that its seed phrase alone restores it: each record of Kept, sealed under
// the identity's vault key and bound to the identity. The coordinator learns how many and how large.
//
// State            one writer   durable where             if it arrives twice
// what is kept     worker       coordinator's journal     passed over by its hash
#pragma once

#include "core/party/Diary.h"
#include "core/party/Outbox.h"

namespace tallylock::party {

/// keptId is over the record, so the same fact that two folders keep is the same record.
Bytes sealKept(const keys::Identity& owner, const Kept& record, Random& random);
/// Nothing if it is another identity's, or altered.
std::optional<Kept> openKept(const keys::Identity& owner, ByteView sealed);

/// Worker thread.
class Keeper {
public:
    Keeper(const keys::Identity& identity, Diary& diary, Outbox& outbox, Random& random)
        : m_identity(identity),
          m_diary(diary),
          m_outbox(outbox),
          m_random(random) {}

    /// Once what is kept has been read, and the identity has a holder: from now on keepAll() works.
    void begin() { m_begun = true; }
    /// Puts everything that is not kept yet into the outbox, before whatever is submitted next.
    void keepAll();

private:
    const keys::Identity& m_identity;
    Diary& m_diary;
    Outbox& m_outbox;
    Random& m_random;
    bool m_begun = false;
    std::set<Hash> m_onTheirWay; // or refused in this run
};

} // namespace tallylock::party

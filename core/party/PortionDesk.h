// The seller's app serves portions of its own sealed files: to the buyer of that very sale, from the moment at which
// the money is final. Who may ask is decided by the sale's state as this party's replica has it, and by who asks, which
// the link has proved.
//
// Bounded: so many questions of one buyer and of all are in hand at once, each answered by a portion or a page of
// hashes at most; what is beyond is refused as busy. Whoever is the buyer of no sale that is under way is a stranger:
// strangers share a few questions a second and have none of the buyers' room, and what is beyond is refused on the
// spot, before anybody has looked into it. Portions are read on a thread of their own, one after the other,
// so that a slow disk holds up nothing else.
#pragma once

#include "core/base/Allowance.h"
#include "core/party/Jobs.h"
#include "core/party/SealedCopy.h"
#include "core/ports/Peer.h"

namespace tallylock::party {

class Core;

/// Worker thread.
class PortionDesk {
public:
    static constexpr std::size_t kMostOfOne = 8;
    static constexpr std::size_t kMostOfAll = 64;
    static constexpr std::size_t kMostOfStrangers = 4; ///< of all of them
    static constexpr std::int64_t kStrangersASecond = 16;

    explicit PortionDesk(Core& core);
    ~PortionDesk();
    /// Begins to answer. Once; nothing without peers.
    void open();
    /// This sale has changed: whether its buyer is to be expected here.
    void note(SaleId sale);

private:
    using Done = ports::Peers::Done;
    class Gate;
    struct Question {
        IdentityKey asker;
        wire::Request request;
        Done done;
        std::shared_ptr<void> counted;
    };
    /// What may be given out.
    struct Subject {
        std::string path;
        Hash root;
        std::uint64_t size = 0;
    };
    struct Opened {
        Hash root;
        asset::FileSource file;
        asset::PortionHashes hashes;
    };
    Result<Subject, wire::FrameProblem> permit(const IdentityKey& asker, SaleId sale) const;
    void answer(Question question);
    // Reading thread.
    wire::Answer read(const Subject& subject, const wire::PortionHashQuery& query);
    wire::Answer read(const Subject& subject, const wire::SealedPortionQuery& query);
    Result<Opened*, wire::FrameProblem> openedOf(const Subject& subject);

    Core& m_core;
    std::shared_ptr<Gate> m_gate;
    ControlPointer m_control = newControl();
    std::unique_ptr<Opened> m_opened; // the reading thread's
    Loop m_reader;
    std::unique_ptr<ports::Subscription> m_served;
};

} // namespace tallylock::party

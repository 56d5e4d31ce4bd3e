// Who gives the portions of a sealed file to its buyer: the seller's app directly, or the file store. What they give is
// not believed; the receiver proves each portion before it keeps it. Both block: for job threads.
#pragma once

#include "core/party/Jobs.h"
#include "core/party/SealedCopy.h"
#include "core/ports/Peer.h"

#include <deque>

namespace tallylock::party {

/// Which portion, and where it lies in the sealed file.
struct Wanted {
    std::uint64_t index = 0;
    std::uint64_t offset = 0;
    std::size_t size = 0;
};

class Giver {
public:
    virtual ~Giver() = default;
    virtual Outcome<asset::PortionHashes> hashes() = 0;
    /// Any number may be asked for before next() is called for each of them.
    virtual void ask(const Wanted& wanted) = 0;
    struct Given {
        std::uint64_t index = 0;
        Outcome<Bytes> portion; ///< refused: this giver gives no more
    };
    virtual Given next() = 0;
};

/// What is received, and where from.
struct DeliveryOrder {
    SaleId sale;
    Hash sealedRoot;
    std::uint64_t sealedSize = 0;
    IdentityKey seller;
    std::string path; ///< in the buyer's folder
};

/// The file store: what it has of the portion hashes, else what it takes to compute them.
class StoreGiver final : public Giver {
public:
    StoreGiver(ports::FileStore& files, const DeliveryOrder& order, JobControl& control)
        : m_files(files),
          m_order(order),
          m_control(control) {}
    Outcome<asset::PortionHashes> hashes() override;
    void ask(const Wanted& wanted) override { m_asked.push_back(wanted); }
    Given next() override;

private:
    ports::FileStore& m_files;
    const DeliveryOrder& m_order;
    JobControl& m_control;
    std::deque<Wanted> m_asked;
};

/// The seller's app. What it is too busy for, or thinks too early, is asked again a few times; one that says nothing
/// for a while is given up.
class SellerGiver final : public Giver {
public:
    SellerGiver(ports::Peers& peers, const DeliveryOrder& order, JobControl& control)
        : m_peers(peers),
          m_order(order),
          m_control(control) {}
    Outcome<asset::PortionHashes> hashes() override;
    void ask(const Wanted& wanted) override;
    Given next() override;

private:
    using Frame = Result<Bytes, ports::LinkError>;
    /// Shared with the link, which may answer when nobody waits any more.
    struct Mailbox {
        std::mutex mutex;
        std::condition_variable changed;
        std::deque<std::pair<std::uint64_t, Frame>> letters;
    };
    void send(std::uint64_t index, const wire::Request& request);
    /// Nothing: told to end, or nobody answers.
    std::optional<std::pair<std::uint64_t, Frame>> receive();
    bool pause(unsigned attempt);
    Outcome<wire::PortionHashPage> page(std::uint64_t first);

    ports::Peers& m_peers;
    const DeliveryOrder& m_order;
    JobControl& m_control;
    std::shared_ptr<Mailbox> m_mailbox = std::make_shared<Mailbox>();
    unsigned m_attempt = 0;
};

} // namespace tallylock::party

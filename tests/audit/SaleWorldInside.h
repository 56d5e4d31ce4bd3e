// Inside the simulated sales (SaleWorld.h): what the three parts of the world share. SaleWorld.cpp is time, mail, the
// node and its disk; SaleWorldPeople.cpp what those in a sale do; SaleWorldCoins.cpp the market that coins are sold on.
#pragma once

#include "tests/audit/SaleNode.h"
#include "tests/audit/SaleWorld.h"
#include "tests/audit/Told.h"

namespace tallylock::audit {

using namespace tallylock::engine;
using escrow::SaleEvent;
using tallylock::test::SaleSigners;

inline constexpr std::int64_t kMinuteMs = 60'000;
inline constexpr std::int64_t kHourMs = 60 * kMinuteMs;
inline constexpr std::int64_t kDayMs = 24 * kHourMs;
inline constexpr std::int64_t kNever = INT64_MAX;
inline constexpr std::uint64_t kStepsPerSale = 3'000; // many times what the longest takes
inline constexpr std::int64_t kTogetherMs = 15 * kMinuteMs;
inline constexpr std::size_t kMostTogether = 6; // commands of one batch

inline crypto::SigningKey keyNamed(const std::string& name) {
    return crypto::SigningKey::fromSeed(crypto::labelledHash("test-key", crypto::cborList(name)).view());
}
inline Amount usd(std::int64_t cents) { return {money::Int128{cents} * 1'000'000, money::kUsd}; }
inline Amount satoshi(std::int64_t amount) { return {amount, money::kBtc}; }

inline keys::Identity coordinatorsIdentity() {
    return keys::Identity::fromSeed(SecretBytes::copyOf(tallylock::test::saleHash("coordinator").view()));
}

struct Person {
    explicit Person(const std::string& called) : name(called), key(keyNamed(called)), signer(key.publicKey()) {}
    std::string name;
    HolderId holder; ///< none: no account
    crypto::SigningKey key;
    IdentityKey signer;
    std::uint64_t counter = 0;
    treasury::PayoutAddressId home; ///< of a buyer: where coins may go that come back
};

/// A payment on the chain.
struct Coins {
    Hash transaction;
    Amount amount;
    std::int64_t paidMs = 0;
    bool onChain = true;
    bool isDeep = false; ///< it was told with enough confirmations to be final
};

/// One sale as those outside the engine know it.
struct Story {
    std::size_t seller = 0;
    std::size_t buyer = 0;
    PublishListing listed;
    ListingId listing;
    SaleId id;
    std::optional<SaleChanged> view;
    std::array<std::int64_t, static_cast<std::size_t>(SaleActor::kCount)> silentFromMs{};
    Amount due;
    std::vector<Coins> coins;
    bool paysShort = false;
    bool objects = false; ///< the buyer, if it comes so far
    bool doubtsData = false;
    bool dataAreBad = false; ///< as the key server finds
    bool isStored = false;   ///< the sealed file, with the coordinator
    bool quotesLapse = false;
    std::optional<treasury::PayoutAddressId> refundTo; ///< of every third
    bool hasForged = false;                            ///< somebody in it, once
    int reorganisations = 0;
    std::int64_t thinkMs = 0; ///< when those in it think next
};

/// Something on its way: a command, or (without one) a moment at which those in a sale think again.
struct Mail {
    std::size_t story = 0;
    Person* signer = nullptr;
    std::optional<Arrived> again; ///< exactly the same, for a second time
    std::optional<CommandBody> body;
};

class SaleWorld {
public:
    explicit SaleWorld(const SalePlan& plan)
        : m_plan(plan),
          m_random(plan.seed),
          m_node(settingsOf(plan), m_identity),
          m_auditor(encodeCbor(settingsOf(plan)), hasSigned) {}

    SaleReport run();

private:
    static Config settingsOf(const SalePlan& plan);
    std::uint64_t below(std::uint64_t bound) { return m_random() % bound; }
    bool oneIn(std::uint64_t chance) { return below(chance) == 0; }
    std::int64_t upTo(std::int64_t ms) { return 1 + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(ms))); }

    void populate();
    void list(std::size_t number);
    void send(std::size_t story, Person& signer, CommandBody body, std::int64_t withinMs);
    /// And not at the time that was meant before.
    void thinkIn(std::size_t story, std::int64_t delayMs) {
        m_stories[story].thinkMs = m_nowMs + delayMs;
        m_mail.emplace(m_nowMs + delayMs, Mail{story, {}, {}, {}});
    }

    Arrived arrivedFrom(Person& signer, const CommandBody& body) {
        return audit::arrivedFrom(signer.signer, ++signer.counter, body);
    }
    Reply apply(Person& signer, const CommandBody& body);
    void tick();
    WriteFault nextFault();
    std::vector<Reply> run(const std::vector<Arrived>& arrived, WriteFault fault, bool& isAcknowledged);
    void acknowledge(const DurableBatch& batch);
    void audit(const DurableBatch& batch);
    void audit(Step&& step, const std::vector<Event>& fired, const std::vector<Event>& made);
    void hear(const std::vector<Event>& events);
    void recover(const std::vector<Arrived>& underWay);
    void restart();
    void reorganise();
    void deliver(Mail mail);
    void deliverCommands(std::vector<Mail> mails);

    bool sellsCoins() const { return m_node.engine().config().secondExchange == SecondExchange::OwnBook; }
    bool isOver(std::size_t number) const { return escrow::isTerminal(m_stories[number].view->state); }
    void think(std::size_t number);
    void misbehave(std::size_t number);
    Person& signerOf(const Story& story, SaleActor actor);
    SaleSigners signersOf(const Story& story) const {
        return {m_buyers[story.buyer]->key, m_sellers[story.seller]->key, m_keyServer.key, &m_standby.key};
    }
    /// What brings this event about now; nothing if it is not the time for it, or it happens by itself.
    std::optional<CommandBody> causeOf(Story& story, SaleEvent event);
    /// In every fifth sale somebody else has signed it, once. No dice: the other sales stay as they are.
    template <class Body, class SignatureIn>
    Body forgedOrNot(Story& story, Body body, SignatureIn&& signatureIn) {
        const bool forges = story.id.value % 5 == 0 && !std::exchange(story.hasForged, true);
        if (forges) *signatureIn(body) = m_stranger.key.sign("forged", crypto::cborList(story.id));
        return body;
    }
    Amount quoteFor(const Story& story);
    std::optional<CommandBody> pay(Story& story);
    std::optional<CommandBody> confirm(Story& story);
    ObservePayment seen(const Story& story, const Coins& coins, std::uint32_t confirmations) const {
        return {"chain",      coins.transaction, 0,     tallylock::test::walletNamed(story.id),
                coins.amount, confirmations,     false, coins.paidMs,
                coins.paidMs};
    }

    void openMarket();
    /// B9 of a sale whose own coins are sold for it; nothing while too little is bid.
    std::optional<CommandBody> convert(const Story& story);
    /// Somebody bids, or takes a bid back; the house sells what it has, also what it has sold before.
    void trade(std::size_t number);

    SalePlan m_plan;
    std::mt19937_64 m_random;
    keys::Identity m_identity = coordinatorsIdentity();
    SaleNode m_node;
    SaleAuditor m_auditor;
    SaleReport m_report;
    std::int64_t m_nowMs = 1'700'000'000'000;
    Person m_coordinator{"coordinator"};
    Person m_keyServer{"key server"};
    Person m_standby{"standby"};
    Person m_arbiter{"arbiter"};
    Person m_deputy{"deputy"};
    Person m_stranger{"stranger"};
    Person m_bidder{"bidder"};
    std::vector<std::unique_ptr<Person>> m_sellers;
    std::vector<std::unique_ptr<Person>> m_buyers;
    std::vector<Story> m_stories;
    std::map<SaleId, std::size_t> m_storyOf;
    std::multimap<std::int64_t, Mail> m_mail; ///< by when it arrives
    std::uint64_t m_acknowledged = 0;         ///< the last batch that anybody has heard of
    std::int64_t m_fullUntilMs = 0;           ///< there is no room on the disk
    std::int64_t m_behindMs = 0;              ///< the coordinator's clock
};

} // namespace tallylock::audit

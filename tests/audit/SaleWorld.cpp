#include "tests/audit/SaleWorld.h"

#include "core/base/Planted.h"
#include "core/escrow/SaleTable.h"
#include "tests/audit/SaleNode.h"
#include "tests/audit/Told.h"

#include <algorithm>

namespace tallylock::audit {

namespace {
using namespace tallylock::engine;
using escrow::SaleEvent;
using tallylock::test::SaleSigners;

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kHourMs = 60 * kMinuteMs;
constexpr std::int64_t kDayMs = 24 * kHourMs;
constexpr std::int64_t kNever = INT64_MAX;
constexpr std::uint64_t kStepsPerSale = 3'000; // many times what the longest takes
constexpr std::int64_t kTogetherMs = 15 * kMinuteMs;
constexpr std::size_t kMostTogether = 6; // commands of one batch

crypto::SigningKey keyNamed(const std::string& name) {
    return crypto::SigningKey::fromSeed(crypto::labelledHash("test-key", crypto::cborList(name)).view());
}
Amount usd(std::int64_t cents) { return {money::Int128{cents} * 1'000'000, money::kUsd}; }
Amount satoshi(std::int64_t amount) { return {amount, money::kBtc}; }

keys::Identity coordinatorsIdentity() {
    return keys::Identity::fromSeed(SecretBytes::copyOf(tallylock::test::saleHash("coordinator").view()));
}

struct Person {
    explicit Person(const std::string& name) : key(keyNamed(name)), signer(key.publicKey()) {}
    crypto::SigningKey key;
    IdentityKey signer;
    std::uint64_t counter = 0;
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
          m_node(settings(), m_identity),
          m_auditor(encodeCbor(settings())) {}

    SaleReport run();

private:
    static Config settings();
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

    bool isOver(std::size_t number) const { return escrow::isTerminal(m_stories[number].view->state); }
    void think(std::size_t number);
    void misbehave(std::size_t number);
    Person& signerOf(const Story& story, SaleActor actor);
    SaleSigners signersOf(const Story& story) const {
        return {m_buyers[story.buyer]->key, m_sellers[story.seller]->key, m_keyServer.key, &m_standby.key};
    }
    /// What brings this event about now; nothing if it is not the time for it, or it happens by itself.
    std::optional<CommandBody> causeOf(Story& story, SaleEvent event);
    std::optional<CommandBody> pay(Story& story);
    std::optional<CommandBody> confirm(Story& story);
    ObservePayment seen(const Story& story, const Coins& coins, std::uint32_t confirmations) const {
        return {"chain",      coins.transaction, 0,     tallylock::test::walletNamed(story.id),
                coins.amount, confirmations,     false, m_nowMs};
    }

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
    std::vector<std::unique_ptr<Person>> m_sellers;
    std::vector<std::unique_ptr<Person>> m_buyers;
    std::vector<Story> m_stories;
    std::map<SaleId, std::size_t> m_storyOf;
    std::multimap<std::int64_t, Mail> m_mail; ///< by when it arrives
    std::uint64_t m_acknowledged = 0;         ///< the last batch that anybody has heard of
    std::int64_t m_fullUntilMs = 0;           ///< there is no room on the disk
    std::int64_t m_behindMs = 0;              ///< the coordinator's clock
};

Config SaleWorld::settings() {
    Config c;
    c.coordinator.identity = coordinatorsIdentity().key();
    c.coordinator.box = *BoxKey::from(tallylock::test::saleHash("coordinator's box").view());
    c.keyServer.identity = keyNamed("key server").publicKey();
    c.keyServer.box = *BoxKey::from(tallylock::test::saleHash("key server's box").view());
    c.standby =
        PartyKeys{keyNamed("standby").publicKey(), *BoxKey::from(tallylock::test::saleHash("standby's box").view())};
    c.dollars = money::kUsd;
    c.deadlines.keyMs = kDayMs; // as slow as people are
    c.arbitration = Arbitration{keyNamed("arbiter").publicKey(), {keyNamed("deputy").publicKey()}, kDayMs};
    return c;
}

// --- the world ---------------------------------------------------------------------------------------------------

void SaleWorld::populate() {
    m_coordinator.signer = m_identity.key();
    const std::size_t people = 2 + m_plan.sales / 10;
    for (std::size_t i = 0; i < people; ++i) {
        for (const bool sells : {true, false}) {
            const std::string name = (sells ? "seller " : "buyer ") + std::to_string(i);
            auto& list = sells ? m_sellers : m_buyers;
            list.push_back(std::make_unique<Person>(name));
            (void)apply(*list.back(),
                        RegisterHolder{name, false, *BoxKey::from(tallylock::test::saleHash(name).view())});
        }
    }
    (void)apply(m_stranger, RegisterHolder{"stranger", false, *BoxKey::from(tallylock::test::saleHash("x").view())});
    for (std::size_t i = 0; i < m_plan.sales; ++i) list(i);
}

void SaleWorld::list(std::size_t number) {
    const std::string name = "asset " + std::to_string(number);
    Story story;
    story.seller = below(m_sellers.size());
    story.buyer = below(m_buyers.size());
    PublishListing& c = story.listed;
    c.assetId = tallylock::test::saleHash(name);
    c.name = name;
    c.mediaType = "text/plain";
    c.sizeBytes = 1000;
    c.sealedSize = 1200;
    c.manifestHash = tallylock::test::saleHash("manifest of " + name);
    c.sealedRoot = tallylock::test::saleHash("sealed " + name);
    c.plainRoot = tallylock::test::saleHash("plain " + name);
    c.recipient = *BoxKey::from(tallylock::test::saleHash("recipient of " + name).view());
    c.price = usd(1 + static_cast<std::int64_t>(below(1'000'000)));
    c.manifest = {1};
    story.due = satoshi(1 + static_cast<std::int64_t>(below(100'000'000)));
    story.paysShort = oneIn(4);
    story.objects = oneIn(4);
    story.doubtsData = oneIn(2);
    story.dataAreBad = oneIn(2);
    story.isStored = oneIn(2);
    for (std::int64_t& from : story.silentFromMs) {
        const bool falls = oneIn(12);
        from = falls ? m_nowMs + upTo(oneIn(2) ? 6 * kHourMs : 8 * kDayMs) : kNever;
    }
    std::int64_t& keyServers = story.silentFromMs[static_cast<std::size_t>(SaleActor::KeyServer)];
    if (oneIn(4)) keyServers = std::min(keyServers, m_nowMs + upTo(4 * kDayMs)); // after the payment: the dearest
    story.silentFromMs[static_cast<std::size_t>(SaleActor::Coordinator)] = kNever;
    story.listing = {apply(*m_sellers[story.seller], story.listed).value};
    const Amount least{story.listed.price.value - story.listed.price.value / 4, money::kUsd};
    const MakeOffer offer{story.listing,
                          money::kBtc,
                          story.listed.price,
                          least,
                          m_nowMs + kDayMs + upTo(kDayMs),
                          tallylock::test::saleHash("nonce of " + name)};
    m_stories.push_back(story); // before the offer is heard of
    const Reply made = apply(*m_buyers[story.buyer], offer);
    Story& kept = m_stories.back();
    kept.id = {made.value};
    m_storyOf[kept.id] = number;
    kept.view = *m_node.engine().sale(kept.id);
    thinkIn(number, upTo(6 * kHourMs));
}

SaleReport SaleWorld::run() {
    populate();
    const std::uint64_t bound = std::min(m_plan.mostSteps, kStepsPerSale * m_plan.sales);
    while (!m_mail.empty() && !m_report.finding && m_report.steps < bound) {
        const auto next = m_mail.begin();
        m_nowMs = std::max(m_nowMs, next->first);
        Mail mail = std::move(next->second);
        m_mail.erase(next);
        if (oneIn(400)) restart();
        if (oneIn(4'000))
            m_nowMs += upTo(oneIn(6) ? 3 * kDayMs : 6 * kHourMs); // the clock jumps, or the machine has slept
        if (oneIn(2'000)) m_behindMs = m_behindMs == 0 ? upTo(12 * kHourMs) : 0; // it is put back, and right again
        if (oneIn(1'000)) reorganise();
        deliver(std::move(mail));
    }
    if (!m_report.finding && m_report.steps < m_plan.mostSteps) {
        if (const auto violation = m_auditor.auditEnd()) m_report.finding = {*violation, m_report.steps};
    }
    m_report.ends = m_auditor.ends();
    return m_report;
}

void SaleWorld::send(std::size_t story, Person& signer, CommandBody body, std::int64_t withinMs) {
    if (oneIn(8)) return; // lost
    m_mail.emplace(m_nowMs + upTo(withinMs), Mail{story, &signer, {}, std::move(body)});
}

void SaleWorld::deliver(Mail mail) {
    if (mail.again || mail.body) {
        std::vector<Mail> together;
        together.push_back(std::move(mail));
        for (auto next = m_mail.begin(); next != m_mail.end() && together.size() < kMostTogether;) {
            if (next->first > m_nowMs + kTogetherMs) break;
            const bool isCommand = next->second.again || next->second.body;
            if (isCommand) together.push_back(std::move(next->second));
            next = isCommand ? m_mail.erase(next) : std::next(next);
        }
        deliverCommands(std::move(together));
    } else if (!isOver(mail.story) && m_stories[mail.story].thinkMs <= m_nowMs) {
        tick();
        if (isOver(mail.story)) return;
        think(mail.story);
        misbehave(mail.story);
        thinkIn(mail.story, upTo(4 * kHourMs));
    }
}

/// As one batch. What is not acknowledged is sent again, the very same.
void SaleWorld::deliverCommands(std::vector<Mail> mails) {
    std::vector<Arrived> arrived;
    for (Mail& mail : mails) {
        arrived.push_back(mail.again ? std::move(*mail.again) : arrivedFrom(*mail.signer, *mail.body));
    }
    bool isAcknowledged = false;
    if (m_nowMs >= m_fullUntilMs) (void)run(arrived, nextFault(), isAcknowledged);
    for (std::size_t i = 0; i < mails.size(); ++i) {
        const std::size_t story = mails[i].story;
        const bool answerLost = isAcknowledged && mails[i].body && oneIn(6);
        if (!isAcknowledged || answerLost) {
            const std::int64_t from = isAcknowledged ? m_nowMs : std::max(m_nowMs, m_fullUntilMs);
            m_mail.emplace(from + upTo(kHourMs), Mail{story, nullptr, std::move(arrived[i]), {}});
        }
        if (mails[i].body) thinkIn(story, upTo(20 * kMinuteMs));
    }
}

/// What nothing is to go wrong with: who is there, and what is for sale.
Reply SaleWorld::apply(Person& signer, const CommandBody& body) {
    bool isAcknowledged = false;
    return run({arrivedFrom(signer, body)}, WriteFault::None, isAcknowledged).at(0);
}

void SaleWorld::tick() {
    if (m_nowMs < m_fullUntilMs) return; // the host is down
    bool isAcknowledged = false;
    (void)run({}, nextFault(), isAcknowledged);
}

WriteFault SaleWorld::nextFault() {
    if (oneIn(600)) {
        m_fullUntilMs = m_nowMs + upTo(6 * kHourMs);
        return WriteFault::Full;
    }
    if (!oneIn(150)) return WriteFault::None;
    constexpr WriteFault kCrashes[] = {WriteFault::CrashBefore, WriteFault::Torn, WriteFault::CrashAfter};
    return kCrashes[below(std::size(kCrashes))];
}

/// A batch from its commands to its acknowledgement, or to the crash and the start after it.
std::vector<Reply> SaleWorld::run(const std::vector<Arrived>& arrived, WriteFault fault, bool& isAcknowledged) {
    DurableBatch made;
    const SaleNode::Outcome outcome = m_node.run(m_nowMs - m_behindMs, arrived, fault, made);
    if (outcome == SaleNode::Outcome::Quiet) {
        if (fault == WriteFault::Full) m_fullUntilMs = 0; // nothing was to be written
        audit(made);
        return {};
    }
    ++m_report.writes[static_cast<std::size_t>(fault)];
    isAcknowledged = outcome == SaleNode::Outcome::Acknowledged;
    if (isAcknowledged || TALLYLOCK_PLANTED(AcknowledgedEarly)) acknowledge(made);
    if (isAcknowledged) return made.applied.replies;
    if (outcome == SaleNode::Outcome::Refused && TALLYLOCK_PLANTED(FullIgnored)) return {};
    recover(arrived);
    return {};
}

static std::vector<CommandName> namesOf(const std::vector<Command>& commands) {
    std::vector<CommandName> names;
    for (const Command& command : commands) {
        names.push_back({std::string(command.signer.view().begin(), command.signer.view().end()), command.counter});
    }
    return names;
}

void SaleWorld::acknowledge(const DurableBatch& batch) {
    m_acknowledged = batch.number;
    m_auditor.acknowledged(batch.number, namesOf(batch.commands));
    audit(batch);
}

/// The process is gone: what is on the disk is all there is. What was on its way is lost now and then.
void SaleWorld::recover(const std::vector<Arrived>& underWay) {
    std::vector<DurableBatch> replayed;
    const std::string wrong = m_node.recover([&](DurableBatch batch) { replayed.push_back(std::move(batch)); });
    if (m_report.finding) return;
    if (!wrong.empty()) {
        m_report.finding = {{SaleInvariant::StartsFromItsDisk, wrong}, m_report.steps};
        return;
    }
    std::vector<Command> commands;
    for (const Arrived& arrived : underWay) commands.push_back(arrived.command);
    std::vector<std::vector<CommandName>> found;
    for (const DurableBatch& batch : replayed) found.push_back(namesOf(batch.commands));
    const std::uint64_t last = m_node.position().batch;
    if (const auto violation = m_auditor.recovered(last, found, namesOf(commands))) {
        m_report.finding = {*violation, m_report.steps};
        return;
    }
    for (const DurableBatch& batch : replayed) {
        if (batch.number > m_acknowledged) acknowledge(batch); // durable, but nobody had heard of it
    }
    for (auto at = m_mail.begin(); at != m_mail.end();) {
        at = (at->second.body || at->second.again) && oneIn(3) ? m_mail.erase(at) : std::next(at);
    }
}

void SaleWorld::audit(const DurableBatch& batch) {
    const auto& projected = batch.applied.projected;
    const std::size_t commands = batch.commands.size();
    static const std::vector<Event> kNone;
    // The deadlines come first, if any was due.
    const bool hasFired = projected.size() > commands;
    const auto stepNow = [&] {
        Step step;
        step.timeMs = batch.timeMs;
        return step;
    };
    if (commands == 0) audit(stepNow(), hasFired ? projected.front().events : kNone, kNone);
    for (std::size_t i = 0; i < commands; ++i) {
        const Command& command = batch.commands[i];
        const Reply& reply = batch.applied.replies[i];
        Step step = stepNow();
        step.signer = std::string(command.signer.view().begin(), command.signer.view().end());
        step.counter = command.counter;
        step.command = encodeCbor(command.body);
        step.refused = nameOf(reply.refused);
        step.value = reply.value;
        if (reply.refused != Refused::No) ++m_report.refused;
        audit(std::move(step), i == 0 && hasFired ? projected.front().events : kNone,
              projected[i + (hasFired ? 1 : 0)].events);
    }
}

void SaleWorld::audit(Step&& step, const std::vector<Event>& fired, const std::vector<Event>& made) {
    if (m_report.finding || m_report.steps >= m_plan.mostSteps) return;
    ++m_report.steps;
    step.fired = told(fired);
    step.events = told(made);
    if (const auto violation = m_auditor.audit(step)) m_report.finding = {*violation, m_report.steps};
    hear(fired);
    hear(made);
}

void SaleWorld::hear(const std::vector<Event>& events) {
    for (const Event& event : events) {
        const auto* changed = bodyIf<SaleChanged>(event.body);
        const auto found = changed ? m_storyOf.find(changed->sale) : m_storyOf.end();
        if (found != m_storyOf.end()) m_stories[found->second].view = *changed;
    }
}

/// The process is killed between two batches.
void SaleWorld::restart() {
    ++m_report.restarts;
    const Hash before = m_node.engine().stateHash();
    recover({});
    if (m_report.finding || m_node.engine().stateHash() == before) return;
    m_report.finding = {{SaleInvariant::SavingChangesNothing, "what is on the disk makes another state"},
                        m_report.steps};
}

/// The chain goes back by hours: what was final leaves it, in many sales at once. Most of it comes back later.
void SaleWorld::reorganise() {
    const std::int64_t fromMs = m_nowMs - upTo(kDayMs);
    for (std::size_t number = 0; number < m_stories.size(); ++number) {
        for (Coins& coins : m_stories[number].coins) {
            if (!coins.onChain || !coins.isDeep || coins.paidMs < fromMs) continue;
            ++m_report.deepReversals;
            ObservePayment gone = seen(m_stories[number], coins, 0);
            gone.reversed = true;
            m_mail.emplace(m_nowMs + upTo(kHourMs), Mail{number, &m_coordinator, {}, gone});
            coins.onChain = !oneIn(3);
            if (coins.onChain) {
                const ObservePayment back = seen(m_stories[number], coins, 2 + static_cast<std::uint32_t>(below(8)));
                m_mail.emplace(m_nowMs + kHourMs + upTo(8 * kHourMs), Mail{number, &m_coordinator, {}, back});
            }
        }
    }
}

// --- the people in it --------------------------------------------------------------------------------------------

Person& SaleWorld::signerOf(const Story& story, SaleActor actor) {
    switch (actor) {
    case SaleActor::Buyer: return *m_buyers[story.buyer];
    case SaleActor::Seller: return *m_sellers[story.seller];
    case SaleActor::KeyServer: return story.view->standbyReceipt ? m_standby : m_keyServer;
    case SaleActor::StandbyServer: return m_standby;
    case SaleActor::Arbiter: return oneIn(3) ? m_deputy : m_arbiter;
    default: return m_coordinator; // the exchanges and escrow report through it
    }
}

/// Whoever is not silent does what the table lets them do.
void SaleWorld::think(std::size_t number) {
    Story& story = m_stories[number];
    for (const escrow::SaleEdge& edge : escrow::saleTable()) {
        if (edge.from != story.view->state || m_nowMs >= story.silentFromMs[static_cast<std::size_t>(edge.actor)])
            continue;
        auto cause = causeOf(story, edge.event);
        if (!cause) continue;
        const bool paid =
            edge.event == SaleEvent::PaymentSeen; // what pays is the chain's word, told by the coordinator
        send(number, paid ? m_coordinator : signerOf(story, edge.actor), std::move(*cause), kHourMs);
    }
}

/// Whoever is not honest, and whatever goes wrong.
void SaleWorld::misbehave(std::size_t number) {
    Story& story = m_stories[number];
    if (oneIn(2)) { // somebody acts out of turn, or for another
        const auto edges = escrow::saleTable();
        std::size_t at = below(edges.size());
        if (oneIn(2)) { // about now
            while (edges[at].from != story.view->state) at = (at + 1) % edges.size();
            at = (at + below(4)) % edges.size();
        }
        Person* const people[] = {m_buyers[story.buyer].get(),
                                  m_sellers[story.seller].get(),
                                  &m_keyServer,
                                  &m_standby,
                                  &m_stranger,
                                  &m_coordinator,
                                  &m_arbiter,
                                  &m_deputy};
        if (auto body = causeOf(story, edges[at].event)) {
            Person& one = oneIn(3) ? signerOf(story, edges[at].actor) : *people[below(std::size(people))];
            send(number, one, std::move(*body), 10 * kMinuteMs);
        }
    }
    if (oneIn(6)) { // what belongs to another sale
        Story& other = m_stories[below(m_stories.size())];
        const auto event = static_cast<SaleEvent>(below(static_cast<std::uint64_t>(SaleEvent::kCount)));
        auto body = other.view ? causeOf(other, event) : std::nullopt;
        if (body) {
            std::visit(
                [&](auto& b) {
                    if constexpr (requires { b.sale = story.id; }) b.sale = story.id;
                },
                *body);
            Person* const people[] = {m_buyers[story.buyer].get(), m_sellers[story.seller].get(), &m_keyServer};
            send(number, *people[below(std::size(people))], std::move(*body), kHourMs);
        }
    }
    if (!story.coins.empty() && story.reorganisations < 3 && oneIn(6)) { // a payment leaves the chain, or comes back
        Coins& coins = story.coins[below(story.coins.size())];
        coins.onChain = !coins.onChain;
        ++story.reorganisations;
        ObservePayment observed = seen(story, coins, coins.onChain ? 2 : 0);
        observed.reversed = !coins.onChain;
        send(number, m_coordinator, observed, kHourMs);
    }
}

std::optional<CommandBody> SaleWorld::pay(Story& story) {
    money::Int128 there = 0;
    for (const Coins& coins : story.coins) there += coins.amount.value;
    const money::Int128 missing = story.view->coins->value - there;
    if (missing <= 0 || story.coins.size() >= 4) return std::nullopt;
    money::Int128 amount = missing;
    if (story.paysShort && missing > 2) amount = missing / 2; // tops up later, or not in time
    if (oneIn(4)) amount += static_cast<std::int64_t>(below(5'000));
    const std::string name = "payment " + std::to_string(story.coins.size()) + " for " + std::to_string(story.id.value);
    story.coins.push_back({tallylock::test::saleHash(name), {amount, money::kBtc}, m_nowMs});
    return seen(story, story.coins.back(), static_cast<std::uint32_t>(below(2)));
}

std::optional<CommandBody> SaleWorld::confirm(Story& story) {
    for (Coins& coins : story.coins) {
        if (!coins.onChain || !oneIn(2)) continue;
        const auto confirmations = 1 + static_cast<std::uint32_t>(below(3));
        coins.isDeep = coins.isDeep || confirmations >= m_node.engine().config().confirmations;
        return seen(story, coins, confirmations);
    }
    return std::nullopt;
}

std::optional<CommandBody> SaleWorld::causeOf(Story& story, SaleEvent event) {
    const SaleChanged& sale = *story.view;
    const SaleSigners by = signersOf(story);
    switch (event) {
    case SaleEvent::OfferWithdrawn:
        if (!oneIn(80)) return std::nullopt;
        return WithdrawOffer{sale.sale};
    case SaleEvent::OfferRejected:
        if (!oneIn(80)) return std::nullopt;
        return RejectOffer{sale.sale};
    case SaleEvent::OfferCountered:
        if (!oneIn(8)) return std::nullopt;
        return CounterOffer{sale.sale, {sale.bid.value + usd(1).value, money::kUsd}, m_nowMs + kDayMs};
    case SaleEvent::OfferRenewed:
        return RenewOffer{sale.sale,
                          {sale.listing, sale.coin, sale.counter.value_or(sale.bid), sale.minimum, m_nowMs + kDayMs,
                           tallylock::test::saleHash("nonce")}};
    case SaleEvent::OfferAccepted:
        return tallylock::test::acceptanceOf(
            sale.sale, tallylock::test::termsOf(sale, story.listed, m_node.engine().config()), by.seller);
    case SaleEvent::TermsSigned:
        if (!sale.terms || sale.buyerSignature) return std::nullopt;
        return tallylock::test::buyersSignatureOn(sale, by);
    case SaleEvent::KeyDeposited: return DepositKey{sale.sale, tallylock::test::saleHash("deposit")};
    case SaleEvent::KeyWrapped:
        if (!sale.terms) return std::nullopt;
        return tallylock::test::wrappingOf(sale, by);
    case SaleEvent::QuoteFrozen:
        if (!sale.buyerSignature) return std::nullopt;
        return FreezeQuote{sale.sale, story.due, m_nowMs + kHourMs};
    case SaleEvent::WalletOpened:
        if (!sale.contract || !sale.coins) return std::nullopt;
        return tallylock::test::walletOf(sale, m_nowMs + kDayMs);
    case SaleEvent::FundingSigned:
        if (!sale.wallet || *sale.fundingSigned) return std::nullopt;
        return SignFunding{sale.sale, *sale.contract, *sale.walletReceipt};
    case SaleEvent::PaymentSeen: return sale.wallet && *sale.fundingSigned ? pay(story) : std::nullopt;
    case SaleEvent::PaymentFinal: return sale.wallet ? confirm(story) : std::nullopt;
    case SaleEvent::DeliveryConfirmed:
        if (!sale.contract) return std::nullopt;
        return tallylock::test::deliveryOf(sale, by);
    case SaleEvent::EscrowProvided:
        if (!sale.contract) return std::nullopt;
        return tallylock::test::escrowingOf(sale, m_node.engine(), by);
    case SaleEvent::SellerPaid: return PaySeller{sale.sale, "reference"};
    case SaleEvent::CoinsMoved: {
        if (!sale.coins || sale.settlement == Settlement::Done) return std::nullopt;
        const auto spared = static_cast<std::int64_t>(below(2));
        const Amount used{sale.coins->value - (sale.coins->value > 1 ? spared : 0), money::kBtc};
        return MoveCoins{sale.sale, "reference", used};
    }
    case SaleEvent::Part1Sent:
        if (!sale.contract) return std::nullopt;
        return tallylock::test::partOf(sale, 1, by);
    case SaleEvent::Part2Sent:
        if (!sale.contract) return std::nullopt;
        return tallylock::test::partOf(sale, 2, by);
    case SaleEvent::KeyRewrapped:
        if (!sale.contract || sale.standbyReceipt || !oneIn(6)) return std::nullopt; // the seller may be away for long
        return tallylock::test::rewrappingOf(sale, by);
    case SaleEvent::UnlockConfirmed:
        if (!sale.contract || (story.objects && story.doubtsData)) return std::nullopt; // it does not open
        return tallylock::test::unlockingOf(sale, by);
    case SaleEvent::WalletClosed: return CloseWallet{sale.sale, "reference"};
    case SaleEvent::DeliveryStored:
        if (!sale.contract || sale.stored || !story.isStored) return std::nullopt;
        return tallylock::test::storingOf(sale, m_nowMs, m_coordinator.key);
    case SaleEvent::DisputeRaised:
        if (!sale.contract || !story.objects) return std::nullopt;
        return tallylock::test::objectionOf(sale, story.doubtsData ? Claim::BadData : Claim::NotAsDescribed, by);
    case SaleEvent::BuyerStated:
    case SaleEvent::SellerStated:
        if (!oneIn(3)) return std::nullopt;
        return MakeStatement{sale.sale, "As I said."};
    case SaleEvent::DataFoundSound:
    case SaleEvent::DataFoundBad:
        if (!sale.dispute || story.dataAreBad != (event == SaleEvent::DataFoundBad)) return std::nullopt;
        return tallylock::test::judgingOf(sale, story.dataAreBad, by);
    case SaleEvent::DisputeDecided: {
        if (!sale.terms || !oneIn(20)) return std::nullopt; // it takes them days
        const Amount& held = sale.terms->holdback;
        const auto part = static_cast<std::int64_t>(below(101));
        return DecideDispute{sale.sale, {held.value / 100 * part, held.unit}, "So it is decided."};
    }
    case SaleEvent::HoldbackReleased:
        if (story.objects || !oneIn(3)) return std::nullopt;
        return ReleaseHoldback{sale.sale};
    default: return std::nullopt;
    }
}

} // namespace

SaleReport runSales(const SalePlan& plan) { return SaleWorld(plan).run(); }

} // namespace tallylock::audit

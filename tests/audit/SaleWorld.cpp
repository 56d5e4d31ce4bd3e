#include "tests/audit/SaleWorld.h"

#include "core/base/Planted.h"
#include "tests/audit/SaleWorldInside.h"
#include "tests/audit/Told.h"

#include <algorithm>

namespace tallylock::audit {

/// Every other world sells its coins on its own book.
Config SaleWorld::settingsOf(const SalePlan& plan) {
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
    if (plan.seed % 2 == 0) c.secondExchange = SecondExchange::OwnBook;
    c.digitalDollar = money::kDusd;
    if (plan.seed % 3 != 0) c.outageMs = 6 * kHourMs; // people think for up to four
    return c;
}

void SaleWorld::populate() {
    m_coordinator.signer = m_identity.key();
    const std::size_t people = 2 + m_plan.sales / 10;
    for (std::size_t i = 0; i < people; ++i) {
        for (const bool sells : {true, false}) {
            const std::string name = (sells ? "seller " : "buyer ") + std::to_string(i);
            auto& list = sells ? m_sellers : m_buyers;
            list.push_back(std::make_unique<Person>(name));
            const RegisterHolder joining{name, false, *BoxKey::from(tallylock::test::saleHash(name).view())};
            list.back()->holder = {apply(*list.back(), joining).value};
            if (!sells) list.back()->home = {apply(*list.back(), AddPayoutAddress{money::kBtc, name, ""}).value};
        }
    }
    (void)apply(m_stranger, RegisterHolder{"stranger", false, *BoxKey::from(tallylock::test::saleHash("x").view())});
    if (sellsCoins()) openMarket();
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
    story.quotesLapse = oneIn(2);
    for (std::int64_t& from : story.silentFromMs) {
        const bool falls = oneIn(12);
        from = falls ? m_nowMs + upTo(oneIn(2) ? 6 * kHourMs : 8 * kDayMs) : kNever;
    }
    std::int64_t& keyServers = story.silentFromMs[static_cast<std::size_t>(SaleActor::KeyServer)];
    if (oneIn(4)) keyServers = std::min(keyServers, m_nowMs + upTo(4 * kDayMs));
    story.silentFromMs[static_cast<std::size_t>(SaleActor::Coordinator)] = kNever;
    if (number % 3 == 0) story.refundTo = m_buyers[story.buyer]->home;
    story.listing = {apply(*m_sellers[story.seller], story.listed).value};
    const Amount least{story.listed.price.value - story.listed.price.value / 4, money::kUsd};
    MakeOffer offer{story.listing,
                    money::kBtc,
                    story.listed.price,
                    least,
                    m_nowMs + kDayMs + upTo(kDayMs),
                    tallylock::test::saleHash("nonce of " + name),
                    oneIn(2) ? std::optional<KeyWay>() : static_cast<KeyWay>(below(3)),
                    oneIn(4) ? std::optional(DeliveryKind::OwnershipOnly) : std::nullopt,
                    sellsCoins() && oneIn(3) ? std::optional(FundingMode::Converted) : std::nullopt,
                    story.refundTo,
                    oneIn(2) ? std::optional(static_cast<EscrowAsset>(below(3))) : std::nullopt};
    if (offer.funding) offer.escrowAsset.reset(); // what is sold at B9 brings dollars
    m_stories.push_back(story);                   // before the offer is heard of
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
    m_report.sentBack = m_auditor.sentBack();
    m_report.coinSales = m_auditor.coinSales();
    m_report.ownersMade = m_auditor.ownersMade();
    m_report.conversions = m_auditor.conversions();
    m_report.conversionsUndone = m_auditor.conversionsUndone();
    m_report.digitalPaid = m_auditor.digitalPaid();
    m_report.coinsPaid = m_auditor.coinsPaid();
    m_report.quotesLapsed = m_auditor.quotesLapsed();
    m_report.soldByNewQuote = m_auditor.soldByNewQuote();
    m_report.extensions = m_auditor.extensions();
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
        if (sellsCoins()) trade(mail.story);
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
        Step look;
        look.timeMs = made.timeMs;
        look.isLook = true;
        audit(std::move(look), {}, {});
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
    static const std::vector<Event> kNoEvents;
    // The deadlines come first, if any was due.
    const bool hasFired = projected.size() > commands;
    const auto stepNow = [&] {
        Step step;
        step.timeMs = batch.timeMs;
        return step;
    };
    if (commands == 0) audit(stepNow(), hasFired ? projected.front().events : kNoEvents, kNoEvents);
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
        audit(std::move(step), i == 0 && hasFired ? projected.front().events : kNoEvents,
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
        if (found == m_storyOf.end()) continue;
        Story& story = m_stories[found->second];
        const auto moves = [&](SaleState from, SaleState to) {
            return story.view && story.view->state == from && changed->state == to;
        };
        const bool isPaid = moves(SaleState::Escrowed, SaleState::SellerPaid);
        const bool isFunded = moves(SaleState::Seen, SaleState::Funded);
        story.view = *changed;
        if (isFunded && oneIn(8)) { // whoever is to prove the delivery
            const SaleActor prover = changed->terms->ownership ? SaleActor::Seller : SaleActor::Buyer;
            story.silentFromMs[static_cast<std::size_t>(prover)] = m_nowMs;
        }
        if (!isPaid || !oneIn(6)) continue; // the dearest moment for a key server to fall silent
        story.silentFromMs[static_cast<std::size_t>(SaleActor::KeyServer)] = m_nowMs;
        if (oneIn(2)) story.silentFromMs[static_cast<std::size_t>(SaleActor::StandbyServer)] = m_nowMs;
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

SaleReport runSales(const SalePlan& plan) { return SaleWorld(plan).run(); }

} // namespace tallylock::audit

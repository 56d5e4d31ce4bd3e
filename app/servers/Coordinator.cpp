#include "app/servers/Coordinator.h"

#include "app/servers/KeyServing.h"
#include "app/servers/Refusals.h"
#include "app/servers/ServerSeeds.h"
#include "core/store/FileSnapshots.h"
#include "core/store/FolderFileStore.h"
#include "core/wire/Batch.h"

namespace tallylock::app {

using api::Answer;
using api::Problem;
using api::Refusal;
using money::Amount;
using money::kBtc;
using money::kUsd;
namespace fs = std::filesystem;

namespace {

constexpr const char* kJournal = "journal";
constexpr std::int64_t kInspectionMs = engine::LateDeadlines::kDayMs;

/// A rail's name as part of a file's name.
std::string fileNameOf(const std::string& name) {
    std::string plain;
    for (const char c : name) plain.push_back((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ? c : '-');
    return plain;
}

} // namespace

/// What the journal began with, so that it goes on under the rules that it has. Nothing: it is empty, or damaged, of
/// which the host says more.
Answer<std::optional<engine::Config>> Coordinator::keptRules() const {
    std::optional<engine::Config> kept;
    auto journal = m_journals(kJournal)();
    if (!journal) return Err(refusalOf(journal.error()));
    if ((*journal)->size() == 0) return kept;
    const auto read = (*journal)->read(1, [&](std::uint64_t, ByteView record) {
        if (auto genesis = decodeCbor<wire::Genesis>(record)) kept = std::move(genesis->config);
        return false;
    });
    if (!read) return Err(refusalOf(read.error()));
    return kept;
}

std::string coordinatorState(const fs::path& folder) { return (folder / "journal.sqlite").string(); }

static std::unique_ptr<store::FileSnapshots> snapshotsIn(const fs::path& folder) {
    return std::make_unique<store::FileSnapshots>((folder / "snapshots").string());
}

Answer<void> Coordinator::openFiles() {
    if (m_files) return {};
    auto files = store::FolderFileStore::open(m_filesFolder.string());
    if (!files) return Err(refusalOf(files.error()));
    m_files = std::move(*files);
    return {};
}

Answer<std::unique_ptr<Coordinator>> Coordinator::open(CoordinatorPlace place, Random& random) {
    const fs::path folder = place.folder;
    const bool isElsewhere = static_cast<bool>(place.journals);
    const bool standsBy = place.standsBy;
    std::unique_ptr<Coordinator> made(new Coordinator(std::move(place)));
    auto lock = store::FolderLock::take(folder.string());
    if (!lock) return Err(refusalOf(lock.error()));
    made->m_lock = std::move(*lock);
    if (auto there = makeFolder(folder / "snapshots"); !there) return Err(there.error());
    if (!standsBy) {
        if (auto opened = made->openFiles(); !opened) return Err(opened.error());
    }
    // None is made before the identity that it belongs to.
    if (std::error_code error; isElsewhere || fs::exists(coordinatorState(folder), error)) {
        auto kept = made->keptRules();
        if (!kept) return Err(kept.error());
        made->m_kept = std::move(*kept);
    }
    auto identity = serverIdentity(identityPath(folder), coordinatorState(folder), random);
    if (!identity) return Err(identity.error());
    if (made->m_kept && made->m_kept->coordinator.identity != identity->key())
        return Err(Refusal{Problem::FolderDamaged, identityPath(folder) + " is not that of the journal"});
    made->m_key = identity->key();
    made->m_identity = std::move(*identity);
    auto arbiter = serverIdentity((folder / "arbiter").string(), {}, random);
    if (!arbiter) return Err(arbiter.error());
    made->m_arbiter = std::move(*arbiter);
    return made;
}

std::unique_ptr<host::Follower> Coordinator::follower() const {
    host::FollowerOptions options{*m_kept, m_journals(kJournal), m_tables, snapshotsIn(m_folder)};
    return std::make_unique<host::Follower>(std::move(options));
}

Answer<void> Coordinator::start(const CoordinatorRules& rules, Clock& clock, Random& random,
                                std::optional<host::Recovered> warm) {
    Answer<void> step = openFiles();
    if (step) step = startWorld(rules, clock, random);
    if (step) step = startHost(rules, clock, random, std::move(warm));
    if (step) step = openMarkets();
    return step;
}

std::uint64_t Coordinator::nextOfArbiter(std::int64_t nowMs) {
    std::uint64_t last = m_lastOfArbiter;
    std::uint64_t next = 0;
    do {
        next = std::max(last + 1, static_cast<std::uint64_t>(nowMs));
    } while (!m_lastOfArbiter.compare_exchange_weak(last, next));
    return next;
}

Answer<void> Coordinator::startWorld(const CoordinatorRules& rules, Clock& clock, Random& random) {
    auto seed = secretFile((m_folder / "practice-seed").string(), 16, (m_folder / "practice.sqlite").string(), random);
    if (!seed) return Err(seed.error());
    rails::PracticeOptions options{toHex(seed->view()), m_journals("practice"), clock, rules.practiceBlockMs};
    if (rules.practiceQuoteMs) options.quoteMs = *rules.practiceQuoteMs;
    auto world = rails::PracticeWorld::start(std::move(options));
    if (!world) return Err(refusalOf(world.error()));
    m_world = std::move(*world);
    return {};
}

/// The rules that the folder has, if these servers are theirs.
Answer<engine::Config> Coordinator::configFor(const CoordinatorRules& rules) const {
    if (!m_kept) {
        engine::Config fresh;
        fresh.coordinator = {m_identity->key(), m_identity->boxKey()};
        fresh.keyServer = rules.keyServer;
        fresh.standby = rules.standby;
        fresh.dollars = kUsd;
        fresh.deadlines.late = engine::LateDeadlines{};
        fresh.arbitration = engine::Arbitration{m_arbiter->key(), rules.deputies, kInspectionMs};
        fresh.secondExchange = engine::SecondExchange::OwnBook;
        fresh.digitalDollar = money::kDusd;
        fresh.outageMs = rules.outageMs;
        if (rules.isAlsoKeyServer) fresh.oneServer = true;
        return fresh;
    }
    if (m_kept->keyServer != rules.keyServer || m_kept->standby != rules.standby)
        return Err(Refusal{Problem::FolderDamaged, "another key server's"});
    if (m_kept->arbitration && m_kept->arbitration->arbiter != m_arbiter->key())
        return Err(Refusal{Problem::FolderDamaged, (m_folder / "arbiter").string() + " is missing"});
    const bool namesOthers = !m_kept->arbitration || m_kept->arbitration->deputies != rules.deputies;
    if (!rules.deputies.empty() && namesOthers)
        return Err(Refusal{Problem::FolderDamaged, "the arbiter's deputies are those of its first start"});
    return *m_kept;
}

Answer<void> Coordinator::check(const CoordinatorRules& rules) const {
    const auto config = configFor(rules);
    return config ? Answer<void>() : Answer<void>(Err(config.error()));
}

Answer<void> Coordinator::startHost(const CoordinatorRules& rules, Clock& clock, Random& random,
                                    std::optional<host::Recovered> warm) {
    const auto config = configFor(rules);
    if (!config) return Err(config.error());
    host::Options options{
        std::move(*m_identity),
        *config,
        m_journals(kJournal),
        m_tables,
        [journals = m_journals](const std::string& source) { return journals("seen-" + fileNameOf(source)); },
        snapshotsIn(m_folder),
        {&m_world->chain()},
        {&m_world->bank()},
        m_world->firstExchange(),
        m_world->dollarExchange(),
        m_world->secondExchange(),
        clock,
        random};
    options.files = m_files.get();
    options.openFactors = m_journals("second-factors");
    options.watch = {20, 100, 5'000};
    options.quotes = rules.quotes;
    options.onFailure = rules.onFailure;
    options.warm = std::move(warm);
    options.longestPauseMs = rules.longestPauseMs;
    auto started = host::Host::start(std::move(options));
    if (!started) return Err(refusalOf(started.error()));
    m_host = std::move(*started);
    return {};
}

/// BTC/USD: prices in cents, quantities in ten-thousandths of a coin. The first commands of every journal. What sales
/// are quoted and their coins sold for is measured from the price that the practice exchange has.
Answer<void> Coordinator::openMarkets() {
    if (m_host->status().sequence != 0) return {};
    const auto dollars = [](std::int64_t cents) { return Amount{cents * money::powerOfTen(6), kUsd}; };
    const auto coins = [](std::int64_t tenThousandths) { return Amount{tenThousandths * money::powerOfTen(4), kBtc}; };
    engine::OpenInstrument market;
    market.symbol = "BTC/USD";
    market.base = kBtc;
    market.quote = kUsd;
    market.tick = dollars(1);
    market.lot = coins(1);
    market.minimum = coins(1);
    market.maximum = coins(1'000'000);
    const auto replies =
        m_host->perform({market, engine::SteerInstrument{InstrumentId{1}, false, *rails::practiceRate(market.base)}});
    if (!replies) return Err(Refusal{Problem::Stopping, {}});
    for (const engine::Reply& reply : *replies) {
        if (reply.refused != engine::Refused::No) return Err(Refusal{Problem::Internal, engine::nameOf(reply.refused)});
    }
    return {};
}

} // namespace tallylock::app

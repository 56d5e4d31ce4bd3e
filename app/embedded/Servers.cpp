#include "app/embedded/Servers.h"

#include "app/embedded/Refusals.h"
#include "app/embedded/ServerSeeds.h"
#include "app/embedded/SilentLink.h"
#include "core/keys/PrivateFile.h"
#include "core/store/FileSnapshots.h"
#include "core/store/SqliteJournal.h"
#include "core/store/SqliteProjector.h"
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

constexpr std::int64_t kInspectionMs = engine::LateDeadlines::kDayMs;

auto journalAt(const fs::path& path) {
    return [file = path.string()] { return store::SqliteJournal::open(file); };
}

/// A rail's name as part of a file's name.
std::string fileNameOf(const std::string& name) {
    std::string plain;
    for (const char c : name) plain.push_back((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ? c : '-');
    return plain;
}

Answer<void> makeFolder(const fs::path& folder) {
    std::error_code failure;
    if (fs::create_directories(folder, failure)) fs::permissions(folder, fs::perms::owner_all, failure);
    if (failure) return Err(Refusal{Problem::FileUnreadable, folder.string() + ": " + failure.message()});
    return {};
}

Answer<void> startWorld(Servers& servers, const fs::path& folder, std::int64_t blockMs, Clock& clock, Random& random) {
    auto seed = secretFile((folder / "practice-seed").string(), 16, (folder / "practice.sqlite").string(), random);
    if (!seed) return Err(seed.error());
    auto world =
        rails::PracticeWorld::start({toHex(seed->view()), journalAt(folder / "practice.sqlite"), clock, blockMs});
    if (!world) return Err(refusalOf(world.error()));
    servers.world = std::move(*world);
    return {};
}

Answer<std::unique_ptr<keyserver::KeyServer>> startKeyServer(Servers& servers, const fs::path& folder, Random& random) {
    const std::string state = (folder / "state.sqlite").string();
    auto identity = serverIdentity((folder / "identity").string(), state, random);
    if (!identity) return Err(identity.error());
    auto master = secretFile((folder / "master").string(), 32, state, random);
    if (!master) return Err(master.error());
    if (auto made = makeFolder(folder / "deposit-keys"); !made) return Err(made.error());
    keyserver::Options options{std::move(*identity),
                               std::move(*master),
                               (folder / "deposit-keys").string(),
                               journalAt(folder / "first-parts.sqlite"),
                               journalAt(folder / "second-parts.sqlite"),
                               journalAt(state),
                               *servers.files,
                               random};
    auto started = keyserver::KeyServer::start(std::move(options));
    if (!started) return Err(refusalOf(started.error()));
    return std::move(*started);
}

/// What the journal began with, so that a folder goes on under the rules that it has. Nothing: it is empty, or damaged,
/// of which the host says more.
Answer<std::optional<engine::Config>> keptConfig(const fs::path& folder) {
    std::optional<engine::Config> kept;
    if (std::error_code error; !fs::exists(folder / "journal.sqlite", error)) return kept; // and none is made here
    auto journal = journalAt(folder / "journal.sqlite")();
    if (!journal) return Err(refusalOf(journal.error()));
    if ((*journal)->size() == 0) return kept;
    const auto read = (*journal)->read(1, [&](std::uint64_t, ByteView record) {
        if (auto genesis = decodeCbor<wire::Genesis>(record)) kept = std::move(genesis->config);
        return false;
    });
    if (!read) return Err(refusalOf(read.error()));
    return kept;
}

/// The standby only where the rules know of one.
Answer<void> startKeyServers(Servers& servers, const fs::path& folder, bool withStandby, Random& random) {
    auto first = startKeyServer(servers, folder / "keyserver", random);
    if (!first) return Err(first.error());
    servers.keyServer = std::move(*first);
    if (!withStandby) return {};
    auto lock = store::FolderLock::take((folder / "standby").string());
    if (!lock) return Err(refusalOf(lock.error()));
    servers.standbyLock = std::move(*lock);
    auto second = startKeyServer(servers, folder / "standby", random);
    if (!second) return Err(second.error());
    servers.standby = std::move(*second);
    return {};
}

/// Of a fresh coordinator.
engine::Config configOf(const keys::Identity& coordinator, const Servers& servers) {
    const auto keysOf = [](const keyserver::KeyServer& server) {
        return engine::PartyKeys{server.key(), server.boxKey()};
    };
    engine::Config config;
    config.coordinator = {coordinator.key(), coordinator.boxKey()};
    config.keyServer = keysOf(*servers.keyServer);
    if (servers.standby) config.standby = keysOf(*servers.standby);
    config.dollars = kUsd;
    config.deadlines.late = engine::LateDeadlines{};
    config.arbitration = engine::Arbitration{servers.arbiter->key(), {}, kInspectionMs};
    config.secondExchange = engine::SecondExchange::OwnBook;
    config.oneServer = true;
    return config;
}

/// The rules that the folder has, if these servers are theirs.
Answer<engine::Config> configOfFolder(const fs::path& folder, const std::optional<engine::Config>& kept,
                                      const engine::Config& fresh) {
    if (!kept) return fresh;
    if (kept->keyServer != fresh.keyServer || kept->standby != fresh.standby)
        return Err(Refusal{Problem::FolderDamaged, "another key server's"});
    if (kept->arbitration && kept->arbitration->arbiter != fresh.arbitration->arbiter)
        return Err(Refusal{Problem::FolderDamaged, (folder / "arbiter").string() + " is missing"});
    return *kept;
}

Answer<void> startHost(Servers& servers, const fs::path& folder, const std::optional<engine::Config>& kept,
                       Clock& clock, Random& random) {
    auto identity = serverIdentity((folder / "identity").string(), (folder / "journal.sqlite").string(), random);
    if (!identity) return Err(identity.error());
    if (auto made = makeFolder(folder / "snapshots"); !made) return made;
    servers.coordinatorKey = identity->key();
    auto arbiter = serverIdentity((folder / "arbiter").string(), {}, random);
    if (!arbiter) return Err(arbiter.error());
    servers.arbiter = std::move(*arbiter);
    rails::PracticeWorld& world = *servers.world;
    const auto config = configOfFolder(folder, kept, configOf(*identity, servers));
    if (!config) return Err(config.error());
    host::Options options{
        std::move(*identity),
        *config,
        journalAt(folder / "journal.sqlite"),
        [path = (folder / "projections.sqlite").string()] { return store::SqliteProjector::open(path); },
        [folder](const std::string& source) {
            return host::OpenJournal(journalAt(folder / ("seen-" + fileNameOf(source) + ".sqlite")));
        },
        std::make_unique<store::FileSnapshots>((folder / "snapshots").string()),
        {&world.chain()},
        {&world.bank()},
        world.firstExchange(),
        world.dollarExchange(),
        world.secondExchange(),
        clock,
        random};
    options.files = servers.files.get();
    options.openFactors = journalAt(folder / "second-factors.sqlite");
    options.watch = {20, 100, 5'000};
    auto started = host::Host::start(std::move(options));
    if (!started) return Err(refusalOf(started.error()));
    servers.host = std::move(*started);
    servers.host->setKeyServer(servers.toKeyServer(servers.coordinatorKey));
    servers.keyServer->setCoordinator(servers.host->connect(servers.keyServer->key()));
    if (servers.standby) {
        servers.host->setStandby(servers.toStandby(servers.coordinatorKey));
        servers.standby->setCoordinator(servers.host->connect(servers.standby->key()));
    }
    return {};
}

/// BTC/USD: prices in cents, quantities in ten-thousandths of a coin. The first commands of every journal. What sales
/// are quoted and their coins sold for is measured from the price that the practice exchange has.
Answer<void> openMarkets(Servers& servers) {
    if (servers.host->status().sequence != 0) return {};
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
    const auto replies = servers.host->perform(
        {market, engine::SteerInstrument{InstrumentId{1}, false, *rails::practiceRate(market.base)}});
    if (!replies) return Err(Refusal{Problem::Stopping, {}});
    for (const engine::Reply& reply : *replies) {
        if (reply.refused != engine::Refused::No) return Err(Refusal{Problem::Internal, engine::nameOf(reply.refused)});
    }
    return {};
}

} // namespace

std::unique_ptr<ports::Link> Servers::toKeyServer(const IdentityKey& from) const {
    auto link = keyServer->connect(from);
    return silence == Silence::Nobody ? std::move(link) : silentAfterPayment(std::move(link));
}

std::unique_ptr<ports::Link> Servers::toStandby(const IdentityKey& from) const {
    return silence == Silence::BothKeyServers ? silent() : standby->connect(from);
}

Answer<std::unique_ptr<Servers>> startServers(const fs::path& folder, std::int64_t practiceBlockMs, Silence silence,
                                              Clock& clock, Random& random) {
    if (auto made = makeFolder(folder); !made) return Err(made.error());
    auto servers = std::make_unique<Servers>();
    servers->silence = silence;
    const fs::path coordinator = folder / "coordinator";
    auto lock = store::FolderLock::take(coordinator.string());
    if (!lock) return Err(refusalOf(lock.error()));
    servers->coordinatorLock = std::move(*lock);
    lock = store::FolderLock::take((folder / "keyserver").string());
    if (!lock) return Err(refusalOf(lock.error()));
    servers->keyServerLock = std::move(*lock);
    if (auto made = makeFolder(folder / "profiles"); !made) return Err(made.error());

    auto files = store::FolderFileStore::open((coordinator / "files").string());
    if (!files) return Err(refusalOf(files.error()));
    servers->files = std::move(*files);
    const auto kept = keptConfig(coordinator);
    if (!kept) return Err(kept.error());
    Answer<void> step = startWorld(*servers, coordinator, practiceBlockMs, clock, random);
    if (step) step = startKeyServers(*servers, folder, !*kept || (*kept)->standby, random);
    if (step) step = startHost(*servers, coordinator, *kept, clock, random);
    if (step) step = openMarkets(*servers);
    if (!step) return Err(step.error());
    return servers;
}

} // namespace tallylock::app

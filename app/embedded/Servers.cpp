#include "app/embedded/Servers.h"

#include "app/embedded/Refusals.h"
#include "app/embedded/ServerSeeds.h"
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

Answer<void> startKeyServer(Servers& servers, const fs::path& folder, Random& random) {
    const std::string state = (folder / "state.sqlite").string();
    auto identity = serverIdentity((folder / "identity").string(), state, random);
    if (!identity) return Err(identity.error());
    auto master = secretFile((folder / "master").string(), 32, state, random);
    if (!master) return Err(master.error());
    if (auto made = makeFolder(folder / "deposit-keys"); !made) return made;
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
    servers.keyServer = std::move(*started);
    return {};
}

/// Of a fresh coordinator.
engine::Config configOf(const keys::Identity& coordinator, const keyserver::KeyServer& keyServer,
                        const IdentityKey& arbiter) {
    engine::Config config;
    config.coordinator = {coordinator.key(), coordinator.boxKey()};
    config.keyServer = {keyServer.key(), keyServer.boxKey()};
    config.dollars = kUsd;
    config.deadlines.late = engine::LateDeadlines{};
    config.arbitration = engine::Arbitration{arbiter, {}, kInspectionMs};
    return config;
}

/// What the journal began with, so that a folder goes on under the rules that it has; of an empty one, ours of today.
Answer<engine::Config> configOfFolder(const fs::path& folder, const engine::Config& fresh) {
    auto journal = journalAt(folder / "journal.sqlite")();
    if (!journal) return Err(refusalOf(journal.error()));
    if ((*journal)->size() == 0) return fresh;
    Result<wire::Genesis, CborError> genesis = Err(CborError{});
    const auto read = (*journal)->read(1, [&](std::uint64_t, ByteView record) {
        genesis = decodeCbor<wire::Genesis>(record);
        return false;
    });
    if (!read) return Err(refusalOf(read.error()));
    if (!genesis) return fresh; // the host says what is wrong with it
    const engine::Config& kept = genesis->config;
    if (!(kept.keyServer == fresh.keyServer)) return Err(Refusal{Problem::FolderDamaged, "another key server's"});
    if (kept.arbitration && kept.arbitration->arbiter != fresh.arbitration->arbiter)
        return Err(Refusal{Problem::FolderDamaged, (folder / "arbiter").string() + " is missing"});
    return kept;
}

Answer<void> startHost(Servers& servers, const fs::path& folder, Clock& clock, Random& random) {
    auto identity = serverIdentity((folder / "identity").string(), (folder / "journal.sqlite").string(), random);
    if (!identity) return Err(identity.error());
    if (auto made = makeFolder(folder / "snapshots"); !made) return made;
    servers.coordinatorKey = identity->key();
    auto arbiter = serverIdentity((folder / "arbiter").string(), {}, random);
    if (!arbiter) return Err(arbiter.error());
    servers.arbiter = std::move(*arbiter);
    rails::PracticeWorld& world = *servers.world;
    const auto config = configOfFolder(folder, configOf(*identity, *servers.keyServer, servers.arbiter->key()));
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
    servers.host->setKeyServer(servers.keyServer->connect(servers.coordinatorKey));
    servers.keyServer->setCoordinator(servers.host->connect(servers.keyServer->key()));
    return {};
}

/// BTC/USD: prices in cents, quantities in ten-thousandths of a coin. The first command of every journal.
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
    const auto replies = servers.host->perform({market});
    if (!replies) return Err(Refusal{Problem::Stopping, {}});
    const engine::Refused refused = replies->front().refused;
    if (refused != engine::Refused::No) return Err(Refusal{Problem::Internal, engine::nameOf(refused)});
    return {};
}

} // namespace

Answer<std::unique_ptr<Servers>> startServers(const fs::path& folder, std::int64_t practiceBlockMs, Clock& clock,
                                              Random& random) {
    if (auto made = makeFolder(folder); !made) return Err(made.error());
    auto servers = std::make_unique<Servers>();
    const fs::path coordinator = folder / "coordinator";
    const fs::path keyServer = folder / "keyserver";
    auto lock = store::FolderLock::take(coordinator.string());
    if (!lock) return Err(refusalOf(lock.error()));
    servers->coordinatorLock = std::move(*lock);
    lock = store::FolderLock::take(keyServer.string());
    if (!lock) return Err(refusalOf(lock.error()));
    servers->keyServerLock = std::move(*lock);
    if (auto made = makeFolder(folder / "profiles"); !made) return Err(made.error());

    auto files = store::FolderFileStore::open((coordinator / "files").string());
    if (!files) return Err(refusalOf(files.error()));
    servers->files = std::move(*files);
    Answer<void> step = startWorld(*servers, coordinator, practiceBlockMs, clock, random);
    if (step) step = startKeyServer(*servers, keyServer, random);
    if (step) step = startHost(*servers, coordinator, clock, random);
    if (step) step = openMarkets(*servers);
    if (!step) return Err(step.error());
    return servers;
}

} // namespace tallylock::app

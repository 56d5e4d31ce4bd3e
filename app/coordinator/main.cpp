// tallylockd: the coordinator as a program of its own.
#include "app/operator/OperatorDoor.h"
#include "app/servers/Daemon.h"
#include "app/servers/FilePlace.h"
#include "app/servers/KeyServing.h"
#include "app/servers/PracticeDoor.h"
#include "app/servers/QuoteRules.h"
#include "app/servers/Standby.h"
#include "core/base/KeptMemory.h"
#include "core/ledger/Ledger.h"
#include "core/net/Remote.h"
#include "core/store/PostgresStore.h"

#include <QCoreApplication>

using namespace tallylock;
using namespace tallylock::app;

namespace {

constexpr const char* kHelp = R"(Usage: tallylockd --config FILE [OPTION]...

Runs the coordinator: accounts, markets, sales and the store of sealed files, for people who
reach it over TLS. Its key server is another program on another machine, tallylock-keyserver.
It runs in the foreground and stops on SIGTERM.

  --config FILE    the settings
  --check-config   say whether they are right, and end
  --card           print its keys, as settings for the key server, and end
  --promote        tell the one that stands by in this folder to take over, and end
  --quiet          log only what is wrong
  --help, --version

The settings, in TOML; each may be given as TALLYLOCK_FOLDER and so on instead:

  folder = "/var/lib/tallylock-coordinator"
  listen = "0.0.0.0:7340"

  [key_server]                       # what tallylock-keyserver --card prints, and
  address = "10.0.0.2:7341"          # where we reach it
  public_address = "keys.example:7341"   # where others do; if missing, the same
  identity = "..."
  box = "..."

  [standby_key_server]               # takes over from a silent one; may be missing
                                     # with the same settings
  [operations]
  listen = "127.0.0.1:7350"          # /healthz and /metrics; may be missing

  [postgres]                         # keeps the journals; if missing, the folder does
  connection = "host=10.0.0.3 dbname=tallylock"
  needs_standby = 1                  # refuse one without a synchronous standby, and end when
  answer_within_s = 30               # a commit is not with it for so long

  [standby]                          # follow another coordinator in the replica of its database,
  watch = "10.0.0.1:7340"            # and take its place: when it was not reachable for so long
  takeover_after_s = 30              # (if missing, only at --promote)

  [files]                            # keeps the sealed files; if missing, the folder does
  kind = "s3"                        # a bucket; or "folder", and folder = "/srv/tallylock-files"
  endpoint = "https://s3.example.org"
  region = "eu-central-1"
  bucket = "sealed-files"
  credentials = "/etc/tallylock/s3-key"  # two lines: the access key's id and its secret
  prefix = "tallylock/"              # before each name; may be missing

  [quotes]                           # what buyers are quoted; may be missing
  float_cap = "250000"               # the most dollars fronted or promised at once; if missing,
                                     # without bound
  valid_for_s = 900                  # a price from our own book
  down_to_bp = 1000                  # how far below the reference price bids count and coins are
                                     # sold, in basis points
  converted_margin_bp = 200          # asked for above that where the coins are sold before the
                                     # seller is paid; what is not needed goes back
  [arbitration]                      # who decides disputes when the arbiter does not, four days and
  deputy_1 = "..."                   # eight days after they began: keys of people with a profile;
  deputy_2 = "..."                   # may be missing; fixed at the first start

  [practice]
  block_ms = 1000                    # of the practice chain; may be missing
  quote_ms = 5000                    # how long every price holds, for trying out what comes behind
                                     # it; may be missing

  [limits]
  connections = 20000                # may be missing
)";

constexpr const char* kDeputies[] = {"arbitration.deputy_1", "arbitration.deputy_2"};
constexpr Setting kOwnSettings[] = {
    kFolderSetting,
    kListenSetting,
    kOperationsSetting,
    kConnectionsSetting,
    {"key_server.address", SettingKind::Place},
    {"key_server.public_address", SettingKind::Place, false},
    {"key_server.identity", SettingKind::Identity},
    {"key_server.box", SettingKind::Box},
    {"standby_key_server.address", SettingKind::Place, true, "standby_key_server"},
    {"standby_key_server.public_address", SettingKind::Place, false},
    {"standby_key_server.identity", SettingKind::Identity, true, "standby_key_server"},
    {"standby_key_server.box", SettingKind::Box, true, "standby_key_server"},
    {"postgres.connection", SettingKind::Text, true, "postgres"},
    {"postgres.needs_standby", SettingKind::Number, false},
    {"postgres.answer_within_s", SettingKind::Number, false},
    {"standby.watch", SettingKind::Places, true, "standby"},
    {"standby.takeover_after_s", SettingKind::Number, false},
    {kDeputies[0], SettingKind::Identity, false},
    {kDeputies[1], SettingKind::Identity, false},
    {"practice.block_ms", SettingKind::Number, false},
    {"practice.quote_ms", SettingKind::Number, false},
};

std::vector<Setting> allSettings() {
    std::vector<Setting> all(std::begin(kOwnSettings), std::end(kOwnSettings));
    all.insert(all.end(), std::begin(kFileSettings), std::end(kFileSettings));
    all.insert(all.end(), std::begin(kQuoteSettings), std::end(kQuoteSettings));
    return all;
}

std::vector<std::string> faultsOf(const Settings& settings) {
    std::vector<std::string> faults = faultsOfFiles(settings);
    for (std::string& fault : faultsOfQuotes(settings)) faults.push_back(std::move(fault));
    const bool hasFirst = settings.has(kDeputies[0]);
    if (settings.has(kDeputies[1])) {
        if (!hasFirst) faults.emplace_back("arbitration.deputy_2 is given, and deputy_1 is not");
        if (hasFirst && settings.identity(kDeputies[0]) == settings.identity(kDeputies[1]))
            faults.emplace_back("arbitration.deputy_1 and deputy_2 are the same");
    }
    return faults;
}

/// One of the key servers, as the settings name it.
struct KeyServerAt {
    engine::PartyKeys keys;
    NetworkPlace place;
    NetworkPlace publicPlace;
    static std::optional<KeyServerAt> of(const Settings& settings, const std::string& table) {
        const auto name = [&](const char* setting) { return table + "." + setting; };
        if (!settings.has(name("identity").c_str())) return std::nullopt;
        KeyServerAt server{{settings.identity(name("identity").c_str()), settings.box(name("box").c_str())},
                           settings.place(name("address").c_str()),
                           settings.place(name("address").c_str())};
        if (settings.has(name("public_address").c_str()))
            server.publicPlace = settings.place(name("public_address").c_str());
        return server;
    }
};

constexpr std::int64_t kSecondMs = 1'000;

class RunningCoordinator final : public RunningServer {
public:
    using Fail = std::function<void(const std::string&)>;
    static Result<std::unique_ptr<RunningServer>, std::string> start(const Settings& settings, const Log& log,
                                                                     const Fail& fail) {
        auto made = std::make_unique<RunningCoordinator>(settings, log, fail);
        auto identity = identityIn(settings, coordinatorState);
        if (!identity) return Err(identity.error());
        made->m_identity = std::make_shared<const keys::Identity>(std::move(*identity));
        if (auto wrong = made->prepare()) return Err(std::move(*wrong));
        if (made->m_role == Role::StandsBy) {
            made->standBy();
        } else if (auto wrong = made->lead()) {
            return Err(std::move(*wrong));
        }
        return std::unique_ptr<RunningServer>(std::move(made));
    }
    RunningCoordinator(const Settings& settings, const Log& log, const Fail& fail)
        : m_settings(settings),
          m_log(log),
          m_fail(fail) {}
    ~RunningCoordinator() override {
        m_standby.reset();
        m_server.reset(); // nobody asks any more
        m_door.reset();
        if (m_coordinator) m_coordinator->stop();
        m_keyServers.clear();
    }
    std::optional<std::uint16_t> port() const override {
        return m_role == Role::Leads ? std::optional(m_server->port()) : std::nullopt;
    }

    OperationsQuestions questions() override {
        return {[this] { return m_role == Role::Leads ? troubleOfLeader() : m_standby->trouble(); },
                [this] { return m_role == Role::Leads ? metricsOfLeader() : metricsOfStandby(); },
                [this] { return std::string(m_role == Role::Leads ? "ok" : "standby"); }};
    }

private:
    /// Only ever goes on. Whoever sees Leads sees all that lead() has made.
    enum class Role : std::uint8_t { StandsBy, Leads };

    std::optional<std::string> troubleOfLeader() const {
        const host::Status status = m_coordinator->host().status();
        if (status.failure) return std::string(ports::nameOf(status.failure->error));
        if (status.clockHeld) return "the clock has jumped: deadlines wait for the operator";
        for (const auto& remote : m_keyServers) {
            if (remote->status().state != net::RemoteState::Connected)
                return std::string("key server ") + net::nameOf(remote->status().state);
        }
        return std::nullopt;
    }
    std::vector<Metric> metricsOfLeader() const {
        const host::Status status = m_coordinator->host().status();
        std::vector<Metric> metrics = metricsOf(m_server->traffic());
        addJournal(metrics, status.batch, status.sequence);
        addWaiting(metrics);
        return metrics;
    }
    static constexpr std::chrono::milliseconds kPatience{500};
    /// What waits for an operator; left out where a commit takes so long that whoever asks would wait.
    void addWaiting(std::vector<Metric>& metrics) const {
        struct Seen {
            std::size_t units = 0;
            std::size_t cases = 0;
        };
        const auto seen = std::make_shared<Seen>(); // it may be looked at later than somebody waits for
        const bool isSeen = m_coordinator->host().visitWithin(kPatience, [seen](const engine::Engine& engine) {
            for (const money::Unit& unit : money::allUnits()) {
                const auto account = ledger::houseAccount(ledger::Purpose::Suspense, unit.id);
                seen->units += engine.ledger().balance(account).total != 0 ? 1u : 0u;
            }
            seen->cases = engine.watch().cases().size();
        });
        if (!isSeen) return;
        metrics.push_back({"tallylock_suspense_units", "Units of which some has arrived for nobody that is known.",
                           false, static_cast<double>(seen->units)});
        metrics.push_back({"tallylock_open_cases", "Cases of the watch that nobody has closed.", false,
                           static_cast<double>(seen->cases)});
    }
    /// Of what it has followed.
    std::vector<Metric> metricsOfStandby() const {
        const host::Position at = m_standby->follower().position();
        std::vector<Metric> metrics;
        addJournal(metrics, at.batch, at.sequence);
        return metrics;
    }
    void addJournal(std::vector<Metric>& metrics, std::uint64_t batch, std::uint64_t sequence) const {
        metrics.push_back({"tallylock_standby", "Whether it stands by.", false, m_role == Role::Leads ? 0.0 : 1.0});
        metrics.push_back({"tallylock_journal_batches", "Batches in the journal, as far as it has come.", true,
                           static_cast<double>(batch)});
        metrics.push_back({"tallylock_journal_commands", "Commands in the journal, as far as it has come.", true,
                           static_cast<double>(sequence)});
    }

    // --- before it does anything ------------------------------------------------------------------------------------

    /// All is known to be right, and nothing is written to a journal.
    std::optional<std::string> prepare() {
        CoordinatorPlace place{m_settings.text("folder")};
        if (m_settings.has("files.folder")) place.files = m_settings.text("files.folder");
        auto bucket = openBucket(m_settings, m_settings.text("folder") + "/received");
        if (!bucket) return bucket.error().detail;
        m_bucket = *bucket;
        place.store = m_bucket;
        if (auto wrong = openDatabase()) return wrong;
        if (m_postgres) {
            place.journals = [store = m_postgres.get()](const auto& name) { return store->journal(name); };
            place.tables = m_postgres->tables();
        }
        if (auto wrong = chooseRole()) return wrong;
        place.standsBy = m_role == Role::StandsBy;
        auto opened = Coordinator::open(std::move(place), m_random);
        if (!opened) return sentence(opened.error());
        m_coordinator = std::move(*opened);
        const auto right = m_coordinator->check(rules());
        return right ? std::nullopt : std::optional(sentence(right.error()));
    }
    std::optional<std::string> openDatabase() {
        if (!m_settings.has("postgres.connection")) return std::nullopt;
        store::PostgresPlace place{m_settings.text("postgres.connection"),
                                   m_settings.numberOr("postgres.needs_standby", 1) != 0};
        place.answerWithinMs =
            m_settings.numberOr("postgres.answer_within_s", place.answerWithinMs / kSecondMs) * kSecondMs;
        if (place.answerWithinMs <= 0) return "[postgres] answer_within_s: at least 1";
        auto opened = store::PostgresStore::open(std::move(place));
        if (!opened) return opened.error().detail;
        m_postgres = std::move(*opened);
        return std::nullopt;
    }
    std::optional<std::string> chooseRole() {
        m_role = Role::Leads;
        if (m_postgres) {
            const auto isReplica = m_postgres->isReplica();
            if (!isReplica) return isReplica.error().detail;
            if (*isReplica) m_role = Role::StandsBy;
        }
        if (!m_settings.has("standby.watch")) {
            if (m_role == Role::Leads) return std::nullopt;
            return "the database is the replica of another: [standby] is missing";
        }
        if (!m_postgres) return "whoever stands by follows a database: [postgres] is missing";
        if (m_role == Role::StandsBy) return waitForHistory();
        // It has taken over before, or these are the settings of both machines.
        if (isReachable(watched())) return "the database is no replica, and the coordinator is at its work";
        return std::nullopt;
    }
    /// A replica has it a moment after the other one has begun.
    std::optional<std::string> waitForHistory() const {
        constexpr int kTries = 100;
        constexpr std::chrono::milliseconds kPause{100};
        for (int i = 0; i < kTries; ++i) {
            const auto journal = m_postgres->journal("journal")();
            if (journal && (*journal)->size() != 0) return std::nullopt;
            std::this_thread::sleep_for(kPause);
        }
        return "no coordinator has begun in that database";
    }
    CoordinatorRules rules() const {
        CoordinatorRules rules{KeyServerAt::of(m_settings, "key_server")->keys};
        if (const auto standby = KeyServerAt::of(m_settings, "standby_key_server")) rules.standby = standby->keys;
        constexpr std::int64_t kBlockMs = 1'000;
        constexpr std::int64_t kThirtyDaysMs = std::int64_t{30} * 24 * 3600 * 1000;
        rules.longestPauseMs = kThirtyDaysMs;
        rules.practiceBlockMs = m_settings.numberOr("practice.block_ms", kBlockMs);
        rules.practiceQuoteMs = practiceQuoteMs(m_settings);
        rules.quotes = quotesIn(m_settings);
        for (const char* deputy : kDeputies)
            if (m_settings.has(deputy)) rules.deputies.push_back(m_settings.identity(deputy));
        rules.onFailure = [fail = m_fail](const ports::StoreFailure& failure) {
            fail(std::string(ports::nameOf(failure.error)) + ": " + failure.detail);
        };
        return rules;
    }

    // --- standing by ------------------------------------------------------------------------------------------------

    net::RemoteOptions watched() {
        SecretBytes seed(32); // to look whether it is there we are nobody in particular
        m_random.fill(seed.span());
        const auto nobody = std::make_shared<const keys::Identity>(keys::Identity::fromSeed(std::move(seed)));
        return wayTo(m_settings.places("standby.watch"), m_identity->key(), nobody);
    }
    void standBy() {
        StandbyOptions options;
        options.folder = m_settings.text("folder");
        options.watched = watched();
        if (const auto afterS = m_settings.numberOr("standby.takeover_after_s", 0); afterS > 0) {
            options.takeoverAfterMs = afterS * kSecondMs;
            auto& way = options.watched; // one that has vanished is to be noticed in time
            way.lastPauseMs = std::min(way.lastPauseMs, afterS * kSecondMs / 4);
            way.connectMs = std::min(way.connectMs, afterS * kSecondMs / 2);
            way.pingMs = std::min(way.pingMs, afterS * kSecondMs / 4);
            way.silenceMs = std::min(way.silenceMs, afterS * kSecondMs / 2);
        }
        options.isMirrored = [this] { return m_postgres->isMirrored(); };
        options.takeOver = [this](const std::string& why, host::Follower& follower) {
            m_log.info("takes-over", {{"why", why}});
            if (auto wrong = takeOver(follower)) m_fail("not taken over: " + *wrong);
        };
        options.fail = m_fail;
        m_log.info("standby");
        m_standby = std::make_unique<Standby>(std::move(options), m_coordinator->follower(), m_log);
    }
    /// On the standby's thread.
    std::optional<std::string> takeOver(host::Follower& follower) {
        if (const auto done = m_postgres->promote(); !done) return done.error().detail;
        if (const auto followed = follower.goOn(); !followed) return followed.error().detail;
        if (auto wrong = claim()) return wrong;
        if (auto wrong = begin(follower.take())) return wrong;
        m_role = Role::Leads;
        tellListening(m_log, m_settings, m_server->port());
        return std::nullopt;
    }

    // --- leading ----------------------------------------------------------------------------------------------------

    std::optional<std::string> lead() {
        if (auto wrong = claim()) return wrong;
        return begin(std::nullopt);
    }
    /// Not before all else is known to be right: it deposes the writer.
    std::optional<std::string> claim() {
        if (!m_postgres) return std::nullopt;
        const auto epoch = m_postgres->claim();
        if (!epoch) return epoch.error().detail;
        m_log.info("writer", {{"epoch", std::to_string(*epoch)}});
        return std::nullopt;
    }
    std::optional<std::string> begin(std::optional<host::Recovered> warm) {
        if (warm) m_log.info("goes-on", {{"batch", std::to_string(warm->position.batch)}});
        if (m_bucket) { // another one may have been bringing a file until now
            const auto dropped = m_bucket->dropAbandoned();
            if (!dropped) return dropped.error().detail;
            m_log.info("files", {{"bucket", m_settings.text("files.bucket")}, {"abandoned", std::to_string(*dropped)}});
        }
        if (auto started = m_coordinator->start(rules(), m_clock, m_random, std::move(warm)); !started)
            return sentence(started.error());
        const auto first = KeyServerAt::of(m_settings, "key_server");
        m_coordinator->host().setKeyServer(reach(*first, "key_server"));
        m_places.push_back({first->keys.identity, first->publicPlace.text()});
        if (const auto standby = KeyServerAt::of(m_settings, "standby_key_server")) {
            m_coordinator->host().setStandby(reach(*standby, "standby_key_server"));
            m_places.push_back({standby->keys.identity, standby->publicPlace.text()});
        }
        return openDoor();
    }

    std::unique_ptr<ports::Link> reach(const KeyServerAt& server, const char* name) {
        m_keyServers.push_back(
            std::make_unique<net::Remote>(wayTo(server.place, server.keys.identity, m_identity), tellWay(m_log, name)));
        return m_keyServers.back()->link();
    }

    bool hasAccount(const IdentityKey& who) {
        bool isKnown = false;
        return m_coordinator->host().visit([&](const engine::Engine& engine) {
            isKnown = static_cast<bool>(engine.holderOf(who));
        }) && isKnown;
    }

    std::optional<std::string> openDoor() {
        m_practice = std::make_unique<PracticeDoor>(m_coordinator->world());
        net::ServerOptions options;
        options.identity = m_identity;
        options.host = m_settings.place("listen").host;
        options.port = m_settings.place("listen").port;
        options.limits = limitsOf(m_settings);
        options.service.connect = [this](const IdentityKey& who) {
            return m_practice->through(m_coordinator->host().connect(who));
        };
        options.service.files = m_coordinator->files().get();
        options.service.mayUpload = [this](const IdentityKey& who) { return hasAccount(who); };
        options.service.mayAskPeers = options.service.mayUpload;
        options.service.places = m_places;
        options.service.isPractice = true;
        auto started = net::Server::start(std::move(options));
        if (!started) return started.error();
        m_server = std::move(*started);
        auto door = OperatorDoor::open(*m_coordinator, m_clock, m_log);
        if (!door) return door.error();
        m_door = std::move(*door);
        return std::nullopt;
    }

    const Settings& m_settings;
    const Log& m_log;
    Fail m_fail;
    std::atomic<Role> m_role{Role::Leads};
    SystemClock m_clock;
    SystemRandom m_random;
    std::shared_ptr<const keys::Identity> m_identity;
    std::vector<wire::ServerPlace> m_places;
    std::shared_ptr<store::S3FileStore> m_bucket;     ///< of the sealed files, if they are in one
    std::unique_ptr<store::PostgresStore> m_postgres; ///< null: journals and tables are in the folder
    std::unique_ptr<Coordinator> m_coordinator;
    std::vector<std::unique_ptr<net::Remote>> m_keyServers;
    std::unique_ptr<PracticeDoor> m_practice;
    std::unique_ptr<net::Server> m_server;
    std::unique_ptr<OperatorDoor> m_door;
    std::unique_ptr<Standby> m_standby; ///< null where it never stood by
};

Result<std::string, std::string> promote(const Settings& settings) {
    const std::string& folder = settings.text("folder");
    if (auto told = tellToTakeOver(folder); !told) return Err(told.error());
    return "The coordinator in " + folder + " takes over.";
}

} // namespace

int main(int argc, char** argv) {
    tallylock::keepFreedMemory();
    QCoreApplication application(argc, argv); // for the plugins of its databases
    const std::vector<Setting> settings = allSettings();
    const DaemonProgram program{
        "tallylockd", kHelp, settings, coordinatorState, faultsOf, RunningCoordinator::start, {{"--promote", promote}}};
    return runDaemon(program, argc, argv);
}

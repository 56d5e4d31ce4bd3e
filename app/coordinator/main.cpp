// tallylockd: the coordinator as a program of its own.
#include "app/servers/Coordinator.h"
#include "app/servers/Daemon.h"
#include "app/servers/FilePlace.h"
#include "app/servers/KeyServing.h"
#include "app/servers/PracticeDoor.h"
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
  needs_standby = 1                  # refuse one without a synchronous standby

  [files]                            # keeps the sealed files; if missing, the folder does
  kind = "s3"                        # a bucket of an S3-compatible store; or "folder"
  endpoint = "https://s3.example.org"
  region = "eu-central-1"
  bucket = "sealed-files"
  credentials = "/etc/tallylock/s3-key"  # two lines: the access key's id and its secret
  prefix = "tallylock/"              # before each name; may be missing

  [practice]
  block_ms = 1000                    # of the practice chain; may be missing

  [limits]
  connections = 20000                # may be missing
)";

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
    {"practice.block_ms", SettingKind::Number, false},
};

std::vector<Setting> allSettings() {
    std::vector<Setting> all(std::begin(kOwnSettings), std::end(kOwnSettings));
    all.insert(all.end(), std::begin(kFileSettings), std::end(kFileSettings));
    return all;
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

class RunningCoordinator final : public RunningServer {
public:
    using Fail = std::function<void(const std::string&)>;
    static Result<std::unique_ptr<RunningServer>, std::string> start(const Settings& settings, const Log& log,
                                                                     const Fail& fail) {
        auto made = std::make_unique<RunningCoordinator>(log);
        auto identity = identityIn(settings, coordinatorState);
        if (!identity) return Err(identity.error());
        made->m_identity = std::make_shared<const keys::Identity>(std::move(*identity));
        if (auto wrong = made->startCoordinator(settings, fail)) return Err(std::move(*wrong));
        if (auto wrong = made->openDoor(settings)) return Err(std::move(*wrong));
        return std::unique_ptr<RunningServer>(std::move(made));
    }
    explicit RunningCoordinator(const Log& log) : m_log(log) {}
    ~RunningCoordinator() override {
        m_server.reset(); // nobody asks any more
        if (m_coordinator) m_coordinator->stop();
        m_keyServers.clear();
    }
    std::uint16_t port() const override { return m_server->port(); }

    OperationsQuestions questions() override {
        return {[this]() -> std::optional<std::string> {
                    const host::Status status = m_coordinator->host().status();
                    if (status.failure) return std::string(ports::nameOf(status.failure->error));
                    if (status.clockHeld) return "the clock has jumped: deadlines wait for the operator";
                    for (const auto& remote : m_keyServers) {
                        if (remote->status().state != net::RemoteState::Connected)
                            return std::string("key server ") + net::nameOf(remote->status().state);
                    }
                    return std::nullopt;
                },
                [this] {
                    std::vector<Metric> metrics = metricsOf(m_server->traffic());
                    const host::Status status = m_coordinator->host().status();
                    metrics.push_back({"tallylock_journal_batches", "Batches in the journal.", true,
                                       static_cast<double>(status.batch)});
                    metrics.push_back({"tallylock_journal_commands", "Commands in the journal.", true,
                                       static_cast<double>(status.sequence)});
                    return metrics;
                }};
    }

private:
    std::optional<std::string> startCoordinator(const Settings& settings, const Fail& fail) {
        JournalsByName journals;
        if (settings.has("postgres.connection")) {
            auto opened = store::PostgresStore::open(
                {settings.text("postgres.connection"), settings.numberOr("postgres.needs_standby", 1) != 0});
            if (!opened) return opened.error().detail;
            m_postgres = std::move(*opened);
            journals = [store = m_postgres.get()](const std::string& name) { return store->journal(name); };
        }
        auto bucket = openBucket(settings, settings.text("folder"));
        if (!bucket) return bucket.error().detail;
        auto opened = Coordinator::open(settings.text("folder"), m_random, std::move(journals), *bucket);
        if (!opened) return sentence(opened.error());
        m_coordinator = std::move(*opened);
        const auto first = KeyServerAt::of(settings, "key_server");
        const auto standby = KeyServerAt::of(settings, "standby_key_server");
        CoordinatorRules rules{first->keys};
        if (standby) rules.standby = standby->keys;
        constexpr std::int64_t kBlockMs = 1'000;
        rules.practiceBlockMs = settings.numberOr("practice.block_ms", kBlockMs);
        rules.onFailure = [fail](const ports::StoreFailure& failure) {
            fail(std::string(ports::nameOf(failure.error)) + ": " + failure.detail);
        };
        if (const auto right = m_coordinator->check(rules); !right) return sentence(right.error());
        if (m_postgres) { // not before all else is known to be right: it deposes the writer
            const auto epoch = m_postgres->claim();
            if (!epoch) return epoch.error().detail;
            m_log.info("writer", {{"epoch", std::to_string(*epoch)}});
        }
        if (*bucket) { // the same: another one may be bringing a file
            const auto dropped = (*bucket)->dropAbandoned();
            if (!dropped) return dropped.error().detail;
            m_log.info("files", {{"bucket", settings.text("files.bucket")}, {"abandoned", std::to_string(*dropped)}});
        }
        if (auto started = m_coordinator->start(rules, m_clock, m_random); !started) return sentence(started.error());
        m_coordinator->host().setKeyServer(reach(*first, "key_server"));
        m_places.push_back({first->keys.identity, first->publicPlace.text()});
        if (standby) {
            m_coordinator->host().setStandby(reach(*standby, "standby_key_server"));
            m_places.push_back({standby->keys.identity, standby->publicPlace.text()});
        }
        return std::nullopt;
    }

    std::unique_ptr<ports::Link> reach(const KeyServerAt& server, const char* name) {
        m_keyServers.push_back(
            std::make_unique<net::Remote>(wayTo(server.place, server.keys.identity, m_identity), tellWay(m_log, name)));
        return m_keyServers.back()->link();
    }

    std::optional<std::string> openDoor(const Settings& settings) {
        m_practice = std::make_unique<PracticeDoor>(m_coordinator->world());
        net::ServerOptions options;
        options.identity = m_identity;
        options.host = settings.place("listen").host;
        options.port = settings.place("listen").port;
        options.limits = limitsOf(settings);
        options.service.connect = [this](const IdentityKey& who) {
            return m_practice->through(m_coordinator->host().connect(who));
        };
        options.service.files = m_coordinator->files().get();
        options.service.mayUpload = [this](const IdentityKey& who) {
            bool isKnown = false;
            return m_coordinator->host().visit([&](const engine::Engine& engine) {
                isKnown = static_cast<bool>(engine.holderOf(who));
            }) && isKnown;
        };
        options.service.places = m_places;
        options.service.isPractice = true;
        auto started = net::Server::start(std::move(options));
        if (!started) return started.error();
        m_server = std::move(*started);
        return std::nullopt;
    }

    const Log& m_log;
    SystemClock m_clock;
    SystemRandom m_random;
    std::shared_ptr<const keys::Identity> m_identity;
    std::vector<wire::ServerPlace> m_places;
    std::unique_ptr<store::PostgresStore> m_postgres; ///< null: the journals are in the folder
    std::unique_ptr<Coordinator> m_coordinator;
    std::vector<std::unique_ptr<net::Remote>> m_keyServers;
    std::unique_ptr<PracticeDoor> m_practice;
    std::unique_ptr<net::Server> m_server;
};

} // namespace

int main(int argc, char** argv) {
    QCoreApplication application(argc, argv); // for the plugins of its databases
    const std::vector<Setting> settings = allSettings();
    const DaemonProgram program{"tallylockd",     kHelp,         settings,
                                coordinatorState, faultsOfFiles, RunningCoordinator::start};
    return runDaemon(program, argc, argv);
}

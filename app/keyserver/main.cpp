// tallylock-keyserver: the key server as a program of its own, with an identity, a machine and a disk of its own.
#include "app/keyserver/Couriers.h"
#include "app/servers/Daemon.h"
#include "app/servers/KeyServing.h"
#include "core/net/Remote.h"

#include <QCoreApplication>

using namespace tallylock;
using namespace tallylock::app;

namespace {

constexpr const char* kHelp = R"(Usage: tallylock-keyserver --config FILE [OPTION]...

Runs a key server: it keeps the two parts of each key, apart, and hands them over when the
seller has been paid, which it checks itself. It reads sealed files from the coordinator's
store. It runs in the foreground and stops on SIGTERM.

  --config FILE    the settings
  --check-config   say whether they are right, and end
  --card           print its keys, as settings for the coordinator, and end
  --quiet          log only what is wrong
  --help, --version

The settings, in TOML; each may be given as TALLYLOCK_FOLDER and so on instead:

  folder = "/var/lib/tallylock-keyserver"
  listen = "0.0.0.0:7341"

  [coordinator]
  address = "10.0.0.1:7340"          # and where its stand-in is: "10.0.0.1:7340, 10.0.0.4:7340"
  identity = "..."                   # what tallylockd --card prints

  [operations]
  listen = "127.0.0.1:7351"          # /healthz and /metrics; may be missing

  [limits]
  connections = 20000                # may be missing

  [mail]                             # may be missing: then no part is sent by mail
  server = "mail.example.org:587"
  sender = "keys@example.org"
  tls = "starttls"                   # or "implicit"; may be missing
  credentials = "/etc/tallylock/mail-credentials"   # two lines, user and password; may be missing
  authorities = "/etc/tallylock/mail-ca.pem"        # the system's, if missing

  [cards]                            # may be missing: then no part is written for the post
  folder = "/var/lib/tallylock-keyserver/cards"
)";

constexpr Setting kSettings[] = {
    kFolderSetting,
    kListenSetting,
    kOperationsSetting,
    kConnectionsSetting,
    {"coordinator.address", SettingKind::Places},
    {"coordinator.identity", SettingKind::Identity},
    kMailServerSetting,
    kMailSenderSetting,
    kMailTlsSetting,
    kMailCredentialsSetting,
    kMailAuthoritiesSetting,
    kCardsFolderSetting,
};

class RunningKeyServer final : public RunningServer {
public:
    static Result<std::unique_ptr<RunningServer>, std::string> start(const Settings& settings, const Log& log,
                                                                     const std::function<void(const std::string&)>&) {
        auto made = std::make_unique<RunningKeyServer>();
        auto identity = identityIn(settings, keyServerState);
        if (!identity) return Err(identity.error());
        made->m_identity = std::make_shared<const keys::Identity>(std::move(*identity));
        made->reachCoordinator(settings, log);
        auto couriers = couriersOf(settings);
        if (!couriers) return Err(couriers.error());
        auto serving = startKeyServing(settings.text("folder"), *made->m_files, made->m_random, std::move(*couriers));
        if (!serving) return Err(sentence(serving.error()));
        made->m_serving = std::move(*serving);
        made->m_serving.server->setCoordinator(made->m_coordinator->link());
        net::ServerOptions options;
        options.identity = made->m_identity;
        options.host = settings.place("listen").host;
        options.port = settings.place("listen").port;
        options.limits = limitsOf(settings);
        options.service.connect = [server = made->m_serving.server.get()](const IdentityKey& who) {
            return server->connect(who);
        };
        auto started = net::Server::start(std::move(options));
        if (!started) return Err(started.error());
        made->m_server = std::move(*started);
        return std::unique_ptr<RunningServer>(std::move(made));
    }
    ~RunningKeyServer() override {
        m_server.reset();
        m_serving.server.reset();
    }
    std::optional<std::uint16_t> port() const override { return m_server->port(); }
    OperationsQuestions questions() override {
        return {[this]() -> std::optional<std::string> {
                    const auto state = m_coordinator->status().state;
                    if (state != net::RemoteState::Connected) return std::string("coordinator ") + net::nameOf(state);
                    const auto now = m_serving.server->standing(kPatience);
                    if (!now) return std::string("busy");
                    if (now->failure) return "journal: " + now->failure->detail;
                    return std::nullopt;
                },
                [this] { return metrics(); }};
    }

private:
    static constexpr std::chrono::milliseconds kPatience{1'000};

    std::vector<Metric> metrics() const {
        std::vector<Metric> metrics = metricsOf(m_server->traffic());
        const auto now = m_serving.server->standing(kPatience);
        if (!now) return metrics;
        const auto add = [&](const char* name, const char* help, bool isCounter, std::uint64_t value) {
            metrics.push_back({name, help, isCounter, static_cast<double>(value)});
        };
        add("tallylock_terms_total", "Terms for which a key was to be deposited.", true, now->terms);
        add("tallylock_keys_total", "Keys that are kept, as two parts.", true, now->keys);
        add("tallylock_keys_released_total", "Keys whose second part is out.", true, now->released);
        add("tallylock_checks_waiting", "Sealed files that are still to be read.", false, now->checks);
        add("tallylock_commands_waiting", "Commands that the coordinator has not taken yet.", false, now->commands);
        add("tallylock_letters_waiting", "Letters that are to be sent.", false, now->letters);
        return metrics;
    }
    void reachCoordinator(const Settings& settings, const Log& log) {
        m_coordinator = std::make_unique<net::Remote>(
            wayTo(settings.places("coordinator.address"), settings.identity("coordinator.identity"), m_identity),
            tellWay(log, "coordinator"));
        m_files = m_coordinator->files();
    }

    SystemRandom m_random;
    std::shared_ptr<const keys::Identity> m_identity;
    std::unique_ptr<net::Remote> m_coordinator;
    std::shared_ptr<ports::FileStore> m_files;
    KeyServing m_serving;
    std::unique_ptr<net::Server> m_server;
};

} // namespace

int main(int argc, char** argv) {
    QCoreApplication application(argc, argv); // for the plugins of its databases
    const DaemonProgram program{"tallylock-keyserver", kHelp,   kSettings,
                                keyServerState,        nullptr, RunningKeyServer::start};
    return runDaemon(program, argc, argv);
}

#include "app/servers/Daemon.h"

#include "app/servers/KeyServing.h"
#include "app/servers/Process.h"
#include "app/servers/ServerSeeds.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <unistd.h>

namespace tallylock::app {

namespace {

struct Wishes {
    std::string config;
    bool isCheck = false;
    bool isCard = false;
    const DaemonOrder* order = nullptr;
    LogLevel level = LogLevel::Info;
    std::optional<int> end; ///< with this, and nothing else is done
};

void say(std::FILE* where, const std::string& text) { std::fputs(text.c_str(), where); }

const DaemonOrder* orderOf(const DaemonProgram& program, std::string_view argument) {
    for (const DaemonOrder& order : program.orders)
        if (argument == order.argument) return &order;
    return nullptr;
}

Wishes readArguments(const DaemonProgram& program, int argc, char** argv) {
    Wishes wishes;
    const auto wrong = [&](const std::string& what) {
        say(stderr, std::string(program.name) + ": " + what + "\nTry " + program.name + " --help.\n");
        wishes.end = 2;
    };
    for (int at = 1; at < argc && !wishes.end; ++at) {
        const std::string argument = argv[at];
        if (argument == "--help") {
            say(stdout, program.help);
            wishes.end = 0;
        } else if (argument == "--version") {
            say(stdout, std::string(program.name) + " " TALLYLOCK_VERSION "\n");
            wishes.end = 0;
        } else if (argument == "--config" && at + 1 < argc) {
            wishes.config = argv[++at];
        } else if (argument == "--check-config") {
            wishes.isCheck = true;
        } else if (argument == "--card") {
            wishes.isCard = true;
        } else if (argument == "--quiet") {
            wishes.level = LogLevel::Warning;
        } else if (const auto* order = orderOf(program, argument)) {
            wishes.order = order;
        } else {
            wrong(argument == "--config" ? "--config wants a file" : "there is no argument " + argument);
        }
    }
    if (!wishes.end && wishes.config.empty()) wrong("--config FILE is missing");
    return wishes;
}

/// Waits for whoever stops the program: a person, the system, or the server itself.
class StopSignal {
public:
    StopSignal() {
        sigemptyset(&m_signals);
        for (const int signal : {SIGTERM, SIGINT, SIGUSR2}) sigaddset(&m_signals, signal);
        pthread_sigmask(SIG_BLOCK, &m_signals, nullptr); // inherited by all threads that follow
        std::signal(SIGPIPE, SIG_IGN);
    }
    /// Gives why the server has stopped itself, if it has.
    std::optional<std::string> wait() {
        int signal = 0;
        while (sigwait(&m_signals, &signal) != 0) {
        }
        const std::lock_guard lock(m_mutex);
        return m_failure;
    }
    void fail(const std::string& why) {
        {
            const std::lock_guard lock(m_mutex);
            if (!m_failure) m_failure = why;
        }
        kill(getpid(), SIGUSR2);
    }

private:
    sigset_t m_signals{};
    std::mutex m_mutex;
    std::optional<std::string> m_failure;
};

/// Its keys as settings of others, and the fingerprint's words in a comment.
std::string cardOf(const keys::Identity& identity) {
    return "# " + identity.fingerprint().words() + "\nidentity = \"" + identity.key().hex() + "\"\nbox = \"" +
           identity.boxKey().hex() + "\"\n";
}

int serve(const DaemonProgram& program, const Settings& settings, const Log& log) {
    StopSignal stop;
    log.info("starting", {{"version", TALLYLOCK_VERSION}, {"folder", settings.text("folder")}});
    auto server = program.start(settings, log, [&stop](const std::string& why) { stop.fail(why); });
    if (!server) {
        log.fail("not-started", {{"why", server.error()}});
        return 1;
    }
    std::unique_ptr<OperationsPort> operations;
    if (settings.has("operations.listen")) {
        auto opened = OperationsPort::start(settings.place("operations.listen"), (*server)->questions());
        if (!opened) {
            log.fail("not-started", {{"why", opened.error()}});
            return 1;
        }
        operations = std::move(*opened);
        log.info("operations", {{"port", std::to_string(operations->port())}});
    }
    if (const auto port = (*server)->port()) tellListening(log, settings, *port);
    const auto failure = stop.wait();
    if (failure) log.fail("failed", {{"why", *failure}});
    log.info("stopping");
    operations.reset();
    server->reset();
    log.info("stopped");
    return failure ? 1 : 0;
}

} // namespace

void tellListening(const Log& log, const Settings& settings, std::uint16_t port) {
    log.info("listening", {{"host", settings.place("listen").host}, {"port", std::to_string(port)}});
}

std::string sentence(const api::Refusal& refusal) {
    return std::string(api::nameOf(refusal.problem)) + (refusal.detail.empty() ? "" : ": " + refusal.detail);
}

Result<keys::Identity, std::string> identityIn(const Settings& settings,
                                               std::string (*state)(const std::filesystem::path& folder)) {
    SystemRandom random;
    const std::filesystem::path folder = settings.text("folder");
    if (auto made = makeFolder(folder); !made) return Err(sentence(made.error()));
    auto identity = serverIdentity(identityPath(folder), state(folder), random);
    if (!identity) return Err(sentence(identity.error()));
    return std::move(*identity);
}

int runDaemon(const DaemonProgram& program, int argc, char** argv) {
    forbidCoreDumps();
    keepFilesPrivate();
    const Wishes wishes = readArguments(program, argc, argv);
    if (wishes.end) return *wishes.end;
    // Each server's keys are settings of the other: to print them, only the folder is needed.
    std::vector<Setting> known(program.settings.begin(), program.settings.end());
    for (Setting& setting : known)
        if (wishes.isCard && std::string_view(setting.path) != kFolderSetting.path) setting.isNeeded = false;
    const auto settings = Settings::read(wishes.config, known, [](const char* name) { return std::getenv(name); });
    std::vector<std::string> wrong;
    if (!settings) {
        wrong = settings.error();
    } else if (program.faults && !wishes.isCard) {
        for (const std::string& fault : program.faults(*settings)) wrong.push_back(wishes.config + ": " + fault);
    }
    for (const std::string& what : wrong) say(stderr, std::string(program.name) + ": " + what + "\n");
    if (!wrong.empty()) return 2;
    if (wishes.isCheck) {
        say(stdout, wishes.config + " is fine.\n");
        return 0;
    }
    if (wishes.isCard) {
        const auto identity = identityIn(*settings, program.state);
        if (!identity) say(stderr, std::string(program.name) + ": " + identity.error() + "\n");
        if (identity) say(stdout, cardOf(*identity));
        return identity ? 0 : 1;
    }
    if (wishes.order) {
        const auto done = wishes.order->run(*settings);
        if (!done) say(stderr, std::string(program.name) + ": " + done.error() + "\n");
        if (done) say(stdout, *done + "\n");
        return done ? 0 : 1;
    }
    return serve(program, *settings, Log(wishes.level));
}

std::function<void(const net::RemoteStatus&)> tellWay(const Log& log, std::string name) {
    const auto last = std::make_shared<net::RemoteState>(net::RemoteState::Connecting);
    return [&log, name = std::move(name), last](const net::RemoteStatus& status) {
        if (status.state == net::RemoteState::Connecting) return; // it tries one place after the other
        if (std::exchange(*last, status.state) == status.state) return;
        const bool isWell = status.state == net::RemoteState::Connected;
        log.write(isWell ? LogLevel::Info : LogLevel::Warning, "server",
                  {{"name", name}, {"state", net::nameOf(status.state)}, {"detail", status.detail}});
    };
}

net::Limits limitsOf(const Settings& settings) {
    net::Limits limits;
    limits.connections = static_cast<std::size_t>(
        settings.numberOr("limits.connections", static_cast<std::int64_t>(limits.connections)));
    return limits;
}

std::vector<Metric> metricsOf(const net::Traffic& traffic) {
    const auto number = [](std::uint64_t value) { return static_cast<double>(value); };
    return {{"tallylock_connections", "Clients that are connected.", false, number(traffic.connections)},
            {"tallylock_connections_accepted_total", "Connections since the start.", true, number(traffic.accepted)},
            {"tallylock_connections_turned_away_total", "Connections without a login: too many, too slow, no proof.",
             true, number(traffic.turnedAway)},
            {"tallylock_questions_total", "Questions of clients.", true, number(traffic.asks)},
            {"tallylock_stream_items_total", "Items of streams sent to clients.", true, number(traffic.items)},
            {"tallylock_peer_answers_total", "Answers that clients were given by each other.", true,
             number(traffic.peerAnswered)},
            {"tallylock_peer_answer_bytes_total", "Bytes of these answers: mostly sealed files.", true,
             number(traffic.peerBytes)},
            {"tallylock_peer_questions_refused_total", "Questions to another client that nobody answered.", true,
             number(traffic.peerRefused)}};
}

} // namespace tallylock::app

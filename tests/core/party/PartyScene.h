// Parties against a real coordinator and a real key server, all in one process, with their disks in memory or in a
// folder that goes away.
#pragma once

#include "core/keyserver/KeyServer.h"
#include "core/party/Party.h"
#include "core/party/PeerBoard.h"
#include "tests/core/host/HostScene.h"
#include "tests/support/MemoryFileStore.h"

namespace tallylock::test {

/// The test's thread as an executor: runs what was posted while it waits.
class Pump {
public:
    Pump() = default;
    /// What was never run may hold the executor, which holds it.
    ~Pump() {
        std::deque<std::function<void()>> tasks;
        const std::lock_guard lock(m_state->mutex);
        tasks.swap(m_state->tasks);
    }
    Pump(const Pump&) = delete;
    Pump& operator=(const Pump&) = delete;
    api::Executor executor() {
        return [state = m_state](std::function<void()> task) {
            const std::lock_guard lock(state->mutex);
            state->tasks.push_back(std::move(task));
        };
    }
    void run() {
        std::deque<std::function<void()>> tasks;
        {
            const std::lock_guard lock(m_state->mutex);
            tasks.swap(m_state->tasks);
        }
        for (const auto& task : tasks) task();
    }
    /// For twenty seconds at most.
    template <class F>
    bool until(F&& isSo) {
        for (int i = 0; i < 10'000; ++i) {
            run();
            if (isSo()) return true;
            QTest::qSleep(2);
        }
        return false;
    }

private:
    struct State {
        std::mutex mutex;
        std::deque<std::function<void()>> tasks;
    };
    std::shared_ptr<State> m_state = std::make_shared<State>();
};

class PartyScene {
public:
    /// `prepare` may change what the host starts with.
    explicit PartyScene(const std::function<void(HostScene&)>& prepare = {}) {
        host.files = &files;
        if (prepare) prepare(host);
        host.start();
        startKeyServer();
        if (host.config.standby && host.config.standby->identity == identityNamed("standby").key()) startStandby();
    }
    ~PartyScene() { stopServers(); }

    void startKeyServer() {
        keyServer = serverNamed("key server");
        host.host->setKeyServer(toKeyServer("coordinator"));
    }
    /// Where the config names it.
    void startStandby() {
        standby = serverNamed("standby");
        host.host->setStandby(toStandby("coordinator"));
    }
    void stopServers() {
        closeDoors();
        keyServer.reset();
        standby.reset();
        host.stop();
    }

    std::string folderNamed(const std::string& name) {
        const QString path = folder.filePath(QString::fromStdString(name));
        QDir().mkpath(path);
        return path.toStdString();
    }
    /// A journal that outlives its owner.
    std::function<Result<std::unique_ptr<ports::Journal>, ports::StoreFailure>()> disk(const std::string& name) {
        auto& records = disks[name];
        if (!records) records = std::make_shared<MemoryRecords>();
        return [records = records]() -> Result<std::unique_ptr<ports::Journal>, ports::StoreFailure> {
            return std::unique_ptr<ports::Journal>(std::make_unique<MemoryJournal>(records));
        };
    }
    std::unique_ptr<party::Party> open(const std::string& name) {
        party::Setup setup{identityNamed(name),
                           name,
                           folderNamed(name),
                           disk(name),
                           throughCoordinator(host.linkFor(name)),
                           throughKeyServer(toKeyServer(name)),
                           filesFor(name),
                           identityNamed("key server").key(),
                           host.clock,
                           random,
                           pump.executor(),
                           nullptr,
                           standby ? toStandby(name) : nullptr,
                           identityNamed("standby").key(),
                           throughPeers(peersOf(name))};
        setup.keyPatienceMs = keyPatienceMs;
        setup.goneLookMs = goneLookMs;
        auto made = std::make_unique<party::Party>(std::move(setup));
        std::optional<bool> ready;
        made->start([&](const api::Answer<void>& answer) { ready = answer.ok(); });
        if (!pump.until([&] { return ready.has_value(); })) qFatal("%s does not start", name.c_str());
        return made;
    }

    /// Asks and waits for the answer.
    template <class T, class F>
    api::Answer<T> ask(F&& question) {
        const auto answer = std::make_shared<std::optional<api::Answer<T>>>();
        question([answer](api::Answer<T> given) { *answer = std::move(given); });
        if (!pump.until([&] { return answer->has_value(); })) qFatal("no answer");
        return std::move(**answer);
    }
    /// The same, and fails the test if it is refused.
    template <class T, class F>
    T must(F&& question) {
        auto answer = ask<T>(std::forward<F>(question));
        if (!answer) qFatal("refused: %s %s", nameOf(answer.error().problem), answer.error().detail.c_str());
        if constexpr (!std::is_void_v<T>) return std::move(*answer);
    }
    template <class F>
    void mustDo(F&& question) {
        const auto answer = ask<void>(std::forward<F>(question));
        if (!answer) qFatal("refused: %s %s", nameOf(answer.error().problem), answer.error().detail.c_str());
    }
    api::SaleDetail detail(party::Party& party, SaleId sale) {
        return must<api::SaleDetail>([&](auto done) { party.sale(sale, done); });
    }
    bool reaches(party::Party& party, SaleId sale, const std::function<bool(const api::SaleDetail&)>& isSo) {
        for (int i = 0; i < 2000; ++i) {
            const auto now = ask<api::SaleDetail>([&](auto done) { party.sale(sale, done); });
            if (now && isSo(*now)) return true;
            pump.run();
            QTest::qSleep(10);
        }
        return false;
    }
    bool reaches(party::Party& party, SaleId sale, api::SaleState state) {
        return reaches(party, sale, [state](const api::SaleDetail& now) { return now.row.state == state; });
    }

    using Between = std::function<std::unique_ptr<ports::Link>(std::unique_ptr<ports::Link>)>;
    /// The apps of others, as this one reaches them.
    std::shared_ptr<ports::Peers> peersOf(const std::string& name) {
#ifdef TALLYLOCK_OVER_TLS
        return host.door->meet(identityNamed(name));
#else
        return m_board->connect(identityNamed(name).key());
#endif
    }

    Between throughCoordinator = [](auto link) { return link; };
    Between throughKeyServer = [](auto link) { return link; };
    std::int64_t keyPatienceMs = 60'000; ///< of the parties that are opened
    std::int64_t goneLookMs = 3'600'000; ///< as well
    /// Null: this party reaches nobody, and nobody it.
    std::function<std::shared_ptr<ports::Peers>(std::shared_ptr<ports::Peers>)> throughPeers = [](auto them) {
        return them;
    };
    MemoryFileStore files;
    ports::FileStore* reachable = &files; ///< what whoever is opened next has of it
    HostScene host;
    SystemRandom random;
    QTemporaryDir folder;
    std::map<std::string, std::shared_ptr<MemoryRecords>> disks;
    std::unique_ptr<keyserver::KeyServer> keyServer;
    std::function<keyserver::WordCouriers()> couriers; ///< of a key server that is started from now on
    std::unique_ptr<keyserver::KeyServer> standby;     ///< null where the config names none
    Pump pump;

private:
#ifdef TALLYLOCK_OVER_TLS
    std::unique_ptr<ports::Link> toKeyServer(const std::string& name) {
        if (!m_keyDoor) m_keyDoor = doorOf(*keyServer, "key server");
        return m_keyDoor->enter(identityNamed(name));
    }
    std::unique_ptr<ports::Link> toStandby(const std::string& name) {
        if (!m_standbyDoor) m_standbyDoor = doorOf(*standby, "standby");
        return m_standbyDoor->enter(identityNamed(name));
    }
    std::shared_ptr<ports::FileStore> filesFor(const std::string& name) {
        if (reachable != &files) return {reachable, [](auto*) {}};
        struct Kept {
            explicit Kept(net::RemoteOptions way) : remote(std::move(way)) {}
            net::Remote remote;
            std::shared_ptr<ports::FileStore> files = remote.files();
        };
        const auto kept = std::make_shared<Kept>(host.door->way(identityNamed(name)));
        return {kept, kept->files.get()};
    }
    std::unique_ptr<Door> doorOf(keyserver::KeyServer& server, const std::string& name) {
        net::Service service;
        service.connect = [&server](const IdentityKey& who) { return server.connect(who); };
        return std::make_unique<Door>(identityNamed(name), std::move(service));
    }
    void closeDoors() {
        m_keyDoor.reset();
        m_standbyDoor.reset();
    }
    std::unique_ptr<Door> m_keyDoor;
    std::unique_ptr<Door> m_standbyDoor;
#else
    std::unique_ptr<ports::Link> toKeyServer(const std::string& name) {
        return keyServer->connect(identityNamed(name).key());
    }
    std::unique_ptr<ports::Link> toStandby(const std::string& name) {
        return standby->connect(identityNamed(name).key());
    }
    std::shared_ptr<ports::FileStore> filesFor(const std::string&) {
        return {reachable, [](auto*) {}};
    }
    void closeDoors() {}
    std::shared_ptr<party::PeerBoard> m_board = party::PeerBoard::make();
#endif
    std::unique_ptr<keyserver::KeyServer> serverNamed(const std::string& name) {
        keyserver::Options options{identityNamed(name),
                                   SecretBytes::copyOf(Bytes(32, 0x5a)),
                                   folderNamed("deposits of " + name),
                                   disk(name + ", first"),
                                   disk(name + ", second"),
                                   disk(name + ", state"),
                                   files,
                                   random};
        if (couriers) options.couriers = couriers();
        options.clock = {std::shared_ptr<Clock>(), &host.clock};
        auto started = keyserver::KeyServer::start(std::move(options));
        if (!started) qFatal("%s", started.error().detail.c_str());
        (*started)->setCoordinator(host.linkFor(name));
        return std::move(*started);
    }
};

} // namespace tallylock::test

// A coordinator in a folder of its own, with the practice world, people who talk to it over links, and a key server
// that only signs.
#pragma once

#include "core/host/Follower.h"
#include "core/host/Host.h"
#include "core/rails/practice/PracticeWorld.h"
#include "core/store/FileSnapshots.h"
#include "core/store/SqliteJournal.h"
#include "core/store/SqliteProjector.h"
#include "tests/support/Eventually.h"
#include "tests/support/MemoryJournal.h"
#ifdef TALLYLOCK_OVER_TLS
#include "tests/support/Door.h"
#endif

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <future>

namespace tallylock::test {

inline keys::Identity identityNamed(const std::string& name) {
    return keys::Identity::fromSeed(
        SecretBytes::copyOf(crypto::labelledHash("test-identity", crypto::cborList(name)).view()));
}
inline Hash hashNamed(const std::string& name) { return crypto::labelledHash("test-hash", crypto::cborList(name)); }
inline money::Amount usd(std::int64_t dollars) { return {money::Int128{dollars} * 100'000'000, money::kUsd}; }

/// Clocks that a test moves.
class HandClock final : public Clock {
public:
    std::int64_t wallMs() override { return m_wallMs; }
    std::int64_t steadyMs() override { return m_steadyMs; }
    void pass(std::int64_t ms) {
        m_wallMs += ms;
        m_steadyMs += ms;
    }
    void jump(std::int64_t ms) { m_wallMs += ms; }

private:
    std::atomic<std::int64_t> m_wallMs{1'700'000'000'000};
    std::atomic<std::int64_t> m_steadyMs{0};
};

/// Somebody with keys, who signs and submits.
class Person {
public:
    explicit Person(const std::string& called) : name(called), identity(identityNamed(called)) {}

    std::string name;
    keys::Identity identity;
    std::uint64_t counter = 0;
    std::unique_ptr<ports::Link> link;

    engine::PartyKeys partyKeys() const { return {identity.key(), identity.boxKey()}; }
    Result<Bytes, ports::LinkError> sendFrame(Bytes frame) {
        const auto promise = std::make_shared<std::promise<Result<Bytes, ports::LinkError>>>();
        link->request(std::move(frame),
                      [promise](Result<Bytes, ports::LinkError> f) { promise->set_value(std::move(f)); });
        return promise->get_future().get();
    }
    template <class Answer>
    std::optional<Answer> ask(const wire::Request& request) {
        const auto frame = sendFrame(encodeCbor(request));
        if (!frame) return std::nullopt;
        const auto answer = decodeCbor<wire::Answer>(*frame);
        const auto* wanted = answer ? std::get_if<Answer>(&*answer) : nullptr;
        return wanted ? std::optional<Answer>(*wanted) : std::nullopt;
    }
    std::optional<wire::Submitted> submit(const engine::CommandBody& body) {
        return ask<wire::Submitted>(wire::Submit{wire::sealCommand(identity, ++counter, body)});
    }
    /// Proves the key, so that orders go without a signature.
    std::optional<wire::Accepted> openSession(const IdentityKey& coordinator) {
        const auto challenge = ask<wire::Challenge>(wire::ChallengeRequest{});
        if (!challenge) return std::nullopt;
        return ask<wire::Accepted>(
            wire::OpenSession{identity.sign(wire::kSessionLabel, wire::SessionNote{coordinator, challenge->nonce})});
    }
    template <class Command>
    std::optional<wire::Submitted> submitUnsigned(const Command& command) {
        return ask<wire::Submitted>(wire::SubmitUnsigned{++counter, Command::kType, encodeCbor(command)});
    }
    /// Fails the test if it is refused; gives the value.
    std::uint64_t mustSubmit(const engine::CommandBody& body) {
        const auto submitted = submit(body);
        if (!submitted) qFatal("%s got no answer", name.c_str());
        if (submitted->reply.refused != engine::Refused::No) {
            qFatal("%s was refused: %s %s", name.c_str(), nameOf(submitted->reply.refused),
                   submitted->reply.detail.c_str());
        }
        return submitted->reply.value;
    }
};

/// Collects a stream.
class Listener {
public:
    Listener(ports::Link& link, ports::Link::Stream stream, std::uint64_t cursor = 0) {
        m_subscription = link.subscribe(stream, cursor, [state = m_state](const wire::StreamItem& item) {
            const std::lock_guard lock(state->mutex);
            state->items.push_back(item);
        });
    }
    std::vector<wire::StreamItem> items() const {
        const std::lock_guard lock(m_state->mutex);
        return m_state->items;
    }
    template <class E>
    std::vector<E> eventsOf() const {
        std::vector<E> found;
        for (const auto& item : items()) {
            const auto event = wire::decodeEvent(item.event);
            if (const auto* e = event ? engine::bodyIf<E>(*event) : nullptr) found.push_back(*e);
        }
        return found;
    }
    void end() { m_subscription.reset(); }

private:
    struct State {
        std::mutex mutex;
        std::vector<wire::StreamItem> items;
    };
    std::shared_ptr<State> m_state = std::make_shared<State>();
    std::unique_ptr<ports::Subscription> m_subscription;
};

inline std::vector<Bytes> recordsOf(const std::string& path) {
    std::vector<Bytes> records;
    auto journal = store::SqliteJournal::open(path);
    const auto read = (*journal)->read(1, [&](std::uint64_t, ByteView record) {
        records.push_back(bytesOf(record));
        return true;
    });
    if (!read) qFatal("%s cannot be read", path.c_str());
    return records;
}
inline void rewrite(const std::string& path, const std::vector<Bytes>& records) {
    QVERIFY(QFile::remove(QString::fromStdString(path)));
    auto journal = store::SqliteJournal::open(path);
    QVERIFY((*journal)->append(records));
}

/// Replaces the record of a batch by another that its sum fits, so that only the chain can tell.
inline void forgeBatch(const std::string& path, std::uint64_t number, const std::function<void(wire::Batch&)>& change) {
    std::vector<Bytes> records = recordsOf(path);
    auto batch = decodeCbor<wire::Batch>(records[number]);
    change(*batch);
    records[number] = encodeCbor(*batch);
    rewrite(path, records);
}

class HostScene {
public:
    HostScene() {
        startWorld();
        config.coordinator = {coordinator.key(), coordinator.boxKey()};
        config.keyServer = {keyServer.key(), keyServer.boxKey()};
        config.dollars = money::kUsd;
    }
    ~HostScene() { stop(); }

    std::string pathOf(const std::string& name) const {
        return folder.filePath(QString::fromStdString(name)).toStdString();
    }

    Result<void, ports::StoreFailure> tryStart() {
        auto started = host::Host::start(options());
        if (!started) return Err(started.error());
        host = std::move(*started);
        openDoor();
        return {};
    }
    void start() {
        const auto started = tryStart();
        if (!started) qFatal("%s: %s", nameOf(started.error().error), started.error().detail.c_str());
    }
    void stop() {
        closeDoor();
        host.reset();
    }
    void restart() {
        stop();
        start();
    }
    void connect(Person& person) { person.link = linkFor(person.name); }
    /// To the coordinator, in this process or, where the test is built so, over TLS.
    std::unique_ptr<ports::Link> linkFor(const std::string& name) {
#ifdef TALLYLOCK_OVER_TLS
        return door->enter(identityNamed(name));
#else
        return host->connect(identityNamed(name).key());
#endif
    }
    /// Connects and registers.
    Person person(const std::string& name) {
        Person somebody(name);
        connect(somebody);
        somebody.mustSubmit(engine::RegisterHolder{name, false, somebody.identity.boxKey()});
        return somebody;
    }

    /// Forgets the snapshots and the tables, so that everything is replayed.
    void forgetAllButTheJournal() {
        const QDir dir(folder.path());
        for (const QString& name : dir.entryList({QStringLiteral("snapshot-*"), QStringLiteral("tables*")})) {
            QVERIFY(QFile::remove(dir.filePath(name)));
        }
    }

    /// As if a backup had been put back that lacks the last batches. The host is stopped.
    void forgetBatches(std::size_t count) {
        std::vector<Bytes> records = recordsOf(pathOf("journal"));
        QVERIFY(records.size() > count + 1);
        records.resize(records.size() - count);
        forgetAllButTheJournal();
        rewrite(pathOf("journal"), records);
    }

    /// As if a crash had come before it was written. The host is stopped.
    void forgetCursorOf(const std::string& source) {
        const std::lock_guard lock(m_memoryMutex);
        m_memory.erase("cursor of " + source);
    }

    QTemporaryDir folder;
    keys::Identity coordinator = identityNamed("coordinator");
    keys::Identity keyServer = identityNamed("key server");
    engine::Config config;
    HandClock clock;
    SystemClock systemClock;
    SystemRandom random;
    std::size_t queueLimit = 4096;
    std::uint64_t snapshotEvery = 10'000;
    std::optional<std::uint64_t> smallSnapshot;
    std::int64_t longestPauseMs = INT64_MAX;
    std::size_t tablesBacklog = host::Projection::kMostBacklog;
    std::string tables = "tables";
    std::optional<host::Recovered> warm; ///< for the next start
    /// Stands before the tables that are opened.
    std::function<std::unique_ptr<ports::Projector>(std::unique_ptr<ports::Projector>)> wrapTables;
    /// Stands before the journal that is opened, to slow it or to break it.
    std::function<std::unique_ptr<ports::Journal>(std::unique_ptr<ports::Journal>)> wrapJournal;
    std::function<std::unique_ptr<ports::Journal>(std::unique_ptr<ports::Journal>)> wrapFactors;
    std::function<void(const ports::StoreFailure&)> onFailure;
    std::unique_ptr<rails::PracticeWorld> world;
    ports::Rail* rail = nullptr;                   ///< instead of the world's chain
    ports::FirstExchange* firstExchange = nullptr; ///< instead of the world's
    ports::DollarExchange* dollarExchange = nullptr;
    ports::SecondExchange* secondExchange = nullptr;
    ports::FileStore* files = nullptr;
    std::int64_t seldomMs = 50; ///< between two looks of the outbox at what somebody takes his time for
    host::QuoteSettings quotes;
    std::unique_ptr<host::Host> host;
#ifdef TALLYLOCK_OVER_TLS
    std::unique_ptr<Door> door; ///< open while the host runs, and always at the same port
#endif

private:
    using Opened = Result<std::unique_ptr<ports::Journal>, ports::StoreFailure>;

    /// What is not under test lies in memory, which is quicker. It outlives the host all the same.
    Opened memory(const std::string& name) {
        const std::lock_guard lock(m_memoryMutex);
        auto& disk = m_memory[name];
        if (!disk) disk = std::make_shared<MemoryRecords>();
        return std::unique_ptr<ports::Journal>(std::make_unique<MemoryJournal>(disk));
    }
#ifdef TALLYLOCK_OVER_TLS
    void openDoor() {
        net::Service service;
        service.connect = [this](const IdentityKey& who) { return host->connect(who); };
        service.files = files;
        service.mayUpload = [](const IdentityKey&) { return true; };
        service.mayAskPeers = [](const IdentityKey&) { return true; };
        door = std::make_unique<Door>(identityNamed("coordinator"), std::move(service), net::Limits{}, m_port);
        m_port = door->port();
    }
    void closeDoor() { door.reset(); }
    std::uint16_t m_port = 0;
#else
    void openDoor() {}
    void closeDoor() {}
#endif
    void startWorld() {
        auto started = rails::PracticeWorld::start({"seed", [this] { return memory("world"); }, systemClock, 1});
        if (!started) qFatal("%s", started.error().detail.c_str());
        world = std::move(*started);
    }
    host::Options options() {
        host::Options options{
            identityNamed("coordinator"),
            config,
            [this]() -> Opened {
                auto journal = store::SqliteJournal::open(pathOf("journal"));
                if (!journal || !wrapJournal) return journal;
                return wrapJournal(std::move(*journal));
            },
            [this]() -> Result<std::unique_ptr<ports::Projector>, ports::StoreFailure> {
                auto opened = store::SqliteProjector::open(pathOf(tables));
                if (!opened || !wrapTables) return opened;
                return wrapTables(std::move(*opened));
            },
            [this](const std::string& source) -> host::OpenJournal {
                return [this, source] { return memory("cursor of " + source); };
            },
            std::make_unique<store::FileSnapshots>(folder.path().toStdString()),
            {rail ? rail : &world->chain()},
            {&world->bank()},
            firstExchange ? *firstExchange : world->firstExchange(),
            dollarExchange ? *dollarExchange : world->dollarExchange(),
            secondExchange ? *secondExchange : world->secondExchange(),
            clock,
            random,
        };
        options.openFactors = [this]() -> Opened {
            auto store = store::SqliteJournal::open(pathOf("factors"));
            return store && wrapFactors ? Opened(wrapFactors(std::move(*store))) : std::move(store);
        };
        options.files = files;
        options.quotes = quotes;
        options.queueLimit = queueLimit;
        options.snapshotEvery = snapshotEvery;
        if (smallSnapshot) options.smallSnapshot = *smallSnapshot;
        options.tablesBacklog = tablesBacklog;
        options.longestPauseMs = longestPauseMs;
        options.watch = {5, 20, 100};
        options.outbox = {5, 50, seldomMs, 50, 2000};
        options.onFailure = onFailure;
        options.warm = std::exchange(warm, std::nullopt);
        return options;
    }

    std::mutex m_memoryMutex;
    std::map<std::string, std::shared_ptr<MemoryRecords>> m_memory;
};

} // namespace tallylock::test

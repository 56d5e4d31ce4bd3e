// The child process of tst_secret_memory: lives a whole sale with the secrets that it is told, locks its profiles, and
// then holds still to be looked at. Secrets come through the pipe and not by arguments, which stay in memory. With the
// argument "refunded" the sealed file is lost when the buyer has paid, and the coins go back. With "remote" the servers
// are processes of their own, and the coordinator keeps its journals and tables in PostgreSQL; what they have and say
// is copied into the folder in the end.
#include "tests/scenario/Household.h"
#include "tests/support/Cluster.h"

#include <QCoreApplication>

#include <QDir>
#include <QDirIterator>
#include <QFileInfo>
#include <array>
#include <atomic>
#include <cstdio>
#include <unistd.h>

namespace {

using namespace tallylock;
using test::Household;
using SessionPointer = Household::SessionPointer;

void readFully(std::span<std::uint8_t> to) {
    while (!to.empty()) {
        const ssize_t got = ::read(STDIN_FILENO, to.data(), to.size());
        if (got <= 0) std::exit(2);
        to = to.subspan(static_cast<std::size_t>(got));
    }
}

/// One byte for the length, then the secret.
SecretBytes readSecret() {
    std::uint8_t size = 0;
    readFully({&size, 1});
    SecretBytes secret(size);
    readFully(secret.span());
    return secret;
}

/// Tells the parent where we are, and goes on when it says so.
void holdStill(const std::string& news) {
    std::printf("%s\n", news.c_str());
    std::fflush(stdout);
    std::uint8_t go = 0;
    readFully({&go, 1});
}

SessionPointer create(Household& home, const char* name) {
    api::NewProfile wanted{name, readSecret(), readSecret(), api::Keeping::Passphrase, readSecret()};
    auto made =
        home.loop.ask<SessionPointer>([&](auto done) { home.node->createProfile(std::move(wanted), std::move(done)); });
    if (!made) std::exit(3);
    return *made;
}

/// What a person would show to others lies in the folder, too: it is searched with it.
bool saveEvidence(Household& home) {
    for (const auto& [session, name] : {std::pair{home.seller, "sold"}, std::pair{home.buyer, "bought"}}) {
        const auto sales = home.salesOf(session);
        if (sales.size() != 1) return false;
        const auto evidence =
            home.loop.ask<Bytes>([&](auto done) { session->evidence(sales.front().id, std::move(done)); });
        QFile file(QString::fromStdString(home.nodeFolder() + '/' + name + ".evidence"));
        if (!evidence || !file.open(QIODevice::WriteOnly)) return false;
        file.write(reinterpret_cast<const char*>(evidence->data()), static_cast<qint64>(evidence->size()));
    }
    return true;
}

/// The system's, and the days that were slept through.
class SleepingClock final : public Clock {
public:
    std::int64_t wallMs() override { return m_system.wallMs() + m_sleptMs; }
    std::int64_t steadyMs() override { return m_system.steadyMs() + m_sleptMs; }
    void sleep(std::int64_t ms) { m_sleptMs += ms; }

private:
    SystemClock m_system;
    std::atomic<std::int64_t> m_sleptMs{0};
};

/// Out of the store and of the seller's app, or back.
void moveSealedFiles(const Household& home, bool away) {
    for (const char* place : {"coordinator/files", "profiles/seller/sealed"}) {
        const QString used = QString::fromStdString(home.nodeFolder() + '/' + place);
        const QString lost = home.folder.filePath(QStringLiteral("lost/") + QLatin1String(place));
        QDir().mkpath(lost);
        const QString from = away ? used : lost;
        for (const QString& name : QDir(from).entryList(QDir::Files))
            QFile::rename(from + u'/' + name, (away ? lost : used) + u'/' + name);
    }
}

struct Remote {
    test::PostgresServer database;
    test::Cluster cluster;

    bool start() {
        database.make();
        database.start();
        cluster.coordinator.more += test::postgresTable(database, false);
        return cluster.start();
    }
    bool copyTo(const QString& folder) {
        const auto write = [&](const char* name, const QByteArray& bytes) {
            QFile file(folder + QLatin1Char('/') + QLatin1String(name));
            return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
        };
        const auto copy = [&](const test::ServerProcess& server, const char* name) {
            const QString from = server.folder();
            for (QDirIterator at(from, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories); at.hasNext();) {
                const QString path = at.next(); // of a server at work: what is gone by now is passed over
                const QString to = folder + QLatin1String(name) + path.mid(from.size());
                QDir().mkpath(QFileInfo(to).path());
                QFile::copy(path, to);
            }
        };
        copy(cluster.coordinator, "/coordinator");
        copy(cluster.keyServer, "/keyserver");
        copy(cluster.standby, "/standby");
        return write("coordinator.sql", database.dump().toUtf8()) &&
               write("coordinator.log", cluster.coordinator.log()) && write("keyserver.log", cluster.keyServer.log());
    }
};

} // namespace

int main(int count, char** values) {
    const QCoreApplication app(count, values);
    const bool refunds = count > 1 && std::string_view(values[1]) == "refunded";
    std::unique_ptr<Remote> remote;
    if (count > 1 && std::string_view(values[1]) == "remote") remote = std::make_unique<Remote>();
    static auto* const clock = new SleepingClock; // sessions may outlive the node
    Household home;
    home.clock = clock;
    if (refunds) home.beforePaying = [&] { moveSealedFiles(home, true); };
    if (remote) {
        if (!remote->start()) return 7;
        home.coordinator = remote->cluster.row();
    }
    if (!home.start()) return 4;
    home.seller = create(home, "seller");
    home.buyer = create(home, "buyer");
    bool slept = false;
    const auto goesOn = [&](const api::SaleRow& sale) {
        if (refunds && sale.state == api::SaleState::Funded && !slept) {
            slept = true;
            clock->sleep(std::int64_t{2} * 24 * 3'600'000);
        }
        return sale.terminal && (sale.state == api::SaleState::Refunded) == refunds;
    };
    if (!home.drive(goesOn)) {
        std::fprintf(stderr, "%s\n", home.trouble.c_str());
        return 5;
    }
    if (refunds) moveSealedFiles(home, false); // so that the folder is whole again when it is verified
    if (!saveEvidence(home)) return 6;
    home.loop.runFor(100);
    if (remote && !remote->copyTo(QString::fromStdString(home.nodeFolder()))) return 8;
    holdStill("open " + home.nodeFolder());

    home.node->lockProfile("seller");
    home.node->lockProfile("buyer");
    home.seller.reset();
    home.buyer.reset();
    home.loop.runFor(100);
    // What a careless program leaves behind, to show that it would be found.
    std::string canary;
    {
        const SecretBytes secret = readSecret();
        canary = textOf(secret.view());
    }
    holdStill("locked");
    wipe(canary);
    holdStill("wiped");
    return 0;
}

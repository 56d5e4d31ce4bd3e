// What tst_killswitch kills: `killswitch_probe MODE FOLDER` does a known number of lasting calls in FOLDER.
#include <QCoreApplication>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QVariant>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

namespace {

/// Twelve counted calls: five times (write of 8 bytes, fdatasync), then rename and unlink. Others do not count.
int plain(const std::string& folder) {
    const auto log = folder + "/log";
    const int fd = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
    const int outside = open("/dev/null", O_WRONLY);
    int pipes[2] = {};
    if (fd < 0 || outside < 0 || pipe(pipes) != 0) return 1;
    for (int i = 0; i < 5; ++i) {
        if (write(outside, "nothing", 7) != 7 || write(pipes[1], "nothing", 7) != 7) return 1;
        if (write(fd, "12345678", 8) != 8 || fdatasync(fd) != 0) return 1;
    }
    close(fd);
    if (rename(log.c_str(), (folder + "/renamed").c_str()) != 0) return 1;
    return unlink((folder + "/renamed").c_str());
}

/// One of each family of calls, in a way that leaves its trace.
int families(const std::string& folder) {
    { std::ofstream(folder + "/stream") << "a stream"; }                             // 1
    std::filesystem::rename(folder + "/stream", folder + "/moved");                  // 2
    const int fd = open((folder + "/moved").c_str(), O_RDWR);                        //
    if (fd < 0 || pwrite(fd, "A", 1, 0) != 1) return 1;                              // 3
    char first[] = "B", second[] = "CD";                                             //
    const iovec parts[] = {{first, 1}, {second, 2}};                                 //
    if (writev(fd, parts, 2) != 3 || pwritev(fd, parts, 2, 8) != 3) return 1;        // 4, 5
    if (ftruncate(fd, 4) != 0 || fsync(fd) != 0) return 1;                           // 6, 7
    std::filesystem::copy_file(folder + "/moved", folder + "/copy");                 // 8
    std::filesystem::remove(folder + "/moved");                                      // 9
    int pair[2] = {};                                                                //
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) return 1;                    //
    return send(pair[0], "hello", 5, 0) == 5 && write(pair[0], "!", 1) == 1 ? 0 : 1; // 10, 11
}

int threads(const std::string& folder) {
    std::vector<std::thread> running;
    for (int i = 0; i < 4; ++i) {
        running.emplace_back([path = folder + "/" + std::to_string(i)] {
            const int fd = open(path.c_str(), O_WRONLY | O_CREAT, 0644);
            for (int n = 0; n < 100; ++n) {
                if (write(fd, "x", 1) != 1) std::abort();
            }
            close(fd);
        });
    }
    for (auto& thread : running) thread.join();
    return 0;
}

/// Commits rows one by one, and says after each one that it is durable. Goes on where it stopped.
int sqlite(const QString& folder) {
    auto db = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"));
    db.setDatabaseName(folder + QStringLiteral("/rows.db"));
    if (!db.open()) return 1;
    QSqlQuery query(db);
    for (const char* text : {"PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL",
                             "CREATE TABLE IF NOT EXISTS rows (n INTEGER PRIMARY KEY)"}) {
        if (!query.exec(QString::fromLatin1(text))) return 1;
    }
    if (!query.exec(QStringLiteral("SELECT count(*) FROM rows")) || !query.next()) return 1;
    int n = query.value(0).toInt();
    std::printf("found %d\n", n);
    std::fflush(stdout);
    while (n < 5) {
        if (!query.exec(QStringLiteral("INSERT INTO rows VALUES (%1)").arg(++n))) return 1;
        std::printf("kept %d\n", n);
        std::fflush(stdout);
    }
    return query.exec(QStringLiteral("PRAGMA integrity_check")) && query.next() &&
                   query.value(0).toString() == QStringLiteral("ok")
               ? 0
               : 1;
}

} // namespace

int main(int argc, char** argv) {
    QCoreApplication app(argc, argv);
    if (argc != 3) return 2;
    const std::string mode = argv[1];
    if (mode == "plain") return plain(argv[2]);
    if (mode == "families") return families(argv[2]);
    if (mode == "threads") return threads(argv[2]);
    return sqlite(QString::fromLocal8Bit(argv[2]));
}

#include "tests/bench/Postgres.h"

#include "tests/bench/Figures.h"

#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tallylock::bench {

namespace fs = std::filesystem;

static std::string findPrograms() {
    std::error_code none;
    std::string newest;
    for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", none)) {
        const std::string bin = entry.path().string() + "/bin";
        if (fs::exists(bin + "/postgres") && bin > newest) newest = bin;
    }
    if (newest.empty()) giveUp("PostgreSQL is missing: apt-get install postgresql");
    return newest;
}

Postgres::Postgres(std::string folder)
    : m_folder(std::move(folder)),
      m_programs(findPrograms()),
      m_user(::getuid()),
      m_group(::getgid()) {
    if (m_user == 0) {
        const passwd* other = ::getpwnam("postgres");
        if (!other) other = ::getpwnam("nobody");
        if (!other) giveUp("no user to run PostgreSQL as");
        m_user = other->pw_uid;
        m_group = other->pw_gid;
    }
    fs::create_directory(m_folder);
    if (::chown(m_folder.c_str(), m_user, m_group) != 0) giveUp("cannot give a folder to the user of PostgreSQL");
    output({program("initdb"), "-D", m_folder + "/data", "-U", "bench", "-A", "trust", "-E", "UTF8", "--locale=C"});
    const int log = ::open((m_folder + "/log").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    // Durable as our journal is; the rest as a careful operator would set it.
    m_server = start({program("postgres"), "-D", m_folder + "/data", "-k", m_folder, "-c", "listen_addresses=", "-c",
                      "fsync=on", "-c", "synchronous_commit=on", "-c", "shared_buffers=512MB", "-c", "max_wal_size=4GB",
                      "-c", "checkpoint_timeout=30min"},
                     log);
    ::close(log);
    for (int i = 0; i < 300; ++i) {
        const int nowhere = ::open("/dev/null", O_WRONLY);
        int status = 1;
        ::waitpid(start({program("pg_isready"), "-q", "-h", m_folder, "-U", "bench"}, nowhere), &status, 0);
        ::close(nowhere);
        if (status == 0) return;
        ::usleep(100'000);
    }
    giveUp("PostgreSQL does not start; see " + m_folder + "/log");
}

Postgres::~Postgres() {
    ::kill(m_server, SIGINT); // a fast shutdown
    ::waitpid(m_server, nullptr, 0);
    std::error_code none;
    fs::remove_all(m_folder, none);
}

pid_t Postgres::start(const std::vector<std::string>& command, int output) {
    std::vector<char*> arguments;
    for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    const pid_t child = ::fork();
    if (child != 0) return child;
    if (::getuid() != m_user && (::setgid(m_group) != 0 || ::setuid(m_user) != 0)) ::_exit(126);
    ::prctl(PR_SET_PDEATHSIG, SIGINT); // after the change of user, which forgets it
    if (::chdir(m_folder.c_str()) != 0) ::_exit(126);
    ::dup2(output, STDOUT_FILENO);
    ::dup2(output, STDERR_FILENO);
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
}

std::string Postgres::output(const std::vector<std::string>& command) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) giveUp("no pipe");
    const pid_t child = start(command, ends[1]);
    ::close(ends[1]);
    std::string text;
    char buffer[4096];
    for (ssize_t count = 0; (count = ::read(ends[0], buffer, sizeof buffer)) > 0;) {
        text.append(buffer, static_cast<std::size_t>(count));
    }
    ::close(ends[0]);
    int status = 0;
    if (::waitpid(child, &status, 0) != child || status != 0) giveUp(command[0] + " failed: " + text);
    return text;
}

std::string Postgres::write(const char* name, const std::string& text) {
    const std::string path = m_folder + "/" + name;
    std::ofstream(path, std::ios::trunc) << text;
    fs::permissions(path, fs::perms::owner_all | fs::perms::others_read);
    return path;
}

void Postgres::run(const std::string& sql) {
    output({program("psql"), "-X", "-q", "-h", m_folder, "-U", "bench", "-d", "postgres", "-v", "ON_ERROR_STOP=1", "-f",
            write("run.sql", sql)});
}

double Postgres::transactionsPerSecond(const std::string& script, int connections, int seconds) {
    const std::string report = output({program("pgbench"), "-n", "-M", "prepared", "-h", m_folder, "-U", "bench", "-c",
                                       std::to_string(connections), "-j", connections > 1 ? "2" : "1", "-T",
                                       std::to_string(seconds), "-f", write("script.sql", script), "postgres"});
    const auto at = report.find("tps = ");
    if (at == std::string::npos) giveUp("pgbench says: " + report);
    return std::strtod(report.c_str() + at + 6, nullptr);
}

} // namespace tallylock::bench

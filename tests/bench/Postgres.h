// A private PostgreSQL server on a unix socket in a temporary folder, for as long as the object lives. The server
// refuses root, so root runs it as another user.
#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

namespace tallylock::bench {

class Postgres {
public:
    /// `folder` does not exist yet, and its parent lets everybody through.
    explicit Postgres(std::string folder);
    ~Postgres();
    Postgres(const Postgres&) = delete;
    Postgres& operator=(const Postgres&) = delete;

    /// As libpq takes it.
    std::string connection() const { return "host=" + m_folder + " user=bench dbname=postgres"; }
    void run(const std::string& sql);
    /// Transactions a second of one pgbench script, in `seconds`, from so many connections.
    double transactionsPerSecond(const std::string& script, int connections, int seconds);

private:
    std::string program(const char* name) const { return m_programs + "/" + name; }
    /// Runs a program as the server's user and gives what it prints; gives up if it fails.
    std::string output(const std::vector<std::string>& command);
    pid_t start(const std::vector<std::string>& command, int output);
    std::string write(const char* name, const std::string& text);

    std::string m_folder;
    std::string m_programs;
    uid_t m_user = 0;
    gid_t m_group = 0;
    pid_t m_server = 0;
};

} // namespace tallylock::bench

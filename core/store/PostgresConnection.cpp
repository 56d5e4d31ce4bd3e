#include "core/store/PostgresConnection.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <poll.h>
#include <sys/socket.h>
#include <thread>

namespace tallylock::store::postgres {

using ports::StoreError;
using ports::StoreFailure;

Result<std::unique_ptr<Connection>, StoreFailure> Connection::open(const PostgresPlace& place) {
    std::unique_ptr<Connection> made(new Connection);
    // What the connection text says itself comes later, and wins.
    const std::array<const char*, 7> names{"connect_timeout",
                                           "keepalives_idle",
                                           "keepalives_interval",
                                           "keepalives_count",
                                           "tcp_user_timeout",
                                           "dbname",
                                           nullptr};
    const std::array<const char*, 7> values{"10", "30", "10", "3", "60000", place.connection.c_str(), nullptr};
    made->m_connection = PQconnectdbParams(names.data(), values.data(), 1);
    if (PQstatus(made->m_connection) != CONNECTION_OK) return Err(made->failure("connecting"));
    PQsetNoticeProcessor(
        made->m_connection, [](void* self, const char*) { static_cast<Connection*>(self)->m_isWarned = true; },
        made.get());
    // Warnings alone are told: among them that a commit is not with the standby.
    for (const char* setting : {"SET client_min_messages TO warning", "SET synchronous_commit TO on",
                                "SET default_transaction_isolation TO 'read committed'"}) {
        if (auto done = made->run(setting); !done) return Err(done.error());
    }
    if (place.needsStandby) made->boundAnswers(place.answerWithinMs);
    return made;
}

Done Connection::run(const char* sql) {
    const Rows rows = PQsendQuery(m_connection, sql) == 1 ? answer() : nullptr;
    const auto status = PQresultStatus(rows.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) return Err(failure(sql));
    return {};
}

Result<Rows, StoreFailure> Connection::ask(const std::string& sql, const Values& values) {
    const int isSent = PQsendQueryParams(m_connection, sql.c_str(), static_cast<int>(values.m_values.size()), nullptr,
                                         values.m_values.data(), values.m_lengths.data(), values.m_formats.data(), 1);
    Rows rows = isSent == 1 ? answer() : nullptr;
    const auto status = PQresultStatus(rows.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) return Err(failure(sql.substr(0, 60).c_str()));
    return rows;
}

StoreFailure Connection::failure(const char* doing) const {
    std::string text = PQerrorMessage(m_connection);
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
    return {StoreError::Io, "PostgreSQL: " + text + " (" + doing + ")"};
}

// Sending must not wait for a server that takes nothing.
void Connection::boundAnswers(std::int64_t withinMs) {
    m_answerWithinMs = withinMs;
    (void)PQsetnonblocking(m_connection, withinMs > 0 ? 1 : 0);
}

Rows Connection::answer() {
    if (m_answerWithinMs > 0 && !isAnswered()) {
        m_isWarned = true;
        cancel();
        // A server that does not even answer that is gone, for us: what it did is found out over another connection.
        if (!isAnswered()) ::shutdown(PQsocket(m_connection), SHUT_RDWR);
    }
    Rows last;
    while (PGresult* next = PQgetResult(m_connection)) last.reset(next);
    return last;
}

/// Goes over a connection of its own, and waits for it as long as that takes: on a thread that nobody waits for.
void Connection::cancel() {
    std::thread([cancel = PQgetCancel(m_connection)] {
        std::array<char, 256> why{};
        (void)PQcancel(cancel, why.data(), static_cast<int>(why.size()));
        PQfreeCancel(cancel);
    }).detach();
}

bool Connection::isAnswered() {
    using std::chrono::milliseconds;
    using std::chrono::steady_clock;
    const auto end = steady_clock::now() + milliseconds(m_answerWithinMs);
    for (int unsent = PQflush(m_connection); unsent == 1 || PQisBusy(m_connection) == 1;
         unsent = PQflush(m_connection)) {
        const auto left = std::chrono::ceil<milliseconds>(end - steady_clock::now()).count();
        if (left <= 0) return false;
        pollfd socket{PQsocket(m_connection), static_cast<short>(unsent == 1 ? POLLIN | POLLOUT : POLLIN), 0};
        if (::poll(&socket, 1, static_cast<int>(std::min<std::int64_t>(left, 1'000))) > 0 &&
            (socket.revents & ~POLLOUT) != 0 && PQconsumeInput(m_connection) == 0)
            return true;
    }
    return true;
}

ByteView bytesAt(const Rows& rows, int row, int column) {
    return {reinterpret_cast<const std::uint8_t*>(PQgetvalue(rows.get(), row, column)),
            static_cast<std::size_t>(PQgetlength(rows.get(), row, column))};
}

std::uint64_t numberAt(const Rows& rows, int row, int column) {
    const ByteView bytes = bytesAt(rows, row, column);
    return bytes.size() == 8 ? getBigEndian64(bytes.data()) : 0;
}

Result<std::uint64_t, StoreFailure> askNumber(Connection& connection, const std::string& sql, const Values& values) {
    const auto rows = connection.ask(sql, values);
    if (!rows) return Err(rows.error());
    if (PQntuples(rows->get()) != 1) return Err(StoreFailure{StoreError::Damaged, "PostgreSQL: tables without rows"});
    return numberAt(*rows, 0, 0);
}

Result<bool, StoreFailure> isInRecovery(Connection& connection) {
    const auto number = askNumber(connection, "SELECT pg_is_in_recovery()::int::bigint");
    if (!number) return Err(number.error());
    return *number != 0;
}

} // namespace tallylock::store::postgres

#include "core/store/PostgresConnection.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <poll.h>

namespace tallylock::store::postgres {

using ports::StoreError;
using ports::StoreFailure;

Result<std::unique_ptr<Connection>, StoreFailure> Connection::open(const PostgresPlace& place) {
    std::unique_ptr<Connection> made(new Connection);
    made->m_connection = PQconnectdb(place.connection.c_str());
    if (PQstatus(made->m_connection) != CONNECTION_OK) return Err(made->failure("connecting"));
    PQsetNoticeProcessor(
        made->m_connection, [](void* self, const char*) { static_cast<Connection*>(self)->m_isWarned = true; },
        made.get());
    // Warnings alone are told: among them that a commit is not with the standby.
    for (const char* setting : {"SET client_min_messages TO warning", "SET synchronous_commit TO on",
                                "SET default_transaction_isolation TO 'read committed'"}) {
        if (auto done = made->run(setting); !done) return Err(done.error());
    }
    if (place.needsStandby) made->m_answerWithinMs = place.answerWithinMs;
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

Rows Connection::answer() {
    if (m_answerWithinMs > 0 && !isAnswered()) {
        m_isWarned = true;
        std::array<char, 256> why{};
        PGcancel* cancel = PQgetCancel(m_connection);
        (void)PQcancel(cancel, why.data(), static_cast<int>(why.size()));
        PQfreeCancel(cancel);
    }
    Rows last;
    while (PGresult* next = PQgetResult(m_connection)) last.reset(next);
    return last;
}

bool Connection::isAnswered() {
    using std::chrono::milliseconds;
    using std::chrono::steady_clock;
    const auto end = steady_clock::now() + milliseconds(m_answerWithinMs);
    while (PQisBusy(m_connection) == 1) {
        const auto left = std::chrono::ceil<milliseconds>(end - steady_clock::now()).count();
        if (left <= 0) return false;
        pollfd socket{PQsocket(m_connection), POLLIN, 0};
        if (::poll(&socket, 1, static_cast<int>(std::min<std::int64_t>(left, 1'000))) > 0 &&
            PQconsumeInput(m_connection) == 0)
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

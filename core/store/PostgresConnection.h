// A connection to a PostgreSQL server (libpq), for those of this room who keep something there.
#pragma once

#include "core/store/PostgresStore.h"
#include "core/store/TableStore.h"

#include <libpq-fe.h>
#include <vector>

namespace tallylock::store::postgres {

struct ResultFree {
    void operator()(PGresult* result) const { PQclear(result); }
};
using Rows = std::unique_ptr<PGresult, ResultFree>;

/// The values of a statement, in the binary format.
class Values {
public:
    void add(std::uint64_t number) {
        Bytes bytes(8);
        putBigEndian64(bytes.data(), number);
        m_kept.push_back(std::move(bytes));
        add(m_kept.back());
    }
    void add(ByteView bytes) { // lives until the statement is sent
        m_values.push_back(bytes.empty() ? "" : reinterpret_cast<const char*>(bytes.data())); // null is NULL
        m_lengths.push_back(static_cast<int>(bytes.size()));
        m_formats.push_back(1);
    }
    void reserve(std::size_t count) { m_kept.reserve(count); } // views into it stay valid
    std::vector<const char*> m_values;
    std::vector<int> m_lengths;
    std::vector<int> m_formats;

private:
    std::vector<Bytes> m_kept;
};

/// Owned by one thread.
class Connection {
public:
    static Result<std::unique_ptr<Connection>, ports::StoreFailure> open(const PostgresPlace& place);
    ~Connection() { PQfinish(m_connection); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    Done run(const char* sql);
    Result<Rows, ports::StoreFailure> ask(const std::string& sql, const Values& values = {});
    /// Of the last statements: whether the server has complained without refusing.
    bool takeWarning() { return std::exchange(m_isWarned, false); }
    void waitForever() { boundAnswers(0); }
    /// For statements that do not wait for their answers one by one.
    PGconn* handle() { return m_connection; }

    ports::StoreFailure failure(const char* doing) const;

private:
    Connection() = default;
    /// The last of the statement. A wait for the standby is cancelled when it takes too long, with a warning; the
    /// limits of the server itself do not hold for a commit. If that is not answered either, for as long again, the
    /// connection is over.
    Rows answer();
    void boundAnswers(std::int64_t withinMs);
    void cancel();
    /// Within the time that there is. What is wrong with the connection is an answer, too.
    bool isAnswered();

    PGconn* m_connection = nullptr;
    std::int64_t m_answerWithinMs = 0; ///< zero: for ever
    bool m_isWarned = false;
};

ByteView bytesAt(const Rows& rows, int row, int column);
/// A bigint.
std::uint64_t numberAt(const Rows& rows, int row, int column);

/// One number.
Result<std::uint64_t, ports::StoreFailure> askNumber(Connection& connection, const std::string& sql,
                                                     const Values& values = {});
Result<bool, ports::StoreFailure> isInRecovery(Connection& connection);

} // namespace tallylock::store::postgres

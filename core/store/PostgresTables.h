// The tables in a PostgreSQL database, in a schema of their own beside the journals (PostgresStore).
//
//   tallylock_tables.*         as Schema.h describes them
//   tallylock_tables.version   one row: theirs
//
// Statements are prepared once and sent one behind the other, without waiting for the answers (libpq's pipeline): those
// are looked at when something is read, and at the end of the transaction. Rows that are added go many in one
// statement. So a row costs no round trip.
//
// Only the writer of the present epoch writes here. A transaction ends with a look at the epoch, in the same breath
// with its commit: the claim of another waits for it, and after the claim none is committed any more. Whoever opens the
// tables ends the session of the one before, so that nobody waits for a machine that is gone or asleep.
#pragma once

#include "core/store/PostgresConnection.h"
#include "core/store/PostgresRows.h"

#include <array>
#include <unordered_map>

namespace tallylock::store {

class PostgresTables final : public TableStore {
public:
    /// OtherOwner if the epoch is not the present one.
    static Result<std::unique_ptr<TableStore>, ports::StoreFailure> open(const PostgresPlace& place,
                                                                         std::uint64_t epoch);

    std::string name() const override { return "PostgreSQL: the tables"; }
    bool hasTables() override;
    Done beginAnew() override;
    Done begin() override { return send("BEGIN"); }
    Done commit() override;
    void rollback() override;
    Done change(const char* sql, std::initializer_list<Value> values) override;
    Done addRow(const char* sql, std::initializer_list<Value> values) override;
    Done writeRows() override;
    /// It is not waited for.
    bool hasChanged() const override { return false; }
    Done read(const char* sql, std::initializer_list<Value> values,
              const std::function<bool(const Row&)>& visit) override;

private:
    PostgresTables(PostgresPlace place, std::unique_ptr<postgres::Connection> connection, std::uint64_t epoch)
        : m_place(std::move(place)),
          m_connection(std::move(connection)),
          m_epoch(epoch) {}
    Done take();
    /// A statement without values, which is not kept.
    Done send(const std::string& sql);
    Result<std::string, ports::StoreFailure> prepared(const char* sql);
    Done sendPrepared(const char* sql, std::initializer_list<Value> values);
    Done counted(int isSent);
    /// Waits for the answers to everything that was sent.
    Done settle();
    Done answers(const std::function<void(PGresult*)>& look);
    /// The same, with a failure as the server says it.
    Done gather(const std::function<void(PGresult*)>& look);
    void forgetStatements();
    /// The session may have been ended by a successor: then that is the reason.
    ports::StoreFailure reasonOf(ports::StoreFailure failure);

    PostgresPlace m_place;
    std::unique_ptr<postgres::Connection> m_connection;
    std::uint64_t m_epoch;
    std::size_t m_sent = 0; ///< and not answered yet
    std::unordered_map<const char*, std::string> m_prepared;
    std::unordered_map<const char*, PostgresRows> m_rows; ///< added, and not sent yet
    /// The values of one statement as libpq takes them.
    struct {
        std::vector<std::array<std::uint8_t, 8>> numbers;
        std::vector<std::string> texts;
        std::vector<const char*> values;
        std::vector<int> lengths;
        std::vector<int> formats;
    } m_bound;
};

} // namespace tallylock::store

// Rows of one table on their way to PostgreSQL: many at a time, as one array a column, in libpq's binary format.
#pragma once

#include "core/store/Schema.h"
#include "core/store/TableStore.h"

#include <libpq-fe.h>

namespace tallylock::store {

class PostgresRows {
public:
    /// Of an INSERT, or INSERT OR REPLACE, of one row.
    explicit PostgresRows(std::string_view insert);
    /// One value for each column of the table.
    void add(std::initializer_list<Value> values);
    bool isEmpty() const { return m_rows == 0; }
    /// Enough for one statement.
    bool isFull() const { return m_rows >= kMostRows || m_bytes >= kMostBytes; }
    void clear();
    /// Sends one statement for all rows, and forgets them. As PQsendQueryParams says: 1, or 0.
    int send(PGconn* connection);

private:
    static constexpr std::uint32_t kMostRows = 5'000;
    static constexpr std::size_t kMostBytes = std::size_t{1} << 20;
    struct Column {
        std::uint32_t type = 0; ///< of the elements
        Bytes array;            ///< its head, and the elements so far
    };

    std::string m_sql;
    std::vector<Column> m_columns;
    std::uint32_t m_rows = 0;
    std::size_t m_bytes = 0;
};

/// What PostgreSQL keeps as text: the same, but for what it refuses (the character of the number zero, and what is no
/// UTF-8), which is replaced by U+FFFD. Texts are written by strangers; what they wrote exactly is in the event.
std::string postgresText(const std::string& text);

} // namespace tallylock::store

// Where the tables are, as those see it who write and read them: a SQLite file (SqliteTables) or a schema of a
// PostgreSQL database (PostgresTables). Every statement is a literal in the words that both know, with a question mark
// for each value; two are SQLite's own and translated: INSERT OR REPLACE and INSERT OR IGNORE.
#pragma once

#include "core/money/Amount.h"
#include "core/ports/Journal.h"

#include <concepts>
#include <functional>
#include <initializer_list>
#include <optional>

namespace tallylock::store {

using Done = Result<void, ports::StoreFailure>;

/// The one way an amount is written: a whole number of the unit's smallest part, as decimal text of any length.
std::string amountText(const money::Amount& amount);
/// What it has written.
money::Amount amountOf(std::string_view text, money::UnitId unit);

/// What is written into a column.
class Value {
public:
    enum class Kind { Null, Number, Text, Bytes };

    Value() = default; ///< null
    template <std::integral T>
    Value(T number)
        : m_kind(Kind::Number),
          m_number(static_cast<std::int64_t>(number)) {} ///< both count in 63 bits; every number of ours stays below
    Value(std::string text) : m_kind(Kind::Text), m_text(std::move(text)) {}
    Value(const char* text) : Value(std::string(text)) {}
    Value(ByteView bytes) : m_kind(Kind::Bytes), m_bytes(bytes) {} ///< not copied

    Kind kind() const { return m_kind; }
    std::int64_t number() const { return m_number; }
    const std::string& text() const { return m_text; }
    ByteView bytes() const { return m_bytes; }

private:
    Kind m_kind = Kind::Null;
    std::int64_t m_number = 0;
    std::string m_text;
    ByteView m_bytes;
};

/// One row of an answer, while it is visited.
class Row {
public:
    virtual ~Row() = default;
    virtual bool isNull(int column) const = 0;
    virtual std::int64_t signedNumber(int column) const = 0;
    virtual ByteView bytes(int column) const = 0; ///< while the row is
    virtual money::Amount amount(int column, money::UnitId unit) const = 0;

    std::uint64_t number(int column) const { return static_cast<std::uint64_t>(signedNumber(column)); }
    template <class T>
    T numberAs(int column) const {
        return static_cast<T>(signedNumber(column));
    }
    money::UnitId unit(int column) const { return {numberAs<std::uint16_t>(column)}; }
};

/// Owned by one thread.
class TableStore {
public:
    virtual ~TableStore() = default;
    virtual std::string name() const = 0; ///< for failures

    /// Whether there are tables of this version.
    virtual bool hasTables() = 0;
    /// Begins a transaction in which there is nothing, makes all tables in it, and leaves it to the caller.
    virtual Done beginAnew() = 0;

    virtual Done begin() = 0;
    /// Whole, or not at all.
    virtual Done commit() = 0;
    virtual void rollback() = 0;

    /// Seen by every later read. A failure may be told as late as by the next read or commit.
    virtual Done change(const char* sql, std::initializer_list<Value> values) = 0;
    /// An INSERT, or INSERT OR REPLACE, of one row with all its columns. It may be written later than what is changed
    /// after it, together with others of its kind: so no key comes twice, and no change is about it, before writeRows()
    /// or a read.
    virtual Done addRow(const char* sql, std::initializer_list<Value> values) = 0;
    virtual Done writeRows() = 0;
    /// Whether the last change is known to have met a row.
    virtual bool hasChanged() const = 0;
    /// Visits the rows until the visitor returns false.
    virtual Done read(const char* sql, std::initializer_list<Value> values,
                      const std::function<bool(const Row&)>& visit) = 0;

    /// The first column of the first row.
    Result<std::optional<std::uint64_t>, ports::StoreFailure> number(const char* sql,
                                                                     std::initializer_list<Value> values = {}) {
        std::optional<std::uint64_t> found;
        const auto done = read(sql, values, [&](const Row& row) {
            found = row.number(0);
            return false;
        });
        if (!done) return Err(done.error());
        return found;
    }
    Result<std::optional<Bytes>, ports::StoreFailure> bytes(const char* sql, std::initializer_list<Value> values) {
        std::optional<Bytes> found;
        const auto done = read(sql, values, [&](const Row& row) {
            found = bytesOf(row.bytes(0));
            return false;
        });
        if (!done) return Err(done.error());
        return found;
    }
};

} // namespace tallylock::store

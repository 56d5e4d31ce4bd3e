// The tables of the projections, as an operator meets them. See docs/decisions/projections-and-streams.md.
//
// They are described once. A column has one of four kinds, of which each database has its own type:
//
//   number   a whole number of 63 bits and a sign     INTEGER   BIGINT
//   text                                              TEXT      TEXT
//   bytes                                             BLOB      BYTEA
//   amount   a whole number of the unit's smallest    TEXT      NUMERIC(39,0)
//            part, of 127 bits and a sign
//
// SQLite has amounts as text because its NUMERIC would round what does not fit into 64 bits.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tallylock::store {

/// Tables of another version are dropped and rebuilt from the journal: there is no migration.
inline constexpr int kProjectionVersion = 12;

enum class Dialect { Sqlite, Postgres };

enum class ColumnKind { Number, Text, Bytes, Amount };

/// How SQLite lays the rows out.
enum class RowOrder { Arrival, Key };

struct TableDescription {
    const char* name;
    const char* columns; ///< "name kind, ...", with a question mark behind the kind of one that may be null
    const char* key;     ///< "name, ..."; empty: none
    RowOrder order = RowOrder::Arrival;

    std::vector<std::string> columnNames() const;
    std::vector<ColumnKind> columnKinds() const;
};
/// All of them.
std::span<const TableDescription> projectionTables();

/// The statements that make the tables, their indexes and views, and what says which version they are of.
std::vector<std::string> projectionSchema(Dialect dialect);

/// The table that a statement "INSERT ... INTO name ..." is about.
const TableDescription& tableOf(std::string_view insert);
/// What such a statement ends with in PostgreSQL, if it is one of SQLite's own.
std::string onConflictOf(std::string_view insert);
/// A statement as PostgreSQL takes it: $1 for a question mark, and ON CONFLICT for the words that SQLite alone has.
std::string postgresStatement(std::string_view sql);

} // namespace tallylock::store

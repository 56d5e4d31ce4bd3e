#include "core/store/PostgresTables.h"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace tallylock::store {

using ports::StoreError;
using ports::StoreFailure;

namespace {

constexpr std::int64_t kTablesLock = 0x7461626c6573; ///< held by whoever writes them
constexpr std::size_t kMostSent = 20'000;            ///< before their answers are looked at
constexpr Oid kNumeric = 1700;                       ///< PostgreSQL's pg_type.dat

/// No commit waits for a standby, nor for the disk: what is lost with the machine is made anew from the journal. Every
/// question goes by an index, whatever the statistics say of tables that have just been filled.
const char* const kSettings[] = {
    "SET application_name TO 'tallylock tables'",
    "SET synchronous_commit TO off",
    "SET search_path TO tallylock_tables",
    "SET lock_timeout TO '30s'",
    "SET idle_in_transaction_session_timeout TO '60s'", // of a machine that sleeps: others may claim
    "SET enable_seqscan TO off",
    "SET enable_bitmapscan TO off",
    "SET enable_hashjoin TO off",
    "SET enable_mergejoin TO off",
    "SET jit TO off", // it would compile each small statement whose only way is one of those
};

/// What is there of another time, and whatever depends on it. The schema stays, with what an operator has allowed in
/// it.
constexpr const char* kDropAll =
    "DO $$ DECLARE gone text; BEGIN "
    "FOR gone IN SELECT format('DROP TABLE IF EXISTS tallylock_tables.%I CASCADE', tablename) FROM pg_tables "
    "WHERE schemaname = 'tallylock_tables' LOOP EXECUTE gone; END LOOP; END $$";

StoreFailure deposed() { return {StoreError::OtherOwner, "another coordinator has taken over"}; }

StoreFailure failureOf(const PGresult* result) {
    const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char* text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY); // without the rows that it is about
    const std::string_view code = state ? state : "";
    const std::string detail = "PostgreSQL: " + std::string(text ? text : "the connection is lost");
    if (code == "22012") return deposed(); // see fenceOf()
    if (code == "53100") return {StoreError::DiskFull, detail};
    return {StoreError::Io, detail};
}

/// Fails by dividing by zero once the epoch is another one, so that nothing sent behind it is done.
std::string fenceOf(std::uint64_t epoch) {
    return "SELECT 1 / count(*) FROM (SELECT 1 FROM tallylock.writer WHERE epoch = " + std::to_string(epoch) +
           " FOR SHARE) AS fence";
}

std::int64_t wholeNumber(ByteView bytes) {
    std::uint64_t number = 0;
    for (const std::uint8_t byte : bytes) number = number << 8 | byte;
    if (bytes.size() == 4) return static_cast<std::int32_t>(number);
    return static_cast<std::int64_t>(number);
}

/// PostgreSQL's numeric in its binary format: how many digits of four decimals, the first one's weight, the sign, the
/// decimals behind the point (none here), and the digits.
money::Int128 wholeNumeric(ByteView bytes) {
    constexpr std::size_t kHead = 8;
    constexpr std::uint16_t kNegative = 0x4000;
    const auto at = [&](std::size_t place) { return static_cast<std::uint16_t>(bytes[place] << 8 | bytes[place + 1]); };
    if (bytes.size() < kHead) return 0;
    const int weight = static_cast<std::int16_t>(at(2));
    const int digits = std::min<int>(at(0), static_cast<int>((bytes.size() - kHead) / 2));
    money::UInt128 distance = 0;
    for (int i = 0; i <= weight && i < 10; ++i) {
        const unsigned digit = i < digits ? at(kHead + static_cast<std::size_t>(i) * 2) : 0;
        distance = distance * 10'000 + digit;
    }
    return static_cast<money::Int128>(at(4) == kNegative ? money::UInt128{0} - distance : distance);
}

class PostgresRow final : public Row {
public:
    explicit PostgresRow(const PGresult* result) : m_result(result) {}
    bool isNull(int column) const override { return PQgetisnull(m_result, 0, column) == 1; }
    std::int64_t signedNumber(int column) const override { return wholeNumber(bytes(column)); }
    ByteView bytes(int column) const override {
        return {reinterpret_cast<const std::uint8_t*>(PQgetvalue(m_result, 0, column)),
                static_cast<std::size_t>(PQgetlength(m_result, 0, column))};
    }
    money::Amount amount(int column, money::UnitId unit) const override {
        assert(PQftype(m_result, column) == kNumeric);
        return {wholeNumeric(bytes(column)), unit};
    }

private:
    const PGresult* m_result;
};

} // namespace

Result<std::unique_ptr<TableStore>, StoreFailure> PostgresTables::open(const PostgresPlace& place,
                                                                       std::uint64_t epoch) {
    auto connection = postgres::Connection::open(place);
    if (!connection) return Err(connection.error());
    std::unique_ptr<PostgresTables> made(new PostgresTables(place, std::move(*connection), epoch));
    if (const auto taken = made->take(); !taken) return Err(taken.error());
    if (PQenterPipelineMode(made->m_connection->handle()) != 1) return Err(made->m_connection->failure("tables"));
    return std::unique_ptr<TableStore>(std::move(made));
}

/// While nobody can claim: so it is a deposed one's session that is ended, never a successor's.
Done PostgresTables::take() {
    using postgres::askNumber;
    m_connection->waitForever();
    for (const char* setting : kSettings) {
        if (auto done = m_connection->run(setting); !done) return done;
    }
    if (auto begun = m_connection->run("BEGIN"); !begun) return begun;
    const auto isOurs = askNumber(*m_connection, "SELECT count(*) FROM (SELECT 1 FROM tallylock.writer WHERE epoch = " +
                                                     std::to_string(m_epoch) + " FOR SHARE) AS fence");
    if (!isOurs) return Err(isOurs.error());
    if (*isOurs == 0) return Err(deposed());
    const std::string lock = std::to_string(kTablesLock);
    const auto ended = askNumber(*m_connection, "SELECT count(pg_terminate_backend(pid)) FROM pg_locks "
                                                "WHERE locktype = 'advisory' AND objsubid = 1 AND granted "
                                                "AND (classid::bigint << 32 | objid::bigint) = " +
                                                    lock +
                                                    " AND database = (SELECT oid FROM pg_database WHERE datname = "
                                                    "current_database()) AND pid <> pg_backend_pid()");
    if (!ended) return Err(ended.error());
    if (auto locked = m_connection->run(("SELECT pg_advisory_lock(" + lock + ")").c_str()); !locked) return locked;
    return m_connection->run("COMMIT");
}

bool PostgresTables::hasTables() {
    std::uint64_t version = 0;
    std::uint64_t columns = 0;
    std::uint64_t described = 0;
    std::string names;
    for (const TableDescription& table : projectionTables()) {
        for (const std::string& column : table.columnNames()) {
            names += (described++ == 0 ? "('" : ", ('") + std::string(table.name) + "', '" + column + "')";
        }
    }
    // Whoever has looked into the tables with other programs may have changed them.
    auto done = send("SELECT count(*) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n "
                     "ON n.oid = c.relnamespace WHERE n.nspname = 'tallylock_tables' AND c.relkind = 'r' AND "
                     "NOT a.attisdropped AND (c.relname, a.attname) IN (VALUES " +
                     names + ")");
    if (done) {
        done = answers([&](PGresult* row) { columns = PostgresRow(row).number(0); });
    }
    if (!done || columns != described) return false;
    done = read("SELECT version FROM version", {}, [&](const Row& row) {
        version = row.number(0);
        return false;
    });
    return done && version == kProjectionVersion;
}

Done PostgresTables::beginAnew() {
    forgetStatements();
    auto done = begin();
    if (done) done = send("CREATE SCHEMA IF NOT EXISTS tallylock_tables");
    if (done) done = send(kDropAll);
    for (const std::string& statement : projectionSchema(Dialect::Postgres)) {
        if (done) done = send(statement);
    }
    return done ? settle() : done;
}

Done PostgresTables::commit() {
    auto done = writeRows();
    if (done) done = send(fenceOf(m_epoch));
    if (done) done = send("COMMIT");
    if (!done) return done;
    bool isCommitted = false;
    done = answers([&](PGresult* result) { isCommitted = std::strcmp(PQcmdStatus(result), "COMMIT") == 0; });
    if (done && !isCommitted) done = Err(StoreFailure{StoreError::Io, name() + ": not committed"});
    return done;
}

void PostgresTables::rollback() {
    for (auto& [sql, rows] : m_rows) rows.clear();
    (void)settle(); // of a transaction that has failed nothing is left to do
    if (send("ROLLBACK")) (void)settle();
    forgetStatements(); // some may not have been prepared
}

void PostgresTables::forgetStatements() {
    m_prepared.clear();
    if (send("DEALLOCATE ALL")) (void)settle();
}

// --- statements -----------------------------------------------------------------------------------------------------

StoreFailure PostgresTables::reasonOf(StoreFailure failure) {
    const auto another = postgres::Connection::open(m_place);
    if (!another) return failure;
    const auto epoch = postgres::askNumber(**another, "SELECT epoch FROM tallylock.writer");
    return epoch && *epoch != m_epoch ? deposed() : failure;
}

Done PostgresTables::counted(int isSent) {
    if (isSent != 1) return Err(reasonOf(m_connection->failure("tables")));
    ++m_sent;
    return {};
}

Done PostgresTables::send(const std::string& sql) {
    return counted(PQsendQueryParams(m_connection->handle(), sql.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 1));
}

Result<std::string, StoreFailure> PostgresTables::prepared(const char* sql) {
    const auto found = m_prepared.find(sql);
    if (found != m_prepared.end()) return found->second;
    std::string made = 's' + std::to_string(m_prepared.size());
    const auto sent =
        counted(PQsendPrepare(m_connection->handle(), made.c_str(), postgresStatement(sql).c_str(), 0, nullptr));
    if (!sent) return Err(sent.error());
    return m_prepared.emplace(sql, std::move(made)).first->second;
}

Done PostgresTables::sendPrepared(const char* sql, std::initializer_list<Value> values) {
    const auto statement = prepared(sql);
    if (!statement) return Err(statement.error());
    auto& [numbers, texts, pointers, lengths, formats] = m_bound;
    pointers.clear();
    lengths.clear();
    formats.clear();
    numbers.resize(std::max(numbers.size(), values.size()));
    texts.resize(std::max(texts.size(), values.size()));
    for (const Value& value : values) {
        const std::size_t place = pointers.size();
        const char* data = nullptr;
        std::size_t length = 0;
        switch (value.kind()) {
        case Value::Kind::Null: break;
        case Value::Kind::Number:
            putBigEndian64(numbers[place].data(), static_cast<std::uint64_t>(value.number()));
            data = reinterpret_cast<const char*>(numbers[place].data());
            length = numbers[place].size();
            break;
        case Value::Kind::Text:
            texts[place] = postgresText(value.text());
            data = texts[place].c_str();
            break;
        case Value::Kind::Bytes:
            data = value.bytes().empty() ? "" : reinterpret_cast<const char*>(value.bytes().data());
            length = value.bytes().size();
            break;
        }
        pointers.push_back(data);
        lengths.push_back(static_cast<int>(length));
        formats.push_back(value.kind() == Value::Kind::Text ? 0 : 1); // the server makes text or an amount of it
    }
    return counted(PQsendQueryPrepared(m_connection->handle(), statement->c_str(), static_cast<int>(pointers.size()),
                                       pointers.data(), lengths.data(), formats.data(), 1));
}

Done PostgresTables::change(const char* sql, std::initializer_list<Value> values) {
    auto done = sendPrepared(sql, values);
    if (done && m_sent >= kMostSent) done = settle();
    return done;
}

Done PostgresTables::addRow(const char* sql, std::initializer_list<Value> values) {
    auto rows = m_rows.find(sql);
    if (rows == m_rows.end()) rows = m_rows.emplace(sql, PostgresRows(sql)).first;
    rows->second.add(values);
    return rows->second.isFull() ? counted(rows->second.send(m_connection->handle())) : Done();
}

Done PostgresTables::writeRows() {
    for (auto& [sql, rows] : m_rows) {
        if (rows.isEmpty()) continue;
        if (auto sent = counted(rows.send(m_connection->handle())); !sent) return sent;
    }
    return {};
}

Done PostgresTables::settle() {
    if (m_sent == 0) return {};
    return answers([](PGresult*) {});
}

/// The first failure. The server does nothing of what was sent behind it.
Done PostgresTables::answers(const std::function<void(PGresult*)>& look) {
    Done answered = gather(look);
    if (!answered) return Err(reasonOf(answered.error()));
    return answered;
}

Done PostgresTables::gather(const std::function<void(PGresult*)>& look) {
    PGconn* const connection = m_connection->handle();
    m_sent = 0;
    if (PQpipelineSync(connection) != 1) return Err(m_connection->failure("tables"));
    Done first;
    while (true) {
        const postgres::Rows result(PQgetResult(connection));
        if (!result) { // the end of one statement's
            if (PQstatus(connection) != CONNECTION_OK)
                return first ? Done(Err(m_connection->failure("tables"))) : first;
            continue;
        }
        switch (PQresultStatus(result.get())) {
        case PGRES_PIPELINE_SYNC: return first;
        case PGRES_COMMAND_OK:
        case PGRES_TUPLES_OK:
        case PGRES_SINGLE_TUPLE:
            if (first) look(result.get());
            break;
        case PGRES_PIPELINE_ABORTED: break;
        default:
            if (first) first = Err(failureOf(result.get()));
        }
    }
}

Done PostgresTables::read(const char* sql, std::initializer_list<Value> values,
                          const std::function<bool(const Row&)>& visit) {
    if (const auto statement = prepared(sql); !statement) return Err(statement.error());
    auto done = writeRows();
    if (done) done = settle();
    if (done) done = sendPrepared(sql, values);
    if (!done) return done;
    (void)PQsetSingleRowMode(m_connection->handle()); // many rows need no more memory than one
    bool goesOn = true;
    return answers([&](PGresult* result) {
        if (goesOn && PQntuples(result) == 1) goesOn = visit(PostgresRow(result));
    });
}

} // namespace tallylock::store

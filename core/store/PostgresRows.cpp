#include "core/store/PostgresRows.h"

#include <QString>

#include <algorithm>
#include <array>
#include <cassert>

namespace tallylock::store {

namespace {

/// An array in the binary format: dimensions, whether there are nulls, the elements' type, how many, the first's index;
/// then each with its length before it, which is -1 for a null.
constexpr std::size_t kArrayHead = 20;

void putBigEndian32(std::uint8_t* place, std::uint32_t number) {
    for (int i = 0; i < 4; ++i) place[i] = static_cast<std::uint8_t>(number >> (24 - 8 * i));
}
void appendElement(Bytes& array, ByteView element) {
    std::array<std::uint8_t, 4> length{};
    putBigEndian32(length.data(), static_cast<std::uint32_t>(element.size()));
    array.insert(array.end(), length.begin(), length.end());
    array.insert(array.end(), element.begin(), element.end());
}

/// Of pg_type.dat. An amount travels as text: the server makes a number of it.
struct Element {
    ColumnKind kind;
    std::uint32_t type;
    const char* array;
    const char* cast;
};
constexpr Element kElements[] = {
    {ColumnKind::Number, 20, "bigint[]", ""},
    {ColumnKind::Text, 25, "text[]", ""},
    {ColumnKind::Bytes, 17, "bytea[]", ""},
    {ColumnKind::Amount, 25, "text[]", "::numeric"},
};

} // namespace

std::string postgresText(const std::string& text) {
    const bool isPlain =
        std::all_of(text.begin(), text.end(), [](char c) { return c != 0 && static_cast<unsigned char>(c) < 0x80; });
    if (isPlain) return text;
    return QString::fromStdString(text).replace(QChar(0), QChar(QChar::ReplacementCharacter)).toStdString();
}

PostgresRows::PostgresRows(std::string_view insert) {
    const TableDescription& table = tableOf(insert);
    std::string arrays;
    std::string names;
    std::string values;
    for (const ColumnKind kind : table.columnKinds()) {
        const auto* element = std::find_if(std::begin(kElements), std::end(kElements),
                                           [kind](const Element& one) { return one.kind == kind; });
        const std::string number = std::to_string(m_columns.size() + 1);
        const std::string between = m_columns.empty() ? "" : ", ";
        arrays += between + '$' + number + "::" + element->array;
        names += between + 'c' + number;
        values += between + 'c' + number + element->cast;
        m_columns.push_back({element->type, {}});
    }
    m_sql = "INSERT INTO \"" + std::string(table.name) + "\" SELECT " + values + " FROM unnest(" + arrays +
            ") AS given(" + names + ")" + onConflictOf(insert);
    clear();
}

void PostgresRows::clear() {
    for (Column& column : m_columns) column.array.assign(kArrayHead, 0);
    m_rows = 0;
    m_bytes = 0;
}

void PostgresRows::add(std::initializer_list<Value> values) {
    assert(values.size() == m_columns.size());
    auto column = m_columns.begin();
    for (const Value& value : values) {
        Bytes& array = (column++)->array;
        const std::size_t before = array.size();
        switch (value.kind()) {
        case Value::Kind::Null: array.insert(array.end(), 4, 0xff); break;
        case Value::Kind::Number: {
            std::array<std::uint8_t, 8> number{};
            putBigEndian64(number.data(), static_cast<std::uint64_t>(value.number()));
            appendElement(array, number);
            break;
        }
        case Value::Kind::Text: appendElement(array, viewOf(postgresText(value.text()))); break;
        case Value::Kind::Bytes: appendElement(array, value.bytes()); break;
        }
        m_bytes += array.size() - before;
    }
    ++m_rows;
}

int PostgresRows::send(PGconn* connection) {
    std::vector<const char*> values;
    std::vector<int> lengths;
    for (Column& column : m_columns) {
        std::uint8_t* head = column.array.data();
        putBigEndian32(head, 1);
        putBigEndian32(head + 4, 1); // there may be some
        putBigEndian32(head + 8, column.type);
        putBigEndian32(head + 12, m_rows);
        putBigEndian32(head + 16, 1);
        values.push_back(reinterpret_cast<const char*>(head));
        lengths.push_back(static_cast<int>(column.array.size()));
    }
    const std::vector<int> formats(values.size(), 1);
    const int isSent = PQsendQueryParams(connection, m_sql.c_str(), static_cast<int>(values.size()), nullptr,
                                         values.data(), lengths.data(), formats.data(), 1);
    clear();
    return isSent;
}

} // namespace tallylock::store

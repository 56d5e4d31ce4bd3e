// The records that the journal tests write: each follows from its number, so that what is read can be checked.
#pragma once

#include "core/base/Bytes.h"

namespace tallylock::test {

inline Bytes recordOf(std::uint64_t number) {
    Bytes record(8 + number * 997 % 9000); // some fit into a page, some do not
    for (std::size_t i = 0; i < record.size(); ++i) record[i] = static_cast<std::uint8_t>(number * 31 + i * 7);
    return record;
}
inline std::vector<Bytes> recordsFrom(std::uint64_t first, std::uint64_t count) {
    std::vector<Bytes> records;
    for (std::uint64_t i = 0; i < count; ++i) records.push_back(recordOf(first + i));
    return records;
}

/// Each append adds this many records, so a journal of another size was torn.
inline constexpr std::uint64_t kRecordsAnAppend = 3;

} // namespace tallylock::test

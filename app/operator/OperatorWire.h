// What goes over an operator's door: one question and one answer a connection, on a local socket.
//
//   question:  header, attachment      header:  length (4 bytes, big-endian), CBOR of that length
//   answer:    header, out, err        the rest: bytes, as many as the header says
//
// Both ends are of one release: a header of another version is refused in words.
#pragma once

#include "core/base/CborFields.h"

#include <string>
#include <vector>

namespace tallylock::app {

inline constexpr std::uint64_t kDoorVersion = 1;
inline constexpr const char* kDoorName = "operator.sock"; ///< in the coordinator's folder
inline constexpr std::size_t kMostDoorHeader = std::size_t{64} << 10;
inline constexpr std::size_t kMostDoorBytes = std::size_t{64} << 20; ///< of an attachment, and of what is said

struct DoorQuestion {
    std::uint64_t version = kDoorVersion;
    std::vector<std::string> words; ///< of tallylock-cli, without the folder: {"cases", "list"}
    std::uint64_t attachedBytes = 0;
    static constexpr void fields(auto use) {
        use(field(1, &DoorQuestion::version), field(2, &DoorQuestion::words), field(3, &DoorQuestion::attachedBytes));
    }
};
struct DoorAnswer {
    std::uint64_t version = kDoorVersion;
    std::uint8_t code = 0; ///< how tallylock-cli is to end
    std::uint64_t outBytes = 0;
    std::uint64_t errBytes = 0;
    static constexpr void fields(auto use) {
        use(field(1, &DoorAnswer::version), field(2, &DoorAnswer::code), field(3, &DoorAnswer::outBytes),
            field(4, &DoorAnswer::errBytes));
    }
};

} // namespace tallylock::app

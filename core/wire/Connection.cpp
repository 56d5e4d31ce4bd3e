#include "core/wire/Connection.h"

#include "core/base/EnumNames.h"

namespace tallylock::wire {

namespace {
constexpr const char* kNoAnswers[] = {"closed", "busy", "too-large"};
constexpr const char* kFileRefusals[] = {"not-here",   "not-allowed", "busy",        "out-of-order",
                                         "other-file", "too-many",    "store-failed"};
constexpr const char* kFarewells[] = {"unknown-version", "malformed", "login-refused",
                                      "too-slow",        "too-many",  "stopping"};
} // namespace

const char* nameOf(NoAnswer why) { return nameFrom(kNoAnswers, why); }
const char* nameOf(FileRefused why) { return nameFrom(kFileRefusals, why); }
const char* nameOf(Farewell why) { return nameFrom(kFarewells, why); }

} // namespace tallylock::wire

namespace tallylock {
template Bytes encodeCbor(const wire::ToServer&);
template Bytes encodeCbor(const wire::ToClient&);
template Result<wire::ToServer, CborError> decodeCbor(ByteView);
template Result<wire::ToClient, CborError> decodeCbor(ByteView);
} // namespace tallylock

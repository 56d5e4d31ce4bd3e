#include "core/wire/Connection.h"

#include <cassert>
#include <iterator>

namespace tallylock::wire {

namespace {
constexpr const char* kNoAnswers[] = {"closed", "busy", "too-large"};
constexpr const char* kFileRefusals[] = {"not-here",   "not-allowed", "busy",        "out-of-order",
                                         "other-file", "too-many",    "store-failed"};
constexpr const char* kFarewells[] = {"unknown-version", "malformed", "login-refused",
                                      "too-slow",        "too-many",  "stopping"};
template <class E, std::size_t N>
const char* nameFrom(const char* const (&names)[N], E value) {
    static_assert(N == static_cast<std::size_t>(E::kCount));
    assert(value < E::kCount);
    return names[static_cast<std::size_t>(value)];
}
} // namespace

const char* nameOf(NoAnswer why) { return nameFrom(kNoAnswers, why); }
const char* nameOf(FileRefused why) { return nameFrom(kFileRefusals, why); }
const char* nameOf(Farewell why) { return nameFrom(kFarewells, why); }

} // namespace tallylock::wire

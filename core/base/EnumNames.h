// The name of an enumerator, from a table in the order of its enum, which ends with kCount.
#pragma once

#include <cassert>
#include <cstddef>

namespace tallylock {

template <class E, std::size_t N>
const char* nameFrom(const char* const (&names)[N], E value) {
    static_assert(N == static_cast<std::size_t>(E::kCount));
    assert(value < E::kCount);
    return names[static_cast<std::size_t>(value)];
}

} // namespace tallylock

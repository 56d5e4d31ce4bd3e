// Fetching memory before it is needed.
//
// The empty asm says that something happens: a function that does nothing but prefetch counts as one without an effect,
// and g++ 12 leaves out the calls of such a function where it does not inline them.
#pragma once

namespace tallylock {

/// For reading or writing soon. Any address, also none.
inline void prefetchLine(const void* address) {
    __builtin_prefetch(address, 1);
    asm volatile("" : : "r"(address));
}

} // namespace tallylock

// Vectors for the big tables of the state. What is reached at random over many megabytes misses the processor's table
// of pages with nearly every access; pages of two megabytes, where the system has them, spare most of that.
#pragma once

#include <algorithm>
#include <cstddef>
#include <new>
#include <vector>

#if __has_include(<sys/mman.h>)
#include <sys/mman.h>
#endif

namespace tallylock {

template <class T>
struct HugeAllocator {
    using value_type = T;
    static constexpr std::size_t kHugePage = std::size_t{2} << 20;

    HugeAllocator() = default;
    template <class U>
    HugeAllocator(const HugeAllocator<U>&) {} // NOLINT(google-explicit-constructor): as the standard wants it

    T* allocate(std::size_t count) {
        const std::size_t size = count * sizeof(T);
        void* memory = ::operator new(size, alignmentFor(size));
#ifdef MADV_HUGEPAGE
        // A wish: without it all goes on, only slower.
        if (size >= kHugePage) (void)::madvise(memory, size / kHugePage * kHugePage, MADV_HUGEPAGE);
#endif
        return static_cast<T*>(memory);
    }
    void deallocate(T* memory, std::size_t count) { ::operator delete(memory, alignmentFor(count * sizeof(T))); }

    bool operator==(const HugeAllocator&) const { return true; }

private:
    static std::align_val_t alignmentFor(std::size_t size) {
        constexpr std::size_t kLeast = std::max(alignof(std::max_align_t), alignof(T));
        return std::align_val_t{size >= kHugePage ? kHugePage : kLeast};
    }
};

template <class T>
using HugeVector = std::vector<T, HugeAllocator<T>>;

} // namespace tallylock

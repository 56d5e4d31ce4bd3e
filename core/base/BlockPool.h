// Memory for very many small arrays that only grow: the last replies of a device, the last order ids of a holder.
//
// Blocks have a power of two as their size and never share a line of the cache; they are cut from large pieces that
// the system may back with huge pages (HugeVector.h). From the heap they would lie on as many pages as there are
// arrays, and a miss of the processor's table of pages would cost more than the access. A block that is given back
// serves the next array of its size; all memory goes when the pool goes. One thread.
#pragma once

#include "core/base/HugeVector.h"

#include <array>
#include <bit>
#include <cassert>
#include <cstdint>
#include <memory>
#include <type_traits>

namespace tallylock {

class BlockPool {
public:
    static constexpr std::size_t kLeast = 64; ///< bytes
    static constexpr std::size_t kMost = std::size_t{64} << 10;

    BlockPool() = default;
    BlockPool(BlockPool&&) noexcept = default;
    BlockPool& operator=(BlockPool&&) noexcept = default;
    BlockPool(const BlockPool&) = delete;
    BlockPool& operator=(const BlockPool&) = delete;
    ~BlockPool() = default;

    /// An array of `count` Ts, at most kMost bytes. They are there (a T is of an implicit-lifetime type), but nothing
    /// has been written: assign before reading.
    template <class T>
    T* take(std::size_t count) {
        static_assert(std::is_aggregate_v<T> && std::is_trivially_copyable_v<T> && alignof(T) <= kLeast);
        return static_cast<T*>(takeBytes(sizeof(T) * count));
    }
    /// Gives back what take() gave for this count. Nothing for nullptr.
    template <class T>
    void give(T* array, std::size_t count) {
        if (array) m_free[classOf(sizeof(T) * count)].push_back(array);
    }

private:
    struct alignas(kLeast) Line {
        std::array<std::byte, kLeast> bytes;
    };
    static constexpr std::size_t kFirstPiece = 1024; // lines
    static constexpr std::size_t kLargestPiece = (HugeAllocator<Line>::kHugePage * 4) / kLeast;

    static std::size_t classOf(std::size_t bytes) {
        assert(bytes > 0 && bytes <= kMost);
        return bytes <= kLeast ? 0 : static_cast<std::size_t>(std::bit_width((bytes - 1) / kLeast));
    }
    void* takeBytes(std::size_t bytes) {
        const std::size_t kind = classOf(bytes);
        if (std::vector<void*>& free = m_free[kind]; !free.empty()) {
            void* block = free.back();
            free.pop_back();
            return block;
        }
        const std::size_t lines = std::size_t{1} << kind;
        if (m_pieces.empty() || m_used + lines > m_pieces.back().get_deleter().count) addPiece();
        void* block = m_pieces.back().get() + m_used;
        m_used += lines;
        return block;
    }
    // What is left of the last piece stays unused: less than one block. A piece is not touched before it is used.
    void addPiece() {
        const std::size_t last = m_pieces.empty() ? 0 : m_pieces.back().get_deleter().count;
        const std::size_t count = std::clamp(last * 2, kFirstPiece, kLargestPiece);
        m_pieces.emplace_back(HugeAllocator<Line>().allocate(count), GiveBack{count});
        m_used = 0;
    }

    struct GiveBack {
        std::size_t count = 0; ///< lines
        void operator()(Line* lines) const { HugeAllocator<Line>().deallocate(lines, count); }
    };
    std::vector<std::unique_ptr<Line, GiveBack>> m_pieces;
    std::size_t m_used = 0; // lines of the last piece
    std::array<std::vector<void*>, std::bit_width(kMost / kLeast)> m_free;
};

} // namespace tallylock

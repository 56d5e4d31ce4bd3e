// The sealed files of a bucket, as they are found and read. An object never changes once it is there, so what has been
// seen of it is kept a while: a buyer who takes a file piece by piece does not cost a request for each.
#pragma once

#include "core/store/s3/Connection.h"

#include <list>
#include <map>
#include <memory>

namespace tallylock::store::s3 {

/// How files are cut on their way.
struct Sizes {
    std::uint64_t part = 8U << 20U;   ///< sent at a time; at least 5 MiB, which stores ask for
    std::size_t partsOfASize = 1'000; ///< then they are twice as large: a store takes 10000 of them
    std::size_t block = 1U << 20U;    ///< read at a time
    std::size_t blocks = 32;          ///< kept in memory, of all files together
};

/// Any thread.
class Objects {
public:
    Objects(Place place, AccessKey key, Patience patience, Sizes sizes)
        : m_connection(std::move(place), std::move(key), patience),
          m_sizes(sizes) {}

    /// Its size; nothing if it is not there.
    Result<std::optional<std::uint64_t>, ports::StoreFailure> find(const Hash& root);
    /// Fills `into` as far as the object goes.
    Result<std::size_t, ports::StoreFailure> read(const Hash& root, std::uint64_t offset, std::span<std::uint8_t> into);

    Connection& connection() { return m_connection; }
    const Sizes& sizes() const { return m_sizes; }
    /// Held by whoever looks whether an object is there before making it.
    std::mutex& committing() { return m_committing; }

private:
    using Block = std::shared_ptr<const Bytes>;
    struct Kept {
        Hash root;
        std::uint64_t index;
        Block block;
    };
    Result<Block, ports::StoreFailure> blockOf(const Hash& root, std::uint64_t index, std::uint64_t size);
    Block keptBlock(const Hash& root, std::uint64_t index);
    void keep(Kept fresh);
    ports::StoreFailure gone(const Hash& root);

    Connection m_connection;
    Sizes m_sizes;
    std::mutex m_committing;
    std::mutex m_mutex;
    std::map<Hash, std::uint64_t> m_known; ///< sizes
    std::list<Kept> m_blocks;              ///< what was asked for last comes first
};

} // namespace tallylock::store::s3

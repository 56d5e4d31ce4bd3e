// Where sealed files lie between seller and buyer: bytes that open with nothing but P1, so whoever holds them learns
// nothing.
#pragma once

#include "core/base/Fixed.h"
#include "core/ports/Journal.h"

#include <memory>
#include <span>

namespace tallylock::ports {

/// Any thread. Named by the sealed root; a name's bytes never change once it is complete.
class FileStore {
public:
    virtual ~FileStore() = default;
    /// The size if the whole file is there; 0 if not. A failure: the store cannot tell.
    virtual Result<std::uint64_t, StoreFailure> sizeOf(const Hash& sealedRoot) = 0;

    class Upload {
    public:
        virtual ~Upload() = default; ///< without commit: nothing is kept, but where a store can go on later
        /// How much is there already from an earlier attempt; what is written follows it.
        virtual std::uint64_t there() const { return 0; }
        virtual Result<void, StoreFailure> write(ByteView more) = 0;
        /// Of what has been written: whoever does not trust its bringer looks before it commits. 0 at the end.
        virtual Result<std::size_t, StoreFailure> readAt(std::uint64_t offset, std::span<std::uint8_t> into) = 0;
        /// Durable when it returns. Twice the same: no effect.
        virtual Result<void, StoreFailure> commit() = 0;
        /// Nothing of it is kept for later.
        virtual void discard() {}
    };
    virtual Result<std::unique_ptr<Upload>, StoreFailure> upload(const Hash& sealedRoot) = 0;
    /// Goes on with what the last one of this name has left without a commit, over a restart, too: there() says how
    /// much. One at a time for each name. A store that keeps nothing begins anew.
    virtual Result<std::unique_ptr<Upload>, StoreFailure> resume(const Hash& sealedRoot, const Hash& name) {
        (void)name;
        return upload(sealedRoot);
    }

    /// Reads up to `into.size()` bytes at `offset`; 0 at the end.
    virtual Result<std::size_t, StoreFailure> read(const Hash& sealedRoot, std::uint64_t offset,
                                                   std::span<std::uint8_t> into) = 0;
};

} // namespace tallylock::ports

// A line of portions: each is read, worked on and written. Reading and writing happen in order and one at a time;
// the work in between uses all threads. There are two pairs of buffers more than threads, so memory does not grow with
// the file.
#pragma once

#include "core/asset/SealedFile.h"

namespace tallylock::asset {

struct Portion {
    std::uint64_t index = 0;
    bool last = false;
    unsigned lane = 0; ///< which thread's turn it is: 0 to threads - 1
    Bytes in;          ///< its capacity is the reader's business
    std::size_t inSize = 0;
    Bytes out;
    std::size_t outSize = 0;
    Hash sealedLeaf;
    Hash plainLeaf;
};

/// What happens to a portion. work() runs on several threads at once, on different portions.
class PortionStages {
public:
    virtual ~PortionStages() = default;
    /// Fills in, inSize and last.
    virtual Result<void, SealError> read(Portion& portion) = 0;
    virtual Result<void, SealError> work(Portion& portion) = 0;
    virtual Result<void, SealError> write(const Portion& portion) = 0;
    /// In turn instead of write(), when work() has failed. It is the last call.
    virtual void failed(const Portion&) {}
};

/// Runs to the last portion or the first failure, which is that of the lowest portion: the same however many threads
/// run.
Result<void, SealError> runPortions(PortionStages& stages, const Work& work);

} // namespace tallylock::asset

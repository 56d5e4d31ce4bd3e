// How a server's process deals with memory that it has freed.
#pragma once

#if __has_include(<malloc.h>)
#include <malloc.h>
#endif

namespace tallylock {

/// Of each thread's freed memory up to 64 MiB stay with the process, it grows by 1 MiB at a time, and pieces of up to
/// 32 MiB come from it. A coordinator makes and frees a batch hundreds of times a second: given back to the system each
/// time, that memory is unmapped, mapped and cleared anew, with a word to all processors. Before the first thread.
inline void keepFreedMemory() {
#ifdef M_TRIM_THRESHOLD
    (void)::mallopt(M_TRIM_THRESHOLD, 64 << 20);
    (void)::mallopt(M_TOP_PAD, 1 << 20);
    (void)::mallopt(M_MMAP_THRESHOLD, 32 << 20);
#endif
}

} // namespace tallylock

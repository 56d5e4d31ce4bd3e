// How much a thread yields to the others of its process and machine.
#pragma once

#include <sys/resource.h>
#include <unistd.h>

namespace tallylock {

enum class Niceness {
    Behind = 5,   ///< about a quarter of a processor that another thread wants, too
    LeftOver = 19 ///< what no other thread wants
};

/// Of the calling thread. On Linux each has a niceness of its own, which the threads that it starts inherit.
inline void yieldToOthers(Niceness niceness) {
    (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), static_cast<int>(niceness));
}

} // namespace tallylock

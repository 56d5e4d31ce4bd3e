// A process gives up whatever a parser of a file does not need, for good: before it sees the first byte of the file.
//
// What stays: memory within a bound, time of the processor within a bound, its open descriptors, threads, and reading
// under kReadable (fonts and tables of the system) where the kernel has Landlock; without it, no file is opened at all.
// What goes: opening for writing, the network, other processes and programs, new executable memory, core dumps.
#pragma once

#include <cstdint>

namespace tallylock::media {

#ifdef __SANITIZE_ADDRESS__
inline constexpr std::uint64_t kAddressBytes = ~std::uint64_t{0}; ///< that sanitizer reserves terabytes
#else
inline constexpr std::uint64_t kAddressBytes = std::uint64_t{3} << 29; ///< 1.5 GiB, libraries included
#endif

struct SandboxLimits {
    std::uint64_t addressBytes = kAddressBytes;
    std::uint64_t cpuSeconds = 20;
    std::uint64_t fileBytes = std::uint64_t{512} << 20; ///< of a file that it writes
    std::uint64_t openFiles = 64;
};

/// Folders that stay readable.
inline constexpr const char* kReadable[] = {"/usr/share", "/usr/lib", "/usr/local/share/fonts", "/etc/fonts",
                                            "/var/cache/fontconfig"};

/// False if the kernel refuses a part of it; then nothing may be parsed. Linux; elsewhere always false.
[[nodiscard]] bool enterSandbox(const SandboxLimits& limits = {});

} // namespace tallylock::media

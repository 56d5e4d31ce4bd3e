// The file that a job is about: an open descriptor, read where it is asked for.
//
// The room `media` holds everything that parses files of strangers, with the libraries that do it. It runs in a process
// of its own that has given up its rights (Sandbox.h); nothing else links it. It knows nothing of sales and keys.
#pragma once

#include "core/base/Bytes.h"
#include "core/base/Result.h"
#include "core/ports/Media.h"

namespace tallylock::media {

using ports::MediaError;
template <class T>
using Outcome = Result<T, MediaError>;

/// What is handed to a library as a whole.
inline constexpr std::uint64_t kMaxWhole = std::uint64_t{256} << 20;

class Input {
public:
    /// Does not own the descriptor.
    explicit Input(int descriptor);
    ~Input();
    Input(const Input&) = delete;
    Input& operator=(const Input&) = delete;

    int descriptor() const { return m_descriptor; }
    std::uint64_t size() const { return m_size; }
    /// Up to `size` bytes at `offset`; fewer at the end of the file.
    Bytes read(std::uint64_t offset, std::size_t size) const;
    Bytes tail(std::size_t size) const;
    /// The whole file, mapped as a copy: Exiv2 writes over what it was given to read. TooLarge: more than kMaxWhole.
    Outcome<ByteView> whole();

private:
    int m_descriptor;
    std::uint64_t m_size = 0;
    void* m_mapped = nullptr;
};

} // namespace tallylock::media

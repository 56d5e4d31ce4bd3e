#include "core/media/Input.h"

#include <algorithm>
#include <cerrno>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tallylock::media {

Input::Input(int descriptor) : m_descriptor(descriptor) {
    struct stat about {};
    if (::fstat(descriptor, &about) == 0 && about.st_size > 0) m_size = static_cast<std::uint64_t>(about.st_size);
}

Input::~Input() {
    if (m_mapped) ::munmap(m_mapped, m_size);
}

Bytes Input::read(std::uint64_t offset, std::size_t size) const {
    if (offset >= m_size) return {};
    Bytes bytes(static_cast<std::size_t>(std::min<std::uint64_t>(size, m_size - offset)));
    std::size_t done = 0;
    while (done < bytes.size()) {
        const auto count =
            ::pread(m_descriptor, bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) break;
        done += static_cast<std::size_t>(count);
    }
    bytes.resize(done);
    return bytes;
}

Bytes Input::tail(std::size_t size) const {
    const std::uint64_t count = std::min<std::uint64_t>(size, m_size);
    return read(m_size - count, static_cast<std::size_t>(count));
}

Outcome<ByteView> Input::whole() {
    if (m_size > kMaxWhole) return Err(MediaError::TooLarge);
    if (m_size == 0) return ByteView();
    if (!m_mapped) {
        void* mapped = ::mmap(nullptr, m_size, PROT_READ | PROT_WRITE, MAP_PRIVATE, m_descriptor, 0);
        if (mapped == MAP_FAILED) return Err(MediaError::TooLarge);
        m_mapped = mapped;
    }
    return ByteView(static_cast<const std::uint8_t*>(m_mapped), static_cast<std::size_t>(m_size));
}

} // namespace tallylock::media

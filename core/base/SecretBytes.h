// Secret bytes: locked in memory (as far as the system lets us), kept out of core dumps, wiped at the end, moved
// but never copied by accident, and without any way to print them.
//
// Storage comes from sodium_malloc: guard pages on both sides, and MADV_DONTDUMP.
#pragma once

#include "core/base/Bytes.h"

#include <iosfwd>
#include <memory>

namespace tallylock {

class SecretBytes {
public:
    SecretBytes() = default;
    /// Zeroed bytes, to be filled through data().
    explicit SecretBytes(std::size_t size);
    SecretBytes(SecretBytes&&) noexcept = default;
    SecretBytes& operator=(SecretBytes&&) noexcept = default;
    SecretBytes(const SecretBytes&) = delete;
    SecretBytes& operator=(const SecretBytes&) = delete;

    /// Copies bytes in and leaves the source alone; use takeFrom where the source can be wiped.
    static SecretBytes copyOf(ByteView source);
    /// Copies bytes in and wipes the source.
    static SecretBytes takeFrom(std::span<std::uint8_t> source);
    /// Only where a second owner is really meant.
    SecretBytes clone() const { return copyOf(view()); }

    std::size_t size() const { return m_size; }
    bool empty() const { return m_size == 0; }
    std::uint8_t* data() { return m_data.get(); }
    const std::uint8_t* data() const { return m_data.get(); }
    ByteView view() const { return {m_data.get(), m_size}; }
    std::span<std::uint8_t> span() { return {m_data.get(), m_size}; }

    /// In constant time for equal lengths.
    bool equals(ByteView other) const;

private:
    struct Free {
        void operator()(std::uint8_t* pointer) const;
    };
    std::unique_ptr<std::uint8_t[], Free> m_data;
    std::size_t m_size = 0;
};

/// Prints "[secret]".
std::ostream& operator<<(std::ostream& out, const SecretBytes&);

/// Overwrites bytes in a way that the compiler may not drop.
void wipe(std::span<std::uint8_t> bytes);
/// The same for text that held a secret for a moment (an entry field, a decoded phrase).
void wipe(std::string& text);

} // namespace tallylock

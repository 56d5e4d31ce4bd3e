// The armor of an age file: the binary file as base64 between two lines, for places that take only text.
// C2SP age specification, section "ASCII armor"; strict, as RFC 7468's.
//
//   -----BEGIN AGE ENCRYPTED FILE-----
//   64 characters a line, the last may be shorter; LF or CR LF
//   -----END AGE ENCRYPTED FILE-----
//
// White space may stand before and after, at most 1024 bytes of each.
#pragma once

#include "core/asset/Stream.h"

namespace tallylock::asset {

/// Hands on what stands inside the armor, or, where there is none, the bytes as they are. A binary age file begins with
/// an "a"; what begins with white space or a dash is taken for armor, and refused with ArmorMalformed if it is not.
class DearmoringSource final : public Source {
public:
    explicit DearmoringSource(Source& source) : m_source(source) {}
    Result<std::size_t, SealError> read(std::span<std::uint8_t> out) override;

private:
    enum class State { Unknown, Plain, Lines, LastLine, Ended };

    Result<void, SealError> begin();
    Result<void, SealError> fill();
    Result<void, SealError> nextLine(std::size_t longest);
    Result<void, SealError> decodeLine();
    Result<void, SealError> expectEnd();

    Source& m_source;
    State m_state = State::Unknown;
    Bytes m_ahead; ///< read and not yet used, from m_at on
    std::size_t m_at = 0;
    bool m_sourceEnded = false;
    std::string m_line; ///< without its end
    std::array<std::uint8_t, 48> m_decoded;
    std::size_t m_decodedAt = 0;
    std::size_t m_decodedEnd = 0;
};

/// Writes armor. What was written is whole only after finish().
class ArmoringSink final : public Sink {
public:
    explicit ArmoringSink(Sink& sink) : m_sink(sink) {}
    Result<void, SealError> write(ByteView bytes) override;
    Result<void, SealError> finish();

private:
    void putLine(ByteView bytes);
    Result<void, SealError> flush();

    Sink& m_sink;
    bool m_begun = false;
    Bytes m_rest; ///< less than a line
    std::string m_text;
};

} // namespace tallylock::asset

// Where bytes come from and go to, as small interfaces, so that a file of any size passes in constant memory.
//
// The room `asset` owns what is sold: the sealed file (age v1), its portions and their trees, the manifest, the preview
// and the chain of custody. It knows nothing of sales and money, and never lets plain text out that is not
// authenticated.
#pragma once

#include "core/asset/SealError.h"
#include "core/base/Bytes.h"
#include "core/base/Result.h"

#include <optional>
#include <string>

namespace tallylock::asset {

class Source {
public:
    virtual ~Source() = default;
    /// Reads up to out.size() bytes, at least one unless the end is reached; 0 is the end.
    virtual Result<std::size_t, SealError> read(std::span<std::uint8_t> out) = 0;
    /// How many bytes there are still to read, where that can be told; a file may yet change.
    virtual std::optional<std::uint64_t> left() const { return std::nullopt; }
};

/// A source of known size that can also be read anywhere.
class SeekableSource : public Source {
public:
    /// How many bytes there are; it does not change.
    virtual std::uint64_t size() const = 0;
    /// Reads up to out.size() bytes at `offset`, at least one unless the end is reached. Leaves read() where it is. Any
    /// number of threads at once.
    virtual Result<std::size_t, SealError> readAt(std::uint64_t offset, std::span<std::uint8_t> out) = 0;
};

/// Reads another source on from its beginning without touching where that one's read() stands.
class FromBeginning final : public Source {
public:
    explicit FromBeginning(SeekableSource& source) : m_source(source) {}
    Result<std::size_t, SealError> read(std::span<std::uint8_t> out) override {
        const auto got = m_source.readAt(m_at, out);
        if (got) m_at += *got;
        return got;
    }

private:
    SeekableSource& m_source;
    std::uint64_t m_at = 0;
};

class Sink {
public:
    virtual ~Sink() = default;
    /// Takes all of it, or fails.
    virtual Result<void, SealError> write(ByteView bytes) = 0;
};

/// Reads bytes in memory, which must outlive it.
class BytesSource final : public SeekableSource {
public:
    explicit BytesSource(ByteView bytes) : m_bytes(bytes) {}
    Result<std::size_t, SealError> read(std::span<std::uint8_t> out) override;
    std::optional<std::uint64_t> left() const override { return m_bytes.size() - m_at; }
    std::uint64_t size() const override { return m_bytes.size(); }
    Result<std::size_t, SealError> readAt(std::uint64_t offset, std::span<std::uint8_t> out) override;

private:
    ByteView m_bytes;
    std::size_t m_at = 0;
};

/// Gathers bytes in memory.
class BytesSink final : public Sink {
public:
    Result<void, SealError> write(ByteView bytes) override;
    const Bytes& bytes() const { return m_bytes; }
    Bytes take() { return std::move(m_bytes); }

private:
    Bytes m_bytes;
};

/// For checking without keeping.
class NullSink final : public Sink {
public:
    Result<void, SealError> write(ByteView) override { return {}; }
};

/// Reads a file or an open descriptor such as standard input.
class FileSource final : public SeekableSource {
public:
    /// Fails with ReadFailed.
    static Result<FileSource, SealError> open(const std::string& path);
    static FileSource standardInput() { return FileSource(0, false); }
    FileSource(FileSource&& other) noexcept;
    FileSource& operator=(FileSource&&) = delete;
    ~FileSource() override;
    Result<std::size_t, SealError> read(std::span<std::uint8_t> out) override;
    std::optional<std::uint64_t> left() const override;
    /// 0 for a pipe.
    std::uint64_t size() const override;
    /// Fails for a pipe.
    Result<std::size_t, SealError> readAt(std::uint64_t offset, std::span<std::uint8_t> out) override;

private:
    FileSource(int descriptor, bool owned) : m_descriptor(descriptor), m_owned(owned) {}
    int m_descriptor;
    bool m_owned;
};

/// Writes NAME.part, which becomes NAME only by commit(). Without commit the part is removed, so that nothing
/// incomplete or unproven ever bears the final name.
class FileSink final : public Sink {
public:
    enum class Access { Shared, OwnerOnly };
    /// Fails with WriteFailed.
    static Result<FileSink, SealError> create(const std::string& path, Access access = Access::Shared);
    FileSink(FileSink&& other) noexcept;
    FileSink& operator=(FileSink&&) = delete;
    ~FileSink() override;
    Result<void, SealError> write(ByteView bytes) override;
    /// fsync, then rename over NAME.
    Result<void, SealError> commit();

private:
    FileSink(int descriptor, std::string path) : m_descriptor(descriptor), m_path(std::move(path)) {}
    int m_descriptor;
    std::string m_path;
};

/// Standard output and the like: bytes leave as they come.
class StreamSink final : public Sink {
public:
    explicit StreamSink(int descriptor) : m_descriptor(descriptor) {}
    Result<void, SealError> write(ByteView bytes) override;

private:
    int m_descriptor;
};

} // namespace tallylock::asset

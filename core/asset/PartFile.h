// NAME.part, with which a run goes on that was killed or interrupted before.
//
// The run does its work from the beginning again, and what it writes is compared with what the part holds already. So
// the part is proven byte by byte, and writing begins where it ends or differs.
#pragma once

#include "core/asset/SealedFile.h"

namespace tallylock::asset {

class PartFile final : public Sink {
public:
    enum class OnDifference {
        Overwrite, ///< the part is cut off there, and writing goes on
        Stop,      ///< writing fails, and differs() tells why
    };
    /// Makes the part if there is none, or if it is not a file of ours. Fails with WriteFailed, also while another run
    /// has the part in hand.
    static Result<PartFile, SealError> open(const std::string& path, FileSink::Access access,
                                            OnDifference onDifference);
    PartFile(PartFile&& other) noexcept;
    PartFile& operator=(PartFile&&) = delete;
    /// The part stays.
    ~PartFile() override;

    Result<void, SealError> write(ByteView bytes) override;
    bool differs() const { return m_differs; }
    /// What the part still holds beyond is cut off; durable when it returns.
    Result<void, SealError> flush();
    /// Renames it to NAME; after flush().
    Result<void, SealError> commit();
    void discard();

private:
    PartFile(int descriptor, std::string path, std::uint64_t oldSize, OnDifference onDifference);
    Result<bool, SealError> isSame(ByteView bytes);

    int m_descriptor;
    std::string m_path;
    std::uint64_t m_oldSize; ///< what was there before this run, and is not yet compared beyond m_at
    std::uint64_t m_at = 0;
    OnDifference m_onDifference;
    bool m_differs = false;
    Bytes m_buffer;
};
std::string partPath(const std::string& path);

/// Whether a run that failed so may be gone on with; a part is worthless otherwise.
bool worthGoingOn(SealError error);

/// Runs `fill`, whose output is the same each time, into the part of `path`: committed on success, kept if it is worth
/// going on, else removed.
Result<Portions, SealError> writeThroughPart(const std::string& path, FileSink::Access access,
                                             const std::function<Result<Portions, SealError>(Sink&)>& fill);

} // namespace tallylock::asset

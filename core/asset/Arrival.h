// A sealed file that arrives portion by portion, from wherever, over any number of runs. A portion is kept only if it
// is the one that its hash names.
//
//   PATH       the sealed bytes, each portion at its place; what has not come is a hole
//   PATH.map   the portion hashes, and for each portion a mark: it has been here
//
// The map, big-endian: "tallylock arrival 1\n", the sealed root, u64 sealed size, u64 length of the portion hashes
// (PortionHashes.h), these, and one byte for each portion: 1 when it is there.
//
// A mark is written after the portions before it have become durable, so a crash loses the last few at most, and those
// are asked for again. What an earlier run has marked counts only after it has been read back: a disk may change what
// it holds. A map that is damaged costs a look at everything that lies there, and no portion.
#pragma once

#include "core/asset/PortionHashes.h"

#include <memory>

namespace tallylock::asset {

enum class ArrivalError {
    InHand,       ///< another run has it
    HashesWrong,  ///< not those of this file
    PortionWrong, ///< not the bytes that its hash names
    Full,         ///< the disk; the portion can come again
    Failed,       ///< the disk, otherwise
    Interrupted,  ///< told to end
};
const char* nameOf(ArrivalError error);

/// One thread. Holds the file until it is destroyed.
class Arrival {
public:
    /// Goes on with what lies at `path`, whose folder exists, or begins.
    static Result<std::unique_ptr<Arrival>, ArrivalError> open(const std::string& path, const Hash& sealedRoot,
                                                               std::uint64_t sealedSize);
    /// Whether all portions of the file at `path` have been marked; proven are they when they are read.
    static bool isMarkedWhole(const std::string& path, const Hash& sealedRoot, std::uint64_t sealedSize);
    ~Arrival();
    Arrival(const Arrival&) = delete;
    Arrival& operator=(const Arrival&) = delete;

    bool hasHashes() const { return !m_hashes.leaves.empty(); }
    /// Durable when it returns. Once; before anything below. Their front is proven by portion 0 alone: forget() them if
    /// it does not fit.
    Result<void, ArrivalError> begin(PortionHashes hashes);
    void forgetHashes();

    /// Reads back what is marked. How many portions have changed on the disk: they are missing now.
    Result<std::uint64_t, ArrivalError> reread(JobControl* control);
    std::uint64_t portions() const { return m_hashes.leaves.size(); }
    PortionLayout layout() const { return m_hashes.layout(m_size); }
    bool has(std::uint64_t index) const { return m_have[index] != 0; }
    std::uint64_t bytesThere() const { return m_bytesThere; }
    /// All, proven in this run.
    bool isWhole() const { return hasHashes() && m_countThere == portions(); }

    /// A second time: no effect.
    Result<void, ArrivalError> put(std::uint64_t index, ByteView portion);
    /// What was put is durable and marked when it returns. On failure what was not is missing again.
    Result<void, ArrivalError> flush();

private:
    Arrival(std::string path, const Hash& root, std::uint64_t size, int data)
        : m_path(std::move(path)),
          m_root(root),
          m_size(size),
          m_data(data) {}
    /// False if there is no map of this file, or a damaged one.
    bool readMap();
    std::uint64_t marksOffset() const;
    void setHashes(PortionHashes hashes);
    void setThere(std::uint64_t index, bool isThere);

    std::string m_path;
    Hash m_root;
    std::uint64_t m_size;
    int m_data;
    int m_map = -1;
    PortionHashes m_hashes;
    std::vector<std::uint8_t> m_marked; ///< by an earlier run
    bool m_isGuess = false;             ///< m_marked: without a map everything that lies there may be something
    std::vector<std::uint8_t> m_have;   ///< proven by this one
    std::uint64_t m_countThere = 0;
    std::uint64_t m_bytesThere = 0;
    std::vector<std::uint64_t> m_unmarked;
};

} // namespace tallylock::asset

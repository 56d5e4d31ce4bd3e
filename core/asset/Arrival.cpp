#include "core/asset/Arrival.h"

#include "core/crypto/Merkle.h"

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <fcntl.h>
#include <string_view>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace tallylock::asset {

static constexpr std::string_view kMapMagic = "tallylock arrival 1\n";
static constexpr std::size_t kMapHead = 20 + Hash::kSize + 8 + 8;
static_assert(kMapMagic.size() == 20);
static constexpr std::size_t kUnmarkedMost = 16; // portions: what a crash may cost

const char* nameOf(ArrivalError error) {
    switch (error) {
    case ArrivalError::InHand: return "in hand elsewhere";
    case ArrivalError::HashesWrong: return "portion hashes of another file";
    case ArrivalError::PortionWrong: return "another portion than its hash names";
    case ArrivalError::Full: return "disk full";
    case ArrivalError::Failed: return "disk failure";
    case ArrivalError::Interrupted: return "interrupted";
    }
    return "?";
}

static std::string mapPath(const std::string& path) { return path + ".map"; }

static ArrivalError diskError() {
    const bool full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
    return full ? ArrivalError::Full : ArrivalError::Failed;
}

// A file that nobody else could have laid there or read from. -1 if it cannot be had.
static int openOwn(const std::string& path, int flags) {
    const int descriptor = ::open(path.c_str(), flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
    if (descriptor < 0) return -1;
    struct stat status;
    if (::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && status.st_nlink == 1 &&
        status.st_uid == ::geteuid() && (status.st_mode & 077) == 0)
        return descriptor;
    ::close(descriptor);
    errno = EACCES;
    return -1;
}

static std::uint64_t sizeOfOpen(int descriptor) {
    struct stat status;
    return ::fstat(descriptor, &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

static bool readFullyAt(int descriptor, std::uint64_t offset, std::span<std::uint8_t> out) {
    while (!out.empty()) {
        const ssize_t got = ::pread(descriptor, out.data(), out.size(), static_cast<off_t>(offset));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        offset += static_cast<std::uint64_t>(got);
        out = out.subspan(static_cast<std::size_t>(got));
    }
    return true;
}

static Result<void, ArrivalError> writeFullyAt(int descriptor, std::uint64_t offset, ByteView bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return Err(diskError());
        offset += static_cast<std::uint64_t>(written);
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return {};
}

static Result<void, ArrivalError> syncFolderOf(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool done = descriptor >= 0 && ::fsync(descriptor) == 0;
    const ArrivalError error = done ? ArrivalError::Failed : diskError();
    if (descriptor >= 0) ::close(descriptor);
    if (!done) return Err(error);
    return {};
}

// --- the map ---------------------------------------------------------------------------------------------------------

static Bytes mapHead(const Hash& root, std::uint64_t size, std::uint64_t hashBytes) {
    Bytes head;
    head.reserve(kMapHead);
    append(head, viewOf(kMapMagic));
    append(head, root.view());
    head.resize(kMapHead);
    putBigEndian64(head.data() + kMapHead - 16, size);
    putBigEndian64(head.data() + kMapHead - 8, hashBytes);
    return head;
}

namespace {
struct Map {
    PortionHashes hashes;
    std::vector<std::uint8_t> marks;
};
} // namespace

// Nothing unless it is whole and of this file. All lengths follow from the size of the map itself.
static std::optional<Map> readMapFrom(int descriptor, const Hash& root, std::uint64_t size) {
    constexpr std::uint64_t kEach = Hash::kSize + 1;
    const std::uint64_t mapSize = sizeOfOpen(descriptor);
    if (mapSize < kMapHead + 8 + kEach || (mapSize - kMapHead - 8) % kEach != 0) return std::nullopt;
    const std::uint64_t count = (mapSize - kMapHead - 8) / kEach;
    if (count > kMostPortions) return std::nullopt;
    const std::uint64_t hashBytes = 8 + count * Hash::kSize;
    Bytes bytes(mapSize);
    if (!readFullyAt(descriptor, 0, bytes)) return std::nullopt;
    const Bytes head = mapHead(root, size, hashBytes);
    if (!std::equal(head.begin(), head.end(), bytes.begin())) return std::nullopt;
    auto hashes = decodeHashes(ByteView(bytes).subspan(kMapHead, hashBytes));
    if (!hashes || !areOf(*hashes, root, size)) return std::nullopt;
    const ByteView marks = ByteView(bytes).subspan(kMapHead + hashBytes);
    return Map{std::move(*hashes), {marks.begin(), marks.end()}};
}

bool Arrival::isMarkedWhole(const std::string& path, const Hash& sealedRoot, std::uint64_t sealedSize) {
    const int descriptor = openOwn(mapPath(path), O_RDONLY);
    if (descriptor < 0) return false;
    const auto map = readMapFrom(descriptor, sealedRoot, sealedSize);
    ::close(descriptor);
    return map && std::all_of(map->marks.begin(), map->marks.end(), [](std::uint8_t mark) { return mark == 1; });
}

bool Arrival::readMap() {
    m_map = openOwn(mapPath(m_path), O_RDWR);
    if (m_map < 0) return false;
    auto map = readMapFrom(m_map, m_root, m_size);
    if (!map) return false;
    setHashes(std::move(map->hashes));
    m_marked = std::move(map->marks);
    m_isGuess = false;
    return true;
}

void Arrival::setHashes(PortionHashes hashes) {
    m_hashes = std::move(hashes);
    m_have.assign(m_hashes.leaves.size(), 0);
    m_countThere = m_bytesThere = 0;
    m_unmarked.clear();
    m_isGuess = sizeOfOpen(m_data) > 0;
    m_marked.assign(m_hashes.leaves.size(), m_isGuess ? 1 : 0);
}

std::uint64_t Arrival::marksOffset() const { return kMapHead + 8 + m_hashes.leaves.size() * Hash::kSize; }

// --- life ------------------------------------------------------------------------------------------------------------

Result<std::unique_ptr<Arrival>, ArrivalError> Arrival::open(const std::string& path, const Hash& sealedRoot,
                                                             std::uint64_t sealedSize) {
    const int data = openOwn(path, O_RDWR | O_CREAT);
    if (data < 0) return Err(diskError());
    auto arrival = std::unique_ptr<Arrival>(new Arrival(path, sealedRoot, sealedSize, data));
    if (::flock(data, LOCK_EX | LOCK_NB) != 0) return Err(ArrivalError::InHand);
    (void)arrival->readMap(); // without one the hashes come again
    return arrival;
}

Arrival::~Arrival() {
    if (!m_unmarked.empty()) (void)flush();
    if (m_map >= 0) ::close(m_map);
    ::close(m_data);
}

Result<void, ArrivalError> Arrival::begin(PortionHashes hashes) {
    if (!areOf(hashes, m_root, m_size)) return Err(ArrivalError::HashesWrong);
    const std::string fresh = mapPath(m_path) + ".new";
    ::unlink(fresh.c_str());
    const int map = openOwn(fresh, O_RDWR | O_CREAT | O_EXCL);
    if (map < 0) return Err(diskError());
    const Bytes list = encodeHashes(hashes);
    Bytes bytes = mapHead(m_root, m_size, list.size());
    append(bytes, list);
    bytes.resize(bytes.size() + hashes.leaves.size());
    auto written = writeFullyAt(map, 0, bytes);
    if (written && (::fsync(map) != 0 || ::rename(fresh.c_str(), mapPath(m_path).c_str()) != 0))
        written = Err(diskError());
    if (written) written = syncFolderOf(m_path);
    if (!written) {
        ::close(map);
        ::unlink(fresh.c_str());
        return written;
    }
    if (m_map >= 0) ::close(m_map);
    m_map = map;
    setHashes(std::move(hashes));
    return {};
}

void Arrival::forgetHashes() {
    ::unlink(mapPath(m_path).c_str());
    if (m_map >= 0) ::close(std::exchange(m_map, -1));
    setHashes({});
}

// --- portions --------------------------------------------------------------------------------------------------------

Result<std::uint64_t, ArrivalError> Arrival::reread(JobControl* control) {
    std::uint64_t changed = 0;
    const PortionLayout where = layout(); // of none without hashes
    Bytes portion;
    for (std::uint64_t i = 0; i < portions(); ++i) {
        if (m_marked[i] == 0 || m_have[i] != 0) continue;
        if (control && !control->goOn()) return Err(ArrivalError::Interrupted);
        portion.resize(where.sizeOf(i));
        const bool fits =
            readFullyAt(m_data, where.offsetOf(i), portion) && crypto::merkleLeaf(portion) == m_hashes.leaves[i];
        setThere(i, fits);
        m_marked[i] = 0;
        if (fits != m_isGuess) continue; // the map says so already
        if (!fits) ++changed;
        m_unmarked.push_back(i);
    }
    m_isGuess = false;
    if (const auto flushed = flush(); !flushed) return Err(flushed.error());
    return changed;
}

void Arrival::setThere(std::uint64_t index, bool isThere) {
    if (has(index) == isThere) return;
    m_have[index] = isThere ? 1 : 0;
    const std::uint64_t bytes = layout().sizeOf(index);
    m_countThere = isThere ? m_countThere + 1 : m_countThere - 1;
    m_bytesThere = isThere ? m_bytesThere + bytes : m_bytesThere - bytes;
}

Result<void, ArrivalError> Arrival::put(std::uint64_t index, ByteView portion) {
    assert(index < portions());
    if (has(index)) return {};
    const PortionLayout where = layout();
    if (portion.size() != where.sizeOf(index) || crypto::merkleLeaf(portion) != m_hashes.leaves[index])
        return Err(ArrivalError::PortionWrong);
    if (const auto written = writeFullyAt(m_data, where.offsetOf(index), portion); !written) return written;
    setThere(index, true);
    m_unmarked.push_back(index);
    if (m_unmarked.size() >= kUnmarkedMost || isWhole()) return flush();
    return {};
}

Result<void, ArrivalError> Arrival::flush() {
    Result<void, ArrivalError> done;
    if (::fdatasync(m_data) != 0) done = Err(diskError());
    for (std::size_t i = 0; done && i < m_unmarked.size(); ++i) {
        const std::uint8_t mark = m_have[m_unmarked[i]];
        done = writeFullyAt(m_map, marksOffset() + m_unmarked[i], {&mark, 1});
    }
    if (done && !m_unmarked.empty() && ::fdatasync(m_map) != 0) done = Err(diskError());
    if (!done)
        for (const std::uint64_t index : m_unmarked) setThere(index, false);
    m_unmarked.clear();
    return done;
}

} // namespace tallylock::asset

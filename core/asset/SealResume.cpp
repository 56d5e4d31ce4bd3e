#include "core/asset/SealResume.h"

#include "core/asset/AgeHeader.h"
#include "core/asset/PartFile.h"
#include "core/asset/Payload.h"
#include "core/crypto/Box.h"
#include "core/keys/PrivateFile.h"

#include <sys/stat.h>
#include <unistd.h>

namespace tallylock::asset {

static constexpr std::string_view kStateMagic = "tallylock sealing 1\n";

std::string sealStatePath(const std::string& path) { return partPath(path) + ".key"; }

namespace {
struct SealTask {
    const std::string& plainPath;
    const std::string& path;
    FileSink::Access access;
    AgeRecipients recipients;
    AgeSecrets known; ///< opens the header, if the caller has more than recipients
    const SecretBytes* salt;
    Random& random;
    const Work& work;

    bool keepsKey() const { return known.identities.empty() && known.passphrases.empty(); }
};

/// What a run begins with.
struct SealStart {
    Bytes front;
    SecretBytes fileKey;
};
} // namespace

// A source that has been written to meanwhile has another.
static Bytes sourceStamp(const std::string& path) {
    struct stat status {};
    (void)::stat(path.c_str(), &status); // whether it can be read is found out by reading
    const std::uint64_t numbers[] = {
        static_cast<std::uint64_t>(status.st_dev), static_cast<std::uint64_t>(status.st_ino),
        static_cast<std::uint64_t>(status.st_size), static_cast<std::uint64_t>(status.st_mtim.tv_sec),
        static_cast<std::uint64_t>(status.st_mtim.tv_nsec)};
    Bytes stamp(8 * std::size(numbers));
    for (std::size_t i = 0; i < std::size(numbers); ++i) putBigEndian64(stamp.data() + 8 * i, numbers[i]);
    return stamp;
}

// What must be the same for going on, then the file key where it is kept.
static Bytes stateHead(const SealTask& task) {
    Bytes head = bytesOf(kStateMagic);
    append(head, sourceStamp(task.plainPath));
    Bytes keys;
    for (const BoxKey& key : task.recipients.keys) append(keys, key.view());
    append(head, crypto::sha256(keys).view());
    return head;
}

static Result<void, SealError> writeState(const SealTask& task, const SecretBytes& fileKey) {
    const Bytes head = stateHead(task);
    SecretBytes state(head.size() + (task.keepsKey() ? fileKey.size() : 0));
    std::uint8_t* const to = std::copy(head.begin(), head.end(), state.data());
    if (task.keepsKey()) std::copy(fileKey.view().begin(), fileKey.view().end(), to);
    if (!keys::writePrivateFile(sealStatePath(task.path), state.view(), keys::Replace::Yes))
        return Err(SealError::WriteFailed);
    return {};
}

// The file key that the state holds; empty where the header gives it; nothing if the state is of another task.
static std::optional<SecretBytes> readState(const SealTask& task) {
    const Bytes head = stateHead(task);
    const std::size_t keySize = task.keepsKey() ? kAgeFileKeySize : 0;
    auto bytes = keys::readFile(sealStatePath(task.path), head.size() + keySize);
    if (!bytes) return std::nullopt;
    SecretBytes state = SecretBytes::takeFrom(*bytes);
    if (state.size() != head.size() + keySize || !std::equal(head.begin(), head.end(), state.data()))
        return std::nullopt;
    return SecretBytes::copyOf(state.view().subspan(head.size()));
}

// Nothing if there is no part, or none that this task may go on with.
static std::optional<SealStart> oldStart(const SealTask& task) {
    auto part = FileSource::open(partPath(task.path));
    auto fileKey = readState(task);
    if (!part || !fileKey) return std::nullopt;
    BufferedSource source(*part);
    auto header = readAgeHeader(source);
    if (!header) return std::nullopt;
    if (!task.keepsKey()) {
        auto opened = header->fileKey(task.known);
        if (!opened) return std::nullopt;
        fileKey = std::move(*opened);
    }
    if (!header->isAuthentic(*fileKey)) return std::nullopt;
    SealStart start{std::move(header->bytes), std::move(*fileKey)};
    const std::size_t headerSize = start.front.size();
    start.front.resize(headerSize + kAgeNonceSize);
    const auto got = readFully(source, std::span(start.front).subspan(headerSize));
    if (!got || *got < kAgeNonceSize) return std::nullopt;
    return start;
}

static Result<SealStart, SealError> newStart(const SealTask& task) {
    dropUnfinishedSealing(task.path);
    SealStart start;
    start.fileKey = SecretBytes(kAgeFileKeySize);
    task.random.fill(start.fileKey.span());
    auto front = makeFront(task.recipients, start.fileKey, task.random);
    if (!front) return Err(front.error());
    start.front = std::move(*front);
    // Before the part, so that no part is without it.
    if (const auto kept = writeState(task, start.fileKey); !kept) return Err(kept.error());
    return start;
}

// Nothing if the part holds other bytes than the source gives.
static std::optional<Result<Portions, SealError>> sealFrom(const SealTask& task, const SealStart& start) {
    auto plain = FileSource::open(task.plainPath);
    if (!plain) return Result<Portions, SealError>(Err(plain.error()));
    auto part = PartFile::open(task.path, task.access, PartFile::OnDifference::Stop);
    if (!part) return Result<Portions, SealError>(Err(part.error()));
    auto done = sealBehind(*plain, *part, start.front, start.fileKey, task.salt, task.work);
    if (part->differs()) return std::nullopt;
    if (!done) {
        if (!worthGoingOn(done.error())) dropUnfinishedSealing(task.path);
        return done;
    }
    if (const auto flushed = part->flush(); !flushed) return Result<Portions, SealError>(Err(flushed.error()));
    // The key goes first: a whole part without it is merely sealed again.
    ::unlink(sealStatePath(task.path).c_str());
    if (const auto committed = part->commit(); !committed) return Result<Portions, SealError>(Err(committed.error()));
    return done;
}

static Result<Portions, SealError> sealTask(const SealTask& task) {
    if (const auto plain = FileSource::open(task.plainPath); !plain) return Err(plain.error());
    // Another run with the same part would lose its key.
    if (const auto part = PartFile::open(task.path, task.access, PartFile::OnDifference::Stop); !part)
        return Err(part.error());
    if (const auto start = oldStart(task)) {
        if (auto done = sealFrom(task, *start)) return std::move(*done);
    }
    const auto start = newStart(task);
    if (!start) return Err(start.error());
    auto done = sealFrom(task, *start);
    if (!done) return Err(SealError::WriteFailed); // somebody else writes to the part
    return std::move(*done);
}

Result<Portions, SealError> sealAgeFile(const std::string& plainPath, const std::string& path,
                                        const AgeRecipients& recipients, Random& random, const Work& work) {
    AgeSecrets known;
    if (recipients.passphrase) known = {.passphrases = {recipients.passphrase, 1}, .maxWorkFactor = 30};
    return sealTask({plainPath, path, FileSink::Access::Shared, recipients, known, nullptr, random, work});
}

Result<Portions, SealError> sealPortionsFile(const std::string& plainPath, const std::string& path,
                                             const SecretBytes& firstPassword, const SecretBytes& plainSalt,
                                             Random& random, const Work& work) {
    const BoxKey recipient = crypto::boxKeyOf(firstPassword);
    return sealTask({plainPath,
                     path,
                     FileSink::Access::OwnerOnly,
                     {.keys = {&recipient, 1}},
                     {.identities = {&firstPassword, 1}},
                     &plainSalt,
                     random,
                     work});
}

void dropUnfinishedSealing(const std::string& path) {
    ::unlink(partPath(path).c_str());
    ::unlink(sealStatePath(path).c_str());
}

} // namespace tallylock::asset

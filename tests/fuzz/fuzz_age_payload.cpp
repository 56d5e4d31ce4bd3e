// Opening a sealed file that was cut, lengthened, altered and reordered. The input is a small programme: which file,
// how many threads, then changes. Whatever happens, only the beginning of the true plain text comes out, whole chunks
// of it; it opens if and only if nothing has changed; and nothing altered has the sealed root.
#include "core/asset/SealedFile.h"
#include "core/crypto/Box.h"
#include "tests/fuzz/Fuzz.h"
#include "tests/support/Bytes.h"
#include "tests/support/FixedRandom.h"

#include <map>

using namespace tallylock;
using namespace tallylock::asset;
using fuzz::require;

namespace {
struct Sealed {
    Bytes plain;
    Bytes sealed;
    Portions portions;
    std::size_t payload = 0; ///< where the chunks begin
};

const SecretBytes& identity() {
    static const SecretBytes secret = SecretBytes::copyOf(Bytes(32, 7));
    return secret;
}
const SecretBytes& plainSalt() {
    static const SecretBytes salt = SecretBytes::copyOf(Bytes(32, 8));
    return salt;
}

const Sealed& fileNumber(std::uint8_t number) {
    static constexpr std::size_t kSizes[] = {
        0,      1,      kChunkSize - 1,     kChunkSize,       kChunkSize + 1,  2 * kChunkSize,
        150000, 200000, kPortionSize - 100, kPortionSize + 1, 2 * kPortionSize};
    static std::map<std::size_t, Sealed> made;
    const std::size_t size = kSizes[number % std::size(kSizes)];
    Sealed& file = made[size];
    if (file.sealed.empty()) {
        file.plain = test::noise(size);
        test::FixedRandom random;
        BytesSource source(file.plain);
        BytesSink sink;
        auto done = sealPortions(source, sink, crypto::boxKeyOf(identity()), plainSalt(), random);
        require(done.ok(), "sealing in memory works");
        file.portions = std::move(*done);
        file.sealed = sink.take();
        const std::size_t chunks = std::max<std::size_t>(1, (size + kChunkSize - 1) / kChunkSize);
        file.payload = file.sealed.size() - size - chunks * 16;
    }
    return file;
}

// Swaps, repeats or drops whole chunks, or alters bytes.
void change(Bytes& bytes, std::size_t payload, fuzz::Choices& choices) {
    const std::uint8_t what = choices.byte();
    const std::size_t where = choices.number();
    const std::size_t other = choices.number();
    if (bytes.empty()) return;
    const auto at = [&](std::size_t i) { return bytes.begin() + static_cast<std::ptrdiff_t>(i); };
    const std::size_t chunks = bytes.size() > payload ? (bytes.size() - payload) / kSealedChunkSize : 0;
    switch (what % 7) {
    case 0: bytes[where % bytes.size()] ^= static_cast<std::uint8_t>(1u << (other % 8)); break;
    case 1: bytes.resize(where % bytes.size()); break;
    case 2: bytes.resize(bytes.size() + where % 70000, static_cast<std::uint8_t>(other)); break;
    case 3: // swap two chunks
        if (chunks < 2) break;
        std::swap_ranges(at(payload + where % chunks * kSealedChunkSize),
                         at(payload + (where % chunks + 1) * kSealedChunkSize),
                         at(payload + other % chunks * kSealedChunkSize));
        break;
    case 4: { // repeat one at the end
        if (chunks == 0) break;
        const Bytes chunk(at(payload + where % chunks * kSealedChunkSize),
                          at(payload + (where % chunks + 1) * kSealedChunkSize));
        append(bytes, chunk);
        break;
    }
    case 5: // drop one
        if (chunks == 0) break;
        bytes.erase(at(payload + where % chunks * kSealedChunkSize),
                    at(payload + (where % chunks + 1) * kSealedChunkSize));
        break;
    default: { // drop bytes anywhere
        const std::size_t from = where % bytes.size();
        bytes.erase(at(from), at(from + std::min(other % 100, bytes.size() - from)));
    }
    }
}
} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Choices choices({data, size});
    const Sealed& file = fileNumber(choices.byte());
    Work work;
    work.threads = 1 + choices.byte() % 3u;
    Bytes bytes = file.sealed;
    for (int i = 0; i < 4 && !choices.empty(); ++i) change(bytes, file.payload, choices);
    const bool unchanged = bytes == file.sealed;

    BytesSource source(bytes);
    BytesSink sink;
    const auto opened = openPortions(source, sink, identity(), plainSalt(), work);
    require(opened.ok() == unchanged, "it opens if and only if nothing has changed");
    const Bytes& out = sink.bytes();
    require(out.size() <= file.plain.size() && fuzz::same(out, ByteView(file.plain).first(out.size())),
            "only true plain text comes out");
    require(out.size() == file.plain.size() || out.size() % kChunkSize == 0, "in whole chunks");
    if (opened) {
        require(opened->sealedRoot == file.portions.sealedRoot && opened->plainRoot == file.portions.plainRoot,
                "opening finds the roots of sealing");
    }
    BytesSource again(bytes);
    const auto hashed = hashSealed(again, work);
    require((hashed.ok() && hashed->sealedRoot == file.portions.sealedRoot) == unchanged,
            "the sealed root stands for every byte");
    return 0;
}

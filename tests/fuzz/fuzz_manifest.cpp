// Manifests. An even first byte: the rest as it comes. An odd one: the rest as an unsigned manifest, to which we give
// owners and signatures, so that the checks behind the signature are reached.
#include "core/asset/Manifest.h"
#include "tests/fuzz/Fuzz.h"

using namespace tallylock;
using namespace tallylock::asset;
using fuzz::require;

static const crypto::SigningKey& keyNumber(std::uint8_t number) {
    static const auto keys = [] {
        std::vector<crypto::SigningKey> made;
        for (std::uint8_t i = 0; i < 3; ++i) made.push_back(crypto::SigningKey::fromSeed(Bytes(32, i)));
        return made;
    }();
    return keys[number % keys.size()];
}

static void checkRead(ByteView bytes) {
    if (const auto loose = decodeCbor<SignedManifest>(bytes)) {
        require(fuzz::same(encodeCbor(*loose), bytes), "a manifest is written as it was read");
    }
    const auto read = readManifest(bytes);
    if (!read) return;
    const Manifest& manifest = read->manifest;
    require(bytes.size() <= kMaxManifestSize, "a manifest is bounded");
    require(fuzz::same(encodeCbor(*read), bytes), "a manifest that verifies is written as it was read");
    require(crypto::verify(manifest.seller, "manifest", manifest, read->signature), "the seller signed it");
    const auto owner = custody::checkCustody(manifest.custody, manifest.assetId);
    require(owner && *owner == manifest.seller, "the seller is the present owner");
    require(manifest.custody.front().entry.from == manifest.creator, "custody begins with the creator");
    require(manifest.name.find('/') == std::string::npos && !manifest.name.empty(), "the name is safe");
    require(manifest.sealedSize > manifest.plainSize, "sealed is longer than plain");
    require(manifest.portionCount == std::max<std::uint64_t>(1, (manifest.plainSize + kPortionSize - 1) / kPortionSize),
            "portions cover the plain text");
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Choices choices({data, size});
    const std::uint8_t mode = choices.byte();
    if (mode % 2 == 0) {
        checkRead(choices.rest());
        return 0;
    }
    auto manifest = decodeCbor<Manifest>(choices.rest());
    if (!manifest) return 0;
    // The owners follow from the mode; entries that were there are replaced one for one.
    const crypto::SigningKey* owner = &keyNumber(mode >> 1);
    const std::size_t entries = std::min<std::size_t>(manifest->custody.size(), 4);
    manifest->creator = owner->publicKey();
    std::vector<custody::SignedCustody> chain = {custody::beginCustody(*owner, manifest->assetId, 1000)};
    for (std::size_t i = 1; i < entries; ++i) {
        const crypto::SigningKey& next = keyNumber(static_cast<std::uint8_t>((mode >> 1) + i));
        const std::int64_t timeMs = manifest->custody[i].entry.timeMs;
        chain.push_back(
            custody::passCustody(*owner, chain, next.publicKey(), manifest->custody[i].entry.contract, timeMs));
        owner = &next;
    }
    manifest->custody = std::move(chain);
    manifest->seller = owner->publicKey();
    const SignedManifest signedManifest = signManifest(*manifest, *owner);
    checkRead(encodeCbor(signedManifest));
    require(verifyManifest(signedManifest).ok() == readManifest(encodeCbor(signedManifest)).ok(),
            "a manifest in memory and its bytes are judged alike");
    return 0;
}

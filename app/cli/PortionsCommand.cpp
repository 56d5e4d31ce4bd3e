#include "app/cli/PortionsCommand.h"

#include "core/asset/AgeHeader.h"
#include "core/asset/Manifest.h"
#include "core/asset/PortionProof.h"
#include "core/asset/SealedReader.h"
#include "core/crypto/Merkle.h"
#include "core/keys/PrivateFile.h"

#include <charconv>
#include <cstdio>
#include <unistd.h>

namespace tallylock::cli {

namespace {
constexpr std::size_t kMaxProofSize = 64 * 1024;
constexpr std::size_t kMaxPortionFile = asset::kSealedPortionSize + asset::kMaxAgeHeader + asset::kAgeNonceSize;

std::optional<std::uint64_t> numberIn(const std::string& text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

int writeOut(ByteView bytes, const Options& options) {
    const auto names = options.values('o');
    const std::string out = names.empty() ? "-" : names.back();
    if (out == "-") {
        if (names.empty() && ::isatty(STDOUT_FILENO)) {
            return fail("refusing to write binary data to the terminal; use -o, or \"-o -\" to do it all the same");
        }
        asset::StreamSink sink(STDOUT_FILENO);
        return sink.write(bytes) ? kDone : fail("cannot write the output");
    }
    auto sink = asset::FileSink::create(out);
    if (!sink || !sink->write(bytes) || !sink->commit()) return fail("cannot write " + out);
    return kDone;
}

void listPortions(const asset::PortionLayout& layout, const std::vector<Hash>& leaves) {
    for (std::uint64_t i = 0; i < leaves.size(); ++i) {
        std::printf("%llu %llu %zu %s\n", static_cast<unsigned long long>(i),
                    static_cast<unsigned long long>(layout.offsetOf(i)), layout.sizeOf(i), leaves[i].hex().c_str());
    }
}

// All leaves. Any age file has portions; that an edition has one recipient matters only to who buys it.
Result<std::vector<Hash>, asset::SealError> leavesOf(asset::SeekableSource& source,
                                                     const asset::PortionLayout& layout) {
    std::vector<Hash> leaves;
    for (std::uint64_t i = 0; i < layout.portionCount(); ++i) {
        const auto portion = asset::readSealedPortion(source, layout, i);
        if (!portion) return Err(portion.error());
        leaves.push_back(asset::sealedLeaf(*portion));
    }
    return leaves;
}
} // namespace

int runPortions(const Arguments& arguments) {
    const auto options =
        Options::parse(arguments, {{'R', "root", false}, {'p', "proof"}, {'x', "portion"}, {'o', "output"}});
    if (!options) return kFailed;
    if (options->rest().size() != 1) return fail("portions takes one file");
    if (options->has('R') + options->has('p') + options->has('x') > 1) {
        return fail("portions does one thing at a time: --root, --proof or --portion");
    }
    const std::string& path = options->rest().front();
    auto source = asset::FileSource::open(path);
    if (!source) return fail("cannot open " + path);
    const auto layout = asset::portionLayout(*source);
    if (!layout) return fail(path + ": " + asset::nameOf(layout.error()));

    std::optional<std::uint64_t> index;
    if (options->has('p') || options->has('x')) {
        index = numberIn(options->values(options->has('p') ? 'p' : 'x').back());
        if (!index || *index >= layout->portionCount()) {
            return fail("the file has the portions 0 to " + std::to_string(layout->portionCount() - 1));
        }
    }
    if (options->has('x')) {
        const auto portion = asset::readSealedPortion(*source, *layout, *index);
        return portion ? writeOut(*portion, *options) : fail(path + ": " + asset::nameOf(portion.error()));
    }
    const auto leaves = leavesOf(*source, *layout);
    if (!leaves) return fail(path + ": " + asset::nameOf(leaves.error()));
    if (options->has('p')) return writeOut(encodeCbor(asset::proveLeaf(*leaves, *index)), *options);
    if (!options->has('R')) listPortions(*layout, *leaves);
    std::printf("%s%s\n", options->has('R') ? "" : "root ", crypto::merkleRoot(*leaves).hex().c_str());
    return kDone;
}

// --- verify --------------------------------------------------------------------------------------------------------

static std::optional<asset::Manifest> manifestIn(const std::string& path) {
    const auto bytes = keys::readFile(path, asset::kMaxManifestSize);
    if (!bytes) {
        fail("cannot read " + path + ": " + keys::nameOf(bytes.error()));
        return std::nullopt;
    }
    auto manifest = asset::readManifest(*bytes);
    if (!manifest) {
        fail(path + ": " + asset::nameOf(manifest.error()));
        return std::nullopt;
    }
    return std::move(manifest->manifest);
}

static int verifyWhole(const asset::Manifest& manifest, const std::string& path) {
    auto source = asset::FileSource::open(path);
    if (!source) return fail("cannot open " + path);
    if (source->size() != manifest.sealedSize) {
        return fail(path + " has another size than the manifest says");
    }
    const auto portions = asset::verifySealed(*source, manifest.sealedRoot);
    if (!portions) return fail(path + ": " + asset::nameOf(portions.error()));
    if (portions->plainSize != manifest.plainSize || portions->sealedLeaves.size() != manifest.portionCount) {
        return fail(path + " holds another amount of plain text than the manifest says");
    }
    std::printf("verified: the manifest's signature and chain of custody, and every byte of the sealed file\n");
    return kDone;
}

static int verifyPortion(const std::string& proofPath, const std::optional<asset::Manifest>& manifest, const Hash& root,
                         const std::string& path) {
    const auto bytes = keys::readFile(proofPath, kMaxProofSize);
    if (!bytes) return fail("cannot read " + proofPath + ": " + keys::nameOf(bytes.error()));
    const auto proof = decodeCbor<asset::LeafProof>(*bytes);
    if (!proof) return fail(proofPath + " is not a proof: " + nameOf(proof.error()));
    const auto portion = keys::readFile(path, kMaxPortionFile);
    if (!portion) return fail("cannot read " + path + ": " + keys::nameOf(portion.error()));
    const auto verified =
        asset::verifySealedPortion(*portion, *proof, manifest ? manifest->portionCount : proof->count, root);
    if (!verified) return fail(path + ": " + asset::nameOf(verified.error()));
    std::printf("verified: portion %llu of the %llu under %s\n", static_cast<unsigned long long>(proof->index),
                static_cast<unsigned long long>(proof->count), root.hex().c_str());
    return kDone;
}

int verifySealedFile(const Options& options) {
    if (options.rest().size() != 1) return fail("verify takes one sealed file, or one portion");
    if (options.has('m') == options.has('r')) return fail("verify needs a manifest or the root of a proof: -m or -r");
    if (options.has('r') && !options.has('p')) return fail("a root goes with a proof: -p PROOF -r ROOT");
    std::optional<asset::Manifest> manifest;
    std::optional<Hash> root;
    if (options.has('m')) {
        manifest = manifestIn(options.values('m').back());
        if (!manifest) return kFailed;
        root = manifest->sealedRoot;
    } else {
        root = Hash::fromHex(options.values('r').back());
        if (!root) return fail("a root has 64 hexadecimal digits");
    }
    const std::string& path = options.rest().front();
    return options.has('p') ? verifyPortion(options.values('p').back(), manifest, *root, path)
                            : verifyWhole(*manifest, path);
}

} // namespace tallylock::cli

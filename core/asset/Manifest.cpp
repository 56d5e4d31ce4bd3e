#include "core/asset/Manifest.h"

#include "core/asset/Text.h"

#include <algorithm>
#include <cassert>

namespace tallylock::asset {

static constexpr std::string_view kManifestLabel = "manifest";

const char* nameOf(ManifestError error) {
    switch (error) {
    case ManifestError::TooLarge: return "manifest too large";
    case ManifestError::Malformed: return "malformed manifest";
    case ManifestError::BadName: return "bad file name";
    case ManifestError::BadMediaType: return "bad media type";
    case ManifestError::TooLongText: return "text too long or not plain";
    case ManifestError::SizesDisagree: return "sizes do not fit each other";
    case ManifestError::BadCustody: return "bad custody chain";
    case ManifestError::WrongSignature: return "wrong signature";
    }
    return "?";
}

Hash manifestHash(const Manifest& manifest) { return crypto::labelledHash(kManifestLabel, manifest); }

SignedManifest signManifest(const Manifest& manifest, const crypto::SigningKey& seller) {
    assert(manifest.seller == seller.publicKey());
    return {manifest, seller.sign(kManifestLabel, manifest)};
}

// A name that is safe to create in the buyer's folder.
static bool isAssetName(std::string_view name) {
    if (name.empty() || name.size() > kMaxAssetName || name == "." || name == "..") return false;
    return isUtf8Text(name) && name.find_first_of("/\\\t\n\r") == std::string_view::npos;
}

static bool sizesAgree(const Manifest& manifest) {
    // Beyond 2^60 bytes the sums below could overflow; no file is that large.
    if (manifest.plainSize >= std::uint64_t{1} << 60 || manifest.sealedSize >= std::uint64_t{1} << 61) return false;
    const auto piecesOf = [&](std::uint64_t size) {
        return std::max<std::uint64_t>(1, (manifest.plainSize + size - 1) / size);
    };
    const std::uint64_t payload = manifest.plainSize + 16 * piecesOf(kChunkSize);
    return manifest.portionCount == piecesOf(kPortionSize) && manifest.sealedSize > payload &&
           manifest.sealedSize - payload <= kMaxSealedHeader;
}

static bool custodyAgrees(const Manifest& manifest) {
    const auto owner = custody::checkCustody(manifest.custody, manifest.assetId);
    return owner && *owner == manifest.seller && manifest.custody.front().entry.from == manifest.creator;
}

Result<void, ManifestError> verifyManifest(const SignedManifest& signedManifest) {
    const Manifest& manifest = signedManifest.manifest;
    if (!isAssetName(manifest.name)) return Err(ManifestError::BadName);
    if (!isMediaType(manifest.mediaType)) return Err(ManifestError::BadMediaType);
    const std::string mark = manifest.trackingMark.value_or("");
    if (manifest.description.size() > kMaxDescription || !isUtf8Text(manifest.description) ||
        mark.size() > kMaxTrackingMark || !isUtf8Text(mark)) {
        return Err(ManifestError::TooLongText);
    }
    if (!sizesAgree(manifest)) return Err(ManifestError::SizesDisagree);
    if (!crypto::verify(manifest.seller, kManifestLabel, manifest, signedManifest.signature)) {
        return Err(ManifestError::WrongSignature);
    }
    if (!custodyAgrees(manifest)) return Err(ManifestError::BadCustody);
    return {};
}

Result<SignedManifest, ManifestError> readManifest(ByteView bytes) {
    if (bytes.size() > kMaxManifestSize) return Err(ManifestError::TooLarge);
    auto manifest = decodeCbor<SignedManifest>(bytes);
    if (!manifest) return Err(ManifestError::Malformed);
    if (const auto verified = verifyManifest(*manifest); !verified) return Err(verified.error());
    return std::move(manifest).value();
}

} // namespace tallylock::asset

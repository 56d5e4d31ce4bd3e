// The manifest: what the seller signs about an asset. Its hash H("manifest", manifest) goes into the terms of a sale.
#pragma once

#include "core/asset/Edition.h"
#include "core/asset/Preview.h"
#include "core/custody/Custody.h"

namespace tallylock::asset {

struct Manifest {
    Hash assetId;
    std::string name;      ///< of the file, without any folder
    std::string mediaType; ///< "type/subtype"
    std::string description;
    IdentityKey creator;
    IdentityKey seller;           ///< who signs: the present owner
    std::uint64_t edition = 0;    ///< the edition that recipient and sealed root belong to
    std::uint64_t plainSize = 0;  ///< bytes
    std::uint64_t sealedSize = 0; ///< bytes
    std::uint64_t portionCount = 0;
    BoxKey recipient;
    Hash sealedRoot;
    Hash plainRoot;
    Hash previewHash;
    std::optional<std::string> trackingMark;
    std::vector<custody::SignedCustody> custody;
    std::int64_t createdMs = 0; ///< since 1970-01-01 UTC

    EditionClaim claim() const { return {recipient, sealedRoot, plainRoot}; }
    bool operator==(const Manifest&) const = default;
    static constexpr void fields(auto use) {
        using M = Manifest;
        use(field(1, &M::assetId), field(2, &M::name), field(3, &M::mediaType), field(4, &M::description),
            field(5, &M::creator), field(6, &M::seller), field(7, &M::edition), field(8, &M::plainSize),
            field(9, &M::sealedSize), field(10, &M::portionCount), field(11, &M::recipient), field(12, &M::sealedRoot),
            field(13, &M::plainRoot), field(14, &M::previewHash), field(15, &M::trackingMark), field(16, &M::custody),
            field(17, &M::createdMs));
    }
};

struct SignedManifest {
    Manifest manifest;
    Signature signature; ///< by manifest.seller, label "manifest"
    bool operator==(const SignedManifest&) const = default;
    static constexpr void fields(auto use) {
        use(field(1, &SignedManifest::manifest), field(2, &SignedManifest::signature));
    }
};

enum class ManifestError {
    TooLarge,      ///< more than kMaxManifestSize
    Malformed,     ///< not the CBOR of a manifest
    BadName,       ///< empty, too long, with a separator or control character, or "." or ".."
    BadMediaType,  ///< not of the form "type/subtype"
    TooLongText,   ///< description or tracking mark
    SizesDisagree, ///< plain size, sealed size and portion count do not fit each other
    BadCustody,    ///< the chain is broken, begins with another creator, or does not end with the seller
    WrongSignature,
};
const char* nameOf(ManifestError error);

inline constexpr std::size_t kMaxManifestSize = 256 * 1024;
inline constexpr std::size_t kMaxAssetName = 255;
inline constexpr std::size_t kMaxDescription = 4000;
inline constexpr std::size_t kMaxTrackingMark = 1000;
inline constexpr std::size_t kMaxSealedHeader = 4096; ///< header and nonce of an edition

Hash manifestHash(const Manifest& manifest);
/// `seller` must be the key of manifest.seller.
SignedManifest signManifest(const Manifest& manifest, const crypto::SigningKey& seller);
/// Everything that can be checked without the file.
Result<void, ManifestError> verifyManifest(const SignedManifest& manifest);
/// Decodes within bounds and verifies.
Result<SignedManifest, ManifestError> readManifest(ByteView bytes);

} // namespace tallylock::asset

#include "core/party/Copies.h"

#include "core/asset/Reseal.h"
#include "core/party/Problems.h"
#include "core/party/SealedCopy.h"

#include <filesystem>

namespace tallylock::party {

using api::Problem;
using api::Refusal;

static asset::Manifest copyManifest(const CopyOrder& order, const asset::SealedEdition& edition) {
    asset::Manifest manifest = order.fromManifest;
    manifest.edition = order.edition;
    manifest.sealedSize = edition.portions.sealedSize;
    manifest.recipient = edition.claim.recipient;
    manifest.sealedRoot = edition.claim.sealedRoot;
    manifest.createdMs = order.nowMs;
    return manifest;
}

Outcome<EditionSealed> sealCopy(const CopyOrder& order, ports::FileStore& store, const keys::Identity& seller,
                                Random& random, const asset::Work& work) {
    const auto refuseSeal = [](asset::SealError error) { return Err(Refusal{problemOf(error), nameOf(error)}); };
    const EditionSealed& from = order.from;
    SecretBytes fingerprintKey = keys::fingerprintKey(seller.assetChild(from.assetIndex), from.assetId);
    const auto secrets = keys::unwrapForSeller(fingerprintKey, from.wrapped, from.assetId, from.edition);
    if (!secrets) return Err(Refusal{Problem::WrongKey, keys::nameOf(secrets.error())});
    const asset::EditionClaim claim = order.fromManifest.claim();
    auto source = ports::StoredFile::open(store, claim.sealedRoot);
    if (!source) return Err(refusalOf(source.error()));
    if (source->size() == 0) return Err(Refusal{Problem::FileUnreadable, "not in the file store"});

    auto edition =
        asset::resealEditionFile(*source, *secrets, claim, {from.assetId, order.edition, std::move(fingerprintKey)},
                                 order.sealedPath, random, work);
    if (!edition) return refuseSeal(edition.error());
    const asset::SignedManifest manifest = asset::signManifest(copyManifest(order, *edition), seller.signingKey());
    if (const auto sound = asset::verifyManifest(manifest); !sound) {
        std::error_code ignored;
        std::filesystem::remove(order.sealedPath, ignored);
        return Err(Refusal{problemOf(sound.error()), asset::nameOf(sound.error())});
    }

    keepHashes(order.sealedPath, edition->portions.sealedLeaves);
    EditionSealed copy = from;
    copy.edition = order.edition;
    copy.wrapped = std::move(edition->wrapped);
    copy.manifest = encodeCbor(manifest);
    return copy;
}

} // namespace tallylock::party

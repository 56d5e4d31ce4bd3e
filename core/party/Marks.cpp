#include "core/party/Marks.h"

#include "core/keys/PrivateFile.h"
#include "core/party/Core.h"
#include "core/party/Problems.h"
#include "core/party/SaleChecks.h"

#include <filesystem>

namespace tallylock::party {

namespace fs = std::filesystem;
using api::Done;
using api::Problem;
using api::Refusal;
using ports::MediaError;

static Err<Refusal> mediaRefusal(MediaError error) { return Err(Refusal{problemOf(error), ports::nameOf(error)}); }

/// Whatever keeps a mark out of the file itself leaves the place beside it.
static bool takesSidecar(MediaError error) {
    return error == MediaError::NotSupported || error == MediaError::Locked || error == MediaError::TooLarge ||
           error == MediaError::Damaged;
}

Outcome<MarkedFile> markForSale(ports::Media& media, const std::string& path, const std::string& place,
                                std::vector<custody::SignedCustody> custody, const crypto::SigningKey& owner,
                                std::int64_t nowMs) {
    const auto mark = asset::makeMark(owner, std::move(custody), nowMs);
    if (!mark) return Err(Refusal{Problem::MediaTooLarge, asset::nameOf(mark.error())});
    const Bytes bytes = encodeCbor(*mark);
    MarkedFile marked{path, std::nullopt};
    asset::MarkForm form = asset::MarkForm::Sidecar;
    const auto written = media.mark(path, place, bytes);
    if (written) {
        marked.path = place;
        form = *written;
    } else if (!takesSidecar(written.error())) {
        return mediaRefusal(written.error());
    }
    marked.trackingMark = asset::trackingMarkText(form, bytes);
    if (!marked.trackingMark) return Err(Refusal{Problem::MediaTooLarge, "tracking mark"});
    return marked;
}

void writeSidecar(const std::string& openedPath, const std::optional<std::string>& trackingMark) {
    const auto mark = asset::sidecarMarkOf(trackingMark);
    if (!mark || mark->size() > asset::kMaxMarkSize) return;
    (void)keys::writePrivateFile(asset::sidecarPath(openedPath), asset::markBlock(*mark), keys::Replace::Yes);
}

namespace {

/// "Song.mp3" becomes "Song (my copy).mp3".
std::string ownCopyPath(const std::string& opened) {
    const fs::path path(opened);
    return (path.parent_path() / (path.stem().string() + " (my copy)" + path.extension().string())).string();
}

/// What is known of the copy before the job starts.
struct OwnCopyOrder {
    std::string opened;
    std::string place;
    std::optional<std::string> trackingMark; ///< of the manifest
    Hash assetId;
    Hash contract;
    std::int64_t nowMs = 0;
};

Outcome<std::string> writeOwnCopy(ports::Media& media, const OwnCopyOrder& order, const crypto::SigningKey& buyer) {
    auto found = asset::sidecarMarkOf(order.trackingMark);
    if (!found) {
        auto inside = media.findMark(order.opened);
        if (!inside) return mediaRefusal(inside.error());
        found = std::move(*inside);
    }
    if (found->empty()) return Err(Refusal{Problem::MarkMissing, {}});
    const auto mark = asset::readMark(*found);
    if (!mark) return Err(Refusal{Problem::ManifestInvalid, asset::nameOf(mark.error())});
    // The seller could have left another asset's mark in the file.
    if (mark->statement.assetId != order.assetId)
        return Err(Refusal{Problem::ManifestInvalid, "mark of another asset"});
    const Bytes noted = encodeCbor(asset::withCopyNote(*mark, buyer, order.contract, order.nowMs));
    std::error_code error;
    if (fs::equivalent(order.opened, order.place, error)) return Err(Refusal{Problem::FileUnreadable, "the same file"});
    fs::remove(order.place, error);
    if (const auto written = media.mark(order.opened, order.place, noted); written)
        return order.place;
    else if (!takesSidecar(written.error()))
        return mediaRefusal(written.error());
    if (!fs::copy_file(order.opened, order.place, error)) return Err(Refusal{Problem::FileUnreadable, error.message()});
    if (!keys::writePrivateFile(asset::sidecarPath(order.place), asset::markBlock(noted), keys::Replace::Yes))
        return Err(Refusal{Problem::DiskFull, {}});
    return order.place;
}

} // namespace

void markOwnCopy(Core& core, SaleId sale, const std::string& path, const Done<std::string>& done) {
    const KnownSale* known = core.replica().sale(sale);
    if (!known) return done(Err(Refusal{Problem::SaleUnknown, {}}));
    if (known->last.buyer != core.replica().holder()) return done(Err(Refusal{Problem::SaleNotYours, {}}));
    const std::string* opened = core.diary().path(sale);
    const auto contract = contractOf(known->last);
    const KnownListing* listing = core.replica().listing(known->last.listing);
    if (!opened || !contract || !listing) return done(Err(Refusal{Problem::SaleWrongState, {}}));
    const auto media = core.setup().media;
    if (!media) return done(Err(Refusal{Problem::NotAvailable, {}}));
    const auto manifest = checkListing(listing->published);
    if (!manifest) return done(Err(manifest.error()));
    const OwnCopyOrder order{*opened,
                             path.empty() ? ownCopyPath(*opened) : path,
                             manifest->trackingMark,
                             manifest->assetId,
                             contractHash(*contract),
                             core.nowMs()};
    core.jobs().start(newControl(), [&core, media, order, done] {
        auto written = writeOwnCopy(*media, order, core.identity().signingKey());
        core.poster().post([written = std::move(written), done] { done(written); });
    });
}

} // namespace tallylock::party

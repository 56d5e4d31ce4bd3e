#include "core/party/SellerSide.h"

#include "core/asset/SealResume.h"
#include "core/crypto/Box.h"
#include "core/escrow/SaleTable.h"
#include "core/party/Core.h"
#include "core/party/SaleChecks.h"
#include "core/party/SealedCopy.h"
#include "core/wire/Deposit.h"

#include <cassert>
#include <filesystem>

namespace tallylock::party {

namespace fs = std::filesystem;
using api::Answer;
using api::Done;
using api::Problem;
using api::Refusal;

static constexpr std::size_t kMaxListingName = 200; // as the coordinator has it, in bytes
static constexpr std::int64_t kKeptBoundMs = 5000;  // how long a deposit waits until it is kept

/// How the journal names an edition: the first goes without saying.
static std::optional<std::uint64_t> editionField(std::uint64_t edition) {
    return edition == 1 ? std::nullopt : std::optional(edition);
}

// --- the sealed edition --------------------------------------------------------------------------------------------

static EditionKey keyOf(const EditionSealed& sealed) { return {sealed.assetId, sealed.edition}; }

std::string SellerSide::sealedPath(const EditionKey& key) const {
    const auto& [assetId, edition] = key;
    const std::string name = edition == 1 ? assetId.hex() : assetId.hex() + "-" + std::to_string(edition);
    return (fs::path(m_core.setup().folder) / "sealed" / (name + ".age")).string();
}

void SellerSide::tidyFolder() {
    std::set<std::string> ours;
    for (const auto& [key, edition] : m_core.diary().editions())
        for (const std::string& path : {sealedPath(key), hashesPath(sealedPath(key))}) ours.insert(path);
    const auto keepRest = [&](const EditionKey& key) {
        for (const char* rest : {".part", ".part.key"}) ours.insert(sealedPath(key) + rest);
    };
    for (const auto& [assetId, begun] : m_core.diary().sealings()) keepRest({assetId, 1});
    // A further copy has no record of its own before it is whole.
    for (const auto& [key, edition] : m_core.diary().editions()) keepRest({key.first, nextEdition(key.first)});
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(fs::path(m_core.setup().folder) / "sealed", error))
        if (!ours.contains(entry.path().string())) fs::remove(entry.path(), error);
}

void SellerSide::removeSealed(const EditionKey& key) {
    std::error_code ignored;
    fs::remove(sealedPath(key), ignored);
    fs::remove(hashesPath(sealedPath(key)), ignored);
    asset::dropUnfinishedSealing(sealedPath(key));
}

std::optional<std::string> SellerSide::sealedCopyOf(ListingId listing) const {
    const Edition* edition = m_core.diary().editionOf(listing);
    if (!edition) return std::nullopt;
    return sealedPath(keyOf(edition->sealed));
}

void SellerSide::letGoOfSealed(const engine::SaleChanged& sale) {
    // One that never had terms, or ended untouched, left the listing to others.
    const bool hadTheListing = sale.terms && !escrow::endsUntouched(sale.state, sale.step);
    const Edition* edition = m_core.diary().editionOf(sale.listing);
    if (edition && hadTheListing) removeSealed(keyOf(edition->sealed));
}

/// What would be refused when it is published is refused before the long work.
std::optional<Refusal> SellerSide::faultOf(const api::SellRequest& request) const {
    if (request.name.empty() || request.name.size() > kMaxListingName) return Refusal{Problem::NameInvalid, {}};
    if (request.description.size() > asset::kMaxDescription) return Refusal{Problem::NameInvalid, "description"};
    if (m_core.welcome() && request.price.unit != m_core.welcome()->config.dollars)
        return Refusal{Problem::AmountInvalid, {}};
    if (request.price.value < 0) return Refusal{Problem::AmountNegative, {}};
    if (request.price.value == 0) return Refusal{Problem::AmountZero, {}};
    const asset::Preview preview{request.preview.mediaType, request.preview.bytes, {}};
    if (const auto sound = asset::checkPreview(preview); !sound)
        return Refusal{Problem::ManifestInvalid, asset::nameOf(sound.error())};
    return std::nullopt;
}

Answer<SealingBegun> SellerSide::beginSealing(const api::SellRequest& request) {
    if (const auto fault = faultOf(request)) return Err(*fault);
    const auto mark = sourceMark(request.path);
    if (!mark) return Err(mark.error());
    if (mark->size == 0) return Err(Refusal{Problem::FileEmpty, {}});
    const auto index = m_core.diary().nextAssetIndex(m_core.random());
    if (!index) return Err(refusalOf(index.error()));
    const keys::Identity& me = m_core.identity();
    SealingBegun begun;
    begun.assetId = keys::newAssetId(me.key(), m_core.random());
    begun.assetIndex = *index;
    const keys::EditionSecrets secrets{crypto::newBoxSecret(m_core.random()), asset::newPlainSalt(m_core.random())};
    begun.wrapped = keys::wrapForSeller(keys::fingerprintKey(me.assetChild(*index), begun.assetId), secrets,
                                        begun.assetId, 1, m_core.random());
    begun.path = request.path;
    begun.sourceSize = mark->size;
    begun.sourceTimeNs = mark->timeNs;
    begun.name = request.name;
    begun.description = request.description;
    begun.mediaType = request.mediaType;
    begun.price = request.price;
    begun.previewType = request.preview.mediaType;
    begun.preview = request.preview.bytes;
    if (request.mark) begun.markedMs = m_core.nowMs();
    if (const auto put = m_core.diary().put(begun); !put) return Err(refusalOf(put.error()));
    return begun;
}

void SellerSide::seal(const api::SellRequest& request, const ControlPointer& control, const SealProgress& progress,
                      const Done<api::DraftRow>& done) {
    const auto begun = beginSealing(request);
    if (!begun) return done(Err(begun.error()));
    runSealing(*begun, false, control, progress, done);
}

void SellerSide::resumeSealing(const Hash& assetId, const ControlPointer& control, const SealProgress& progress,
                               const Done<api::DraftRow>& done) {
    const auto found = m_core.diary().sealings().find(assetId);
    if (found == m_core.diary().sealings().end()) {
        const Edition* draft = m_core.diary().draft(assetId);
        if (!draft) return done(Err(Refusal{Problem::ListingUnknown, {}}));
        return done(draftRow(draft->sealed)); // it has been sealed meanwhile
    }
    runSealing(found->second, true, control, progress, done);
}

void SellerSide::runSealing(const SealingBegun& begun, bool isResumed, const ControlPointer& control,
                            const SealProgress& progress, const Done<api::DraftRow>& done) {
    if (!m_sealing.insert(begun.assetId).second) return done(Err(Refusal{Problem::Busy, {}}));
    SealOrder order{begun, sealedPath({begun.assetId, 1}), m_core.nowMs(), m_core.setup().media};
    m_core.jobs().startWatched(control, [this, order = std::move(order), isResumed, control, progress, done] {
        asset::Work work;
        work.progress = [&](std::uint64_t doneBytes) { progress(doneBytes, order.begun.sourceSize); };
        work.control = control.get();
        auto sealed = sealEdition(order, m_core.identity(), m_core.random(), work);
        const bool wasInterrupted =
            isResumed || (!sealed && sealed.error().problem == Problem::Cancelled && !control->cancelled());
        m_core.poster().post([this, assetId = order.begun.assetId, sealed = std::move(sealed), wasInterrupted, done] {
            m_sealing.erase(assetId);
            if (sealed) return keepSealed(*sealed, done);
            // What ends with the program goes on next time, and so does what was gone on with. What a person has
            // cancelled or what has failed is over; but where only the file was another, the right one may come back.
            const bool remains = wasInterrupted || sealed.error().problem == Problem::FileChanged ||
                                 sealed.error().problem == Problem::FileUnreadable;
            if (!remains) {
                (void)m_core.diary().put(DraftDiscarded{assetId, {}});
                removeSealed({assetId, 1});
            }
            m_core.changed(api::Topic::Listings);
            done(Err(sealed.error()));
        });
    });
}

void SellerSide::keepSealed(const EditionSealed& sealed, const Done<api::DraftRow>& done) {
    if (const auto put = m_core.diary().put(sealed); !put) {
        removeSealed(keyOf(sealed));
        return done(Err(refusalOf(put.error())));
    }
    m_core.changed(api::Topic::Listings);
    done(draftRow(sealed));
}

// --- a further copy ------------------------------------------------------------------------------------------------

std::uint64_t SellerSide::nextEdition(const Hash& assetId) const {
    std::uint64_t next = 1;
    for (const auto& [key, edition] : m_core.diary().editions())
        if (key.first == assetId) next = std::max(next, key.second + 1);
    return next;
}

/// From the newest edition that is listed, numbered behind all that are known.
Answer<CopyOrder> SellerSide::copyOrderOf(const Hash& assetId) const {
    CopyOrder order;
    bool isFound = false;
    for (const auto& [key, edition] : m_core.diary().editions()) {
        if (key.first != assetId) continue;
        const KnownListing* listing = edition.listing ? m_core.replica().listing(edition.listing) : nullptr;
        if (!listing) continue;
        const engine::ListingPublished& published = listing->published;
        auto manifest = checkListing(published);
        if (!manifest) continue;
        order.from = edition.sealed; // of another folder: only its key, so the rest is read from the listing
        order.from.name = published.name;
        order.from.description = published.description;
        order.from.mediaType = published.mediaType;
        order.from.price = published.price;
        order.from.previewType = published.previewType;
        order.from.preview = published.preview;
        order.fromManifest = std::move(*manifest);
        isFound = true;
    }
    if (!isFound) return Err(Refusal{Problem::ListingUnknown, {}});
    order.edition = nextEdition(assetId);
    order.sealedPath = sealedPath({assetId, order.edition});
    order.nowMs = m_core.nowMs();
    return order;
}

void SellerSide::sellAnotherCopy(const Hash& assetId, const ControlPointer& control, const SealProgress& progress,
                                 const Done<api::DraftRow>& done) {
    if (const Edition* draft = m_core.diary().draft(assetId); draft && !isGone(keyOf(draft->sealed), *draft))
        return done(draftRow(draft->sealed)); // one is waiting already
    auto order = copyOrderOf(assetId);
    if (!order) return done(Err(order.error()));
    if (!m_copying.insert(assetId).second) return done(Err(Refusal{Problem::Busy, {}}));
    m_core.jobs().startWatched(control, [this, order = std::move(*order), control, progress, done] {
        asset::Work work;
        work.progress = [&](std::uint64_t doneBytes) { progress(doneBytes, order.fromManifest.plainSize); };
        work.control = control.get();
        auto sealed = sealCopy(order, m_core.files(), m_core.identity(), m_core.random(), work);
        m_core.poster().post([this, assetId = order.from.assetId, sealed = std::move(sealed), done] {
            m_copying.erase(assetId);
            if (!sealed) return done(Err(sealed.error()));
            keepSealed(*sealed, done);
        });
    });
}

// --- drafts --------------------------------------------------------------------------------------------------------

bool SellerSide::isGone(const EditionKey& key, const Edition& edition) const {
    std::error_code error;
    return edition.isElsewhere() || !fs::exists(sealedPath(key), error);
}

std::vector<api::DraftRow> SellerSide::drafts() const {
    std::vector<api::DraftRow> rows;
    for (const auto& [assetId, begun] : m_core.diary().sealings())
        if (!m_sealing.contains(assetId)) rows.push_back(draftRow(begun, sealedPath({assetId, 1})));
    for (const auto& [key, edition] : m_core.diary().editions()) {
        if (edition.listing) continue;
        rows.push_back(draftRow(edition.sealed));
        if (isGone(key, edition)) rows.back().state = api::DraftState::Gone;
    }
    return rows;
}

void SellerSide::discard(const Hash& assetId, const Done<void>& done) {
    const bool isBegun = m_core.diary().sealings().contains(assetId);
    if (m_sealing.contains(assetId)) return done(Err(Refusal{Problem::Busy, {}}));
    const Edition* edition = m_core.diary().draft(assetId);
    if (!edition && !isBegun) {
        const bool isListed = m_core.diary().edition({assetId, 1}) != nullptr;
        return done(Err(Refusal{isListed ? Problem::ListingTaken : Problem::ListingUnknown, {}}));
    }
    if (m_publishing.contains(assetId)) return done(Err(Refusal{Problem::ListingTaken, {}}));
    const EditionKey key = isBegun ? EditionKey{assetId, 1} : keyOf(edition->sealed);
    if (const auto put = m_core.diary().put(DraftDiscarded{assetId, editionField(key.second)}); !put)
        return done(Err(refusalOf(put.error())));
    removeSealed(key);
    m_core.changed(api::Topic::Listings);
    done({});
}

void SellerSide::publish(const Hash& assetId, const Done<ListingId>& done) {
    const Edition* edition = m_core.diary().draft(assetId);
    if (!edition) {
        const Edition* newest = m_core.diary().newest(assetId);
        if (!newest) return done(Err(Refusal{Problem::ListingUnknown, {}}));
        return done(newest->listing);
    }
    if (edition->isElsewhere()) return done(Err(Refusal{Problem::DraftGone, {}}));
    const auto manifest = asset::readManifest(edition->sealed.manifest);
    if (!manifest) return done(Err(Refusal{problemOf(manifest.error()), {}}));
    if (!m_publishing.insert(assetId).second) return done(Err(Refusal{Problem::Busy, {}}));
    const Done<ListingId> finish = [this, assetId, done](Answer<ListingId> answer) {
        m_publishing.erase(assetId);
        done(std::move(answer));
    };
    // A store far away takes files only of those who have an account.
    m_core.withHolder(
        [this, finish, sealed = edition->sealed, manifest = manifest->manifest](const Answer<HolderId>& holder) {
            if (!holder) return finish(Err(holder.error()));
            upload(sealed, manifest, finish);
        });
}

void SellerSide::upload(const EditionSealed& sealed, const asset::Manifest& manifest, const Done<ListingId>& done) {
    const ControlPointer control = newControl();
    m_core.jobs().start(control, [this, control, done, path = sealedPath(keyOf(sealed)), sealed, manifest] {
        auto uploaded = uploadSealed(path, m_core.files(), manifest.sealedRoot, manifest.sealedSize, *control);
        m_core.poster().post([this, done, sealed, manifest, uploaded = std::move(uploaded)] {
            if (!uploaded) return done(Err(uploaded.error()));
            submitListing(sealed, manifest, done);
        });
    });
}

void SellerSide::submitListing(const EditionSealed& sealed, const asset::Manifest& manifest,
                               const Done<ListingId>& done) {
    engine::PublishListing body;
    body.assetId = sealed.assetId;
    body.name = sealed.name;
    body.description = sealed.description;
    body.mediaType = sealed.mediaType;
    body.sizeBytes = manifest.plainSize;
    body.sealedSize = manifest.sealedSize;
    body.manifestHash = asset::manifestHash(manifest);
    body.sealedRoot = manifest.sealedRoot;
    body.plainRoot = manifest.plainRoot;
    body.recipient = manifest.recipient;
    body.price = sealed.price;
    body.manifest = sealed.manifest;
    body.previewType = sealed.previewType;
    body.preview = sealed.preview;
    engine::CommandBody command = body;
    if (sealed.edition > 1) command = engine::PublishEdition{sealed.edition, std::move(body)};
    m_core.command(
        std::move(command), [this](std::uint64_t value) { return m_core.replica().listing({value}) != nullptr; },
        [done](const Answer<std::uint64_t>& value) {
            if (!value) return done(Err(value.error()));
            done(ListingId{*value});
        });
}

// Also after a crash between the command and this record: the public stream tells it again at every start.
void SellerSide::noteListing(ListingId listing) {
    const KnownListing* known = m_core.replica().listing(listing);
    if (!known || !known->sound || known->published.sellerKeys.identity != m_core.identity().key()) return;
    const auto manifest = asset::readManifest(known->published.manifest);
    if (!manifest) return;
    const EditionKey key{manifest->manifest.assetId, manifest->manifest.edition};
    const Edition* edition = m_core.diary().edition(key);
    if (!edition || edition->listing) return;
    m_core.diary().putLater(EditionListed{key.first, listing, editionField(key.second)});
    asset::dropUnfinishedSealing(sealedPath(key));
    m_core.changed(api::Topic::Listings);
}

void SellerSide::noteListings() {
    for (const auto& [id, known] : m_core.replica().listings()) noteListing(id);
}

// --- B3 ----------------------------------------------------------------------------------------------------------

void SellerSide::drive(const KnownSale& known) {
    const engine::SaleChanged& sale = known.last;
    if (escrow::isTerminal(sale.state)) letGoOfSealed(sale);
    const bool isOwnershipOnly = sale.terms && sale.terms->ownership;
    if (sale.payoutEntry && !isOwnershipOnly) passCustody(sale);
    if (sale.state == engine::SaleState::Funded && isOwnershipOnly) passOwnership(sale);
    if (meetsCounter(known)) acceptCounter(sale);
    const Edition* edition = m_core.diary().editionOf(sale.listing);
    const auto key = depositWanted(sale);
    if (!key || !edition || m_delivered.contains(*key) || m_hopeless.contains(*key)) return;
    if (!m_attempts.begin(sale.sale, actOf(*key))) return;
    if (const DepositMade* deposit = m_core.diary().deposit(sale.sale, key->second))
        sendDeposit(sale, *deposit);
    else
        requestDepositKey(sale, *edition, key->second);
}

Server& SellerSide::depositaryOf(const DepositKey& key) {
    if (!key.second) return m_core.keyServer();
    assert(m_core.standby() && "depositWanted has looked");
    return *m_core.standby();
}

Act SellerSide::actOf(const DepositKey& key) { return key.second ? Act::DepositAnew : Act::Deposit; }

std::optional<SellerSide::DepositKey> SellerSide::depositWanted(const engine::SaleChanged& sale) {
    if (!sale.terms || !sale.sellerSignature) return std::nullopt;
    if (sale.sellerKeys.identity != m_core.identity().key()) return std::nullopt; // another user of the account sells
    using engine::SaleState;
    if (sale.state == SaleState::Accepted || sale.state == SaleState::KeyDeposited) return DepositKey(sale.sale, false);
    const bool isSilent = sale.state == SaleState::Rekeying && !sale.standbyReceipt;
    // Only with the one that this app itself knows: the terms were made from what the coordinator says.
    const auto& known = m_core.setup().standbyIdentity;
    const bool isKnown = known && m_core.standby() && sale.terms->standby && sale.terms->standby->identity == *known;
    return isSilent && isKnown ? std::optional(DepositKey(sale.sale, true)) : std::nullopt;
}

void SellerSide::depositFailed(const DepositKey& key, bool tryAgain) {
    const std::int64_t delayMs = m_attempts.failed(key.first, actOf(key));
    if (tryAgain)
        m_core.driveAgain(key.first, delayMs);
    else
        m_hopeless.insert(key);
}

void SellerSide::requestDepositKey(const engine::SaleChanged& sale, const Edition& edition, bool toStandby) {
    const DepositKey id{sale.sale, toStandby};
    depositaryOf(id).ask<wire::DepositKeyReply>(
        wire::DepositKeyRequest{*sale.terms, *sale.sellerSignature},
        [this, sale, id, of = keyOf(edition.sealed)](Result<wire::DepositKeyReply, wire::Problem> key) {
            const Edition* mine = m_core.diary().edition(of);
            if (!key || !mine) return depositFailed(id, mine && Server::worthRetrying(key.error()));
            const auto deposit = makeDeposit(sale, *mine, id.second, *key);
            if (!deposit) return depositFailed(id, false);
            if (const auto put = m_core.diary().put(*deposit); !put) return depositFailed(id, true);
            // Of two folders that deposit at once, the one whose box is kept first is the one that both send.
            m_core.until([this, kept = keptId(*deposit)] { return m_core.diary().isKept(kept); }, kKeptBoundMs,
                         [this, sale, id](bool) { sendDeposit(sale, *m_core.diary().deposit(id.first, id.second)); });
        });
}

Answer<DepositMade> SellerSide::makeDeposit(const engine::SaleChanged& sale, const Edition& edition, bool toStandby,
                                            const wire::DepositKeyReply& key) {
    const Hash t = termsHash(*sale.terms);
    const IdentityKey& server = toStandby ? *m_core.setup().standbyIdentity : m_core.setup().keyServerIdentity;
    if (const auto check = checkDepositKey(key, t, server); !check) return Err(check.error());
    const EditionSealed& sealed = edition.sealed;
    const keys::Identity& me = m_core.identity();
    const SecretBytes fingerprintKey = keys::fingerprintKey(me.assetChild(sealed.assetIndex), sealed.assetId);
    auto secrets = keys::unwrapForSeller(fingerprintKey, sealed.wrapped, sealed.assetId, sealed.edition);
    if (!secrets) return Err(Refusal{Problem::WrongKey, keys::nameOf(secrets.error())});
    DepositMade made;
    made.sale = sale.sale;
    made.terms = t;
    if (toStandby) made.toStandby = true;
    const auto index = m_core.diary().nextDisclosureIndex(m_core.random());
    if (!index) return Err(refusalOf(index.error()));
    made.disclosureIndex = *index;
    const wire::DepositContent content{std::move(*secrets), me.disclosureChild(made.disclosureIndex)};
    made.box = wire::sealDeposit(key.note.key, t, content, me, m_core.random());
    return made;
}

/// The coordinator hears of the first deposit before the key server has it; of one with the standby, afterwards, from
/// the standby.
void SellerSide::sendDeposit(const engine::SaleChanged& sale, const DepositMade& deposit) {
    const DepositKey key{sale.sale, deposit.toStandby.value_or(false)};
    if (key.second || sale.state == engine::SaleState::KeyDeposited) return deliverBox(key, deposit);
    m_core.command(
        engine::DepositKey{sale.sale, wire::depositHash(deposit.box)},
        [this, id = sale.sale](std::uint64_t) {
            return m_core.replica().sale(id)->last.state != engine::SaleState::Accepted;
        },
        [this, key](const Answer<std::uint64_t>& value) {
            const DepositMade* made = m_core.diary().deposit(key.first);
            if (!value) {
                // Refused also means that an earlier run has said it already; then the state says so, too.
                const bool isSaid = m_core.replica().sale(key.first)->last.state != engine::SaleState::Accepted;
                return depositFailed(key, isSaid || value.error().problem == Problem::StillUnderWay);
            }
            deliverBox(key, *made);
        });
}

void SellerSide::deliverBox(const DepositKey& key, const DepositMade& deposit) {
    depositaryOf(key).ask<wire::Accepted>(wire::Deposit{deposit.terms, key.first, deposit.box},
                                          [this, key](Result<wire::Accepted, wire::Problem> accepted) {
                                              if (!accepted) {
                                                  const bool tryAgain =
                                                      Server::worthRetrying(accepted.error()) ||
                                                      accepted.error().problem == wire::FrameProblem::SealedFileMissing;
                                                  return depositFailed(key, tryAgain);
                                              }
                                              m_delivered.insert(key);
                                              m_attempts.succeeded(key.first, actOf(key));
                                          });
}

} // namespace tallylock::party

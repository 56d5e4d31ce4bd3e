#include "core/party/SpotSide.h"

#include "core/asset/SealedReader.h"
#include "core/party/Core.h"
#include "core/party/Problems.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>

namespace tallylock::party {

namespace fs = std::filesystem;
using api::Blame;
using api::Problem;
using api::Refusal;
using engine::SaleState;
using wire::FrameProblem;

static constexpr std::uint64_t kMostTries = 8; ///< each means that another buyer was quicker

struct SpotSide::Run {
    SaleId sale;
    std::string folder;
    api::Done<api::SpotCheckRow> done;
    SpotSubject subject;
    std::uint64_t attempt = 0;
    wire::SpotCommitNote commit;
    Hash nonce;
    wire::SpotNonce serverNonce;
    wire::SpotAttest attest;
    wire::SpotDraw draw;
    std::vector<api::SpotPortionRow> samples;
};

static bool isSpotTime(SaleState state) { return state >= SaleState::KeyWrapped && state < SaleState::Seen; }

std::optional<SpotSubject> SpotSide::subjectOf(const KnownSale& sale) const {
    const engine::SaleChanged& last = sale.last;
    const KnownListing* listing = m_core.replica().listing(last.listing);
    if (!listing || !last.terms || !last.keyReceipt) return std::nullopt;
    const IdentityKey& keyServer = m_core.setup().keyServerIdentity;
    const auto manifest = checkListing(listing->published);
    if (!manifest || !checkKeyReceipt(*last.terms, *last.keyReceipt, keyServer)) return std::nullopt;
    return SpotSubject{termsHash(*last.terms), last.terms->sealedRoot, last.terms->plainRoot, manifest->portionCount,
                       keyServer};
}

std::string SpotSide::nameFor(const KnownSale& sale, std::uint64_t index) const {
    const KnownListing* listing = m_core.replica().listing(sale.last.listing);
    const auto manifest = listing ? checkListing(listing->published) : Result<asset::Manifest, Refusal>(Err(Refusal{}));
    const std::string name = manifest ? manifest->name : "file";
    return name + ".portion-" + std::to_string(index + 1);
}

api::SpotCheckRow SpotSide::row(const KnownSale& sale) const {
    const engine::SaleChanged& last = sale.last;
    api::SpotCheckRow row;
    if (const KnownListing* listing = m_core.replica().listing(last.listing)) {
        row.portions = asset::portionCountOf(listing->published.sizeBytes);
        row.budget = wire::spotBudgetOf(row.portions);
    }
    const SpotChecked* checked = m_core.diary().spot(last.sale);
    const auto failure = m_failed.find(last.sale);
    if (failure != m_failed.end()) return failure->second;
    if (checked) {
        row.state = api::SpotState::Passed;
        row.opened = checked->opened;
        row.timeMs = checked->timeMs;
        for (std::size_t i = 0; i < checked->indices.size(); ++i)
            row.samples.push_back({checked->indices[i], checked->again[i] != 0, {}});
    } else if (row.budget == 0) {
        row.state = api::SpotState::TooSmall;
    } else if (last.state < SaleState::KeyWrapped) {
        row.state = api::SpotState::TooEarly;
    } else {
        row.state = isSpotTime(last.state) ? api::SpotState::Possible : api::SpotState::TooLate;
    }
    row.possible = row.budget != 0 && isSpotTime(last.state);
    return row;
}

void SpotSide::check(SaleId sale, const std::string& folder, const api::Done<api::SpotCheckRow>& done) {
    const KnownSale* known = m_core.replica().sale(sale);
    if (!known) return done(Err(Refusal{Problem::SaleUnknown, {}}));
    if (known->last.buyerKeys.identity != m_core.identity().key()) return done(Err(Refusal{Problem::SaleNotYours, {}}));
    if (!isSpotTime(known->last.state)) return done(Err(Refusal{Problem::SpotCheckNotNow, {}}));
    const auto subject = subjectOf(*known);
    if (!subject) return done(Err(Refusal{Problem::TermsMismatch, "key receipt"}));
    if (wire::spotBudgetOf(subject->portionCount) == 0) return done(Err(Refusal{Problem::SpotCheckTooSmall, {}}));
    std::error_code error;
    if (!folder.empty() && !fs::is_directory(folder, error))
        return done(Err(Refusal{Problem::FileUnreadable, "not a folder"}));
    if (!m_running.insert(sale).second) return done(Err(Refusal{Problem::Busy, {}}));
    const auto run = std::make_shared<Run>();
    run->sale = sale;
    run->folder = folder;
    run->done = done;
    run->subject = *subject;
    commit(run);
}

void SpotSide::commit(const RunPointer& run) {
    const keys::Identity& me = m_core.identity();
    run->nonce = spotNonce(me.vaultKey(), run->subject.terms, run->attempt);
    run->commit = {run->subject.keyServer, run->subject.terms, wire::spotCommitment(run->subject.terms, run->nonce),
                   wire::kUsualSpotPortions};
    m_core.keyServer().ask<wire::SpotNonce>(
        wire::SpotCommit{run->commit, me.sign("spot-commit", run->commit)},
        [this, run](Result<wire::SpotNonce, wire::Problem> nonce) {
            if (!nonce) return refused(run, nonce.error());
            if (const auto check = checkSpotNonce(run->subject, run->commit, *nonce); !check)
                return failed(run, check.error().detail, Blame::KeyServer);
            reveal(run, *nonce);
        });
}

void SpotSide::reveal(const RunPointer& run, const wire::SpotNonce& nonce) {
    run->serverNonce = nonce;
    m_core.keyServer().ask<wire::SpotAttest>(
        wire::SpotReveal{run->subject.terms, run->nonce}, [this, run](Result<wire::SpotAttest, wire::Problem> attest) {
            if (!attest) return refused(run, attest.error());
            auto draw = checkSpotAttest(run->subject, run->commit, run->nonce, run->serverNonce.note, *attest);
            if (!draw) return failed(run, draw.error().detail, Blame::KeyServer);
            run->attest = std::move(*attest);
            run->draw = std::move(*draw);
            open(run);
        });
}

void SpotSide::open(const RunPointer& run) {
    if (run->samples.size() == run->attest.note.samples.size()) return passed(run);
    const std::uint64_t index = run->attest.note.samples[run->samples.size()].index;
    m_core.keyServer().ask<wire::SpotPortion>(wire::SpotOpen{run->subject.terms, index},
                                              [this, run](Result<wire::SpotPortion, wire::Problem> portion) {
                                                  if (!portion) return refused(run, portion.error());
                                                  take(run, std::make_shared<wire::SpotPortion>(std::move(*portion)));
                                              });
}

namespace {
/// A portion of the store, as it lies there now, is the one that the sealed leaf names.
Outcome<bool> isStored(ports::FileStore& files, const Hash& root, const wire::SpotSample& sample) {
    auto source = ports::StoredFile::open(files, root);
    if (!source) return Err(refusalOf(source.error())); // which is not the store's own fault, perhaps
    const auto layout = asset::portionLayout(*source);
    if (!layout) return false;
    const auto sealed = asset::readSealedPortion(*source, *layout, sample.index);
    return sealed && asset::sealedLeaf(*sealed) == sample.sealedLeaf;
}
bool savePortion(const std::string& path, ByteView plain) {
    auto sink = asset::FileSink::create(path, asset::FileSink::Access::OwnerOnly);
    return sink && sink->write(plain) && sink->commit();
}
} // namespace

// Hashing, the store and the disk: on the job thread.
void SpotSide::take(const RunPointer& run, const std::shared_ptr<wire::SpotPortion>& portion) {
    const wire::SpotSample sample = run->attest.note.samples[run->samples.size()];
    const KnownSale* known = m_core.replica().sale(run->sale);
    const std::string path =
        run->folder.empty() ? std::string() : (fs::path(run->folder) / nameFor(*known, sample.index)).string();
    const ControlPointer control = newControl();
    m_core.jobs().start(control, [this, run, portion, sample, path] {
        const auto check = checkSpotPortion(run->subject, sample, *portion);
        const auto stored = check ? isStored(m_core.files(), run->subject.sealedRoot, sample) : Outcome<bool>(false);
        const bool saved = stored && *stored && (path.empty() || savePortion(path, portion->plain));
        const std::uint64_t size = portion->plain.size();
        wipe(portion->plain);
        m_core.poster().post(
            [this, run, sample, path, stored, saved, size, what = check ? std::string() : check.error().detail] {
                if (!what.empty()) return failed(run, what, Blame::KeyServer);
                if (!stored) return stopped(run, stored.error());
                if (!*stored) return failed(run, "stored portion", Blame::FileStore);
                if (!saved) return stopped(run, {Problem::DiskFull, path});
                const bool again = std::ranges::binary_search(run->draw.again, sample.index);
                run->samples.push_back({sample.index, again, path});
                run->samples.back().sizeBytes = size;
                open(run);
            });
    });
}

void SpotSide::passed(const RunPointer& run) {
    SpotChecked record{run->sale, encodeCbor(run->serverNonce), encodeCbor(run->attest), {}, {}, 0, m_core.nowMs()};
    for (const api::SpotPortionRow& sample : run->samples) {
        record.indices.push_back(sample.index);
        record.again.push_back(sample.again ? 1 : 0);
    }
    record.opened = run->serverNonce.note.opened.size() + run->draw.fresh.size();
    if (const auto put = m_core.diary().put(record); !put) return stopped(run, refusalOf(put.error()));
    m_failed.erase(run->sale);
    m_running.erase(run->sale);
    m_core.changed(api::Topic::Sales);
    api::SpotCheckRow done = row(*m_core.replica().sale(run->sale));
    done.samples = run->samples;
    run->done(done);
}

void SpotSide::refused(const RunPointer& run, const wire::Problem& problem) {
    switch (problem.problem) {
    case FrameProblem::SpotOutdated:
    case FrameProblem::SpotDiffers: // this identity has tried again before, perhaps on another machine
        if (++run->attempt < kMostTries) return commit(run);
        return stopped(run, {Problem::Busy, {}});
    case FrameProblem::SpotTooSmall: return stopped(run, {Problem::SpotCheckTooSmall, {}});
    case FrameProblem::SpotTooEarly:
    case FrameProblem::SpotTooLate: return stopped(run, {Problem::SpotCheckNotNow, {}});
    case FrameProblem::SealedFileMissing:
    case FrameProblem::StoredFileAltered: return failed(run, wire::nameOf(problem.problem), Blame::FileStore);
    case FrameProblem::PartDamaged: return failed(run, wire::nameOf(problem.problem), Blame::KeyServer);
    default: return stopped(run, {problemOf(problem.problem), problem.detail});
    }
}

void SpotSide::failed(const RunPointer& run, const std::string& what, Blame blame) {
    m_running.erase(run->sale);
    api::SpotCheckRow failure = row(*m_core.replica().sale(run->sale));
    failure.state = api::SpotState::Failed;
    failure.problem = what;
    failure.blame = blame;
    failure.samples.clear();
    failure.timeMs = m_core.nowMs();
    m_failed[run->sale] = failure;
    m_core.changed(api::Topic::Sales);
    run->done(failure);
}

void SpotSide::stopped(const RunPointer& run, Refusal refusal) {
    m_running.erase(run->sale);
    run->done(Err(std::move(refusal)));
}

} // namespace tallylock::party

#include "core/host/SecondFactors.h"

#include "core/crypto/Aead.h"

#include <algorithm>

namespace tallylock::host {

using ports::StoreError;
using ports::StoreFailure;
using wire::Answer;
using wire::FactorAct;
using wire::FactorState;
using wire::FrameProblem;

namespace {
constexpr std::size_t kSecretBytes = 20; // as long as the hash of the codes: RFC 4226, section 4
/// A secret is not made anew before, so that nobody fills the store.
constexpr std::int64_t kBetweenOffersMs = 5'000;

Answer problem(FrameProblem why, std::string detail = {}) { return wire::Problem{why, std::move(detail)}; }
std::string secondsOf(std::int64_t ms) { return std::to_string((ms + 999) / 1000); }
} // namespace

std::int64_t SecondFactors::waitMs(unsigned failures) {
    if (failures < kFreeFailures) return 0;
    const unsigned doublings = std::min(failures - kFreeFailures, 20u);
    return std::min(kFirstWaitMs << doublings, kLongestWaitMs);
}

FactorState SecondFactors::Factor::state() const {
    if (!secret.empty()) return FactorState::Confirmed;
    return offered.empty() ? FactorState::None : FactorState::Offered;
}

// --- the store ------------------------------------------------------------------------------------------------------

/// A record opens in its own place of this store alone.
Bytes SecondFactors::contextOf(std::uint64_t number) const {
    return crypto::cborList(std::string("second-factors"), m_identity.key(), number);
}

Result<void, StoreFailure> SecondFactors::start() {
    std::promise<Result<void, StoreFailure>> started;
    auto outcome = started.get_future();
    const bool posted = m_thread.post([&] {
        started.set_value([&]() -> Result<void, StoreFailure> {
            auto store = m_openStore();
            if (!store) return Err(store.error());
            m_store = std::move(*store);
            bool good = true;
            const auto read = m_store->read(1, [&](std::uint64_t number, ByteView sealed) {
                const auto plain = crypto::aeadOpen(m_identity.vaultKey(), sealed, contextOf(number));
                auto record = plain ? decodeCbor<Record>(plain->view()) : Err(CborError::Truncated);
                good = record.ok();
                if (good) apply(*record);
                return good;
            });
            if (!read) return Err(read.error());
            if (!good) return Err(StoreFailure{StoreError::Damaged, "the store of one-time codes"});
            return {};
        }());
    });
    if (!posted) return Err(StoreFailure{StoreError::Io, "stopping"});
    return outcome.get();
}

void SecondFactors::stop() {
    std::promise<void> closed;
    auto done = closed.get_future();
    const bool posted = m_thread.post([&] {
        m_factors.clear();
        m_store.reset(); // on the thread that opened it
        closed.set_value();
    });
    if (posted) done.wait();
    m_thread.stop();
}

bool SecondFactors::put(Record record) {
    Bytes encoded = encodeCbor(record);
    const SecretBytes plain = SecretBytes::takeFrom(encoded);
    const Bytes sealed =
        crypto::aeadSeal(m_identity.vaultKey(), plain.view(), contextOf(m_store->size() + 1), m_random);
    const auto kept = m_store->append({sealed});
    if (kept) apply(record);
    wipe(record.secret);
    if (!kept) m_fail(kept.error());
    return kept.ok();
}

void SecondFactors::apply(Record& record) {
    Factor& factor = m_factors[record.user];
    switch (record.kind) {
    case Kind::Offered:
        factor.offered = SecretBytes::takeFrom(record.secret);
        factor.offeredMs = record.timeMs;
        return;
    case Kind::Confirmed:
        factor.secret = std::move(factor.offered);
        factor.offered = {};
        factor.lastStep = record.step;
        factor.failures = 0;
        return;
    case Kind::Used:
        factor.lastStep = record.step;
        factor.lastCommand = record.command;
        factor.failures = 0;
        return;
    case Kind::Failed:
        ++factor.failures;
        factor.lastFailureMs = record.timeMs;
        return;
    case Kind::Removed:
        // The steps that were used stay used, whatever secret comes next.
        factor.secret = {};
        factor.offered = {};
        factor.failures = 0;
        return;
    case Kind::kCount: return;
    }
}

// --- questions ------------------------------------------------------------------------------------------------------

bool SecondFactors::ask(const IdentityKey& device, const wire::FactorRequest& request, Done done) {
    return m_thread.post([this, device, request, done = std::move(done)] { done(answer(device, request)); },
                         kMostWaiting);
}

bool SecondFactors::reset(UserId user) {
    std::promise<bool> written;
    auto outcome = written.get_future();
    const bool posted = m_thread.post([&] {
        Record record;
        record.user = user;
        record.kind = Kind::Removed;
        record.timeMs = m_time.nowMs();
        written.set_value(m_store && put(std::move(record)));
    });
    return posted && outcome.get();
}

Answer SecondFactors::answer(const IdentityKey& device, const wire::FactorRequest& request) {
    if (!m_store) return problem(FrameProblem::Stopping);
    const auto known = m_sequencer.askNow([&device](const Sight& sight) {
        const auto actor = sight.engine.parties().actorOf(device);
        return actor ? actor->user : UserId{};
    });
    if (!known) return problem(FrameProblem::Stopping);
    if (!*known) return problem(FrameProblem::NotFound);
    if (m_time.isHeld()) return problem(FrameProblem::ClockUncertain);
    const UserId user = *known;
    Factor& factor = m_factors[user];
    const auto done = [&factor] { return wire::FactorStatus{factor.state(), {}}; };

    switch (request.act) {
    case FactorAct::State: return done();
    case FactorAct::Enrol: return enrol(user, factor, request.code);
    case FactorAct::Confirm: {
        if (factor.offered.empty()) return problem(FrameProblem::FactorMissing);
        const auto step = check(user, factor, factor.offered, request.code);
        if (!step) return step.error();
        if (!put({user, Kind::Confirmed, {}, *step, {}, m_time.nowMs()})) return problem(FrameProblem::Internal);
        return done();
    }
    case FactorAct::Use: return use(device, user, factor, request);
    case FactorAct::Remove: {
        if (factor.secret.empty()) return problem(FrameProblem::FactorMissing);
        const auto step = check(user, factor, factor.secret, request.code);
        if (!step) return step.error();
        const std::int64_t nowMs = m_time.nowMs();
        const bool kept = put({user, Kind::Used, {}, *step, {}, nowMs}) && put({user, Kind::Removed, {}, 0, {}, nowMs});
        return kept ? Answer(done()) : problem(FrameProblem::Internal);
    }
    case FactorAct::kCount: break;
    }
    return problem(FrameProblem::Malformed);
}

Result<std::uint64_t, wire::Problem> SecondFactors::check(UserId user, Factor& factor, const SecretBytes& secret,
                                                          const std::string& code) {
    const std::int64_t nowMs = m_time.nowMs();
    const std::int64_t againMs = factor.lastFailureMs + waitMs(factor.failures);
    if (nowMs < againMs) return Err(wire::Problem{FrameProblem::CodesTooMany, secondsOf(againMs - nowMs)});
    if (const auto step = crypto::checkTotp(secret.view(), code, nowMs, factor.lastStep)) return *step;
    // Counted durably, so that a restart gives nobody more attempts.
    if (!put({user, Kind::Failed, {}, 0, {}, nowMs})) return Err(wire::Problem{FrameProblem::Internal, {}});
    return Err(wire::Problem{FrameProblem::CodeWrong, {}});
}

/// The present secret counts until the new one is confirmed.
Answer SecondFactors::enrol(UserId user, Factor& factor, const std::string& code) {
    const std::int64_t nowMs = m_time.nowMs();
    if (!factor.secret.empty()) {
        if (code.empty()) return problem(FrameProblem::FactorExists);
        const auto step = check(user, factor, factor.secret, code);
        if (!step) return step.error();
        if (!put({user, Kind::Used, {}, *step, {}, nowMs})) return problem(FrameProblem::Internal);
    } else if (!factor.offered.empty() && nowMs < factor.offeredMs + kBetweenOffersMs) {
        return problem(FrameProblem::CodesTooMany, secondsOf(factor.offeredMs + kBetweenOffersMs - nowMs));
    }
    Record record;
    record.user = user;
    record.kind = Kind::Offered;
    record.timeMs = nowMs;
    record.secret.resize(kSecretBytes);
    m_random.fill(record.secret);
    Bytes shown = record.secret;
    if (!put(std::move(record))) {
        wipe(shown);
        return problem(FrameProblem::Internal);
    }
    return wire::FactorStatus{factor.state(), std::move(shown)};
}

Answer SecondFactors::use(const IdentityKey& device, UserId user, Factor& factor, const wire::FactorRequest& request) {
    if (factor.secret.empty()) return problem(FrameProblem::FactorMissing);
    // Asked again, because the answer was lost: the code has counted for this command.
    const bool again = factor.lastStep && factor.lastCommand == request.command && !request.command.isZero();
    if (!again) {
        const auto step = check(user, factor, factor.secret, request.code);
        if (!step) return step.error();
        if (!put({user, Kind::Used, {}, *step, request.command, m_time.nowMs()}))
            return problem(FrameProblem::Internal);
    }
    const auto told = m_sequencer.perform({engine::ConfirmSecondFactor{device, request.command, *factor.lastStep}});
    if (!told) return problem(FrameProblem::Stopping);
    const engine::Refused refused = told->front().refused;
    const bool counts = refused == engine::Refused::No || (again && refused == engine::Refused::SecondFactorUsed);
    if (!counts) return problem(FrameProblem::CodeWrong, engine::nameOf(refused));
    return wire::FactorStatus{factor.state(), {}};
}

} // namespace tallylock::host

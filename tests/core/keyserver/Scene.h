// One sale as the key server sees it: seller, buyer, coordinator, a sealed file, and the server on disks that outlive
// it.
#pragma once

#include "core/asset/Edition.h"
#include "core/keyserver/KeyServer.h"
#include "core/wire/Deposit.h"
#include "tests/support/MemoryFileStore.h"
#include "tests/support/MemoryJournal.h"

#include <QTemporaryDir>
#include <QTest>

#include <future>

namespace tallylock::test {

inline keys::Identity identityNumber(std::uint8_t number) {
    SecretBytes seed(64);
    std::fill_n(seed.data(), 64, number);
    return keys::Identity::fromSeed(std::move(seed));
}

/// Collects what the key server submits; takes commands or refuses them as it is told.
class FakeCoordinator {
public:
    struct Taken {
        engine::Command command;
        bool refused = false;
    };
    class FakeLink final : public ports::Link {
    public:
        explicit FakeLink(std::shared_ptr<FakeCoordinator> to) : m_to(std::move(to)) {}
        void request(Bytes frame, std::function<void(Result<Bytes, ports::LinkError>)> done) override {
            done(m_to->answer(frame));
        }
        std::unique_ptr<ports::Subscription> subscribe(Stream, std::uint64_t,
                                                       std::function<void(const wire::StreamItem&)>) override {
            return nullptr;
        }

    private:
        std::shared_ptr<FakeCoordinator> m_to;
    };

    /// The next requests: unanswered, then refused with this.
    void stumble(int silent, int refused, engine::Reply refusal) {
        const std::lock_guard lock(m_mutex);
        m_silent = silent;
        m_refused = refused;
        m_refusal = std::move(refusal);
    }
    std::vector<Taken> taken() {
        const std::lock_guard lock(m_mutex);
        return m_taken;
    }
    template <class Body>
    std::vector<Body> accepted() {
        std::vector<Body> found;
        for (const Taken& one : taken()) {
            if (const auto* body = std::get_if<Body>(&one.command.body); body && !one.refused) found.push_back(*body);
        }
        return found;
    }

private:
    Result<Bytes, ports::LinkError> answer(ByteView frame) {
        const std::lock_guard lock(m_mutex);
        const auto request = decodeCbor<wire::Request>(frame);
        const auto* submit = request ? std::get_if<wire::Submit>(&*request) : nullptr;
        const auto command = submit ? wire::openCommand(submit->envelope)
                                    : Result<engine::Command, wire::WireError>(Err(wire::WireError{}));
        if (!command || m_silent > 0) {
            m_silent -= command ? 1 : 0;
            return Err(ports::LinkError::Busy);
        }
        wire::Submitted reply{m_taken.size() + 1, {}};
        if (m_refused > 0) {
            --m_refused;
            reply.reply = m_refusal;
        }
        m_taken.push_back({*command, reply.reply.refused != engine::Refused::No});
        const wire::Answer taken = reply;
        return encodeCbor(taken);
    }
    std::mutex m_mutex;
    std::vector<Taken> m_taken;
    int m_silent = 0;
    int m_refused = 0;
    engine::Reply m_refusal;
};

class Scene {
public:
    SystemRandom random;
    keys::Identity seller = identityNumber(1);
    keys::Identity buyer = identityNumber(2);
    keys::Identity coordinator = identityNumber(3);
    keys::Identity stranger = identityNumber(4);
    keys::Identity serverIdentity = identityNumber(5);
    SaleId sale{7};
    Bytes plain;
    Bytes sealed;
    asset::SealedEdition edition;
    SecretBytes fingerprintPart = SecretBytes::copyOf(Bytes(keys::kFingerprintPartSize, 0x66));
    MemoryFileStore files;
    std::shared_ptr<MemoryRecords> first = std::make_shared<MemoryRecords>();
    std::shared_ptr<MemoryRecords> second = std::make_shared<MemoryRecords>();
    std::shared_ptr<MemoryRecords> state = std::make_shared<MemoryRecords>();
    std::unique_ptr<QTemporaryDir> folder = std::make_unique<QTemporaryDir>();
    std::shared_ptr<FakeCoordinator> outside = std::make_shared<FakeCoordinator>();
    std::unique_ptr<keyserver::KeyServer> server;
    engine::Terms terms;
    std::function<keyserver::WordCouriers()> couriers; ///< made anew at each start

    explicit Scene(std::size_t size = 3000) {
        plain.resize(size);
        for (std::size_t i = 0; i < size; ++i) plain[i] = static_cast<std::uint8_t>(i * 31 + (i >> 20));
        asset::EditionSealer sealer(keys::newAssetId(seller.key(), random), SecretBytes(32),
                                    asset::newPlainSalt(random), random);
        asset::BytesSource source(plain);
        asset::BytesSink sink;
        auto made = sealer.seal(1, source, sink);
        edition = std::move(*made);
        sealed = sink.take();
        files.put(edition.claim.sealedRoot, sealed);
        terms = someTerms();
    }

    engine::Terms someTerms() {
        engine::Terms t;
        t.buyerNonce = random.fixed<Hash>();
        t.sellerNonce = random.fixed<Hash>();
        t.listing = {3};
        t.recipient = edition.claim.recipient;
        t.sealedRoot = edition.claim.sealedRoot;
        t.plainRoot = edition.claim.plainRoot;
        t.sealedSize = sealed.size();
        t.buyer = {buyer.key(), buyer.boxKey()};
        t.seller = {seller.key(), seller.boxKey()};
        t.keyServer = {serverIdentity.key(), serverIdentity.boxKey()};
        t.coordinator = coordinator.key();
        t.coin = money::kBtc;
        t.price = {100, money::kUsd};
        t.fee = {1, money::kUsd};
        t.holdback = {5, money::kUsd};
        return t;
    }

    /// New terms for the same file, and a server that has heard of nothing.
    void forget() {
        server.reset();
        first = std::make_shared<MemoryRecords>();
        second = std::make_shared<MemoryRecords>();
        state = std::make_shared<MemoryRecords>();
        folder = std::make_unique<QTemporaryDir>();
        outside = std::make_shared<FakeCoordinator>();
        terms = someTerms();
    }

    Result<void, ports::StoreFailure> start(bool withCoordinator = true, std::size_t queueLimit = 256) {
        server.reset();
        auto open = [](const std::shared_ptr<MemoryRecords>& disk) {
            return [disk]() -> Result<std::unique_ptr<ports::Journal>, ports::StoreFailure> {
                return std::unique_ptr<ports::Journal>(std::make_unique<MemoryJournal>(disk));
            };
        };
        keyserver::Options options{identityNumber(5),
                                   SecretBytes::copyOf(Bytes(32, 0x55)),
                                   folder->path().toStdString(),
                                   open(first),
                                   open(second),
                                   open(state),
                                   files,
                                   random,
                                   queueLimit,
                                   1,
                                   8};
        options.firstLetterRetryMs = 1;
        options.lastLetterRetryMs = 50;
        if (couriers) options.couriers = couriers();
        auto started = keyserver::KeyServer::start(std::move(options));
        if (!started) return Err(started.error());
        server = std::move(*started);
        if (withCoordinator) server->setCoordinator(std::make_unique<FakeCoordinator::FakeLink>(outside));
        return {};
    }

    /// Sends a frame as somebody and waits for the answer.
    wire::Answer ask(const keys::Identity& who, const wire::Request& request) {
        const auto link = server->connect(who.key());
        std::promise<Result<Bytes, ports::LinkError>> answered;
        link->request(encodeCbor(request), [&](auto answer) { answered.set_value(std::move(answer)); });
        const auto bytes = answered.get_future().get();
        if (!bytes) return wire::Problem{wire::FrameProblem::Stopping, "link"};
        return decodeCbor<wire::Answer>(*bytes).value();
    }
    template <class Reply>
    std::optional<Reply> reply(const keys::Identity& who, const wire::Request& request) {
        const auto answer = ask(who, request);
        const auto* wanted = std::get_if<Reply>(&answer);
        return wanted ? std::optional<Reply>(*wanted) : std::nullopt;
    }
    /// The problem that a request meets; kCount if none.
    wire::FrameProblem problem(const keys::Identity& who, const wire::Request& request) {
        const auto found = reply<wire::Problem>(who, request);
        return found ? found->problem : wire::FrameProblem::kCount;
    }

    Hash t() const { return crypto::labelledHash("terms", terms); }
    Signature accept(const keys::Identity& who) const { return who.sign("accept-terms", engine::TermsAcceptance{t()}); }
    wire::DepositKeyRequest keyRequest() const { return {terms, accept(seller)}; }
    wire::DepositContent content() const { return {edition.secrets.clone(), fingerprintPart.clone()}; }
    wire::Deposit deposit(const BoxKey& e) { return {t(), sale, wire::sealDeposit(e, t(), content(), seller, random)}; }
    /// B3.
    wire::Deposit makeDeposit() {
        const auto key = reply<wire::DepositKeyReply>(seller, keyRequest());
        return deposit(key ? key->note.key : BoxKey{});
    }

    engine::Contract contract(const engine::KeyReceipt& receipt) const {
        return {terms, accept(seller), accept(buyer), receipt};
    }
    engine::KeyReady ready(const engine::Contract& agreed) const {
        return {crypto::labelledHash("contract", agreed), 1};
    }
    /// A proof that the seller is paid.
    wire::Release proof(const engine::Contract& agreed) const {
        wire::Release release;
        release.sale = sale;
        release.delivery = {crypto::labelledHash("contract", agreed), terms.sealedRoot};
        release.keyReady = ready(agreed);
        release.payout.contract = release.delivery.contract;
        release.payout.entry = {12};
        sign(release);
        return release;
    }
    /// Makes hashes and signatures fit again.
    void sign(wire::Release& release) const {
        release.deliverySignature = buyer.sign("r8", release.delivery);
        release.payout.deliveryReceipt = crypto::labelledHash("r8", release.delivery);
        release.payout.keyReady = crypto::labelledHash("key-ready", release.keyReady);
        release.payoutSignature = coordinator.sign("r10", release.payout);
    }
    std::optional<wire::KeyPart> fetch(std::uint8_t part, const Hash& k) {
        const auto challenge = reply<wire::Challenge>(buyer, wire::ChallengeRequest{});
        wire::FetchNote note{serverIdentity.key(), k, part, challenge ? challenge->nonce : Hash{}};
        return reply<wire::KeyPart>(buyer, wire::FetchPart{note, buyer.sign("auth", note)});
    }
};

inline QString named(wire::FrameProblem problem) {
    return QString::fromLatin1(problem == wire::FrameProblem::kCount ? "no problem" : wire::nameOf(problem));
}

/// Waits for R4 to reach the coordinator.
inline std::optional<engine::KeyReceipt> awaitReceipt(Scene& scene) {
    if (!QTest::qWaitFor([&] { return !scene.outside->accepted<engine::WrapKey>().empty(); }, 20'000))
        return std::nullopt;
    return scene.outside->accepted<engine::WrapKey>().back().receipt;
}

/// Through B3, B4 and B9.
inline std::optional<engine::Contract> upToReady(Scene& scene) {
    if (!scene.reply<wire::Accepted>(scene.seller, scene.makeDeposit())) return std::nullopt;
    const auto receipt = awaitReceipt(scene);
    if (!receipt) return std::nullopt;
    const auto contract = scene.contract(*receipt);
    if (!scene.reply<wire::KeyReadyReply>(scene.coordinator, wire::KeyReadyRequest{contract, scene.ready(contract)}))
        return std::nullopt;
    return contract;
}

} // namespace tallylock::test

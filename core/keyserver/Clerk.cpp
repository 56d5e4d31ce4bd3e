#include "core/keyserver/Clerk.h"

#include "core/engine/Ownership.h"
#include "core/keyserver/Couriers.h"
#include "core/wire/Deposit.h"

namespace tallylock::keyserver {

using engine::Refused;

static constexpr std::size_t kMaxNonces = 4096;
/// B9: how many portions are opened, of a file that has more. Ninety portions in a hundred would have to be sound for
/// an altered file to pass every second time.
static constexpr std::size_t kReadySamples = 8;

Clerk::Clerk(keys::Identity identity, SecretBytes master, std::string depositFolder, std::unique_ptr<KeyBook> book,
             ports::FileStore& files, Random& random, WordCouriers couriers, std::shared_ptr<Clock> clock)
    : m_identity(std::move(identity)),
      m_master(std::move(master)),
      m_depositKeys(std::move(depositFolder), m_master, random),
      m_book(std::move(book)),
      m_files(files),
      m_random(random),
      m_spots(m_identity, *m_book, random),
      m_clock(std::move(clock)),
      m_couriers(m_master, *m_book, std::move(couriers), random, m_clock) {
    for (const auto& [terms, deal] : m_book->deals()) {
        if (deal.receipt || deal.failed) m_depositKeys.destroy(terms); // a crash may have come in between
    }
}

Step Clerk::answer(const IdentityKey& who, const wire::Request& request) {
    return std::visit([&](const auto& body) -> Step { return on(who, body); }, request);
}

// --- B3 ------------------------------------------------------------------------------------------------------------

wire::DepositKeyReply Clerk::depositKeyReply(const Hash& terms, const Deal& deal) const {
    const wire::DepositKeyNote note{terms, deal.depositKey};
    return {note, m_identity.sign("deposit-key", note)};
}

static std::optional<std::string> termsFault(const engine::Terms& terms) {
    if (terms.courier1 != engine::courierOfPartOne(terms.keyWay.value_or(engine::KeyWay::TwoChannels)) ||
        terms.courier2 != engine::CourierKind::KeyServerEndpoint)
        return "couriers";
    if (terms.sealedSize == 0) return "sealed size";
    return std::nullopt;
}

wire::Answer Clerk::on(const IdentityKey&, const wire::DepositKeyRequest& request) {
    const engine::Terms& terms = request.terms;
    const engine::PartyKeys me{m_identity.key(), m_identity.boxKey()};
    if (terms.keyServer != me && terms.standby != me) return problemAnswer(Problem::WrongServer);
    if (auto fault = termsFault(terms)) return problemAnswer(Problem::ContractWrong, *fault);
    const Hash t = crypto::labelledHash("terms", terms);
    if (!crypto::verify(terms.seller.identity, "accept-terms", engine::TermsAcceptance{t}, request.sellerSignature))
        return problemAnswer(Problem::SignatureInvalid);
    if (const Deal* deal = m_book->deal(t)) return depositKeyReply(t, *deal);

    const auto secret = m_depositKeys.create(t);
    if (!secret) return problemAnswer(Problem::Internal, "deposit key");
    const TermsTaken taken{terms, request.sellerSignature, crypto::boxKeyOf(*secret)};
    if (!m_book->write({taken})) return storeProblem();
    return depositKeyReply(t, *m_book->deal(t));
}

Step Clerk::on(const IdentityKey&, const wire::Deposit& request) {
    const Deal* deal = m_book->deal(request.terms);
    if (!deal) return problemAnswer(Problem::NotFound);
    if (!deal->depositHash.isZero()) {
        if (deal->depositHash != wire::depositHash(request.box) || deal->sale != request.sale)
            return problemAnswer(Problem::DepositDiffers);
        if (deal->failed) return problemAnswer(*deal->failed);
        return wire::Answer(wire::Accepted{});
    }
    const auto secret = m_depositKeys.load(request.terms);
    if (!secret) return problemAnswer(Problem::Internal, "deposit key");
    const auto content = wire::openDeposit(*secret, request.box, request.terms, deal->terms.seller.identity);
    if (!content) return problemAnswer(Problem::DepositUnreadable, wire::nameOf(content.error()));
    if (crypto::boxKeyOf(content->secrets.firstPassword) != deal->terms.recipient)
        return problemAnswer(Problem::PasswordWrong);
    // The header alone says at once whether P1 fits; whose doing it is if not takes a look at the whole file.
    auto file = StoredFile::open(m_files, deal->terms.sealedRoot);
    if (const auto fault = file ? headerFault(*file, content->secrets.firstPassword) : std::nullopt)
        return Reading([&files = m_files, root = deal->terms.sealedRoot, error = *fault](JobControl& control) {
            asset::Work work;
            work.control = &control;
            return [why = whyNotWhole(files, root, error, work)] { return problemAnswer(why); };
        });
    if (!m_book->write({DepositTaken{request.terms, request.sale, request.box}})) return storeProblem();
    return wire::Answer(wire::Accepted{});
}

// --- B4 ------------------------------------------------------------------------------------------------------------

std::vector<Hash> Clerk::unfinished() const {
    std::vector<Hash> open;
    for (const auto& [terms, deal] : m_book->deals()) {
        if (deal.isUnfinished()) open.push_back(terms);
    }
    return open;
}

bool Clerk::isUnfinished(const Hash& terms) const {
    const Deal* deal = m_book->deal(terms);
    return deal && deal->isUnfinished();
}

std::optional<CheckJob> Clerk::nextCheck(const Hash& terms) {
    if (!isUnfinished(terms)) return std::nullopt;
    const Deal* deal = m_book->deal(terms);
    if (deal->firstRecord != 0) { // kept only after the check was passed
        signReceipt(terms);
        return std::nullopt;
    }
    const auto secret = m_depositKeys.load(terms);
    if (!secret) return std::nullopt;
    auto content = wire::openDeposit(*secret, deal->depositBox, terms, deal->terms.seller.identity);
    if (!content) return std::nullopt;
    const engine::Terms& t = deal->terms;
    return CheckJob{terms, {t.recipient, t.sealedRoot, t.plainRoot}, t.sealedSize, std::move(content->secrets)};
}

void Clerk::checkFailed(const Hash& terms, wire::FrameProblem problem) {
    const Deal* deal = m_book->deal(terms);
    if (!deal || deal->receipt || deal->failed) return; // what was found first stays
    if (m_book->write({CheckFailed{terms, problem}})) m_depositKeys.destroy(terms);
}

void Clerk::checkPassed(const CheckJob& job, const Leaves& leaves) {
    const Deal* deal = m_book->deal(job.terms);
    if (!deal || deal->receipt || deal->failed) return;
    const auto secret = m_depositKeys.load(job.terms);
    if (!secret) return;
    const auto content = wire::openDeposit(*secret, deal->depositBox, job.terms, deal->terms.seller.identity);
    if (!content) return;
    // The leaves come first: once something is wrapped, a crash goes on from there.
    if (!m_book->keepLeaves(job.terms, leaves)) return;
    if (wrap(job.terms, content->secrets, content->fingerprintPart)) signReceipt(job.terms);
}

bool Clerk::wrap(const Hash& terms, const keys::EditionSecrets& secrets, const SecretBytes& fingerprintPart) {
    const Deal& deal = *m_book->deal(terms);
    if (deal.secondRecord == 0) {
        const SecretBytes fresh = keys::newSecondPassword(m_random);
        if (!m_book->keepSecond(terms, keys::sealSecondPassword(m_master, fingerprintPart, terms, fresh, m_random)))
            return false;
    }
    // Read back in any case: what is wrapped is what was kept, also after a crash.
    const auto kept = m_book->readSecond(deal);
    if (!kept) return false;
    const auto second = keys::openSecondPassword(m_master, fingerprintPart, terms, *kept);
    if (!second) return false;
    const Bytes c1 = keys::wrapFirstPassword(*second, fingerprintPart, terms, secrets, m_random);
    return m_book->keepFirst(terms, c1, fingerprintPart).ok();
}

bool Clerk::signReceipt(const Hash& terms) {
    const Deal& deal = *m_book->deal(terms);
    const auto first = m_book->readFirst(deal);
    const auto kept = m_book->readSecond(deal);
    if (!first || !kept) return false;
    const auto second = keys::openSecondPassword(m_master, first->fingerprintPart, terms, *kept);
    if (!second) return false;

    const engine::Terms& t = deal.terms;
    const engine::KeyReceiptBody body{terms,
                                      keys::commitFirstPart(terms, first->c1, first->fingerprintPart),
                                      keys::commitSecondPassword(terms, *second),
                                      t.recipient,
                                      t.sealedRoot,
                                      t.plainRoot,
                                      "full"};
    const engine::KeyReceipt receipt{body, m_identity.sign("r4", body)};
    const engine::CommandBody notice =
        isStandby(t) ? engine::CommandBody(engine::RewrapKey{deal.sale, receipt}) : engine::WrapKey{deal.sale, receipt};
    if (!m_book->write({KeyWrapped{terms, receipt}, queued(1, deal.sale, notice)})) return false;
    m_depositKeys.destroy(terms);
    return true;
}

// --- B9 ------------------------------------------------------------------------------------------------------------

std::optional<wire::FrameProblem> Clerk::contractFault(const Deal& deal, const engine::Contract& contract) const {
    const engine::Terms& terms = contract.terms;
    const engine::TermsAcceptance acceptance{crypto::labelledHash("terms", terms)};
    if (!deal.receipt) return Problem::ContractWrong;
    if (isStandby(terms)) { // the contract was made with the word of the other
        const engine::KeyReceipt& other = contract.keyReceipt;
        if (other.body.terms != acceptance.terms ||
            !crypto::verify(terms.keyServer.identity, "r4", other.body, other.signature))
            return Problem::ContractWrong;
    } else if (contract.keyReceipt != *deal.receipt) {
        return Problem::ContractWrong;
    }
    if (!crypto::verify(terms.seller.identity, "accept-terms", acceptance, contract.sellerSignature) ||
        !crypto::verify(terms.buyer.identity, "accept-terms", acceptance, contract.buyerSignature))
        return Problem::SignatureInvalid;
    return std::nullopt;
}

std::optional<Clerk::Parts> Clerk::readParts(const Hash& terms, const Deal& deal) {
    auto first = m_book->readFirst(deal);
    const auto kept = m_book->readSecond(deal);
    if (!first || !kept) return std::nullopt;
    auto second = keys::openSecondPassword(m_master, first->fingerprintPart, terms, *kept);
    if (!second) return std::nullopt;
    const engine::KeyReceiptBody& body = deal.receipt->body;
    if (keys::commitFirstPart(terms, first->c1, first->fingerprintPart) != body.commitment1 ||
        keys::commitSecondPassword(terms, *second) != body.commitment2)
        return std::nullopt;
    return Parts{std::move(*first), std::move(*second)};
}

namespace {
/// Everything that is needed to open portions without the book.
struct PortionOrder {
    asset::EditionClaim claim;
    std::uint64_t sealedSize = 0;
    keys::EditionSecrets secrets;
    Leaves leaves;
    std::vector<std::uint64_t> indices;
};
Result<std::vector<ProvenPortion>, wire::FrameProblem> openOrdered(ports::FileStore& files, PortionOrder& order,
                                                                   JobControl& control) {
    auto stored = StoredFile::open(files, order.claim.sealedRoot);
    if (!stored) return Err(wire::FrameProblem::SealedFileMissing);
    const auto file =
        ProvenFile::open(*stored, order.sealedSize, std::move(order.secrets), order.claim, std::move(order.leaves));
    if (!file) return Err(file.error());
    std::vector<ProvenPortion> portions;
    for (const std::uint64_t index : order.indices) {
        if (!control.goOn()) return Err(wire::FrameProblem::Stopping);
        auto portion = file->portion(index);
        if (!portion) return Err(portion.error());
        portions.push_back(std::move(*portion));
    }
    return portions;
}
} // namespace

Step Clerk::openPortions(const Hash& terms, std::vector<std::uint64_t> indices,
                         std::function<wire::Answer(std::vector<ProvenPortion>&)> answer) {
    const Deal& deal = *m_book->deal(terms);
    const auto parts = readParts(terms, deal);
    if (!parts) return problemAnswer(Problem::PartDamaged);
    auto secrets = keys::unwrapFirstPassword(parts->second, parts->first.fingerprintPart, terms, parts->first.c1);
    auto leaves = m_book->readLeaves(deal);
    if (!secrets || !leaves) return problemAnswer(Problem::PartDamaged);
    const engine::Terms& t = deal.terms;
    const auto order = std::make_shared<PortionOrder>(PortionOrder{{t.recipient, t.sealedRoot, t.plainRoot},
                                                                   t.sealedSize,
                                                                   std::move(*secrets),
                                                                   std::move(*leaves),
                                                                   std::move(indices)});
    return Reading([&files = m_files, order, answer = std::move(answer)](JobControl& control) {
        using Found = Result<std::vector<ProvenPortion>, wire::FrameProblem>;
        const auto found = std::make_shared<Found>(openOrdered(files, *order, control));
        return [found, answer] { return *found ? answer(**found) : problemAnswer(found->error()); };
    });
}

std::vector<std::uint64_t> Clerk::someOf(std::uint64_t count) {
    // The draw of a spot check, with a seed that only the dice know.
    std::vector<std::uint64_t> all;
    if (count <= kReadySamples) {
        for (std::uint64_t i = 0; i < count; ++i) all.push_back(i);
        return all;
    }
    return wire::drawAmong(m_random.fixed<Hash>(), count, kReadySamples);
}

Step Clerk::on(const IdentityKey& who, const wire::KeyReadyRequest& request) {
    const Hash t = crypto::labelledHash("terms", request.contract.terms);
    const Deal* deal = m_book->deal(t);
    if (!deal) return problemAnswer(Problem::NotFound);
    if (who != deal->terms.coordinator) return problemAnswer(Problem::ContractWrong, "asked by another");
    if (isStandby(deal->terms)) return problemAnswer(Problem::WrongServer); // no dollars move on its word
    if (auto fault = contractFault(*deal, request.contract)) return problemAnswer(*fault);
    const Hash k = crypto::labelledHash("contract", request.contract);
    if (request.ready.contract != k) return problemAnswer(Problem::ContractWrong, "another contract");
    // "Key ready" means it: what is kept still opens what is stored.
    return openPortions(t, someOf(deal->portionCount), [this, request](auto&) { return keyReady(request); });
}

wire::Answer Clerk::keyReady(const wire::KeyReadyRequest& request) {
    std::vector<Record> news;
    const Agreement* agreement = m_book->agreement(request.ready.contract);
    if (!agreement) news.emplace_back(ContractTaken{request.contract});
    if (!agreement || !agreement->challenges.contains(request.ready.challenge))
        news.emplace_back(ReadyGiven{request.ready});
    if (!news.empty() && !m_book->write(news)) return storeProblem();
    return wire::KeyReadyReply{m_identity.sign("key-ready", request.ready)};
}

// --- spot check ----------------------------------------------------------------------------------------------------

wire::Answer Clerk::on(const IdentityKey& who, const wire::SpotCommit& request) {
    const auto nonce = m_spots.commit(who, request);
    if (!nonce) return problemAnswer(nonce.error());
    return *nonce;
}

Step Clerk::on(const IdentityKey& who, const wire::SpotReveal& request) {
    const auto indices = m_spots.reveal(who, request);
    if (!indices) return problemAnswer(indices.error());
    return openPortions(request.terms, *indices, [this, terms = request.terms](auto& portions) -> wire::Answer {
        std::vector<wire::SpotSample> samples;
        samples.reserve(portions.size());
        for (const ProvenPortion& portion : portions) samples.push_back(portion.sample);
        return m_spots.attest(terms, std::move(samples));
    });
}

Step Clerk::on(const IdentityKey& who, const wire::SpotOpen& request) {
    if (const auto may = m_spots.mayOpen(who, request); !may) return problemAnswer(may.error());
    return openPortions(request.terms, {request.index}, [](auto& portions) -> wire::Answer {
        ProvenPortion& one = portions.front();
        return wire::SpotPortion{std::move(one.plain), std::move(one.plainProof), std::move(one.sealedProof)};
    });
}

// --- B12 and B13 ---------------------------------------------------------------------------------------------------

/// Of R8, as the buyer has signed it, or the coordinator for the store in its place; nothing if neither has. Where only
/// the ownership passes nothing counts but the custody entry that the seller has signed.
static std::optional<Hash> deliveryHash(const engine::Terms& terms, const wire::Release& proof) {
    if (terms.ownership || proof.owner) {
        if (!proof.owner || !engine::isDelivery(*proof.owner, terms, proof.delivery.contract)) return {};
        return custody::custodyHash(*proof.owner);
    }
    if (proof.stored && proof.storedSignature) {
        const bool same =
            proof.stored->contract == proof.delivery.contract && proof.stored->sealedRoot == terms.sealedRoot;
        if (!same || !crypto::verify(terms.coordinator, "r8-store", *proof.stored, *proof.storedSignature)) return {};
        return crypto::labelledHash("r8-store", *proof.stored);
    }
    if (!crypto::verify(terms.buyer.identity, "r8", proof.delivery, proof.deliverySignature)) return {};
    return crypto::labelledHash("r8", proof.delivery);
}

std::optional<wire::FrameProblem> Clerk::releaseFault(const engine::Terms& terms, const Agreement* agreement,
                                                      const wire::Release& proof) const {
    const Hash& k = proof.delivery.contract;
    if (proof.keyReady.contract != k || proof.payout.contract != k) return Problem::ContractWrong;
    if (proof.delivery.sealedRoot != terms.sealedRoot) return Problem::ContractWrong;
    const auto delivery = deliveryHash(terms, proof);
    if (!delivery) return Problem::NotPaid;
    // The standby has given no word of its own; the coordinator's R10 names the one that was given.
    if (agreement && !agreement->challenges.contains(proof.keyReady.challenge)) return Problem::NotPaid;
    if (proof.payout.deliveryReceipt != *delivery ||
        proof.payout.keyReady != crypto::labelledHash("key-ready", proof.keyReady) || !proof.payout.entry)
        return Problem::NotPaid;
    if (!crypto::verify(terms.coordinator, "r10", proof.payout, proof.payoutSignature)) return Problem::NotPaid;
    // The buyer may have been made whole since; if not, the coordinator's own word comes.
    if (proof.payout.untilMs && m_clock->wallMs() >= *proof.payout.untilMs) return Problem::NotPaid;
    return std::nullopt;
}

wire::KeyPart Clerk::boxed(const Hash& contract, std::uint8_t part, Bytes box) const {
    const engine::KeyPartNote note{contract, part, wire::partHash(box)};
    return {note, m_identity.sign("key-part", note), std::move(box)};
}

/// The standby was not asked at B9: it takes the contract with the proof.
Result<Hash, wire::FrameProblem> Clerk::termsOfRelease(const wire::Release& request) const {
    const Hash& k = request.delivery.contract;
    if (const Agreement* agreement = m_book->agreement(k)) return agreement->terms;
    if (!request.contract || crypto::labelledHash("contract", *request.contract) != k)
        return Err(Problem::ContractWrong);
    const Hash t = crypto::labelledHash("terms", request.contract->terms);
    const Deal* deal = m_book->deal(t);
    if (!deal || !isStandby(deal->terms)) return Err(Problem::ContractWrong);
    if (const auto fault = contractFault(*deal, *request.contract)) return Err(*fault);
    return t;
}

static engine::SendPart noticeOfPartOne(const Deal& deal, const wire::KeyPart& part) {
    return deal.terms.courier1 == engine::CourierKind::KeyServerEndpoint ? EndpointCourier().noticeOf(deal.sale, part)
                                                                         : MailboxCourier().noticeOf(deal.sale, part);
}

wire::KeyPart Clerk::boxedPartOne(const Hash& contract, const Deal& deal, Parts& parts) const {
    const wire::KeyPart1 content{parts.first.c1, std::move(parts.first.fingerprintPart)};
    return boxed(contract, 1, wire::sealKeyPart1(deal.terms.buyer.box, contract, content, m_random));
}

/// Part 1 opens nothing without part 2, which takes the proof of payment: the coordinator's word is enough for it.
wire::Answer Clerk::on(const IdentityKey& who, const wire::GivePart1& request) {
    const Hash t = crypto::labelledHash("terms", request.contract.terms);
    const Deal* deal = m_book->deal(t);
    if (!deal) return problemAnswer(Problem::NotFound);
    if (who != deal->terms.coordinator) return problemAnswer(Problem::ContractWrong, "asked by another");
    if (isStandby(deal->terms)) return problemAnswer(Problem::WrongServer);
    if (auto fault = contractFault(*deal, request.contract)) return problemAnswer(*fault);
    if (deal->terms.keyWay != engine::KeyWay::PartOneEarly) return problemAnswer(Problem::NotPaid);
    if (request.sale != deal->sale) return problemAnswer(Problem::ContractWrong, "another sale");
    const Hash k = crypto::labelledHash("contract", request.contract);
    const Agreement* agreement = m_book->agreement(k);
    if (agreement && agreement->part1) return wire::Accepted{};

    auto parts = readParts(t, *deal);
    if (!parts) return problemAnswer(Problem::PartDamaged);
    const auto part1 = boxedPartOne(k, *deal, *parts);
    std::vector<Record> news;
    if (!agreement) news.emplace_back(ContractTaken{request.contract});
    news.insert(news.end(), {PartBoxed{part1}, queued(1, deal->sale, noticeOfPartOne(*deal, part1))});
    if (!m_book->write(news)) return storeProblem();
    return wire::Accepted{};
}

wire::Answer Clerk::on(const IdentityKey&, const wire::Release& request) {
    const Hash& k = request.delivery.contract;
    const auto terms = termsOfRelease(request);
    if (!terms) return problemAnswer(terms.error(), "contract");
    const Agreement* agreement = m_book->agreement(k);
    const Deal* deal = m_book->deal(*terms);
    assert(deal);
    if (request.sale != deal->sale) return problemAnswer(Problem::ContractWrong, "another sale");
    if (auto fault = releaseFault(deal->terms, isStandby(deal->terms) ? nullptr : agreement, request))
        return problemAnswer(*fault);
    if (agreement && agreement->part2) return wire::Accepted{};

    auto parts = readParts(*terms, *deal);
    if (!parts) return problemAnswer(Problem::PartDamaged);
    const bool wasGiven = agreement && agreement->part1;
    const auto part1 = wasGiven ? *agreement->part1 : boxedPartOne(k, *deal, *parts);
    const auto part2 = boxed(k, 2, wire::sealKeyPart2(deal->terms.buyer.box, k, parts->second, m_random));
    const auto notice1 = noticeOfPartOne(*deal, part1);
    const auto notice2 = EndpointCourier().noticeOf(deal->sale, part2);
    std::vector<Record> news;
    if (!agreement) news.emplace_back(ContractTaken{*request.contract});
    news.emplace_back(PaymentProven{request});
    if (!wasGiven) news.emplace_back(PartBoxed{part1});
    news.emplace_back(PartBoxed{part2});
    if (wasGiven) { // part 2 first; what the buyer has is confirmed after it
        news.insert(news.end(), {queued(1, deal->sale, notice2), queued(2, deal->sale, notice1)});
    } else {
        news.insert(news.end(), {queued(1, deal->sale, notice1), queued(2, deal->sale, notice2)});
    }
    if (!m_book->write(news)) return storeProblem();
    return wire::Accepted{};
}

wire::Answer Clerk::on(const IdentityKey& who, const wire::ChallengeRequest&) {
    if (m_nonces.size() >= kMaxNonces) m_nonces.pop_front();
    const auto nonce = m_random.fixed<Hash>();
    m_nonces.emplace_back(who, nonce);
    return wire::Challenge{nonce};
}

wire::Answer Clerk::on(const IdentityKey& who, const wire::FetchPart& request) {
    const auto found = std::find(m_nonces.begin(), m_nonces.end(), std::pair(who, request.note.nonce));
    if (request.note.server != m_identity.key()) return problemAnswer(Problem::WrongServer);
    if (found == m_nonces.end()) return problemAnswer(Problem::SignatureInvalid, "nonce");
    m_nonces.erase(found); // once, whatever comes of it
    const Agreement* agreement = m_book->agreement(request.note.contract);
    if (!agreement) return problemAnswer(Problem::NotFound);
    const Deal* deal = m_book->deal(agreement->terms);
    if (!crypto::verify(deal->terms.buyer.identity, "auth", request.note, request.signature))
        return problemAnswer(Problem::SignatureInvalid);
    const bool first = request.note.part == 1;
    if (!first && request.note.part != 2) return problemAnswer(Problem::NotFound);
    const auto& part = first ? agreement->part1 : agreement->part2;
    if (!part) return problemAnswer(Problem::NotPaid);
    return *part;
}

// --- outbox --------------------------------------------------------------------------------------------------------

CommandQueued Clerk::queued(std::uint64_t step, SaleId sale, const engine::CommandBody& command) const {
    const std::uint64_t counter = m_book->lastCounter() + step;
    return {m_book->lastItem() + step, counter, sale, wire::sealCommand(m_identity, counter, command)};
}

void Clerk::commandAnswered(std::uint64_t item, Refused refused) {
    // If this is not kept, the command goes out again under the same id, which has no effect.
    [[maybe_unused]] const auto kept = m_book->write({CommandAnswered{item, refused}});
}

void Clerk::signAnew(std::uint64_t item) {
    const auto found = m_book->outbox().find(item);
    if (found == m_book->outbox().end()) return;
    const auto command = wire::readCommand(found->second.envelope);
    assert(command.ok() && "our own envelope");
    CommandQueued again = queued(1, found->second.sale, command->body);
    again.item = item;
    [[maybe_unused]] const auto kept = m_book->write({again});
}

} // namespace tallylock::keyserver

// Files of evidence: of every ending that a sale has, made by a real engine; and what must not pass for one. One of
// them is frozen in tests/vectors/evidence.txt.
#include "core/wire/Batch.h"
#include "core/wire/Evidence.h"
#include "tests/core/engine/EngineHarness.h"

#include <QFile>
#include <QTest>
#include <random>

using namespace tallylock;
using namespace tallylock::engine;
using namespace tallylock::engine::test;
using wire::Evidence;
using wire::EvidenceError;
using wire::Proven;

namespace {
/// An envelope by its form, signed with a key of the tests.
struct Envelope {
    std::uint64_t version = wire::kVersion;
    std::uint64_t type = 0;
    std::uint64_t counter = 0;
    IdentityKey signer;
    Bytes body;
    Signature signature;
    static constexpr void fields(auto use) {
        using E = Envelope;
        use(field(1, &E::version), field(2, &E::type), field(3, &E::counter), field(4, &E::signer), field(5, &E::body),
            field(6, &E::signature));
    }
};
Bytes sealedBy(const std::string& who, std::uint64_t counter, const CommandBody& body) {
    const crypto::SigningKey& key = keyNamed(who);
    CborWriter writer;
    std::visit([&](const auto& b) { writeCbor(writer, b); }, body);
    Envelope e{wire::kVersion, wire::typeOf(body), counter, key.publicKey(), writer.take(), {}};
    e.signature = key.sign("command", crypto::cborList(e.version, e.type, e.counter, e.signer, e.body));
    return encodeCbor(e);
}
void signNote(Evidence& evidence) {
    evidence.trail.note = wire::trailNoteOf(evidence.trail.links, hashNamed("journal head"));
    evidence.trail.signature = keyNamed("coordinator").sign("trail", encodeCbor(evidence.trail.note));
}

constexpr std::int64_t kDayMs = LateDeadlines::kDayMs;

/// A sale whose commands are kept as they were signed.
struct Sale : EngineHarness {
    static Config withArbiter() {
        Config c = settings();
        c.arbitration = Arbitration{keyNamed("arbiter").publicKey(), {keyNamed("deputy").publicKey()}, kDayMs};
        return c;
    }
    explicit Sale(const std::string& asset = "Field notes", const Config& config = settings(),
                  std::optional<KeyWay> way = {}, std::optional<DeliveryKind> what = {},
                  std::optional<FundingMode> from = {}, std::optional<EscrowAsset> held = {})
        : EngineHarness(config, way, what, from, held),
          listed(listingOf(asset)) {
        join("seller");
        join("buyer");
        listing = {send("seller", listed).value};
        MakeOffer offer = offerFor(listing);
        offer.nonce = hashNamed("nonce for " + asset);
        sale = {act("buyer", offer).value};
    }

    Reply act(const std::string& who, const CommandBody& body) {
        const Bytes envelope = sealedBy(who, ++counters[who], body);
        const auto command = wire::readCommand(envelope);
        envelopes[command->hash] = envelope;
        const Reply reply = sendRaw(*command);
        Q_ASSERT(reply.refused == Refused::No);
        return reply;
    }
    SaleState state() const { return lastSale.at(sale).state; }
    /// The first steps of the fourteen, as commands.
    void play(std::size_t from, std::size_t to) {
        const auto steps = stepsOf(sale, listed);
        for (std::size_t i = from; i < to; ++i) act(steps[i].who, steps[i].body());
    }
    void playUntil(SaleState wanted) {
        const auto steps = stepsOf(sale, listed);
        for (std::size_t i = 0; state() != wanted; ++i) act(steps[i].who, steps[i].body());
    }
    /// Everybody is silent from now on.
    void letTimePass() {
        while (!escrow::isTerminal(state())) tick(*engine.nextDeadlineMs() - nowMs);
    }

    Evidence evidence() const {
        Evidence e;
        e.coordinator = keyNamed("coordinator").publicKey();
        std::map<EntryId, LedgerPosted> entries;
        for (const Event& event : events) {
            if (const auto* entry = bodyIf<LedgerPosted>(event.body)) entries[entry->entry] = *entry;
        }
        for (const ReceiptMade& receipt : receipts) {
            wire::TrailLink link{receipt, {}, {}};
            if (const auto found = envelopes.find(receipt.command); found != envelopes.end())
                link.command = found->second;
            if (receipt.entry) link.entry = entries.at(receipt.entry);
            e.trail.links.push_back(std::move(link));
        }
        e.trail.buyerSignature = lastSale.at(sale).buyerSignature;
        signNote(e);
        return e;
    }

    PublishListing listed;
    ListingId listing;
    SaleId sale;
    std::map<Hash, Bytes> envelopes;
};

std::size_t stepCount() { return Sale().stepsOf({1}, {}).size(); }

constexpr const char* kOwnershipPasses = "only the ownership passes";
constexpr const char* kOwnershipStaysPassed = "the ownership stays passed while the money is away";
constexpr const char* kOwnershipByAnotherQuote = "the ownership stays passed, and other coins buy at another quote";
bool passesOwnership(const std::string& name) {
    return name == kOwnershipPasses || name == kOwnershipStaysPassed || name == kOwnershipByAnotherQuote;
}

/// In which the buyer's own coins are sold for the seller.
Sale convertedSale() {
    Sale sale("Field notes", Sale::sellingOnTheBook(), std::nullopt, std::nullopt, FundingMode::Converted);
    sale.openMarket();
    return sale;
}

/// With this in escrow.
Sale saleHolding(EscrowAsset asset) {
    Config config = Sale::settings();
    config.digitalDollar = money::kDusd;
    return Sale("Field notes", config, std::nullopt, std::nullopt, std::nullopt, asset);
}

/// By name: a sale of every ending, and of ways there that have rows of their own in the table.
std::map<std::string, Sale> everyEnding() {
    std::map<std::string, Sale> all;
    for (std::size_t steps = 0; steps <= stepCount(); ++steps) {
        Sale& sale = all["silence after command " + std::to_string(steps)];
        sale.play(0, steps);
        sale.letTimePass();
    }
    for (const char* name : {"found bad", "decided by the arbiter", "decided by a deputy", "decided by silence"}) {
        Sale& sale = all.try_emplace(name, "Field notes", Sale::withArbiter()).first->second;
        sale.playUntil(SaleState::KeySent2);
        const bool bad = std::string_view(name) == "found bad";
        sale.act("buyer", sale.objection(sale.sale, bad ? Claim::BadData : Claim::NotAsDescribed));
    }
    Sale& bad = all.at("found bad");
    bad.act("key server", bad.judging(bad.sale, true));
    Sale& decided = all.at("decided by the arbiter");
    decided.act("arbiter", DecideDispute{decided.sale, usd(200), "Half of it is missing."});
    Sale& late = all.at("decided by a deputy");
    late.tick(5 * kDayMs);
    late.act("deputy", DecideDispute{late.sale, usd(0), "All of it is there."});
    all.at("decided by silence").letTimePass();
    Sale& content = all.try_emplace("content before its time", "Field notes", Sale::withArbiter()).first->second;
    content.play(0, stepCount());
    content.act("buyer", ReleaseHoldback{content.sale});
    Sale& stored = all["the store has it and the buyer is silent"];
    stored.playUntil(SaleState::Funded);
    stored.act("coordinator", stored.storing(stored.sale));
    stored.letTimePass();
    all["withdrawn"].act("buyer", WithdrawOffer{{1}});
    all["rejected"].act("seller", RejectOffer{{1}});
    Sale& countered = all["countered and bought"];
    countered.act("seller", CounterOffer{{1}, usd(12'000), countered.nowMs + 60'000});
    MakeOffer better = countered.offerFor(countered.listing);
    better.bid = usd(12'000);
    better.nonce = hashNamed("another nonce");
    countered.act("buyer", RenewOffer{{1}, better});
    countered.play(0, stepCount());
    Sale& refused = all["countered and not bought"];
    refused.act("seller", CounterOffer{{1}, usd(12'000), refused.nowMs + 60'000});
    refused.letTimePass();
    Sale& refunded = all["refunded by the exchange"];
    refunded.playUntil(SaleState::Funded);
    refunded.tick(*refunded.engine.nextDeadlineMs() - refunded.nowMs);
    refunded.act("coordinator", CloseWallet{{1}, "reference"});
    Sale& woken = all["the key server wakes"];
    woken.playUntil(SaleState::SellerPaid);
    woken.tick(*woken.engine.nextDeadlineMs() - woken.nowMs);
    woken.play(12, stepCount());
    Config withStandby = Sale::settings();
    withStandby.standby = PartyKeys{keyNamed("standby").publicKey(), boxNamed("standby")};
    Sale& taken = all.try_emplace("the standby takes over", "Field notes", withStandby).first->second;
    taken.playUntil(SaleState::KeySent1);
    while (taken.state() != SaleState::Rekeying) taken.tick(*taken.engine.nextDeadlineMs() - taken.nowMs);
    taken.act("standby", taken.rewrapping({1}));
    taken.act("standby", taken.part({1}, 1));
    taken.act("standby", taken.part({1}, 2));
    taken.act("buyer", taken.unlocking({1}));
    taken.letTimePass();
    Sale& early = all.try_emplace("part 1 comes with the file", "Field notes", Sale::settings(), KeyWay::PartOneEarly)
                      .first->second;
    early.playUntil(SaleState::Funded);
    early.act("key server", early.part({1}, 1));
    early.play(9, 13); // to B11
    early.act("key server", early.part({1}, 2));
    early.act("key server", early.part({1}, 1));
    early.act("buyer", early.unlocking({1}));
    Sale& reversed = all["the money leaves the chain and comes back"];
    reversed.playUntil(SaleState::Delivered);
    ObservePayment gone = reversed.payment({1}, "pays", satoshi(200'500), 0);
    gone.reversed = true;
    reversed.act("coordinator", gone);
    reversed.act("coordinator", reversed.payment({1}, "pays", satoshi(200'500), 2));
    reversed.play(10, stepCount());
    const auto ownershipOnly = [&](const char* name) -> Sale& {
        return all.try_emplace(name, "Field notes", Sale::settings(), std::nullopt, DeliveryKind::OwnershipOnly)
            .first->second;
    };
    ownershipOnly(kOwnershipPasses).play(0, stepCount());
    Sale& kept = ownershipOnly(kOwnershipStaysPassed);
    kept.playUntil(SaleState::Delivered);
    kept.act("coordinator", gone);
    kept.act("coordinator", kept.payment({1}, "pays", satoshi(200'500), 2));
    kept.play(10, stepCount());
    // The buyer's word for another quote is what funds them again.
    for (Sale* again : {&all["other coins buy at another quote"], &ownershipOnly(kOwnershipByAnotherQuote)}) {
        const auto quote = [again] { return FreezeQuote{{1}, satoshi(200'000), again->nowMs + 600'000, true}; };
        again->play(0, 4);
        again->act("coordinator", quote());
        again->play(5, 10);
        Q_ASSERT(again->state() == SaleState::Delivered);
        again->act("coordinator", gone);
        again->tick(600'001);
        ObservePayment replaced = again->payment({1}, "instead", satoshi(200'500), 0);
        again->act("coordinator", replaced);
        replaced.reversed = true;
        again->act("coordinator", replaced);
        again->act("coordinator", again->payment({1}, "at last", satoshi(200'500), 2));
        again->act("coordinator", quote());
        const SaleChanged& view = again->lastSale.at({1});
        again->act("buyer", SignFunding{{1}, *view.contract, *view.walletReceipt});
        Q_ASSERT(again->state() == SaleState::Delivered);
        again->play(10, stepCount());
    }
    Sale& silent = ownershipOnly("the seller never passes the ownership");
    silent.playUntil(SaleState::Funded);
    silent.letTimePass();
    Sale& sold = all.try_emplace("the buyer's coins are sold for it", convertedSale()).first->second;
    sold.playUntil(SaleState::Escrowed);
    sold.act("coordinator", gone);
    sold.act("coordinator", sold.payment({1}, "pays", satoshi(200'500), 2));
    sold.play(10, stepCount());
    for (const auto& [name, asset] : {std::pair("digital dollars are in escrow", EscrowAsset::DigitalDollars),
                                      std::pair("the coins are in escrow", EscrowAsset::Coin)}) {
        Sale& held = all.try_emplace(name, saleHolding(asset)).first->second;
        held.playUntil(SaleState::Escrowed);
        held.act("coordinator", gone);
        held.act("coordinator", held.payment({1}, "pays", satoshi(200'500), 2));
        held.play(10, stepCount());
    }
    return all;
}

std::optional<wire::EvidenceFault> faultOf(const Evidence& evidence) {
    const auto story = wire::checkEvidence(evidence);
    return story ? std::nullopt : std::optional(story.error());
}
QString textOf(const std::optional<wire::EvidenceFault>& fault) {
    if (!fault) return QStringLiteral("passed");
    return QString::fromLatin1(nameOf(fault->error)) + QStringLiteral(" at ") + QString::number(fault->receipt);
}
bool passes(ByteView file) {
    const auto evidence = wire::readEvidence(file);
    return evidence && wire::checkEvidence(*evidence);
}
} // namespace

class TestEvidence : public QObject {
    Q_OBJECT
    std::map<std::string, Sale> m_sales;
    std::mt19937_64 m_random{11};

    static QString vectorsPath() { return QStringLiteral(TALLYLOCK_SOURCE_DIR "/tests/vectors/evidence.txt"); }
    const Sale& bought() const { return m_sales.at("countered and bought"); }

private slots:
    void initTestCase() {
        m_sales = everyEnding();
        if (!qEnvironmentVariableIsSet("TALLYLOCK_ADD_VECTORS") || QFile::exists(vectorsPath())) return;
        QFile file(vectorsPath());
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("# The evidence of a sale that was countered and bought. Made by tst_evidence; never edited.\n");
        const Bytes bytes = encodeCbor(bought().evidence());
        file.write(QByteArray::fromStdString(toHex(bytes)) + '\n');
        const QString corpus = QStringLiteral(TALLYLOCK_SOURCE_DIR "/tests/fuzz/corpus/evidence/bought");
        QFile sample(corpus);
        QVERIFY(sample.open(QIODevice::WriteOnly));
        sample.write(reinterpret_cast<const char*>(bytes.data()), static_cast<qint64>(bytes.size()));
    }

    /// So that a new event does not come to be without a word of what may cause it.
    void everyEventHasACause() {
        for (const escrow::SaleEdge& edge : escrow::saleTable()) {
            const auto causes = wire::eventCauses();
            const bool known = std::any_of(causes.begin(), causes.end(),
                                           [&](const wire::EventCause& cause) { return cause.event == edge.event; });
            QVERIFY2(known, escrow::nameOf(edge.event));
        }
    }

    void everyEndingIsThere() {
        std::set<SaleState> ends;
        for (const auto& [name, sale] : m_sales) ends.insert(sale.state());
        for (std::size_t i = 0; i < static_cast<std::size_t>(SaleState::kCount); ++i) {
            const auto state = static_cast<SaleState>(i);
            QVERIFY2(!escrow::isTerminal(state) || ends.contains(state), escrow::nameOf(state));
        }
    }

    void everyEndingIsProven() {
        for (const auto& [name, sale] : m_sales) {
            const Bytes file = encodeCbor(sale.evidence());
            const auto read = wire::readEvidence(file);
            QVERIFY(read.ok());
            const auto story = wire::checkEvidence(*read);
            QVERIFY2(story.ok(),
                     qPrintable(QString::fromStdString(name) + QStringLiteral(": ") + textOf(faultOf(*read))));
            QCOMPARE(story->state(), sale.state());
            QCOMPARE(story->lines.size(), sale.receipts.size());
            const auto went = [&](SaleState state) {
                return std::any_of(sale.receipts.begin(), sale.receipts.end(),
                                   [&](const ReceiptMade& receipt) { return receipt.stateAfter == state; });
            };
            QCOMPARE(story->has(Proven::SellerPaid), went(SaleState::SellerPaid));
            // What was never final went back without us.
            const bool wentBack = went(SaleState::Refunded) && sale.receipts.back().entry;
            QVERIFY2(story->has(Proven::Refunded) == wentBack, name.c_str());
            QCOMPARE(story->has(Proven::BuyerMadeWhole), went(SaleState::KeyLost));
            QCOMPARE(story->has(Proven::BuyerPaid), went(SaleState::Funded));
            QCOMPARE(story->has(Proven::Delivered), went(SaleState::Delivered) &&
                                                        name != "the store has it and the buyer is silent" &&
                                                        !passesOwnership(name));
            QCOMPARE(story->has(Proven::OwnershipPassed), passesOwnership(name));
            QCOMPARE(story->has(Proven::DataFoundBad), name == "found bad");
            QCOMPARE(story->has(Proven::Decided), name.starts_with("decided by") && name != "decided by silence");
            QCOMPARE(story->has(Proven::Part2Sent), went(SaleState::KeySent2));
        }
        // Silence is no statement of the buyer's.
        const auto silent = wire::checkEvidence(m_sales.at("silence after command 15").evidence());
        QVERIFY(silent && silent->state() == SaleState::Completed && !silent->has(Proven::Opened));
        QVERIFY(wire::checkEvidence(bought().evidence())->has(Proven::Opened));
    }

    void everyBeginningIsProvenToo() {
        Sale sale;
        const auto steps = sale.stepsOf(sale.sale, sale.listed);
        for (const auto& step : steps) {
            const auto fault = faultOf(sale.evidence());
            QVERIFY2(!fault, qPrintable(textOf(fault)));
            sale.act(step.who, step.body());
        }
    }

    void bytesAreFrozen() {
        QFile file(vectorsPath());
        QVERIFY(file.open(QIODevice::ReadOnly));
        file.readLine();
        const auto frozen = fromHex(file.readLine().trimmed().toStdString());
        QVERIFY(frozen && passes(*frozen));
        QVERIFY(encodeCbor(bought().evidence()) == *frozen);
    }

    // --- what must not pass -----------------------------------------------------------------------------------------

    void noFlippedBitPasses() {
        for (const auto& [name, sale] : m_sales) {
            const Bytes file = encodeCbor(sale.evidence());
            for (int i = 0; i < 150; ++i) {
                Bytes changed = file;
                const std::size_t bit = m_random() % (file.size() * 8);
                changed[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
                QVERIFY2(!passes(changed), qPrintable(QString::fromStdString(name) + QString::number(bit)));
            }
        }
        // And at every byte of a short one.
        const Bytes file = encodeCbor(m_sales.at("rejected").evidence());
        for (std::size_t at = 0; at < file.size(); ++at) {
            Bytes changed = file;
            changed[at] ^= static_cast<std::uint8_t>(1u << (at % 8));
            QVERIFY2(!passes(changed), qPrintable(QString::number(at)));
            QVERIFY(!passes(ByteView(file).first(at)));
        }
    }

    /// A coordinator that says without the seller that the ownership has passed, or that the store has delivered.
    void noOwnershipPassesWithoutTheSeller() {
        Evidence forged = m_sales.at(kOwnershipPasses).evidence();
        const auto delivery = std::find_if(forged.trail.links.begin(), forged.trail.links.end(), [](const auto& link) {
            return link.receipt.stateAfter == SaleState::Delivered;
        });
        const auto number = static_cast<std::size_t>(delivery - forged.trail.links.begin()) + 1;
        delivery->receipt.command = {};
        delivery->receipt.signer = keyNamed("coordinator").publicKey();
        delivery->receipt.actor = SaleActor::Coordinator;
        delivery->command.reset();
        for (std::size_t i = number; i < forged.trail.links.size(); ++i)
            forged.trail.links[i].receipt.previous = wire::receiptHash(forged.trail.links[i - 1].receipt);
        signNote(forged);
        const auto fault = faultOf(forged);
        QVERIFY2(fault, qPrintable(textOf(fault)));
        QCOMPARE(fault->receipt, number);
        QCOMPARE(fault->error, EvidenceError::CommandUnfit);
    }
    /// And a seller who signs something else.
    void noOtherEntryPasses() {
        Sale sale("Field notes", Sale::settings(), std::nullopt, DeliveryKind::OwnershipOnly);
        sale.playUntil(SaleState::Delivered);
        const auto refits = [&](const std::function<void(PassOwnership&)>& change) {
            PassOwnership c = sale.passing(sale.sale);
            change(c);
            Evidence evidence = sale.evidence();
            wire::TrailLink& link = evidence.trail.links.back();
            link.command = sealedBy("seller", sale.counters.at("seller"), c);
            link.receipt.command = wire::readCommand(*link.command)->hash;
            signNote(evidence);
            return faultOf(evidence);
        };
        QVERIFY(!refits([](PassOwnership&) {}));
        const auto other = refits([](PassOwnership& c) {
            c.entry.entry.to = keyNamed("somebody else").publicKey();
            c.entry.signature = keyNamed("seller").sign(custody::kCustodyLabel, c.entry.entry);
        });
        QVERIFY(other && other->error == EvidenceError::StatementForged);
        const auto unsignedOne =
            refits([](PassOwnership& c) { c.entry.signature = keyNamed("buyer").sign("another", c.entry.entry); });
        QVERIFY(unsignedOne && unsignedOne->error == EvidenceError::StatementForged);
    }

    /// The terms say where the dollars come from: neither the seller's nor the coordinator's word changes that.
    void theFundingIsAsAgreed() {
        Sale sale = convertedSale();
        sale.playUntil(SaleState::Escrowed);
        const Evidence whole = sale.evidence();
        QVERIFY(!faultOf(whole));
        QVERIFY(isConverted(*wire::checkEvidence(whole)->terms));
        const auto refits = [&](bool isFunded, const std::string& who, CommandBody body) {
            Evidence evidence = whole;
            auto& links = evidence.trail.links;
            while (!isFunded && links.back().receipt.stateAfter != SaleState::Accepted) links.pop_back();
            while (!isFunded && links.back().receipt.step != 2) links.pop_back();
            links.back().command = sealedBy(who, 1'000, body);
            links.back().receipt.command = wire::readCommand(*links.back().command)->hash;
            if (!isFunded) evidence.trail.buyerSignature.reset();
            signNote(evidence);
            return faultOf(evidence);
        };
        ProvideEscrow fronted = sale.escrowing(sale.sale);
        QVERIFY(!refits(true, "coordinator", fronted));
        fronted.conversion.reset();
        const auto without = refits(true, "coordinator", fronted);
        QVERIFY(without && without->error == EvidenceError::CommandUnfit);
        Terms terms = *sale.lastSale.at(sale.sale).terms;
        terms.funding.reset();
        const auto other = refits(false, "seller", sale.acceptance(sale.sale, terms));
        QVERIFY2(other && other->error == EvidenceError::TermsWrong, qPrintable(textOf(other)));
    }

    /// What goes into escrow and comes out of it is what the terms say, and all of it.
    void theEscrowIsAsAgreed() {
        for (const EscrowAsset asset : {EscrowAsset::Dollars, EscrowAsset::DigitalDollars, EscrowAsset::Coin}) {
            for (const SaleState state : {SaleState::Escrowed, SaleState::SellerPaid}) {
                Sale sale = saleHolding(asset);
                sale.playUntil(state);
                const Evidence whole = sale.evidence();
                QVERIFY(!faultOf(whole));
                const auto withLegs = [&](const std::function<void(std::vector<PostedLeg>&)>& change) {
                    Evidence evidence = whole;
                    change(evidence.trail.links.back().entry->legs);
                    signNote(evidence);
                    const auto fault = faultOf(evidence);
                    return fault ? std::optional(fault->error) : std::nullopt;
                };
                QVERIFY(!withLegs([](auto&) {}));
                const auto treasury = [](money::UnitId unit) {
                    return ledger::houseAccount(ledger::Purpose::Treasury, unit);
                };
                // A part of it stays where it was.
                for (const money::UnitId unit : {money::kUsd, money::kDusd, money::kBtc}) {
                    const auto less = withLegs([&](std::vector<PostedLeg>& legs) {
                        legs.push_back({ledger::escrowOf(sale.sale, unit), {-1, unit}});
                        legs.push_back({treasury(unit), {1, unit}});
                    });
                    QVERIFY(less == EvidenceError::PaymentDiffers);
                }
                // Another sale's, or a person's.
                const SaleId another{sale.sale.value + 1};
                const auto elsewhere = withLegs([&](std::vector<PostedLeg>& legs) {
                    for (PostedLeg& leg : legs)
                        if (leg.account.purpose == ledger::Purpose::Escrow) leg.account.ref = another.value;
                });
                QVERIFY(elsewhere == EvidenceError::PaymentDiffers);
                for (const auto& from :
                     {ledger::escrowOf(another, money::kUsd), ledger::saleFundsOf(another, money::kBtc),
                      ledger::availableOf({1}, money::kUsd)}) {
                    const auto taken = withLegs([&](std::vector<PostedLeg>& legs) {
                        legs.push_back({from, {-1, from.unit}});
                        legs.push_back({treasury(from.unit), {1, from.unit}});
                    });
                    QVERIFY(taken == EvidenceError::PaymentDiffers);
                }
            }
        }
        // Dollars in the place of the coins.
        Sale sale = saleHolding(EscrowAsset::Coin);
        sale.playUntil(SaleState::Escrowed);
        Evidence evidence = sale.evidence();
        evidence.trail.links.back().entry->legs = {
            {ledger::houseAccount(ledger::Purpose::Treasury, money::kUsd), {-usd(10'000).value, money::kUsd}},
            {ledger::escrowOf(sale.sale, money::kUsd), usd(10'000)}};
        signNote(evidence);
        const auto fault = faultOf(evidence);
        QVERIFY(fault && fault->error == EvidenceError::PaymentDiffers);
    }

    /// The buyer's word for the wallet stands for no delivery, and no ownership, that nobody has signed for.
    void aWordForTheMoneyIsNoDelivery() {
        int tried = 0;
        for (const auto& [name, sale] : m_sales) {
            Evidence evidence = sale.evidence();
            auto& links = evidence.trail.links;
            const auto delivered = std::find_if(links.begin(), links.end(), [](const wire::TrailLink& link) {
                return link.receipt.stateAfter == SaleState::Delivered;
            });
            const auto word = std::find_if(sale.envelopes.begin(), sale.envelopes.end(), [](const auto& one) {
                const auto command = wire::readCommand(one.second);
                return command && std::holds_alternative<SignFunding>(command->body);
            });
            if (delivered == links.end() || word == sale.envelopes.end()) continue;
            links.erase(std::next(delivered), links.end());
            links.back().receipt.command = word->first;
            links.back().receipt.signer = keyNamed("buyer").publicKey();
            links.back().command = word->second;
            signNote(evidence);
            QVERIFY2(faultOf(evidence) && faultOf(evidence)->error == EvidenceError::CommandUnfit, name.c_str());
            ++tried;
        }
        QVERIFY(tried > 20);
    }

    /// A coordinator that lies about the end, and signs that.
    void theEndIsAsAgreed() {
        int moved = 0;
        int early = 0;
        for (const auto& [name, sale] : m_sales) {
            const Evidence whole = sale.evidence();
            const auto changed = [&](const std::function<void(wire::TrailLink&)>& change) {
                Evidence evidence = whole;
                change(evidence.trail.links.back());
                signNote(evidence);
                const auto fault = faultOf(evidence);
                return fault ? std::optional(fault->error) : std::nullopt;
            };
            const wire::TrailLink& last = whole.trail.links.back();
            const bool paysSomebody = sale.state() != SaleState::Void && last.entry;
            if (paysSomebody) {
                for (std::size_t i = 0; i < last.entry->legs.size(); ++i) {
                    const PostedLeg& leg = last.entry->legs[i];
                    if (!leg.account.holder) continue;
                    const auto gone = changed([&](wire::TrailLink& link) { // one part of it to a stranger
                        link.entry->legs[i].delta.value -= 1;
                        link.entry->legs.push_back({ledger::availableOf({99}, leg.delta.unit), {1, leg.delta.unit}});
                    });
                    QVERIFY2(gone == EvidenceError::PaymentDiffers, name.c_str());
                    ++moved;
                    constexpr HolderId kSeller{1}; // whose account is the buyer's, nothing in the file tells
                    if (leg.account.holder != kSeller) continue;
                    const auto other = changed([&](wire::TrailLink& link) { // all of it to the other side
                        link.entry->legs[i].account.holder = {2};
                    });
                    QVERIFY2(name == "decided by silence" || other == EvidenceError::PaymentDiffers, name.c_str());
                }
                if (sale.state() != SaleState::Refunded) {
                    const auto nothing = changed([](wire::TrailLink& link) {
                        link.entry.reset();
                        link.receipt.entry = {};
                    });
                    QVERIFY2(nothing == EvidenceError::PaymentDiffers, name.c_str());
                }
            }
            const SaleState before = whole.trail.links[whole.trail.links.size() - 2].receipt.stateAfter;
            const bool bySilence = last.receipt.command.isZero() && before != SaleState::Unlocked;
            if (!bySilence || sale.state() == SaleState::Void) continue;
            const auto sooner = changed([](wire::TrailLink& link) {
                --link.receipt.timeMs;
                if (link.entry) --link.entry->timeMs;
            });
            QVERIFY2(sooner == EvidenceError::DeadlineEarly, (name + (sooner ? nameOf(*sooner) : " passes")).c_str());
            ++early;
        }
        QVERIFY(moved > 20 && early > 5);
    }

    /// Whoever has the file and no key.
    void noReceiptIsLeftOutOrSwapped() {
        const Sale other("Another asset");
        for (const auto& [name, sale] : m_sales) {
            const Evidence whole = sale.evidence();
            const std::size_t count = whole.trail.links.size();
            for (std::size_t i = 0; i < count; ++i) {
                Evidence without = whole;
                without.trail.links.erase(without.trail.links.begin() + static_cast<std::ptrdiff_t>(i));
                QVERIFY2(faultOf(without), name.c_str());
                Evidence twice = whole;
                twice.trail.links.insert(twice.trail.links.begin() + static_cast<std::ptrdiff_t>(i),
                                         whole.trail.links[i]);
                QVERIFY2(faultOf(twice), name.c_str());
                Evidence foreign = whole;
                foreign.trail.links[i] = other.evidence().trail.links.front();
                QVERIFY2(faultOf(foreign), name.c_str());
                Evidence bare = whole;
                bare.trail.links[i].command.reset();
                QCOMPARE(textOf(faultOf(bare)), whole.trail.links[i].command
                                                    ? QStringLiteral("command missing at %1").arg(i + 1)
                                                    : QStringLiteral("passed"));
                if (i + 1 == count) continue;
                Evidence swapped = whole;
                std::swap(swapped.trail.links[i], swapped.trail.links[i + 1]);
                QVERIFY2(faultOf(swapped), name.c_str());
            }
        }
    }

    void forgedSignaturesAreNamed() {
        Evidence note = bought().evidence();
        note.trail.signature.bytes[3] ^= 1;
        QCOMPARE(textOf(faultOf(note)), QStringLiteral("note forged at 0"));
        Evidence stranger = bought().evidence();
        stranger.coordinator = keyNamed("stranger").publicKey();
        QCOMPARE(textOf(faultOf(stranger)), QStringLiteral("note forged at 0"));
        for (std::size_t i = 0; i < bought().receipts.size(); ++i) {
            Evidence forged = bought().evidence();
            forged.trail.links[i].command->back() ^= 1;
            QCOMPARE(textOf(faultOf(forged)), QStringLiteral("command forged at %1").arg(i + 1));
            // The note does not cover the commands: only their receipts do.
            const auto command = wire::readCommand(*bought().evidence().trail.links[i].command);
            for (const char* who : {"buyer", "seller", "key server", "coordinator"}) {
                if (keyNamed(who).publicKey() != command->signer) continue;
                forged.trail.links[i].command = sealedBy(who, 98, command->body);
                QCOMPARE(textOf(faultOf(forged)), QStringLiteral("command differs at %1").arg(i + 1));
            }
        }
        Evidence unsignedTerms = bought().evidence();
        unsignedTerms.trail.buyerSignature->bytes[3] ^= 1;
        QVERIFY(textOf(faultOf(unsignedTerms)).startsWith(QStringLiteral("contract wrong")));
        unsignedTerms.trail.buyerSignature.reset();
        QVERIFY(textOf(faultOf(unsignedTerms)).startsWith(QStringLiteral("contract wrong")));
    }

    /// A coordinator that lies can sign any trail, but not for the others: whatever it lets them do, they have signed.
    void theCoordinatorCannotActForOthers() {
        const Evidence honest = bought().evidence();
        for (std::size_t i = 0; i < honest.trail.links.size(); ++i) {
            const ReceiptMade& receipt = honest.trail.links[i].receipt;
            const auto command = wire::readCommand(*honest.trail.links[i].command);
            if (command->signer == honest.coordinator) continue;
            // The same command, signed by the coordinator instead; and one by the right signer that means another
            // thing.
            const std::string who = receipt.actor == SaleActor::Buyer    ? "buyer"
                                    : receipt.actor == SaleActor::Seller ? "seller"
                                                                         : "key server";
            for (const bool own : {true, false}) {
                Evidence lie = honest;
                const Bytes envelope =
                    own ? sealedBy("coordinator", 99, command->body) : sealedBy(who, 99, WithdrawOffer{receipt.sale});
                rewrite(lie, i, envelope);
                const auto fault = faultOf(lie);
                QVERIFY(fault);
                // Until its second signature nobody but the coordinator says who a party is.
                const bool isFirst = i == 0 || receipt.stateAfter == SaleState::Countered;
                if (own && isFirst) continue;
                QCOMPARE(fault->receipt, i + 1);
                QCOMPARE(nameOf(fault->error), nameOf(own ? EvidenceError::SignerWrong : EvidenceError::CommandUnfit));
            }
        }
    }

    /// Nor put words into the key server's mouth where the command is its own.
    void theCoordinatorCannotInventStatements() {
        Evidence lie = bought().evidence();
        for (std::size_t i = 0; i < lie.trail.links.size(); ++i) {
            auto command = wire::readCommand(*lie.trail.links[i].command);
            auto* escrowing = std::get_if<ProvideEscrow>(&command->body);
            if (!escrowing) continue;
            escrowing->keyReadySignature = keyNamed("coordinator").sign("key-ready", escrowing->keyReady);
            rewrite(lie, i, sealedBy("coordinator", 99, *escrowing));
            QCOMPARE(textOf(faultOf(lie)), QStringLiteral("statement forged at %1").arg(i + 1));
            return;
        }
        QFAIL("nothing was put into escrow");
    }

    /// R10 goes along once the seller is paid. One that is not the coordinator's, or of another sale, payout or time,
    /// is none: whoever shows it to a key server has to know.
    void noOtherProofOfThePayoutPasses() {
        Sale sale;
        sale.playUntil(SaleState::SellerPaid);
        const auto signer = keys::Identity::fromSeed(SecretBytes::copyOf(Bytes(32, 1)));
        Evidence good = sale.evidence();
        good.trail.release = wire::releaseOf(sale.lastSale.at(sale.sale), signer, hashNamed("journal head"));
        QVERIFY(!wire::checkEvidence(good)); // by another identity
        good.trail.release->payoutSignature = keyNamed("coordinator").sign("r10", good.trail.release->payout);
        QVERIFY(wire::checkEvidence(good));
        const auto refused = [&good](auto change) {
            Evidence bad = good;
            change(*bad.trail.release);
            const auto story = wire::checkEvidence(bad);
            return !story && story.error().error == EvidenceError::ReleaseForged;
        };
        QVERIFY(refused([](wire::Release& r) { r.payout.journalHead = hashNamed("another head"); }));
        QVERIFY(refused([](wire::Release& r) { r.sale = {99}; }));
        QVERIFY(refused([](wire::Release& r) { r.delivery.contract = hashNamed("another contract"); }));
        QVERIFY(refused([&](wire::Release& r) { // signed, of another entry
            r.payout.entry = {r.payout.entry.value + 1};
            r.payoutSignature = keyNamed("coordinator").sign("r10", r.payout);
        }));
        QVERIFY(refused([&](wire::Release& r) { r.payoutSignature = keyNamed("seller").sign("r10", r.payout); }));
        Evidence early = good;
        early.trail.links.pop_back(); // the payout itself
        signNote(early);
        QVERIFY(!wire::checkEvidence(early));
    }

    void theSellerIsPaidWhatTheTermsSay() {
        Evidence lie = bought().evidence();
        for (std::size_t i = 0; i < lie.trail.links.size(); ++i) {
            wire::TrailLink& link = lie.trail.links[i];
            if (link.receipt.step != 10) continue;
            for (PostedLeg& leg : link.entry->legs) {
                if (leg.account.holder) leg.account.holder = {0}; // the house keeps it
            }
            signNote(lie);
            QCOMPARE(textOf(faultOf(lie)), QStringLiteral("payment differs at %1").arg(i + 1));
            link.entry->legs.pop_back();
            signNote(lie);
            QCOMPARE(textOf(faultOf(lie)), QStringLiteral("entry differs at %1").arg(i + 1));
            return;
        }
        QFAIL("no payout");
    }

private:
    /// Puts another command behind a receipt, and makes the rest of the trail fit it.
    static void rewrite(Evidence& evidence, std::size_t at, const Bytes& envelope) {
        const auto command = wire::readCommand(envelope);
        wire::TrailLink& link = evidence.trail.links[at];
        link.command = envelope;
        link.receipt.command = command->hash;
        link.receipt.signer = command->signer;
        for (std::size_t i = at + 1; i < evidence.trail.links.size(); ++i) {
            evidence.trail.links[i].receipt.previous = wire::receiptHash(evidence.trail.links[i - 1].receipt);
        }
        signNote(evidence);
    }
};

QTEST_GUILESS_MAIN(TestEvidence)
#include "tst_evidence.moc"

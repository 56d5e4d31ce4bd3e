#include "core/escrow/SaleMoney.h"
#include "core/escrow/SaleTable.h"

#include <QFile>
#include <QTest>
#include <map>
#include <set>

using namespace tallylock;
using namespace tallylock::escrow;
using namespace Qt::StringLiterals;

namespace {
template <class E>
std::vector<E> all() {
    std::vector<E> values;
    for (int i = 0; i < static_cast<int>(E::kCount); ++i) values.push_back(static_cast<E>(i));
    return values;
}
/// By EffectWhen.
constexpr const char* kWhens[] = {"",
                                  ", once the buyer has signed",
                                  ", if the data are doubted",
                                  ", if part 1 is to come early",
                                  ", if the file goes over",
                                  ", if the quote has lapsed"};
constexpr const char* kMovements[] = {"",
                                      "treasury to escrow",
                                      "escrow back to treasury",
                                      "escrow to seller and fees",
                                      "coins to the second exchange, the rest to the buyer",
                                      "holdback to the seller",
                                      "coins back to the buyer",
                                      "guarantee to the buyer, holdback to the guarantee",
                                      "holdback to the buyer and the seller, as decided"};
static_assert(std::size(kMovements) == static_cast<std::size_t>(Movement::kCount));

/// The table as people read it: a picture, then every edge.
QString document() {
    QString text =
        QStringLiteral("# The states of a sale\n\n"
                       "Written from `core/escrow/SaleTable.cpp` by `tst_sale_table`, which fails if the two differ;\n"
                       "run with `TALLYLOCK_WRITE_DOCS=1` it writes this page anew.\n\n"
                       "```mermaid\nstateDiagram-v2\n    [*] --> Offered: B1\n");
    std::map<std::pair<SaleState, SaleState>, QStringList> arrows;
    for (const SaleEdge& edge : saleTable()) {
        if (edge.from == edge.to) continue;
        const QString step = edge.step == 0 ? QString() : QStringLiteral(" B%1").arg(edge.step);
        arrows[{edge.from, edge.to}] << QString::fromLatin1(nameOf(edge.event)) + step;
    }
    for (const auto& [ends, events] : arrows) {
        text += QStringLiteral("    %1 --> %2: %3\n")
                    .arg(QLatin1String(nameOf(ends.first)), QLatin1String(nameOf(ends.second)), events.join(u", "_s));
    }
    for (const SaleState state : all<SaleState>()) {
        if (isTerminal(state)) text += QStringLiteral("    %1 --> [*]\n").arg(QLatin1String(nameOf(state)));
    }
    text += QStringLiteral(
        "```\n\n| state | event | by | step | then | money | asked for |\n|---|---|---|---|---|---|---|\n");
    for (const SaleEdge& edge : saleTable()) {
        QStringList money;
        for (const Movement movement : edge.money) {
            if (movement != Movement::None) money << QLatin1String(kMovements[static_cast<std::size_t>(movement)]);
        }
        QStringList effects;
        for (std::size_t i = 0; i < edge.effects.size(); ++i) {
            if (edge.effects[i] == SaleEffect::None) continue;
            effects << QLatin1String(nameOf(edge.effects[i])) +
                           QLatin1String(kWhens[static_cast<std::size_t>(edge.when[i])]);
        }
        text += QStringLiteral("| %1 | %2 | %3 | %4 | %5 | %6 | %7 |\n")
                    .arg(QLatin1String(nameOf(edge.from)), QLatin1String(nameOf(edge.event)),
                         QLatin1String(nameOf(edge.actor)), edge.step == 0 ? QString() : u"B%1"_s.arg(edge.step),
                         QLatin1String(nameOf(edge.to)), money.join(u"; "_s), effects.join(u"; "_s));
    }
    return text;
}
Amount usd(std::int64_t cents) { return {money::Int128{cents} * 1'000'000, money::kUsd}; }
} // namespace

class TestSaleTable : public QObject {
    Q_OBJECT
private slots:
    /// Each edge is found by its state and event, and by no others. (What the engine makes of a pair that is not
    /// listed: tst_engine_silence.) The happy path is exactly B2 to B14, in order.
    void everyEdgeIsFound() {
        std::set<const SaleEdge*> found;
        for (const SaleState state : all<SaleState>()) {
            for (const SaleEvent event : all<SaleEvent>()) {
                const SaleEdge* edge = findEdge(state, event);
                if (!edge) continue;
                QVERIFY(edge->from == state && edge->event == event);
                found.insert(edge);
            }
        }
        QCOMPARE(found.size(), saleTable().size());
        for (const SaleEdge& edge : saleTable()) QVERIFY(!isTerminal(edge.from));
    }

    void happyPath() {
        const std::pair<SaleEvent, int> path[] = {
            {SaleEvent::OfferAccepted, 2},     {SaleEvent::KeyDeposited, 3},   {SaleEvent::TermsSigned, 0},
            {SaleEvent::KeyWrapped, 4},        {SaleEvent::QuoteFrozen, 5},    {SaleEvent::WalletOpened, 6},
            {SaleEvent::FundingSigned, 0},     {SaleEvent::PaymentSeen, 7},    {SaleEvent::PaymentFinal, 8},
            {SaleEvent::DeliveryConfirmed, 8}, {SaleEvent::EscrowProvided, 9}, {SaleEvent::SellerPaid, 10},
            {SaleEvent::CoinsMoved, 11},       {SaleEvent::Part1Sent, 12},     {SaleEvent::Part2Sent, 13},
            {SaleEvent::UnlockConfirmed, 14},  {SaleEvent::SettlementDone, 0},
        };
        SaleState state = SaleState::Offered;
        for (const auto& [event, step] : path) {
            const SaleEdge* edge = findEdge(state, event);
            QVERIFY2(edge, nameOf(event));
            QCOMPARE(static_cast<int>(edge->step), step);
            state = edge->to;
        }
        QCOMPARE(state, SaleState::Completed);
    }

    void terminalStatesHaveNoWayOut() {
        for (const SaleEdge& edge : saleTable()) QVERIFY(!isTerminal(edge.from));
    }

    /// From every state some terminal state can be reached, and every state but the first can be reached.
    void noDeadEnds() {
        std::map<SaleState, std::set<SaleState>> next;
        std::set<SaleState> reached{SaleState::Offered};
        for (const SaleEdge& edge : saleTable()) {
            next[edge.from].insert(edge.to);
            reached.insert(edge.to);
        }
        QCOMPARE(reached.size(), static_cast<std::size_t>(SaleState::kCount));
        for (const SaleState start : all<SaleState>()) {
            std::set<SaleState> seen{start};
            for (bool grew = true; grew;) {
                grew = false;
                for (const SaleState state : std::set<SaleState>(seen)) {
                    for (const SaleState to : next[state]) grew |= seen.insert(to).second;
                }
            }
            QVERIFY2(std::any_of(seen.begin(), seen.end(), isTerminal), nameOf(start));
        }
    }

    /// No edge pays the seller before the delivery is proven, and none sends a key part before the seller is paid.
    void orderOfProof() {
        for (const SaleEdge& edge : saleTable()) {
            for (const SaleEffect effect : edge.effects) {
                if (effect == SaleEffect::ReleaseParts && edge.from != SaleState::Rekeying)
                    QCOMPARE(edge.to, SaleState::SellerPaid);
                if (effect == SaleEffect::PaySeller) QCOMPARE(edge.to, SaleState::Escrowed);
                if (effect == SaleEffect::ProvideEscrow) QCOMPARE(edge.to, SaleState::Delivered);
                if (effect == SaleEffect::ProveStored) QCOMPARE(edge.to, SaleState::Funded);
                if (effect == SaleEffect::JudgeData) QCOMPARE(edge.to, SaleState::Disputed);
            }
            if (edge.to == SaleState::Rekeying && edge.from != SaleState::Rekeying) // the seller is paid there, too
                QVERIFY(edge.from == SaleState::SellerPaid || edge.from == SaleState::KeySent1);
            if (edge.to == SaleState::Refunding && edge.from != SaleState::Refunding)
                QVERIFY(edge.from <= SaleState::Delivered);
            // Nobody can object before both parts of the key are out, so that a dispute holds neither back.
            if (edge.to == SaleState::Disputed && edge.from != edge.to)
                QVERIFY(edge.from == SaleState::KeySent2 || edge.from == SaleState::Unlocked);
            const bool hasNoMoney = edge.from <= SaleState::WalletOpen || edge.from == SaleState::Countered;
            if (edge.to == SaleState::Void) QVERIFY(hasNoMoney);
        }
    }

    void thePageInTheDocsIsThisTable() {
        QFile page(QStringLiteral(TALLYLOCK_SOURCE_DIR "/docs/sale-table.md"));
        if (qEnvironmentVariableIsSet("TALLYLOCK_WRITE_DOCS")) {
            QVERIFY(page.open(QIODevice::WriteOnly | QIODevice::Truncate));
            QVERIFY(page.write(document().toUtf8()) > 0);
            return;
        }
        QVERIFY(page.open(QIODevice::ReadOnly));
        QVERIFY2(QString::fromUtf8(page.readAll()) == document(), "docs/sale-table.md is of another table");
    }

    void everyDeadlineCanFire() {
        for (const SaleState state : all<SaleState>()) {
            QCOMPARE(findEdge(state, SaleEvent::DeadlinePassed) != nullptr, deadlineOf(state) != DeadlineKind::None);
        }
    }

    void namesAreComplete() {
        for (const SaleState state : all<SaleState>()) QVERIFY(*nameOf(state));
        for (const SaleEvent event : all<SaleEvent>()) QVERIFY(*nameOf(event));
        for (const SaleEffect effect : all<SaleEffect>()) QVERIFY(*nameOf(effect));
        for (const SaleActor actor : all<SaleActor>()) QVERIFY(*nameOf(actor));
    }

    // --- money ----------------------------------------------------------------------------------------------------

    void moneyAddsUp() {
        for (const std::int64_t cents : {1, 2, 3, 99, 100, 4999, 25'000'000}) {
            const auto price = priceOf(usd(cents), 100, 500);
            QVERIFY(price.ok());
            const Escrowed held{Place::Treasury, price->price};
            money::Int128 escrow = 0;
            money::Int128 seller = 0;
            money::Int128 fees = 0;
            auto apply = [&](const std::vector<MoneyMove>& moves) {
                for (const MoneyMove& move : moves) {
                    for (const auto& [place, sign] : {std::pair{move.from, -1}, std::pair{move.to, 1}}) {
                        if (place == Place::Escrow) escrow += sign * move.amount.value;
                        if (place == Place::Seller) seller += sign * move.amount.value;
                        if (place == Place::Fees) fees += sign * move.amount.value;
                    }
                }
            };
            apply(movesOfEscrow(held));
            QVERIFY(escrow == usd(cents).value);
            apply(movesOfPayout(*price, held));
            QVERIFY(escrow == price->holdback.value);
            apply(movesOfHoldback(*price));
            QVERIFY(escrow == 0);
            QVERIFY(seller + fees == usd(cents).value);
            QVERIFY(fees == price->fee.value);
        }
    }

    void coinsNotUsedGoBack() {
        const Amount funds{1000, money::kBtc};
        const auto moves = movesOfCoins(funds, {990, money::kBtc});
        QCOMPARE(moves.size(), std::size_t{2});
        QVERIFY(moves[0].to == Place::Treasury && moves[0].amount.value == 990);
        QVERIFY(moves[1].to == Place::Buyer && moves[1].amount.value == 10);
        QCOMPARE(movesOfCoins(funds, funds).size(), std::size_t{1});
    }

    void impossiblePrices() {
        QVERIFY(!priceOf(usd(0), 100, 500).ok());
        QVERIFY(!priceOf(usd(-1), 100, 500).ok());
        QVERIFY(!priceOf(usd(100), 6000, 5000).ok());
    }
};

QTEST_GUILESS_MAIN(TestSaleTable)
#include "tst_sale_table.moc"

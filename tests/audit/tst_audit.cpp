// A seeded workload under the eyes of the independent auditor. TALLYLOCK_AUDIT_COMMANDS and TALLYLOCK_AUDIT_SEED ask
// for a longer or another run: a million commands for a night.
#include "core/crypto/Hash.h"
#include "tests/audit/Driver.h"
#include "tests/audit/auditor/Blake2b.h"

#include <QTest>

using namespace tallylock::audit;

namespace {
/// A night's run takes longer than Qt lets a test function take.
const bool kPatient = qputenv("QTEST_FUNCTION_TIMEOUT", "86400000");

std::uint64_t numberOr(const char* variable, std::uint64_t usual) {
    bool given = false;
    const std::uint64_t wanted = qEnvironmentVariable(variable).toULongLong(&given);
    return given ? wanted : usual;
}
} // namespace

class TestAudit : public QObject {
    Q_OBJECT
private slots:
    void everyStepKeepsTheInvariants() {
        QVERIFY(kPatient);
        const Plan plan{numberOr("TALLYLOCK_AUDIT_SEED", 20261), numberOr("TALLYLOCK_AUDIT_COMMANDS", 20'000)};
        qInfo("seed %llu, %llu commands", static_cast<unsigned long long>(plan.seed),
              static_cast<unsigned long long>(plan.commands));
        const Report report = runAudit(plan);
        qInfo("%llu trades, %llu orders open at the end", static_cast<unsigned long long>(report.trades),
              static_cast<unsigned long long>(report.openOrders));
        for (const auto& [word, count] : report.answers) {
            qInfo("%8llu %s", static_cast<unsigned long long>(count), word.c_str());
        }
        if (report.finding) {
            const Violation& violation = report.finding->violation;
            qInfo("seed %llu, step %llu, %s: %s", static_cast<unsigned long long>(plan.seed),
                  static_cast<unsigned long long>(report.finding->step), nameOf(violation.invariant),
                  violation.what.c_str());
        }
        QVERIFY(!report.finding);
        QVERIFY(report.trades * 40 > plan.commands); // a workload in which nothing happens shows nothing
    }

    // Where nobody is verified at once, and what is new waits a day.
    void inEarnestToo() {
        const Report report = runAudit({numberOr("TALLYLOCK_AUDIT_SEED", 20263), 10'000, false});
        if (report.finding) {
            const Violation& violation = report.finding->violation;
            qInfo("step %llu, %s: %s", static_cast<unsigned long long>(report.finding->step),
                  nameOf(violation.invariant), violation.what.c_str());
        }
        QVERIFY(!report.finding);
        QVERIFY(report.trades > 250);
        for (const char* word : {"account-pending", "address-waiting", "device-waiting"}) {
            QVERIFY2(report.answers.contains(word), word);
        }
    }

    // Its own reader of bytes takes the one form that there is, and nothing that asks for more than is there.
    void theReaderIsStrict() {
        const Bytes good[] = {{0x17},       {0x18, 0x18},       {0x20},
                              {0x41, 0x00}, {0x82, 0x01, 0xf5}, {0xa2, 0x01, 0x00, 0x02, 0x60}};
        for (const Bytes& bytes : good) Item::parse(bytes);
        Bytes deep(40, 0x81);
        deep.push_back(0x00);
        const Bytes bad[] = {{},
                             {0x18},
                             {0x18, 0x17},       // a longer head than needed
                             {0x19, 0x00, 0xff}, // likewise
                             {0x42, 0x00},       // fewer bytes than said
                             {0x9a, 0xff, 0xff, 0xff, 0xff},
                             {0x01, 0x01}, // something behind it
                             {0x5f, 0xff}, // no length
                             {0xa2, 0x02, 0x00, 0x01, 0x00},
                             {0xa1, 0x60, 0x00}, // a text as key
                             {0xf6},             // null
                             {0xfb, 0, 0, 0, 0, 0, 0, 0, 0},
                             {0xc1, 0x00}, // a tag
                             deep};
        for (const Bytes& bytes : bad) QVERIFY_THROWS_EXCEPTION(Malformed, Item::parse(bytes));
    }

    // RFC 7693 read twice: here and by libsodium.
    void itsOwnHashIsTheSame() {
        std::string text;
        for (int size = 0; size < 400; ++size, text.push_back(static_cast<char>(size * 7))) {
            const auto known = tallylock::crypto::blake2b256(tallylock::viewOf(text));
            QVERIFY(blake2b256(text) == std::string(known.view().begin(), known.view().end()));
        }
    }

    // Every word that these commands can be refused with, so that no ladder goes untested.
    void everyRefusalIsReached() {
        const Report report = runAudit({3, 60'000});
        QVERIFY(!report.finding);
        const char* const words[] = {"no",
                                     "not-registered",
                                     "already-registered",
                                     "key-in-use",
                                     "name-invalid",
                                     "info-invalid",
                                     "roles-invalid",
                                     "not-an-institution",
                                     "not-permitted",
                                     "id-reused",
                                     "id-too-old",
                                     "amount-invalid",
                                     "amount-negative",
                                     "amount-zero",
                                     "amount-overflow",
                                     "unit-unknown",
                                     "identifier-in-use",
                                     "instrument-unknown",
                                     "instrument-exists",
                                     "instrument-invalid",
                                     "price-not-on-tick",
                                     "quantity-not-on-lot",
                                     "order-too-small",
                                     "order-too-large",
                                     "client-id-used",
                                     "insufficient-funds",
                                     "order-unknown",
                                     "record-too-large",
                                     "user-unknown",
                                     "device-unknown",
                                     "account-pending",
                                     "account-restricted",
                                     "account-frozen",
                                     "address-invalid",
                                     "address-in-use",
                                     "address-unknown",
                                     "approver-is-maker",
                                     "withdrawal-unknown",
                                     "withdrawal-wrong-state",
                                     "rail-invalid",
                                     "device-waiting",
                                     "address-waiting",
                                     "already-approved",
                                     "user-day-limit",
                                     "holder-day-limit",
                                     "policy-invalid",
                                     "policy-impossible",
                                     "policy-change-unknown",
                                     "second-factor-missing",
                                     "second-factor-used",
                                     "instrument-halted",
                                     "order-invalid",
                                     "stop-price-not-on-tick",
                                     "price-outside-collar",
                                     "order-would-trade",
                                     "order-not-fillable",
                                     "quantity-already-filled",
                                     "delay-invalid",
                                     "withdrawal-held",
                                     "rule-invalid",
                                     "rule-unknown",
                                     "rules-too-many",
                                     "case-unknown",
                                     "case-wrong-state"};
        for (const char* word : words) QVERIFY2(report.answers.contains(word), word);
    }
};

QTEST_GUILESS_MAIN(TestAudit)
#include "tst_audit.moc"

// One-time codes at the host: enrolment, the edges of their time, that each counts once, waiting after wrong ones, that
// no secret is in any file in clear, and that a withdrawal waits for one.
#include "Gate.h"
#include "HostScene.h"
#include "core/crypto/Totp.h"
#include "core/host/SecondFactors.h"
#include "core/treasury/Withdrawal.h"

#include <QDirIterator>
#include <QFile>

using namespace tallylock;
using namespace tallylock::test;
using host::SecondFactors;
using wire::FactorAct;
using wire::FactorState;
using wire::FrameProblem;

namespace {
constexpr std::int64_t kStepMs = 30'000;

struct Bank : HostScene {
    Bank() { start(); }
    std::int64_t nowMs() { return clock.wallMs(); }
    std::string codeAt(const Bytes& secret, std::int64_t timeMs) {
        const SecretBytes code = crypto::totpCode(secret, crypto::totpStep(timeMs));
        return {code.data(), code.data() + code.size()};
    }
    /// To the middle of the next step.
    void nextStep() { clock.pass(kStepMs - nowMs() % kStepMs + kStepMs / 2); }
};

struct Said {
    std::optional<FactorState> state;
    Bytes secret;
    std::optional<FrameProblem> problem;
    std::string detail;
};
Said tell(Person& who, FactorAct act, const std::string& code = {}, const Hash& command = {}) {
    const auto frame = who.sendFrame(encodeCbor(wire::Request(wire::FactorRequest{act, code, command})));
    if (!frame) qFatal("no answer");
    const auto answer = decodeCbor<wire::Answer>(*frame);
    Said said;
    if (const auto* status = answer ? std::get_if<wire::FactorStatus>(&*answer) : nullptr) {
        said.state = status->state;
        said.secret = status->secret;
    } else if (const auto* problem = answer ? std::get_if<wire::Problem>(&*answer) : nullptr) {
        said.problem = problem->problem;
        said.detail = problem->detail;
    }
    return said;
}
/// Enrolled and confirmed; gives the secret.
Bytes enrolled(Bank& bank, Person& who) {
    Bytes secret = tell(who, FactorAct::Enrol).secret;
    if (tell(who, FactorAct::Confirm, bank.codeAt(secret, bank.nowMs())).state != FactorState::Confirmed)
        qFatal("not confirmed");
    bank.nextStep();
    return secret;
}
std::string wrong(std::string code) {
    code[0] = code[0] == '9' ? '0' : static_cast<char>(code[0] + 1);
    return code;
}
} // namespace

class TestSecondFactors : public QObject {
    Q_OBJECT
private slots:
    void nothingIsThereAtFirst() {
        Bank bank;
        Person stranger("stranger");
        bank.connect(stranger);
        QVERIFY(tell(stranger, FactorAct::State).problem == FrameProblem::NotFound);
        Person ann = bank.person("ann");
        QVERIFY(tell(ann, FactorAct::State).state == FactorState::None);
        for (const FactorAct act : {FactorAct::Confirm, FactorAct::Use, FactorAct::Remove})
            QVERIFY(tell(ann, act, "000000").problem == FrameProblem::FactorMissing);
    }

    void enrolling() {
        Bank bank;
        Person ann = bank.person("ann");
        const Said first = tell(ann, FactorAct::Enrol);
        QVERIFY(first.state == FactorState::Offered);
        QCOMPARE(first.secret.size(), std::size_t{20});
        QVERIFY(tell(ann, FactorAct::Enrol).problem == FrameProblem::CodesTooMany); // not again at once
        bank.clock.pass(5'000);
        const Said second = tell(ann, FactorAct::Enrol);
        QVERIFY(second.secret != first.secret);
        QVERIFY(tell(ann, FactorAct::Confirm, bank.codeAt(first.secret, bank.nowMs())).problem ==
                FrameProblem::CodeWrong);
        QVERIFY(tell(ann, FactorAct::State).secret.empty()); // shown once
        QVERIFY(tell(ann, FactorAct::Use, bank.codeAt(second.secret, bank.nowMs()), hashNamed("c")).problem ==
                FrameProblem::FactorMissing); // not before it is confirmed
        const std::string code = bank.codeAt(second.secret, bank.nowMs());
        QVERIFY(tell(ann, FactorAct::Confirm, code).state == FactorState::Confirmed);
        QVERIFY(tell(ann, FactorAct::Use, code, hashNamed("c")).problem == FrameProblem::CodeWrong); // it has counted
    }

    /// Who has the device alone cannot put another authenticator in place of the present one.
    void replacingTakesACode() {
        Bank bank;
        Person ann = bank.person("ann");
        const Bytes old = enrolled(bank, ann);
        QVERIFY(tell(ann, FactorAct::Enrol).problem == FrameProblem::FactorExists);
        QVERIFY(tell(ann, FactorAct::Enrol, wrong(bank.codeAt(old, bank.nowMs()))).problem == FrameProblem::CodeWrong);
        const Said offered = tell(ann, FactorAct::Enrol, bank.codeAt(old, bank.nowMs()));
        QVERIFY(offered.state == FactorState::Confirmed && !offered.secret.empty());
        bank.nextStep();
        QVERIFY(tell(ann, FactorAct::Use, bank.codeAt(old, bank.nowMs()), hashNamed("c")).state ==
                FactorState::Confirmed);
        bank.nextStep();
        QVERIFY(tell(ann, FactorAct::Confirm, bank.codeAt(offered.secret, bank.nowMs())).state ==
                FactorState::Confirmed);
        bank.nextStep();
        QVERIFY(tell(ann, FactorAct::Use, bank.codeAt(old, bank.nowMs()), hashNamed("d")).problem ==
                FrameProblem::CodeWrong);
        QVERIFY(tell(ann, FactorAct::Use, bank.codeAt(offered.secret, bank.nowMs()), hashNamed("d")).state.has_value());
    }

    /// A code is taken in its own step and the two beside it, to the millisecond.
    void theEdgesOfTime_data() {
        QTest::addColumn<int>("laterMs");
        QTest::addColumn<bool>("taken");
        QTest::newRow("two steps early") << -30'001 << false;
        QTest::newRow("the step before") << -30'000 << true;
        QTest::newRow("just before") << -1 << true;
        QTest::newRow("begins") << 0 << true;
        QTest::newRow("its last moment") << 29'999 << true;
        QTest::newRow("the step after, last moment") << 59'999 << true;
        QTest::newRow("two steps late") << 60'000 << false;
    }
    void theEdgesOfTime() {
        QFETCH(int, laterMs);
        QFETCH(bool, taken);
        Bank bank;
        Person ann = bank.person("ann");
        const Bytes secret = enrolled(bank, ann);
        const std::int64_t step = (bank.nowMs() / kStepMs + 5) * kStepMs;
        bank.clock.pass(step + laterMs - bank.nowMs());
        const Said said = tell(ann, FactorAct::Use, bank.codeAt(secret, step), hashNamed("c"));
        QCOMPARE(said.state.has_value(), taken);
        if (!taken) QVERIFY(said.problem == FrameProblem::CodeWrong);
    }

    /// Also after a restart, and for no other command; asked again for the same one, it is as before.
    void eachCountsOnce() {
        Bank bank;
        Person ann = bank.person("ann");
        const Bytes secret = enrolled(bank, ann);
        const std::string code = bank.codeAt(secret, bank.nowMs());
        QVERIFY(tell(ann, FactorAct::Use, code, hashNamed("one")).state.has_value());
        QVERIFY(tell(ann, FactorAct::Use, code, hashNamed("one")).state.has_value()); // the answer was lost
        QVERIFY(tell(ann, FactorAct::Use, code, hashNamed("two")).problem == FrameProblem::CodeWrong);
        bank.restart();
        bank.connect(ann);
        QVERIFY(tell(ann, FactorAct::State).state == FactorState::Confirmed);
        QVERIFY(tell(ann, FactorAct::Use, code, hashNamed("two")).problem == FrameProblem::CodeWrong);
        // Earlier ones are gone with it, though they were never used.
        QVERIFY(tell(ann, FactorAct::Use, bank.codeAt(secret, bank.nowMs() - kStepMs), hashNamed("two")).problem ==
                FrameProblem::CodeWrong);
    }

    /// Three wrong ones are forgiven; then it takes longer each time, a restart changes nothing, and the right code of
    /// that time is not looked at either.
    void wrongCodesMakeWait() {
        QCOMPARE(SecondFactors::waitMs(2), std::int64_t{0});
        QCOMPARE(SecondFactors::waitMs(3), std::int64_t{30'000});
        QCOMPARE(SecondFactors::waitMs(5), std::int64_t{120'000});
        QCOMPARE(SecondFactors::waitMs(1000), SecondFactors::kLongestWaitMs);
        Bank bank;
        Person ann = bank.person("ann");
        const Bytes secret = enrolled(bank, ann);
        const auto guess = [&] {
            return tell(ann, FactorAct::Use, wrong(bank.codeAt(secret, bank.nowMs())), hashNamed("guessed"));
        };
        for (int i = 0; i < 3; ++i) QVERIFY(guess().problem == FrameProblem::CodeWrong);
        QVERIFY(guess().problem == FrameProblem::CodesTooMany);
        const Said right = tell(ann, FactorAct::Use, bank.codeAt(secret, bank.nowMs()), hashNamed("c"));
        QVERIFY(right.problem == FrameProblem::CodesTooMany);
        QCOMPARE(right.detail, std::string("30"));
        bank.restart();
        bank.connect(ann);
        QVERIFY(guess().problem == FrameProblem::CodesTooMany);
        Person bob = bank.person("bob"); // each user for itself
        QVERIFY(tell(bob, FactorAct::Enrol).state == FactorState::Offered);
        bank.clock.pass(30'000);
        QVERIFY(guess().problem == FrameProblem::CodeWrong);
        bank.clock.pass(59'999);
        QVERIFY(guess().problem == FrameProblem::CodesTooMany);
        bank.clock.pass(1);
        QVERIFY(tell(ann, FactorAct::Use, bank.codeAt(secret, bank.nowMs()), hashNamed("c")).state.has_value());
        for (int i = 0; i < 3; ++i) QVERIFY(guess().problem == FrameProblem::CodeWrong); // begins anew
    }

    /// Time that somebody has set wrongly costs nobody an attempt.
    void anUncertainClock() {
        Bank bank;
        Person ann = bank.person("ann");
        const Bytes secret = enrolled(bank, ann);
        bank.clock.jump(3'600'000);
        for (int i = 0; i < 5; ++i)
            QVERIFY(tell(ann, FactorAct::Use, "000000", hashNamed("c")).problem == FrameProblem::ClockUncertain);
        bank.host->confirmClock();
        QVERIFY(tell(ann, FactorAct::Use, bank.codeAt(secret, bank.nowMs()), hashNamed("c")).state.has_value());
    }

    void removing() {
        Bank bank;
        Person ann = bank.person("ann");
        const Bytes secret = enrolled(bank, ann);
        QVERIFY(tell(ann, FactorAct::Remove, wrong(bank.codeAt(secret, bank.nowMs()))).problem ==
                FrameProblem::CodeWrong);
        const std::string code = bank.codeAt(secret, bank.nowMs());
        QVERIFY(tell(ann, FactorAct::Remove, code).state == FactorState::None);
        QVERIFY(tell(ann, FactorAct::Use, code, hashNamed("c")).problem == FrameProblem::FactorMissing);
        bank.nextStep(); // the step is used, whatever secret comes next
        // An operator does it for somebody who has lost it.
        const Bytes other = enrolled(bank, ann);
        QVERIFY(bank.host->resetFactor(UserId{1}));
        QVERIFY(tell(ann, FactorAct::State).state == FactorState::None);
        bank.restart();
        bank.connect(ann);
        QVERIFY(tell(ann, FactorAct::State).state == FactorState::None);
    }

    void noSecretLiesInClear() {
        Bank bank;
        Person ann = bank.person("ann");
        const Bytes secret = enrolled(bank, ann);
        const SecretBytes base32 = crypto::base32Of(secret);
        bank.stop();
        int files = 0;
        QDirIterator entries(bank.folder.path(), QDir::Files, QDirIterator::Subdirectories);
        while (entries.hasNext()) {
            QFile file(entries.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QByteArray bytes = file.readAll();
            const auto has = [&](ByteView what) {
                return bytes.contains(
                    QByteArray(reinterpret_cast<const char*>(what.data()), static_cast<int>(what.size())));
            };
            QVERIFY2(!has(secret) && !has(base32.view()), qPrintable(file.fileName()));
            ++files;
        }
        QVERIFY(files >= 3);
    }

    void aDamagedStoreIsNotRead() {
        Bank bank;
        Person ann = bank.person("ann");
        (void)enrolled(bank, ann);
        bank.stop();
        // The last record in the place of another one: it opens nowhere else.
        auto store = store::SqliteJournal::open(bank.pathOf("factors"));
        QVERIFY(store.ok());
        Bytes last;
        QVERIFY((*store)->read(1, [&](std::uint64_t, ByteView record) {
            last = bytesOf(record);
            return true;
        }));
        QVERIFY((*store)->append({last}).ok());
        store = Err(ports::StoreFailure{});
        const auto started = bank.tryStart();
        QVERIFY(!started);
        QVERIFY(started.error().error == ports::StoreError::Damaged);
    }

    /// The whole way: a policy that asks for codes, a withdrawal without one, and with one.
    /// A store that has refused once takes nothing more, and the next one to look would not know why: the host ends.
    void aStoreThatBreaksEndsTheHost() {
        Gate gate;
        HostScene scene;
        std::promise<ports::StoreFailure> failed;
        scene.wrapFactors = [&](auto store) { return gate.before(std::move(store)); };
        scene.onFailure = [&](const ports::StoreFailure& failure) { failed.set_value(failure); };
        scene.start();
        Person ada = scene.person("Ada");
        gate.breakDown();
        QCOMPARE(tell(ada, FactorAct::Enrol).problem, FrameProblem::Internal);
        QVERIFY(failed.get_future().wait_for(std::chrono::seconds(60)) == std::future_status::ready);
        QVERIFY(scene.host->status().failure.has_value());
    }

    void aWithdrawalTakesACode() {
        Bank bank;
        Person ann("ann");
        bank.connect(ann);
        const HolderId holder{ann.mustSubmit(engine::RegisterHolder{"ann", false, ann.identity.boxKey()})};
        const auto paid = bank.host->perform({engine::AssignDepositIdentifier{holder, money::kUsd, "bank", "ann"},
                                              engine::ObserveBankEntry{"bank", "1", "ann", usd(1000), 1}});
        QVERIFY(paid && paid->back().refused == engine::Refused::No);
        const treasury::PayoutAddressId place{ann.mustSubmit(engine::AddPayoutAddress{money::kUsd, "DE00", ""})};
        const Bytes secret = enrolled(bank, ann);
        treasury::WithdrawalPolicy policy;
        policy.secondFactor = true;
        const auto withCode = [&](const engine::CommandBody& body) {
            const Bytes envelope = wire::sealCommand(ann.identity, ++ann.counter, body);
            const Hash hash = wire::readCommand(envelope)->hash;
            const Said said = tell(ann, FactorAct::Use, bank.codeAt(secret, bank.nowMs()), hash);
            if (!said.state) return engine::Refused::SecondFactorUsed;
            bank.nextStep();
            return ann.ask<wire::Submitted>(wire::Submit{envelope})->reply.refused;
        };
        QCOMPARE(ann.submit(engine::SetWithdrawalPolicy{policy})->reply.refused, engine::Refused::SecondFactorMissing);
        QCOMPARE(withCode(engine::SetWithdrawalPolicy{policy}), engine::Refused::No);
        const engine::RequestWithdrawal request{place, usd(10)};
        QCOMPARE(ann.submit(request)->reply.refused, engine::Refused::SecondFactorMissing);
        QCOMPARE(withCode(request), engine::Refused::No);
        QCOMPARE(ann.submit(request)->reply.refused, engine::Refused::SecondFactorMissing); // it was for that one
    }
};

QTEST_GUILESS_MAIN(TestSecondFactors)
#include "tst_second_factors.moc"
